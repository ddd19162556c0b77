"""How sure an engine is of each sound of the evaluation's set.

    score.py NAME SET                   appends to SET/NAME.tsv what it does not hold yet
    score.py NAME SET KEYWORD SECONDS   does nothing but hear so much of the talk, to be measured

SET is the folder that the benches' example `evaluation` fills (`make`), which also compares
(`report`). A score is a line `file, keyword, stretch, score`, higher being surer; talk is scored in
stretches of two seconds. A run that was cut off goes on where it was. SET/NAME.threshold says for each
keyword from which score on the engine detects it as it comes.

The trained engines say how sure they are themselves. PocketSphinx's spotter says yes or no by a
threshold; with one that lets everything pass, it tells of each place the highest threshold that would
have done, as a power of ten. It was seen to tell the same of the same places at 1e-40 and 1e-200.
"""

from __future__ import annotations

import math
import sys
import tempfile
import wave
from collections.abc import Iterable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, Protocol

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lib.ear import RATE, WIDTH, ScoringEar  # noqa: E402

STRETCH_MS = 2_000
# What is given to an engine at a time.
PIECE = RATE // 10
# How keywords sound that PocketSphinx's dictionary lacks.
SOUNDS = {"cortana": "K AO R T AE N AH", "mycroft": "M AY K R AO F T", "nabu": "N AA B UW"}
# PocketSphinx counts in powers of this base, in steps of 2 to the 10, and takes so many steps from the
# score that it tells (kws_search.c).
LOG_BASE, LOG_STEP, LOG_TAKEN = math.log(1.0001), 1 << 10, 1_500
EVERYTHING = -100.0
FRAME_MS = 10

Pieces = Iterable[bytes]


class Clip(NamedTuple):
    file: str
    kind: str
    keyword: str


class Engine(Protocol):
    # For each keyword, from which score on it is detected.
    thresholds: dict[str, float]
    # What a sound without any score has.
    lowest: float

    def hear(self, pieces: Pieces, keywords: list[str]) -> Iterator[tuple[str, int, float]]:
        """Keyword, milliseconds, score."""


class Trained:
    """An engine that scores each step."""

    lowest = 0.0

    def __init__(self, ear: ScoringEar, keywords: list[str]) -> None:
        self.ear = ear
        self.names = {k: k.lower().replace(" ", "_") for k in keywords}
        self.names = {k: name for k, name in self.names.items() if name in ear.models()}
        self.keywords = {name: keyword for keyword, name in self.names.items()}
        spottings = ear.fresh(list(self.keywords))
        self.thresholds = {self.keywords[s.name]: s.threshold for s in spottings}

    def hear(self, pieces: Pieces, keywords: list[str]) -> Iterator[tuple[str, int, float]]:
        self.ear.fresh([self.names[keyword] for keyword in keywords])
        size = RATE // 1_000 * self.ear.step_ms * WIDTH
        rest, at_ms = b"", 0
        for piece in pieces:
            rest += piece
            while len(rest) >= size:
                at_ms += self.ear.step_ms
                for spotting, score in self.ear.scores(rest[:size]):
                    yield self.keywords[spotting.name], at_ms, score
                rest = rest[size:]


class KeywordSpotter:
    """PocketSphinx: all keywords at once, as it can."""

    lowest = EVERYTHING

    def __init__(self, module: ModuleType, keywords: list[str]) -> None:
        self.decoder = module.Decoder(lm=None, loglevel="FATAL")
        for word, sounds in SOUNDS.items():
            if self.decoder.lookup_word(word) is None:
                self.decoder.add_word(word, sounds, True)
        is_known = lambda k: all(self.decoder.lookup_word(w) for w in k.lower().split())  # noqa: E731
        self.thresholds = {k: math.log10(module.THRESHOLD) for k in keywords if is_known(k)}
        self.keywords = {keyword.lower(): keyword for keyword in self.thresholds}
        self.searches: set[str] = set()

    def search_of(self, keywords: list[str]) -> str:
        search = ", ".join(keywords)
        if search not in self.searches:
            with tempfile.NamedTemporaryFile("w", suffix=".kws") as phrases:
                phrases.writelines(f"{k.lower()} /1e{EVERYTHING:.0f}/\n" for k in keywords)
                phrases.flush()
                self.decoder.add_kws(search, phrases.name)
            self.searches.add(search)
        return search

    def hear(self, pieces: Pieces, keywords: list[str]) -> Iterator[tuple[str, int, float]]:
        self.decoder.activate_search(self.search_of(keywords))
        self.decoder.reinit_feat()
        self.decoder.start_utt()
        for piece in pieces:
            self.decoder.process_raw(piece)
        self.decoder.end_utt()
        for segment in self.decoder.seg() if self.decoder.hyp() else []:
            steps = math.log(segment.prob) / LOG_BASE + LOG_TAKEN
            score = steps * LOG_STEP * LOG_BASE / math.log(10)
            yield self.keywords[segment.word.strip()], segment.end_frame * FRAME_MS, score


