"""Open Voice OS behind the assistant protocol, pre-release and stable.

Real, unmodified: ovos-core's intent service with the stop, converse and fallback pipeline, the
padacioso intent engine, sessions, `OVOSSkill.ask_selection`, `ask_yesno` and `get_response` with
their fuzzy option matcher and yes/no matcher. `ovoscope`, OVOS's own test harness, starts them.

Ours: a skill of 20 lines (`skill.py`), its sentences (`locale/`), the wake gate by text (OVOS has
an acoustic one), the audio service (prompts take time; a notice, which has no length in the
protocol, takes none), and a virtual clock in place of `time` in OVOS's modules (`clock.py`). While
`get_response` waits, all that is heard is its answer: the microphone is taken to be open for the
20 s of its time-out, as OVOS asks for it with `mycroft.mic.listen`; its listener may close sooner.
The first device is OVOS's own session, every other one a session of its own, as satellites are.

Each run, and what comes after a restart, is a child process of one that has started OVOS: OVOS keeps
no dialog on disk (`lib/forked.py`).
"""

from __future__ import annotations

import inspect
import logging
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from clock import take_over
from lib.assistant import Assistant, Json
from lib.forked import serve_forked

from ovos_bus_client.message import Message
from ovos_bus_client.session import Session, SessionManager

LANG = "en-US"
CORE = version("ovos-core")
SKILL = "send-message.test"
# `get_response` gives up after 20 s, and looks ten times a second.
ANSWER_MS = 20_100
# The pre-release gives up for good after two attempts of 20 + 15 s.
GIVE_UP_MS = 70_100
PIPELINE = [
    "ovos-stop-pipeline-plugin-high",
    "ovos-converse-pipeline-plugin",
    *(f"ovos-padacioso-pipeline-plugin-{level}" for level in ("high", "medium", "low")),
    *(f"ovos-fallback-pipeline-plugin-{level}" for level in ("high", "medium", "low")),
    "ovos-stop-pipeline-plugin-medium",
]


def boot() -> Any:
    """Starts OVOS's core with the skill. Nothing of the user's settings is read or written."""
    from ovos_config.config import Configuration
    from ovoscope import get_minicroft
    from skill import SendMessage

    class Skill(SendMessage):
        def __init__(self, *args: Any, **settings: Any) -> None:
            super().__init__(*args, resources_dir=str(Path(__file__).parent), **settings)

    Configuration().setdefault("intents", {})["pipeline"] = PIPELINE
    SessionManager.default_session.pipeline = list(PIPELINE)
    return get_minicroft([], extra_skills={SKILL: Skill})


