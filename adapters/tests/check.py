"""Plays to an adapter: someone who says yes, and someone who says no. Standard library only."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

Json = dict[str, Any]
CONTACTS = [
    {"id": "c1", "name": "Ana Ruiz"},
    {"id": "c2", "name": "Bob Stone"},
    {"id": "c3", "name": "Grace Hope"},
]
HOUSEHOLD = {"devices": ["kitchen"], "contacts": CONTACTS, "messaging": True}
# The last run is the first one again: nothing may be left of what came before it.
RUNS = [("yes", True), ("no", False), ("yes", True)]


class Room:
    """A quiet room: prompts end when they have been said, and timers are kept."""

    def __init__(self, command: list[str]) -> None:
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.now_ms = 0
        self.due: list[tuple[int, Json]] = []
        # How long each input took, in seconds; the first one has the start-up in it.
        self.took: list[float] = []

    def give(self, given: Json) -> list[Json]:
        """Gives one input; returns its effects and puts what they lead to on the clock."""
        assert self.child.stdin and self.child.stdout
        print(json.dumps(given))
        began = time.perf_counter()
        self.child.stdin.write(json.dumps(given) + "\n")
        self.child.stdin.flush()
        effects: list[Json] = []
        while not effects or effects[-1]["type"] != "done":
            line = self.child.stdout.readline()
            if not line:
                sys.exit(f"the adapter has ended with status {self.child.wait()}")
            print("   ", line.rstrip())
            effects.append(json.loads(line))
        self.took.append(time.perf_counter() - began)
        for effect in effects:
            if effect["type"] == "prompt":
                ended = {
                    "type": "prompt_ended",
                    "device": effect["device"],
                    "prompt": effect["prompt"],
                }
                self.due.append((self.now_ms + effect["duration_ms"], ended))
            elif effect["type"] == "timer":
                self.due.append((effect["at_ms"], {"type": "time"}))
        return effects

    def start(self) -> None:
        self.now_ms, self.due = 0, []
        self.give({"type": "start", "protocol": 1, "seed": 7, "at_ms": 0, "household": HOUSEHOLD})

    def wait(self, wait_ms: int) -> list[Json]:
        until_ms = self.now_ms + wait_ms
        effects: list[Json] = []
        while self.due and min(self.due, key=lambda each: each[0])[0] <= until_ms:
            each = min(self.due, key=lambda each: each[0])
            self.due.remove(each)
            self.now_ms = max(self.now_ms, each[0])
            effects += self.give(each[1] | {"at_ms": self.now_ms})
        self.now_ms = until_ms
        return effects

    def say(self, text: str) -> list[Json]:
        """Says it and waits until whatever is answered has been said."""
        from_ms = self.now_ms
        effects = self.wait(len(text) * 60)
        heard = {
            "type": "heard",
            "at_ms": self.now_ms,
            "device": "kitchen",
            "from_ms": from_ms,
            "final": True,
        }
        effects += self.give(
            heard | {"voice": "person", "hypotheses": [{"text": text, "confidence": 0.9}]}
        )
        return effects + self.wait(3_000)


def main() -> None:
    room = Room(sys.argv[1:])
    wrong, traces = [], []
    for answer, is_sent in RUNS:
        room.start()
        trace = []
        for text in ("alexa", "send a message", "Ana Ruiz", answer):
            trace += room.say(text)
        trace += room.wait(60_000)
        traces.append((answer, trace))
        room.give({"type": "end"})
        sends = [effect for effect in trace if effect["type"] == "send"]
        if [send["recipient"] for send in sends] != ["c1"] * is_sent:
            wrong.append(f"{answer!r} to the confirmation has sent {sends}")
    if traces[0] != traces[2]:
        wrong.append("the same conversation went differently in a second run")
    start_up, *took = room.took
    print(
        f"{start_up:.1f} s to start, {1000 * sum(took) / len(took):.1f} ms a line ({len(took)} lines)"
    )
    print("\n".join(wrong) or "ok: yes is sent, no is not, and runs repeat")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
