"""`python3 ears/lib/test_score.py`: scores of sounds, with an engine made up here."""

from __future__ import annotations

import sys
import tempfile
import unittest
import wave
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lib import score  # noqa: E402
from lib.ear import RATE  # noqa: E402

LINES = [
    "wav/0.wav\ttemplate\tAlexa\tAlexa\trms\tquiet",
    "wav/1.wav\tkeyword\tAlexa\tAlexa\tslt\tquiet",
    "wav/2.wav\tkeyword\tEcho\tEcho\tslt\tquiet",
    "wav/3.wav\tnear\tAlexa\ta letter\tslt\tquiet",
    "wav/4.wav\ttalk\t-\t-\t-\tquiet",
]
# The loudest sample of each tenth of a second.
LEVELS = [[9], [3, 7, 5], [4], [6], [1] * 19 + [8] + [2] * 20 + [5] * 10]


class Loudness:
    """As sure as the sound is loud, about Alexa and nothing else."""

    thresholds = {"Alexa": 6.5}
    lowest = 0.0

    def hear(self, pieces: score.Pieces, keywords: list[str]) -> Iterator[tuple[str, int, float]]:
        for nth, piece in enumerate(pieces, 1):
            for keyword in keywords:
                yield keyword, 100 * nth, float(max(piece[::2]))


class Scores(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "wav").mkdir()
        (self.folder / "set.tsv").write_text("".join(f"{line}\n" for line in LINES), "utf-8")
        for nth, levels in enumerate(LEVELS):
            with wave.open(str(self.folder / f"wav/{nth}.wav"), "wb") as sound:
                sound.setnchannels(1)
                sound.setsampwidth(2)
                sound.setframerate(RATE)
                for level in levels:
                    sound.writeframes(level.to_bytes(2, "little") * (RATE // 10))
        engine = mock.patch.object(score, "engine", lambda name, keywords: Loudness())
        engine.start()
        self.addCleanup(engine.stop)

    def scored(self) -> list[str]:
        score.score("loudness", self.folder)
        return (self.folder / "loudness.tsv").read_text("utf-8").splitlines()

    def test_the_highest_score_of_a_sound_and_of_each_two_seconds_of_talk(self) -> None:
        rows = [
            "wav/1.wav\tAlexa\t0\t7",
            "wav/3.wav\tAlexa\t0\t6",
            "wav/4.wav\tAlexa\t0\t8",
            "wav/4.wav\tAlexa\t1\t2",
            "wav/4.wav\tAlexa\t2\t5",
        ]
        self.assertEqual(self.scored(), rows)
        thresholds = (self.folder / "loudness.threshold").read_text("utf-8")
        self.assertEqual(thresholds, "Alexa\t6.5\n")

    def test_wherever_it_was_cut_off_it_goes_on(self) -> None:
        whole = self.scored()
        text = (self.folder / "loudness.tsv").read_bytes()
        for length in range(len(text)):
            (self.folder / "loudness.tsv").write_bytes(text[:length])
            self.assertEqual(self.scored(), whole, f"{length} bytes were there")


if __name__ == "__main__":
    unittest.main()
