"""A virtual clock for a program of many threads, of which one runs at a time.

OVOS waits by polling: `time.sleep(0.1)` in a loop until an answer has come or 20 s are over. With
this in the place of the module `time` (and of `Event` and `Timer`), a thread that waits is parked
until the clock comes to its time, or until something has happened that it may wait for. So waiting
costs no wall time, nothing depends on how fast the machine is, and the order is always the same.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# A thread that ends on its own does not say so: it is looked for this often.
POLL_S = 0.0005
STOP_POLL_S = 0.002
# Workers that only run while a parked or running thread waits for them.
POOL = "ovos-pipeline-match"
# Some of OVOS takes the time 0 for none.
EPOCH_S = 1_000_000_000


@dataclass
class Place:
    """Where one thread is parked, and until when at the latest."""

    wake_ms: int
    gate: threading.Lock = field(default_factory=threading.Lock)


class Clock:
    def __init__(self) -> None:
        self.now_ms = 0
        # Grows with everything that happens; when it stands still, all threads wait for good.
        self.happened = 0
        self.parked: dict[threading.Thread, Place] = {}
        self.timers: dict[Timer, int] = {}
        self.changed = threading.Event()

    # What threads call, in place of `time`.

    def time(self) -> float:
        return EPOCH_S + self.now_ms / 1000

    monotonic = perf_counter = time

    def sleep(self, seconds: float) -> None:
        self.park(self.now_ms + round(seconds * 1000))

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def park(self, wake_ms: int) -> None:
        """Waits for the time, or for anything to happen before it."""
        place = Place(wake_ms)
        place.gate.acquire()
        self.parked[threading.current_thread()] = place
        self.changed.set()
        try:
            # OVOS stops a question by an exception in its thread: that needs a thread that runs.
            while not place.gate.acquire(timeout=STOP_POLL_S):
                pass
        finally:
            self.parked.pop(threading.current_thread(), None)

    # What drives them.

    def run(self, action: Callable[..., None], *args: Any) -> None:
        """Starts a thread and waits until nothing more happens at this time."""

        def run() -> None:
            try:
                action(*args)
            finally:
                self.changed.set()

        threading.Thread(target=run, daemon=True).start()
        self.settle()

    def settle(self) -> None:
        """Lets every thread look whether what it waits for has happened, until nothing happens."""
        self._wait()
        quiet = 0
        # What a thread leaves for another is seen in the second round at the latest.
        while quiet < 2:
            before = self.happened, set(self.parked)
            for thread in list(self.parked):
                self._release(thread)
            quiet = quiet + 1 if before == (self.happened, set(self.parked)) else 0

    def advance(self, to_ms: int) -> int:
        """Comes to that time, or to an earlier one at which something happened. Returns which."""
        while True:
            due = [place.wake_ms for place in self.parked.values()] + list(self.timers.values())
            self.now_ms = max(self.now_ms, min([*due, to_ms]))
            before = self.happened, set(self.parked)
            for timer, due_ms in list(self.timers.items()):
                if due_ms <= self.now_ms and self.timers.pop(timer, None) is not None:
                    self.run(timer.action)
            for thread, place in list(self.parked.items()):
                if place.wake_ms <= self.now_ms:
                    self._release(thread)
            if before != (self.happened, set(self.parked)):
                self.settle()
                return self.now_ms
            if self.now_ms >= to_ms:
                return to_ms

    def _release(self, thread: threading.Thread) -> None:
        place = self.parked.pop(thread, None)
        if place is not None:
            place.gate.release()
            self._wait()

    def _wait(self) -> None:
        """Waits until every thread is parked or has ended."""
        while any(map(self._is_running, threading.enumerate())):
            self.changed.wait(POLL_S)
            self.changed.clear()

    def _is_running(self, thread: threading.Thread) -> bool:
        is_driver = thread is threading.main_thread() or thread.name.startswith(POOL)
        return not (is_driver or thread in self.parked)


class Event:
    """In place of `threading.Event`, for a clock set as `Event.clock`."""

    clock: Clock

    def __init__(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        self.clock.happened += 1

    def clear(self) -> None:
        self._is_set = False

    def wait(self, timeout: float = 1e6) -> bool:
        until_ms = self.clock.now_ms + round(timeout * 1000)
        while not self._is_set and self.clock.now_ms < until_ms:
            self.clock.park(until_ms)
        return self._is_set


class Answered(Event):
    """In place of an event that OVOS waits for after it has asked every skill something.

    Its test bus has delivered a message when `emit` returns, so who has not answered will not.
    """

    def wait(self, timeout: float = 0) -> bool:
        return self._is_set


class Timer:
    """In place of `threading.Timer`, for a clock set as `Timer.clock`."""

    clock: Clock
    daemon = True

    def __init__(
        self, interval: float, function: Callable[..., None], args: Any = (), kwargs: Any = None
    ) -> None:
        self.interval = interval
        self.action = lambda: function(*args, **(kwargs or {}))

    def start(self) -> None:
        self.clock.timers[self] = self.clock.now_ms + round(self.interval * 1000)

    def cancel(self) -> None:
        self.clock.timers.pop(self, None)


class Threading:
    """In place of the module `threading`: as it is, but for `Timer`."""

    Timer = Timer

    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)


def take_over() -> Clock:
    """Puts a virtual clock in the place of the real one in every module of OVOS."""
    clock = Event.clock = Timer.clock = Clock()
    for name, module in list(sys.modules.items()):
        if not name.startswith("ovos"):
            continue
        for attribute, real, virtual in (
            ("time", time, clock),
            ("Timer", threading.Timer, Timer),
            ("threading", threading, Threading()),
        ):
            if getattr(module, attribute, None) is real:
                setattr(module, attribute, virtual)
    vars(sys.modules["ovos_bus_client.session"])["Event"] = Event
    for service in ("stop", "converse"):
        vars(sys.modules[f"ovos_core.intent_services.{service}_service"])["Event"] = Answered
    # A question that is stopped ends its thread by this; the stable release lets it be printed.
    report = threading.excepthook
    stopped = sys.modules["ovos_workshop.decorators.killable"].AbortQuestion
    threading.excepthook = lambda end: None if end.exc_type is stopped else report(end)
    return clock
