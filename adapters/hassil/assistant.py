"""Home Assistant's sentence matcher, hassil, behind the assistant protocol.

Real, unmodified: hassil's template language and `recognize`, which takes an answer only if one of
its templates covers the whole of it.

Ours: the sentences (`sentences.yaml`; home-assistant-intents has none for messages to people, and
none for yes and no), a script that asks as Home Assistant's action `assist_satellite.ask_question`
does (one question, one answer, matched against the templates of that question alone; anything
else, or 15 s of silence, ends the script), and the speech client of `lib/assistant.py`.

Nothing is kept over a restart: a script that runs ends with its process.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import yaml
from hassil import Intents, TextSlotList, recognize
from lib.assistant import Assistant, Json, serve

# A satellite hears for so long.
ANSWER_MS = 15_000


@dataclass
class Script:
    """The script that runs on one device, and the question that it has asked."""

    message: str
    recipient: str | None = None
    question: int = 0


def templates(answers: dict[str, list[str]]) -> Intents:
    """The answers to one question, as `ask_question` gives them to hassil."""
    data = [
        {"sentences": sentences, "metadata": {"answer_id": answer}}
        for answer, sentences in answers.items()
    ]
    return Intents.from_dict({"language": "en", "intents": {"Question": {"data": data}}})


class Hassil(Assistant):
    name, version = "hassil", version("hassil")

    def __init__(self) -> None:
        super().__init__()
        questions = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text())
        self.questions = {name: templates(answers) for name, answers in questions.items()}

    def begin(self, seed: int) -> None:
        names = [(contact.name, contact.id) for contact in self.contacts]
        self.lists = {"contact": TextSlotList.from_tuples(names, allow_template=False)}
        self.scripts: dict[str, Script] = {}

    def restarted(self) -> None:
        self.begin(self.seed)
        for device in self.devices:
            self.sleep(device)

    def understand(self, text: str, question: str) -> tuple[str | None, Json]:
        """The answer whose templates cover the whole text, if any, and its slots."""
        result = recognize(text, self.questions[question], slot_lists=self.lists)
        if result is None:
            return None, {}
        slots = {name: entity.value for name, entity in result.entities.items()}
        return result.intent_metadata["answer_id"], slots

    def command(self, device: str, text: str) -> None:
        command, slots = self.understand(text, "command")
        if command == "send":
            script = self.scripts[device] = Script(f"m{next(self.messages)}", slots.get("contact"))
            self.ask(device, script)

    def ask(self, device: str, script: Script) -> None:
        script.question += 1
        if script.recipient is None:
            self.prompt(device, "To whom?", asks="recipient")
            return
        name = next(each.name for each in self.contacts if each.id == script.recipient)
        about = {"recipient": script.recipient, "message": script.message}
        self.prompt(device, f"{name}, right?", asks="confirmation", **about)

    def mic_opened(self, device: str) -> None:
        script, until_ms = self.scripts[device], self.now_ms + ANSWER_MS
        question = script.question
        self.listen(device, "confirmation" if script.recipient else "recipient", until_ms)
        self.at(until_ms, lambda: self.silence(device, script, question))

    def silence(self, device: str, script: Script, question: int) -> None:
        if self.scripts.get(device) is script and script.question == question:
            self.end(device)

    def answer(self, device: str, text: str) -> None:
        script = self.scripts[device]
        question = "confirmation" if script.recipient else "recipient"
        answer, slots = self.understand(text, question)
        if answer == "contact":
            script.recipient = slots["contact"]
            self.ask(device, script)
        elif answer == "yes":
            self.notice(device, "Sending.")
            self.emit("send", device=device, message=script.message, recipient=script.recipient)
            del self.scripts[device]
            self.sleep(device)
        else:
            self.end(device)

    def end(self, device: str) -> None:
        """The answer was none that the script knows, or "no"."""
        self.notice(device, "Not sent.")
        self.emit("cancel", device=device, message=self.scripts.pop(device).message)
        self.sleep(device)


if __name__ == "__main__":
    serve(Hassil)