def engine(name: str, keywords: list[str]) -> Engine:
    spec = spec_from_file_location("ear", HERE.parent / name / "ear.py")
    if spec is None or spec.loader is None:
        sys.exit(f"there is no ear `{name}`")
    ear = module_from_spec(spec)
    spec.loader.exec_module(ear)
    if name == "microwakeword":
        return Trained(ear.MicroWakeWordEar(None), keywords)
    if name == "openwakeword":
        return Trained(ear.OpenWakeWordEar(ear.THRESHOLD), keywords)
    if name == "pocketsphinx":
        return KeywordSpotter(ear, keywords)
    sys.exit(f"`{name}` is no spotter")


def tests(folder: Path) -> list[Clip]:
    rows = [line.split("\t") for line in (folder / "set.tsv").read_text("utf-8").splitlines()]
    return [Clip(*row[:3]) for row in rows if row[1] != "template"]


def pieces(path: Path, samples_max: int | None = None) -> Iterator[bytes]:
    with wave.open(str(path), "rb") as sound:
        left = sound.getnframes() if samples_max is None else samples_max
        while left > 0 and (piece := sound.readframes(min(PIECE, left))):
            left -= len(piece) // WIDTH
            yield piece


def score(name: str, folder: Path) -> None:
    clips = tests(folder)
    by = engine(name, sorted({clip.keyword for clip in clips if clip.kind == "keyword"}))
    known = list(by.thresholds)
    lines = [f"{keyword}\t{threshold:g}\n" for keyword, threshold in by.thresholds.items()]
    (folder / f"{name}.threshold").write_text("".join(lines), "utf-8")
    table = folder / f"{name}.tsv"
    old = table.read_text("utf-8").splitlines(keepends=True) if table.exists() else []
    # The last sound may have been cut off.
    last = old[-2 if len(old) > 1 else -1].split("\t")[0] if old else ""
    old = [line for line in old[:-1] if line.split("\t")[0] != last]
    heard = {line.split("\t")[0] for line in old}
    table.write_text("".join(old), "utf-8")
    with table.open("a", encoding="utf-8") as out:
        for clip in clips:
            keywords = known if clip.kind == "talk" else [clip.keyword]
            if clip.file not in heard and set(keywords) <= set(known):
                out.write("".join(rows(by, folder, clip, keywords)))
                out.flush()


def rows(by: Engine, folder: Path, clip: Clip, keywords: list[str]) -> Iterator[str]:
    with wave.open(str(folder / clip.file), "rb") as sound:
        length_ms = sound.getnframes() * 1_000 // RATE
    stretch_ms = STRETCH_MS if clip.kind == "talk" else length_ms + 1
    stretches = -(-length_ms // stretch_ms)
    best = {keyword: [by.lowest] * stretches for keyword in keywords}
    for keyword, at_ms, value in by.hear(pieces(folder / clip.file), keywords):
        place = min(max(at_ms - 1, 0) // stretch_ms, stretches - 1)
        best[keyword][place] = max(best[keyword][place], value)
    for keyword, scores in best.items():
        for place, value in enumerate(scores):
            yield f"{clip.file}\t{keyword}\t{place}\t{value:.6g}\n"


def only_hear(name: str, folder: Path, keyword: str, seconds: int) -> None:
    by = engine(name, [keyword])
    left = seconds * RATE
    for clip in tests(folder):
        if clip.kind == "talk" and left > 0:
            with wave.open(str(folder / clip.file), "rb") as sound:
                samples = min(left, sound.getnframes())
            for _ in by.hear(pieces(folder / clip.file, samples), [keyword]):
                pass
            left -= samples


def main() -> None:
    match sys.argv[1:]:
        case [name, folder]:
            score(name, Path(folder))
        case [name, folder, keyword, seconds]:
            only_hear(name, Path(folder), keyword, int(seconds))
        case _:
            sys.exit("usage: score.py NAME SET [KEYWORD SECONDS]")


if __name__ == "__main__":
    main()