class Ovos(Assistant):
    name = "ovos" if "a" in CORE else "ovos-stable"
    version = f"ovos-core {CORE}, ovos-workshop {version('ovos-workshop')}"

    def __init__(self) -> None:
        super().__init__()
        with tempfile.TemporaryDirectory() as home:
            for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
                os.environ[f"XDG_{kind}_HOME"] = home
            logging.disable(logging.CRITICAL)
            self.core = boot()
        self.bus, self.skill = self.core.bus, self.core.plugin_skills[SKILL].instance
        self.clock = take_over()
        # OVOS looks through its stack to warn of what is deprecated: Python keeps what that found.
        inspect.stack()
        # The audio service of the test harness gives way to ours.
        self.bus.ee.remove_all_listeners("ovos.utterance.speak")
        topics = {
            "message": self.on_anything,
            "speak": self.on_speak,
            "mycroft.mic.listen": self.on_mic_listen,
            "skill.converse.get_response.enable": self.on_waits,
            "skill.converse.get_response.disable": self.on_waits_no_more,
            "ovos.utterance.handled": self.on_handled,
            "messaging.about": self.on_about,
            "messaging.send": self.on_send,
            "messaging.cancel": self.on_cancel,
        }
        for topic, handler in topics.items():
            self.bus.on(topic, handler)

    def begin(self, seed: int) -> None:
        self.clock.now_ms = self.now_ms
        self.skill.names = [contact.name for contact in self.contacts]
        self.sessions = {device: f"device-{device}" for device in self.devices}
        self.sessions.update(dict.fromkeys(list(self.devices)[:1], "default"))
        self.waiting: set[str] = set()
        # What is being said on a device, and what was said and has not ended yet.
        self.saying: dict[str, Message] = {}
        self.said: list[Message] = []
        self.carried: dict[str, Json] = {}
        self.about: dict[str, Json] = {device: {} for device in self.devices}

    def command(self, device: str, text: str) -> None:
        context = {"source": "audio", "destination": ["skills"], "session": self.session(device)}
        heard = {"utterances": [text.lower()], "lang": LANG}
        self.happen(Message("recognizer_loop:utterance", heard, context))

    answer = command

    def session(self, device: str) -> Json:
        """The core keeps its own session; a satellite keeps its own, as the core last gave it."""
        name = self.sessions[device]
        session = SessionManager.sessions.get(name) or Session(name)
        return self.carried.get(device) or session.serialize()

    def mic_opened(self, device: str) -> None:
        said = self.saying.pop(device)
        self.happen(said.forward("recognizer_loop:audio_output_end"))
        self.happen(said.forward("mycroft.mic.listen"))
        self.at(self.now_ms + GIVE_UP_MS, lambda: None)

    def pass_time(self, to_ms: int) -> int:
        reached_ms = self.clock.advance(to_ms)
        self.rest()
        return reached_ms

    def happen(self, message: Message) -> None:
        """Puts a message on the bus and waits until nothing more comes of it."""
        self.clock.now_ms = self.now_ms
        self.clock.run(self.bus.emit, message)
        self.rest()

    def rest(self) -> None:
        """Ends the notices that were given; devices that wait for nothing listen for their name."""
        while self.said:
            ended = self.said.pop(0).forward("recognizer_loop:audio_output_end")
            self.clock.run(self.bus.emit, ended)
        for device, state in self.devices.items():
            if (
                device not in self.waiting
                and state.speaking is None
                and state.listens_for != "command"
            ):
                self.sleep(device)

    # What OVOS puts on the bus. Its threads run one at a time, while the clock waits for them.

    def device_of(self, message: Message) -> str | None:
        self.now_ms = self.clock.now_ms
        name = message.context.get("session", {}).get("session_id", "default")
        return next((device for device, session in self.sessions.items() if session == name), None)

    def on_anything(self, _message: str) -> None:
        self.clock.happened += 1

    def on_speak(self, message: Message) -> None:
        device = self.device_of(message)
        if device is None:
            return
        self.bus.emit(message.forward("recognizer_loop:audio_output_start"))
        if message.data.get("expect_response"):
            self.saying[device] = message
            self.prompt(device, message.data["utterance"], **self.about[device])
        else:
            self.said.append(message)
            self.notice(device, message.data["utterance"])

    def on_mic_listen(self, message: Message) -> None:
        device = self.device_of(message)
        if device is None:
            return
        until_ms = self.now_ms + ANSWER_MS
        if device in self.waiting:
            self.listen(device, self.about[device].get("asks") or "command", until_ms)
        else:
            # Nobody waits for an answer any more, and yet it asks to listen.
            self.listen_for_command(device)
        self.at(until_ms, lambda: None)

    def on_waits(self, message: Message) -> None:
        device = self.device_of(message)
        if device is not None:
            self.waiting.add(device)
            self.carry(device, message)

    def on_waits_no_more(self, message: Message) -> None:
        device = self.device_of(message)
        if device is not None:
            self.waiting.discard(device)
            self.carry(device, message)

    def on_handled(self, message: Message) -> None:
        device = self.device_of(message)
        if device is not None and device not in self.waiting:
            self.carry(device, message)

    def carry(self, device: str, message: Message) -> None:
        if self.sessions[device] != "default":
            self.carried[device] = message.context["session"]

    def on_about(self, message: Message) -> None:
        """The skill says what it is about to ask."""
        device, contact = self.device_of(message), self.contact(message)
        if device is not None:
            self.about[device] = {"asks": message.data["asks"], "recipient": contact}

    def on_send(self, message: Message) -> None:
        device, contact = self.device_of(message), self.contact(message)
        if device is not None:
            self.emit("send", device=device, message=f"m{next(self.messages)}", recipient=contact)

    def on_cancel(self, message: Message) -> None:
        device = self.device_of(message)
        if device is not None:
            self.emit("cancel", device=device)

    def contact(self, message: Message) -> str | None:
        name = message.data.get("name")
        return next((contact.id for contact in self.contacts if contact.name == name), None)


if __name__ == "__main__":
    serve_forked(Ovos)
