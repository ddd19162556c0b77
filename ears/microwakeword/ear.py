"""microWakeWord as an ear: the package pymicro-wakeword with the models in its wheel, unmodified.

What is real: features, model, mean over the last probabilities, and the threshold of the model's
manifest, unless `--threshold` says another. What is ours: how scores become detections
(`lib/ear.py`). Each recording is heard by new instances.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lib.ear import ScoringEar, Spotting, serve  # noqa: E402
from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model  # noqa: E402


class MicroWakeWordEar(ScoringEar):
    name = "microwakeword"
    version = version("pymicro-wakeword")
    author, url = "Kevin Ahrendt", "https://github.com/kahrendt/microWakeWord"
    # The package makes features of 10 ms at a time.
    step_ms = 10

    def __init__(self, threshold: float | None) -> None:
        self.threshold = threshold

    def models(self) -> list[str]:
        return [model.value for model in Model]

    def fresh(self, names: list[str]) -> list[Spotting]:
        self.features = MicroWakeWordFeatures()
        models = [MicroWakeWord.from_builtin(Model(name)) for name in names]
        threshold = self.threshold
        self.listening = [
            (model, Spotting(name, model.probability_cutoff if threshold is None else threshold))
            for name, model in zip(names, models)
        ]
        return [spotting for _, spotting in self.listening]

    def scores(self, pcm: bytes) -> Iterator[tuple[Spotting, float]]:
        for features in self.features.process_streaming(pcm):
            for model, spotting in self.listening:
                yield spotting, model.process_streaming_prob(features) or 0.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="microWakeWord as a Wyoming server on its pipes")
    parser.add_argument("--threshold", type=float, help="default: as the model's manifest says")
    serve(MicroWakeWordEar(parser.parse_args().threshold))
