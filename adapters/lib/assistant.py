"""The assistant protocol, version 1, for assistants written in Python. Standard library only.

`Device` and `Assistant` are the speech client that stands around a dialog framework: a wake gate by
text, a voice that takes time, a microphone that opens when the voice is done. `serve` is the loop.
An adapter subclasses `Assistant` and fills in what its framework does.

Time is virtual. What falls due is put on the agenda and asked for with a `timer` effect; it happens
before the first input that comes at that time or later.
"""

from __future__ import annotations

import heapq
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TextIO

PROTOCOL = 1
WAKE_WORD = "alexa"
# After the name alone, a command may follow for so long.
COMMAND_MS = 8_000
# Speech at about 17 characters a second, and never shorter than a word.
MS_PER_CHARACTER, PROMPT_MS_MIN = 60, 500

PER_RESTART = 1_000_000

Json = dict[str, Any]


class Contact(NamedTuple):
    id: str
    name: str


@dataclass
class Device:
    """What one device listens for, and what it is saying."""

    listens_for: str = "wake"
    # The prompt that is being said, and what an answer to it is; nothing is heard meanwhile.
    speaking: int | None = None
    asks: str | None = None
    # Speech that began before the microphone opened is nobody's answer.
    opened_ms: int = 0


class Assistant:
    """Takes inputs, one method for each; what is not overridden here is not known to the framework."""

    name = "assistant"
    version = "0"

    def __init__(self) -> None:
        self.effects: list[Json] = []

    # What a framework fills in.

    def begin(self, seed: int) -> None:
        """Forgets everything and begins with `self.devices` and `self.contacts`."""

    def command(self, device: str, text: str) -> None:
        """Something was said after the wake word."""

    def answer(self, device: str, text: str) -> None:
        """Something was said while the device waited for an answer."""

    def restarted(self) -> None:
        """The process was restarted: everything in memory is gone."""
        self.begin(self.seed)

    def mic_opened(self, device: str) -> None:
        """The prompt has been said; the device waits for an answer, without end by default."""
        self.listen(device, self.devices[device].asks or "command")

    def pass_time(self, to_ms: int) -> int:
        """Lets time pass in a framework that has a clock of its own; stops when something happens.

        Returns how far it came. A framework without a clock comes all the way.
        """
        return to_ms

    # What an assistant does.

    def emit(self, kind: str, **fields: Any) -> None:
        self.effects.append({"type": kind} | {k: v for k, v in fields.items() if v is not None})

    def listen(self, device: str, listens_for: str, until_ms: int | None = None) -> None:
        self.devices[device].listens_for = listens_for
        self.emit("listen", device=device, until_ms=until_ms, **{"for": listens_for})

    def prompt(self, device: str, text: str, **about: str | None) -> None:
        """Says something and opens the microphone afterwards. `about`: asks, recipient, message."""
        number = next(self.prompts)
        duration_ms = speech_ms(text)
        state = self.devices[device]
        state.speaking, state.asks = number, about.get("asks")
        self.emit(
            "prompt", device=device, prompt=number, text=text, duration_ms=duration_ms, **about
        )
        self.at(self.now_ms + duration_ms, lambda: self._prompt_ended(device, number), ask=False)

    def notice(self, device: str, text: str) -> None:
        self.emit("notice", device=device, text=text)

    def listen_for_command(self, device: str) -> None:
        until_ms = self.now_ms + COMMAND_MS
        self.listen(device, "command", until_ms)
        turn = self.devices[device].opened_ms = self.now_ms
        self.at(until_ms, lambda: self._command_over(device, turn))

    def sleep(self, device: str) -> None:
        """Listens for the wake word alone, if it did anything else."""
        state = self.devices[device]
        state.speaking = None
        if state.listens_for != "wake":
            self.listen(device, "wake")

    def at(self, at_ms: int, action: Callable[[], None], ask: bool = True) -> None:
        """Puts an action on the agenda; asks for a `time` input then."""
        heapq.heappush(self.agenda, (at_ms, next(self.turns), action))
        if ask:
            self.emit("timer", at_ms=at_ms)

    # What the protocol brings.

    def take(self, given: Json) -> list[Json]:
        """Takes one input and returns the effects, `done` included."""
        self.effects = []
        kind = given["type"]
        if kind == "start":
            self._start(given)
        elif kind != "end":
            self._advance(given["at_ms"])
            getattr(self, "on_" + kind, self._ignore)(given)
        self.emit("done")
        return self.effects

    def on_heard(self, given: Json) -> None:
        """Passes on the best reading of speech that is over; interim ones are not acted on."""
        device, hypotheses = given["device"], given["hypotheses"]
        state = self.devices.get(device)
        if state is None or not given["final"] or not hypotheses or state.speaking is not None:
            return
        text = hypotheses[0]["text"]
        if state.listens_for in ("wake", "command"):
            self._gate(device, text)
        elif given["from_ms"] >= state.opened_ms:
            self.answer(device, text)

    def on_prompt_ended(self, given: Json) -> None:
        if given["device"] in self.devices:
            self._prompt_ended(given["device"], given["prompt"])

    def on_restart(self, _given: Json) -> None:
        self.restarted()

    def _ignore(self, given: Json) -> None:
        """Presses, withdrawals, deliveries and settings mean nothing to most frameworks."""

    def _start(self, given: Json) -> None:
        self.now_ms: int = given["at_ms"]
        self.seed: int = given["seed"]
        self.agenda: list[tuple[int, int, Callable[[], None]]] = []
        # A process that was started again (`lib/forked.py`) uses no number a second time.
        restarts = given.get("restarts", 0)
        first = 1 + restarts * PER_RESTART
        self.turns, self.prompts, self.messages = (itertools.count(first) for _ in range(3))
        household = given["household"]
        self.contacts = [Contact(each["id"], each["name"]) for each in household["contacts"]]
        self.devices = {device: Device() for device in household["devices"]}
        if not restarts:
            self.emit("hello", protocol=PROTOCOL, name=self.name, version=self.version)
        self.begin(self.seed)
        for device in self.devices:
            self.listen(device, "wake")

    def _advance(self, to_ms: int) -> None:
        """Lets what is due by then happen, each thing at its own time."""
        while True:
            due_ms = min(self.agenda[0][0], to_ms) if self.agenda else to_ms
            self.now_ms = max(self.now_ms, self.pass_time(due_ms))
            if self.agenda and self.agenda[0][0] <= self.now_ms:
                heapq.heappop(self.agenda)[2]()
            elif self.now_ms >= to_ms:
                return

    def _prompt_ended(self, device: str, prompt: int) -> None:
        state = self.devices[device]
        if state.speaking == prompt:
            state.speaking, state.opened_ms = None, self.now_ms
            self.mic_opened(device)

    def _gate(self, device: str, text: str) -> None:
        """The wake word by text: what follows it is the command, at once or within 8 s."""
        words = text.split()
        wakes = [i for i, word in enumerate(words) if plain(word) == WAKE_WORD]
        if not wakes and self.devices[device].listens_for == "wake":
            return
        command = " ".join(words[wakes[0] + 1 :]) if wakes else text
        if plain(command):
            self.sleep(device)
            self.command(device, command)
            return
        self.listen_for_command(device)

    def _command_over(self, device: str, turn: int) -> None:
        state = self.devices[device]
        if state.listens_for == "command" and state.opened_ms == turn:
            self.sleep(device)


