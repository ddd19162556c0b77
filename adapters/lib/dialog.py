"""The dialog for frameworks that understand one answer at a time and bring no dialog of their own.

Whom? - right? - send. One question has one answer: whatever else is heard, or silence, ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .assistant import Assistant


@dataclass
class Draft:
    """The message that a device is about, and how often it has asked."""

    message: str
    recipient: str | None = None
    questions: int = 0

    @property
    def question(self) -> str:
        return "confirmation" if self.recipient else "recipient"


class Dialog(Assistant):
    # How long a device hears after a question.
    answer_ms = 0

    def understand(self, text: str, question: str) -> tuple[str | None, str | None]:
        """What the framework makes of a text, and which contact is in it, by identifier.

        The question is "command" (to be understood as "send"), "recipient" ("contact"), or
        "confirmation" ("yes"); any other answer, or none, ends the dialog.
        """
        raise NotImplementedError

    def begin(self, seed: int) -> None:
        self.drafts: dict[str, Draft] = {}

    def restarted(self) -> None:
        self.begin(self.seed)
        for device in self.devices:
            self.sleep(device)

    def command(self, device: str, text: str) -> None:
        command, contact = self.understand(text, "command")
        if command == "send":
            self.drafts[device] = Draft(f"m{next(self.messages)}", contact)
            self.ask(device)

    def ask(self, device: str) -> None:
        draft = self.drafts[device]
        draft.questions += 1
        if draft.recipient is None:
            self.prompt(device, "To whom?", asks=draft.question)
            return
        name = next(contact.name for contact in self.contacts if contact.id == draft.recipient)
        about = {"recipient": draft.recipient, "message": draft.message}
        self.prompt(device, f"{name}, right?", asks=draft.question, **about)

    def mic_opened(self, device: str) -> None:
        draft, until_ms = self.drafts[device], self.now_ms + self.answer_ms
        asked = draft.questions
        self.listen(device, draft.question, until_ms)
        self.at(until_ms, lambda: self.silence(device, draft, asked))

    def silence(self, device: str, draft: Draft, asked: int) -> None:
        if self.drafts.get(device) is draft and draft.questions == asked:
            self.end(device)

    def answer(self, device: str, text: str) -> None:
        draft = self.drafts[device]
        answer, contact = self.understand(text, draft.question)
        if answer == "contact":
            draft.recipient = contact
            self.ask(device)
        elif answer == "yes":
            self.notice(device, "Sending.")
            self.emit("send", device=device, message=draft.message, recipient=draft.recipient)
            del self.drafts[device]
            self.sleep(device)
        else:
            self.end(device)

    def end(self, device: str) -> None:
        self.notice(device, "Not sent.")
        self.emit("cancel", device=device, message=self.drafts.pop(device).message)
        self.sleep(device)
