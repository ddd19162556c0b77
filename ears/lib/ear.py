"""A Wyoming server on standard input and output. Standard library only.

An event is a JSON object on a line, then so many bytes of data (JSON, merged into the object's
`data`) as `data_length` says, then so many bytes of payload as `payload_length` says. An ear
subclasses `Ear` and says what it makes of the sound; `serve` is the loop. Events are answered one
after the other, so that a `describe` that follows the sound is answered when all of it was heard.

Beside the fields of Wyoming, answers have these:

    detection      score      how sure the engine was at most, on its own scale
                   from_ms    where the word began, if the engine knows; `timestamp` is where it was spotted
    not-detected   score, timestamp   how sure it was at most, and where
    scores         name, step_ms, scores   how sure it was at most in each stretch of so long; an event of our own
    transcript     segments   [{text, from_ms, to_ms, score, alternatives: [{text, score}]}]

and `transcribe` has `sounds` beside its `transcript_terms`: {word: [phones of ARPABET]}.

Times are milliseconds of sound since `audio-start`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

# Nothing that a client sends is longer.
LINE_MAX, DATA_MAX, PAYLOAD_MAX = 1 << 20, 1 << 20, 16 << 20
RATE, WIDTH = 16_000, 2
# A word that was spotted is not spotted again within so long.
REFRACTORY_MS = 1_000
# Of so much sound one score is told.
TOLD_MS = 50

Json = dict[str, Any]


class Event(NamedTuple):
    type: str
    data: Json
    payload: bytes = b""


class Bad(Exception):
    """What a client asked for cannot be done, and why; it is told so."""


class Ear:
    """Hears one recording after another. Nothing of one is left when the next begins."""

    # `wake` or `asr`.
    kind = "wake"
    name = "ear"
    version = "0"
    author = ""
    url = ""

    def models(self) -> list[str]:
        """The names that it can be asked to listen for."""
        raise NotImplementedError

    def begin(self, wanted: list[str]) -> None:
        """A recording begins, in which these are listened for; all, if there are none."""
        raise NotImplementedError

    def learn(self, sounds: Json) -> None:
        """What will be listened for sounds like this, word by word."""

    def hear(self, pcm: bytes) -> Iterable[Event]:
        """The recording goes on: 16 kHz, 16 bits, one channel."""
        raise NotImplementedError

    def end(self) -> Iterable[Event]:
        """The recording has ended."""
        raise NotImplementedError


class Spotting:
    """Makes detections of the scores of one word: one each time that the score has risen above the
    threshold, told when it has fallen again."""

    def __init__(self, name: str, threshold: float) -> None:
        self.name = name
        self.threshold = threshold
        self.peak, self.peak_ms = 0.0, 0
        self.spotted_ms: int | None = None
        self.above_ms = 0
        self.score = 0.0
        self.told: list[float] = []

    def take(self, at_ms: int, score: float) -> Iterator[Event]:
        if score > self.peak:
            self.peak, self.peak_ms = score, at_ms
        place = (at_ms - 1) // TOLD_MS
        self.told += [0.0] * (place + 1 - len(self.told))
        self.told[place] = max(self.told[place], round(score, 3))
        if score > self.threshold:
            if self.spotted_ms is None:
                self.spotted_ms, self.score = at_ms, score
            self.score, self.above_ms = max(self.score, score), at_ms
        elif self.spotted_ms is not None and at_ms >= self.above_ms + REFRACTORY_MS:
            yield from self.end()

    def end(self) -> Iterator[Event]:
        if self.spotted_ms is not None:
            yield Event(
                "detection",
                {"name": self.name, "timestamp": self.spotted_ms, "score": self.score},
            )
        self.spotted_ms = None


class ScoringEar(Ear):
    """An ear whose engine gives each word a score, step by step."""

    # How much sound the engine takes at a time.
    step_ms = 10

    def fresh(self, names: list[str]) -> list[Spotting]:
        """Makes the engine forget what it has heard; what it listens for now."""
        raise NotImplementedError

    def scores(self, pcm: bytes) -> Iterable[tuple[Spotting, float]]:
        """Hears one step."""
        raise NotImplementedError

    def begin(self, wanted: list[str]) -> None:
        models = self.models()
        unknown = [name for name in wanted if name not in models]
        if unknown:
            raise Bad(f"there is no model `{unknown[0]}`, but {', '.join(models)}")
        self.spottings = self.fresh(wanted or models)
        self.at_ms = 0
        self.rest = b""
        self.detected = False

    def hear(self, pcm: bytes) -> Iterator[Event]:
        self.rest += pcm
        size = RATE // 1_000 * self.step_ms * WIDTH
        whole = len(self.rest) // size * size
        for at in range(0, whole, size):
            yield from self.step(self.rest[at : at + size])
        self.rest = self.rest[whole:]

    def step(self, pcm: bytes) -> Iterator[Event]:
        self.at_ms += self.step_ms
        for spotting, score in self.scores(pcm):
            yield from self.noting(spotting.take(self.at_ms, score))

    def end(self) -> Iterator[Event]:
        # What is left is made a whole step by silence.
        if self.rest:
            yield from self.step(self.rest.ljust(RATE // 1_000 * self.step_ms * WIDTH, b"\0"))
        for spotting in self.spottings:
            yield from self.noting(spotting.end())
        if not self.detected:
            nearest = max(self.spottings, key=lambda spotting: spotting.peak)
            data = {"name": nearest.name, "timestamp": nearest.peak_ms, "score": nearest.peak}
            yield Event("not-detected", data)
        for spotting in self.spottings:
            data = {"name": spotting.name, "step_ms": TOLD_MS, "scores": spotting.told}
            yield Event("scores", data)

    def noting(self, events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            self.detected = True
            yield event


def serve(ear: Ear) -> None:
    """Answers events until there are no more."""
    source = sys.stdin.buffer
    # What a library prints must not come between events.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    wanted: list[str] = []
    while (event := read(source)) is not None:
        try:
            if event.type in ("detect", "transcribe"):
                wanted = asked_for(event)
                ear.learn(event.data.get("sounds") or {})
            for answer in answers(ear, event, wanted):
                write(answer, out)
        except Bad as bad:
            write(Event("error", {"text": str(bad)}), out)
        out.flush()


def answers(ear: Ear, event: Event, wanted: list[str]) -> Iterable[Event]:
    if event.type == "describe":
        return [Event("info", info(ear))]
    if event.type == "audio-start":
        check_format(event.data)
        ear.begin(wanted)
    elif event.type == "audio-chunk":
        check_format(event.data)
        return ear.hear(event.payload)
    elif event.type == "audio-stop":
        return ear.end()
    return []


def asked_for(event: Event) -> list[str]:
    names = event.data.get("names" if event.type == "detect" else "transcript_terms") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Bad("what is listened for has to be a list of texts")
    return names


def check_format(data: Json) -> None:
    if (data.get("rate"), data.get("width"), data.get("channels")) != (RATE, WIDTH, 1):
        raise Bad(f"the sound has to be of {RATE} Hz, {WIDTH} bytes a sample and one channel")


def info(ear: Ear) -> Json:
    attribution = {"name": ear.author, "url": ear.url}
    common = {"attribution": attribution, "installed": True, "version": ear.version}
    models = [
        {"name": model, "description": model, "languages": ["en"], **common} for model in ear.models()
    ]
    program = {"name": ear.name, "description": ear.name, "models": models, **common}
    return {"wake": [], "asr": [], ear.kind: [program]}


def read(source: BinaryIO) -> Event | None:
    line = source.readline(LINE_MAX)
    if not line:
        return None
    try:
        head = json.loads(line)
        data = dict(head.get("data") or {})
        if length := length_of(head, "data_length", DATA_MAX):
            data.update(json.loads(exactly(source, length)))
        payload = exactly(source, length_of(head, "payload_length", PAYLOAD_MAX))
        return Event(str(head["type"]), data, payload)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        sys.exit(f"this is no event: {error!r}: {line[:160]!r}")


def length_of(head: Json, key: str, at_most: int) -> int:
    length = head.get(key) or 0
    if not isinstance(length, int) or not 0 <= length <= at_most:
        raise ValueError(f"{key} is {length!r}")
    return length


def exactly(source: BinaryIO, length: int) -> bytes:
    got = source.read(length)
    if len(got) < length:
        raise ValueError(f"it ends after {len(got)} of {length} bytes")
    return got


def write(event: Event, out: BinaryIO) -> None:
    data = json.dumps(event.data).encode()
    head = {"type": event.type, "version": "1.10.2", "data_length": len(data)}
    if event.payload:
        head["payload_length"] = len(event.payload)
    out.write(json.dumps(head).encode() + b"\n" + data + event.payload)
