"""A skill that sends messages, as a tutorial would write it: whom? - right? - send."""

from __future__ import annotations

from ovos_bus_client.message import Message
from ovos_utils.parse import match_one
from ovos_workshop.decorators import intent_handler
from ovos_workshop.skills.ovos import OVOSSkill

# How like a contact's name the words after "to" must be; the default of `ask_selection`.
LIKE_MIN = 0.65


class SendMessage(OVOSSkill):
    # The names of the contacts; set anew for every run.
    names: list[str] = []

    @intent_handler("send.message.intent")
    def handle_send(self, message: Message) -> None:
        name = self.said_name(message.data.get("contact"))
        if name is None:
            self.tell(message, "about", asks="recipient")
            name = self.ask_selection(self.names, "To whom?")
        if name is None:
            self.tell(message, "cancel")
            return
        self.tell(message, "about", asks="confirmation", name=name)
        if self.ask_yesno(f"{name}, right?") == "yes":
            self.speak("Sending.")
            self.tell(message, "send", name=name)
        else:
            self.tell(message, "cancel")

    def said_name(self, words: str | None) -> str | None:
        if not words or not self.names:
            return None
        name, likeness = match_one(words, self.names)
        return name if likeness >= LIKE_MIN else None

    def tell(self, message: Message, what: str, **data: str) -> None:
        """Tells whoever sends messages, on the bus."""
        self.bus.emit(message.forward(f"messaging.{what}", data))