# The inputs, with the fields that must be there; others are ignored.
INPUTS = {
    "start": ("protocol", "seed", "at_ms", "household"),
    "heard": ("at_ms", "device", "from_ms", "final", "hypotheses"),
    "withdrawn": ("at_ms", "device", "from_ms"),
    "prompt_ended": ("at_ms", "device", "prompt"),
    "pressed": ("at_ms", "device", "button"),
    "time": ("at_ms",),
    "delivery": ("at_ms", "message", "ok"),
    "setting": ("at_ms", "messaging"),
    "restart": ("at_ms",),
    "end": (),
}


def read(line: str) -> Json:
    """One input. Raises `ValueError` for a line that is not of the protocol."""
    given = json.loads(line)
    if not isinstance(given, dict) or given.get("type") not in INPUTS:
        raise ValueError("not an input of a known type")
    missing = [field for field in INPUTS[given["type"]] if field not in given]
    if missing:
        raise ValueError(f"`{given['type']}` without {', '.join(missing)}")
    if given.get("protocol", PROTOCOL) != PROTOCOL:
        raise ValueError(f"only protocol {PROTOCOL} is spoken here")
    return given


def speech_ms(text: str) -> int:
    return max(PROMPT_MS_MIN, MS_PER_CHARACTER * len(text))


def plain(text: str) -> str:
    """Lower case, without punctuation at the edges of words."""
    return " ".join(filter(None, (word.strip('.,;:!?"“”‘’').lower() for word in text.split())))


def serve(make: Callable[[], Assistant]) -> None:
    """Speaks the protocol on standard input and output until the input ends.

    Whatever the framework prints goes to standard error: `make` imports it after standard output
    has been put aside.
    """
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        assistant = make()
        for given in inputs(sys.stdin):
            answer(assistant, given, out)


def inputs(lines: Iterable[str]) -> Iterator[Json]:
    """The inputs, one a line. A line that is none ends the program with status 1."""
    is_begun = False
    for number, line in enumerate(lines, 1):
        try:
            given = read(line)
            is_begun = is_begun or given["type"] == "start"
            if not is_begun:
                raise ValueError("nothing was started yet")
        except ValueError as error:
            sys.exit(f"line {number} is not of the protocol: {error}")
        yield given


def answer(assistant: Assistant, given: Json, out: TextIO) -> None:
    effects = assistant.take(given)
    out.write("".join(json.dumps(effect, ensure_ascii=False) + "\n" for effect in effects))
    out.flush()
