"""Serves each run by a child process, for a framework that cannot be made to forget.

The parent has everything loaded and never runs a conversation. A `start`, and a `restart`, forks a
child that answers on the same standard output until the next one. So a run is as fresh as a new
process, at the price of a fork.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn, TextIO

from .assistant import Assistant, Json, answer, inputs


class Child:
    """A run in a process of its own."""

    def __init__(self, assistant: Assistant, out: TextIO) -> None:
        reading, writing = os.pipe()
        self.id = os.fork()
        if self.id == 0:
            os.close(writing)
            run(assistant, reading, out)
        os.close(reading)
        self.lines = os.fdopen(writing, "w", encoding="utf-8")

    def give(self, given: Json) -> None:
        self.lines.write(json.dumps(given) + "\n")
        self.lines.flush()

    def end(self) -> None:
        self.lines.close()
        os.waitpid(self.id, 0)


def run(assistant: Assistant, reading: int, out: TextIO) -> NoReturn:
    """The child: answers until the parent has no more for it. If it breaks, so does the parent."""
    try:
        with os.fdopen(reading, encoding="utf-8") as lines:
            for given in inputs(lines):
                answer(assistant, given, out)
    except BaseException:
        traceback.print_exc()
        os.kill(os.getppid(), signal.SIGTERM)
        os._exit(1)
    os._exit(0)


def serve_forked(make: Callable[[], Assistant]) -> None:
    """As `serve`, for an assistant that is made once and has no threads then."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    assistant = make()
    gc.collect()
    gc.freeze()
    child: Child | None = None
    start: Json = {}
    restarts = itertools.count(1)
    for given in inputs(sys.stdin):
        if given["type"] in ("start", "restart"):
            if child is not None:
                child.end()
            child = Child(assistant, out)
            if given["type"] == "start":
                start, restarts = given, itertools.count(1)
            else:
                given = start | {"at_ms": given["at_ms"], "restarts": next(restarts)}
        assert child is not None, "`inputs` lets nothing come before a start"
        child.give(given)
