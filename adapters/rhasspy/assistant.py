"""Rhasspy's intent recogniser (rhasspy-nlu, "fsticuffs") behind the assistant protocol.

Real, unmodified: Rhasspy's grammar of sentences, the graph made of it, and `recognize` with its
fuzzy matching, called as Rhasspy's own service calls it: fuzzy, restricted to the intents that the
question allows, the first result taken whatever its confidence.

Ours: the sentences (`sentences.ini`), a dialog as an app holds one by `continueSession` with an
intent filter (one question, one answer; what is not recognised, or 30 s of silence, ends the
session; `lib/dialog.py`), and the speech client (`lib/assistant.py`). Rhasspy's own recognisers of
speech hear nothing but its sentences; with an open one, as here, it gets what was said.

Nothing is kept over a restart: a session ends with its process.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib.assistant import plain, serve
from lib.dialog import Dialog
from rhasspynlu import Sentence, intents_to_graph, parse_ini, recognize


def words(text: str) -> str:
    """Lower case, and nothing that would mean something in a grammar."""
    return plain(re.sub(r"[^\w' -]", " ", text))


class Rhasspy(Dialog):
    name, version = "rhasspy", version("rhasspy-nlu")
    answer_ms = 30_000

    def __init__(self) -> None:
        super().__init__()
        self.sentences = (Path(__file__).parent / "sentences.ini").read_text()

    def begin(self, seed: int) -> None:
        super().begin(seed)
        self.ids = {words(contact.name): contact.id for contact in reversed(self.contacts)}
        self.ids.pop("", None)
        names = [Sentence.parse(name) for name in self.ids]
        # Its grammar has no empty list: without a contact there is nothing to understand.
        intents = parse_ini(self.sentences) if names else {}
        self.graph = intents_to_graph(intents, replacements={"$contact": names})

    def understand(self, text: str, question: str) -> tuple[str | None, str | None]:
        found = recognize(
            words(text), self.graph, intent_filter=lambda intent: intent.startswith(question)
        )
        if not found:
            return None, None
        contacts = [self.ids[entity.value] for entity in found[0].entities]
        return found[0].intent.name.split()[1], contacts[0] if contacts else None


if __name__ == "__main__":
    serve(Rhasspy)
