"""openWakeWord as an ear: the package pyopen-wakeword with the models in its wheel, unmodified.

What is real: features and model. The threshold is 0.5, as the makers' Wyoming server has it, unless
`--threshold` says another. What is ours: how scores become detections (`lib/ear.py`).

A new instance, like one after `reset()`, begins with 8 s of silence, which take longer to go through
than most phrases. So one instance goes through them once, its state is copied, and each recording
begins with a copy: what the models keep is in these arrays and counters alone. The package does its
work in chunks of 80 ms; the first one here is silence as well, since it takes no empty chunk.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lib.ear import RATE, WIDTH, ScoringEar, Spotting, serve  # noqa: E402
from pyopen_wakeword import Model, OpenWakeWord, OpenWakeWordFeatures  # noqa: E402

STEP_MS = 80
THRESHOLD = 0.5
# Where the package keeps what it has heard.
FEATURES_STATE = ("new_audio_samples", "audio", "new_mels", "mels")
MODEL_STATE = ("new_embeddings", "embeddings")


def state(of: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: deepcopy(getattr(of, name)) for name in names}


class OpenWakeWordEar(ScoringEar):
    name = "openwakeword"
    version = version("pyopen-wakeword")
    author, url = "David Scripka", "https://github.com/dscripka/openWakeWord"
    step_ms = STEP_MS

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self.features = OpenWakeWordFeatures.from_builtin()
        self.all = {model.value: OpenWakeWord.from_builtin(model) for model in Model}
        silence = bytes(RATE // 1_000 * STEP_MS * WIDTH)
        for embeddings in self.features.process_streaming(silence):
            for model in self.all.values():
                for _ in model.process_streaming(embeddings):
                    pass
        self.silent_features = state(self.features, FEATURES_STATE)
        self.silent = {name: state(model, MODEL_STATE) for name, model in self.all.items()}

    def models(self) -> list[str]:
        return list(self.all)

    def fresh(self, names: list[str]) -> list[Spotting]:
        vars(self.features).update(deepcopy(self.silent_features))
        for name in names:
            vars(self.all[name]).update(deepcopy(self.silent[name]))
        self.listening = [(self.all[name], Spotting(name, self.threshold)) for name in names]
        return [spotting for _, spotting in self.listening]

    def scores(self, pcm: bytes) -> Iterator[tuple[Spotting, float]]:
        for embeddings in self.features.process_streaming(pcm):
            for model, spotting in self.listening:
                for score in model.process_streaming(embeddings):
                    yield spotting, score


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="openWakeWord as a Wyoming server on its pipes")
    parser.add_argument("--threshold", type=float, default=THRESHOLD, help="default: %(default)s")
    serve(OpenWakeWordEar(parser.parse_args().threshold))
