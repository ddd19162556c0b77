"""Home Assistant's sentence matcher, hassil, behind the assistant protocol.

Real, unmodified: hassil's template language and `recognize`, which takes an answer only if one of
its templates covers the whole of it.

Ours: the sentences (`sentences.yaml`; home-assistant-intents has none for messages to people, and
none for yes and no), a dialog that asks as Home Assistant's action `assist_satellite.ask_question`
does (one question, one answer, matched against the templates of that question alone; anything
else, or 15 s of silence, ends it; `lib/dialog.py`), and the speech client (`lib/assistant.py`).

Nothing is kept over a restart: a script that runs ends with its process.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import yaml
from hassil import Intents, TextSlotList, recognize
from lib.assistant import serve
from lib.dialog import Dialog


def templates(answers: dict[str, list[str]]) -> Intents:
    """The answers to one question, as `ask_question` gives them to hassil."""
    data = [
        {"sentences": sentences, "metadata": {"answer_id": answer}}
        for answer, sentences in answers.items()
    ]
    return Intents.from_dict({"language": "en", "intents": {"Question": {"data": data}}})


class Hassil(Dialog):
    name, version = "hassil", version("hassil")
    answer_ms = 15_000

    def __init__(self) -> None:
        super().__init__()
        questions = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text())
        self.questions = {name: templates(answers) for name, answers in questions.items()}

    def begin(self, seed: int) -> None:
        super().begin(seed)
        names = [(contact.name, contact.id) for contact in self.contacts]
        self.lists = {"contact": TextSlotList.from_tuples(names, allow_template=False)}

    def understand(self, text: str, question: str) -> tuple[str | None, str | None]:
        result = recognize(text, self.questions[question], slot_lists=self.lists)
        if result is None:
            return None, None
        contact = result.entities.get("contact")
        return result.intent_metadata["answer_id"], contact and contact.value


if __name__ == "__main__":
    serve(Hassil)
