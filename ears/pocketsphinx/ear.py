"""PocketSphinx as an ear: the package pocketsphinx with the English model in its wheel, unmodified.

It listens in one of three ways.

    --keyword WORDS   for these words alone, as a keyword spotter; may be given more than once
    --grammar FILE    for the sentences of a JSGF grammar
    (neither)         for anything, with its language model and its best hypotheses; or, if the client
                      says what it listens for (`transcript_terms` of `transcribe`), for these phrases

What is real: decoder, model, and the endpointer that cuts a recording into utterances, all with
their defaults. What is ours: before each recording its features are begun anew (`reinit_feat`), and
for the recogniser before each utterance, since the estimates of noise and of the mean would make what
was heard before matter; and the grammar that is made of a list of phrases. A word that is not in its
dictionary is heard only if the client says how it sounds (`sounds` of `transcribe`) or `--words FILE`
does (lines as in CMUdict: the word, then its phones).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lib.ear import RATE, WIDTH, Bad, Ear, Event, serve  # noqa: E402
from pocketsphinx import Decoder, Endpointer  # noqa: E402

# The decoder counts in frames of so long.
FRAME_MS = 10
# So many different hypotheses are told of an utterance, found among so many of the decoder's, which
# repeats itself.
BEST, NBEST_MAX = 5, 100
# How likely a keyword has to be, as its documentation suggests for words of two or three syllables.
THRESHOLD = 1e-10
# A spotter is given the sound in pieces of so long.
STEP_BYTES = RATE // 10 * WIDTH


def add_words(decoder: Decoder, path: str | None) -> None:
    if path is None:
        return
    for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
        word, *phones = line.split() or [""]
        if not word or word.startswith(";;;"):
            continue
        try:
            # The model knows no stress.
            decoder.add_word(word.lower(), " ".join(phone.rstrip("012") for phone in phones), True)
        except RuntimeError:
            sys.exit(f"{path}: line {number}: this is not a word and its phones, or known already")


def check_words(decoder: Decoder, phrase: str) -> None:
    for word in phrase.split():
        if decoder.lookup_word(word) is None:
            raise Bad(f"`{word}` is not in its dictionary; --words FILE says how words sound")


class Spotter(Ear):
    name = "pocketsphinx"
    version = version("pocketsphinx")
    author, url = "Carnegie Mellon University", "https://github.com/cmusphinx/pocketsphinx"

    def __init__(self, keywords: list[str], threshold: float, words: str | None) -> None:
        self.keywords = [keyword.lower() for keyword in keywords]
        self.decoder = Decoder(lm=None, loglevel="FATAL", kws_threshold=threshold)
        add_words(self.decoder, words)
        for keyword in self.keywords:
            check_words(self.decoder, keyword)
            self.decoder.add_keyphrase(keyword, keyword)

    def models(self) -> list[str]:
        return self.keywords

    def begin(self, wanted: list[str]) -> None:
        unknown = [name for name in wanted if name not in self.keywords]
        if unknown:
            raise Bad(f"it does not listen for `{unknown[0]}`; --keyword says what it listens for")
        # The engine spots one word at a time; more of them are spotted one after the other.
        self.wanted = wanted or self.keywords
        self.pcm = bytearray()

    def hear(self, pcm: bytes) -> Iterable[Event]:
        self.pcm += pcm
        return []

    def end(self) -> Iterator[Event]:
        spotted = [event for keyword in self.wanted for event in self.spot(keyword)]
        yield from sorted(spotted, key=lambda event: event.data["timestamp"])
        if not spotted:
            yield Event("not-detected", {})

    def spot(self, keyword: str) -> Iterator[Event]:
        """As its own programs do: when a word was spotted, the utterance is ended, and another begun."""
        self.decoder.activate_search(keyword)
        self.decoder.reinit_feat()
        self.decoder.start_utt()
        began_ms = at_ms = 0
        for at in range(0, len(self.pcm), STEP_BYTES):
            piece = bytes(self.pcm[at : at + STEP_BYTES])
            self.decoder.process_raw(piece)
            at_ms += len(piece) * 1_000 // (RATE * WIDTH)
            if self.decoder.hyp() is not None:
                for segment in self.decoder.seg():
                    yield self.detection(keyword, began_ms, segment)
                self.decoder.end_utt()
                self.decoder.start_utt()
                began_ms = at_ms
        self.decoder.end_utt()

    def detection(self, keyword: str, began_ms: int, segment: Any) -> Event:
        from_ms = began_ms + segment.start_frame * FRAME_MS
        to_ms = began_ms + segment.end_frame * FRAME_MS
        data = {"name": keyword, "timestamp": to_ms, "from_ms": from_ms, "score": segment.prob}
        return Event("detection", data)


class Recogniser(Ear):
    kind = "asr"
    name = "pocketsphinx"
    version = version("pocketsphinx")
    author, url = "Carnegie Mellon University", "https://github.com/cmusphinx/pocketsphinx"

    def __init__(self, grammar: str | None, words: str | None) -> None:
        # A grammar needs no language model, which takes half a second to load.
        options = {} if grammar is None else {"lm": None}
        self.decoder = Decoder(loglevel="FATAL", **options)
        self.anything = self.decoder.current_search() if grammar is None else "the grammar"
        add_words(self.decoder, words)
        if grammar is not None:
            self.decoder.add_jsgf_file(self.anything, grammar)
        # For each list of phrases, what it is called.
        self.grammars: dict[tuple[str, ...], str] = {}

    def models(self) -> list[str]:
        return ["en-us"]

    def begin(self, wanted: list[str]) -> None:
        self.search = self.grammar_of(wanted) if wanted else self.anything
        self.pcm = bytearray()

    def learn(self, sounds: dict[str, list[str]]) -> None:
        for word, ways in sounds.items():
            if ways and self.decoder.lookup_word(word) is None:
                self.decoder.add_word(word, ways[0], True)

    def grammar_of(self, phrases: list[str]) -> str:
        key = tuple(sorted({" ".join(phrase.lower().split()) for phrase in phrases}))
        if key not in self.grammars:
            for phrase in key:
                check_words(self.decoder, phrase)
            called = f"phrases {len(self.grammars)}"
            alternatives = " | ".join(key)
            text = f"#JSGF V1.0;\ngrammar phrases;\npublic <phrase> = {alternatives};\n"
            self.decoder.add_jsgf_string(called, text)
            self.grammars[key] = called
        return self.grammars[key]

    def hear(self, pcm: bytes) -> Iterable[Event]:
        self.pcm += pcm
        return []

    def end(self) -> Iterator[Event]:
        self.decoder.activate_search(self.search)
        segments = [
            segment for span in utterances(bytes(self.pcm)) for segment in self.recognise(*span)
        ]
        text = " ".join(segment["text"] for segment in segments)
        yield Event("transcript", {"text": text, "language": "en", "segments": segments})

    def recognise(self, from_ms: int, pcm: bytes) -> Iterator[dict[str, Any]]:
        self.decoder.reinit_feat()
        self.decoder.start_utt()
        self.decoder.process_raw(pcm, full_utt=True)
        self.decoder.end_utt()
        best = self.decoder.hyp()
        if best is None or not best.hypstr:
            return
        scores = {best.hypstr: best.score}
        for other in islice(self.decoder.nbest(), NBEST_MAX):
            # The decoder has no hypothesis where a path through its lattice ends nowhere; what it
            # looks for after that may take for ever.
            if other is None:
                break
            if other.hypstr and len(scores) < BEST:
                scores.setdefault(other.hypstr, other.score)
        yield {
            "text": best.hypstr,
            "from_ms": from_ms,
            "to_ms": from_ms + len(pcm) * 1_000 // (RATE * WIDTH),
            "score": best.prob,
            "alternatives": [
                {"text": text, "score": score}
                for text, score in scores.items()
                if text != best.hypstr
            ],
        }


def utterances(pcm: bytes) -> Iterator[tuple[int, bytes]]:
    """What the endpointer takes for speech: where it begins, and its sound."""
    endpointer = Endpointer()
    size = endpointer.frame_bytes
    speech = b""
    for at in range(0, len(pcm), size):
        frame = pcm[at : at + size]
        is_last = at + size >= len(pcm)
        piece = endpointer.end_stream(frame) if is_last else endpointer.process(frame)
        speech += piece or b""
        if speech and not endpointer.in_speech:
            yield round(endpointer.speech_start * 1_000), speech
            speech = b""


def main() -> None:
    parser = argparse.ArgumentParser(description="PocketSphinx as a Wyoming server on its pipes")
    parser.add_argument("--keyword", action="append", metavar="WORDS", help="spot these words alone")
    parser.add_argument("--threshold", type=float, default=THRESHOLD, help="of keywords; default: %(default)s")
    parser.add_argument("--grammar", metavar="FILE", help="hear the sentences of this JSGF grammar alone")
    parser.add_argument("--words", metavar="FILE", help="how more words sound, as in CMUdict")
    args = parser.parse_args()
    try:
        if args.keyword:
            ear: Ear = Spotter(args.keyword, args.threshold, args.words)
        else:
            ear = Recogniser(args.grammar, args.words)
    except (Bad, OSError, ValueError) as bad:
        sys.exit(str(bad))
    serve(ear)


if __name__ == "__main__":
    main()
