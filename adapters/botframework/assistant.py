"""Microsoft Bot Framework (botbuilder-dialogs) behind the assistant protocol.

Real, unmodified: `WaterfallDialog`, `ChoicePrompt`, `ConfirmPrompt` with their recognisers, the
dialog stack, `ConversationState`, `MemoryStorage`. Answers are understood by them alone.

Ours: the bot below (whom? - right? - send), written as the SDK's tutorials write one, with their
"cancel" in so many words; the start of it, "send a message [to NAME]" and the like (the SDK has no
recogniser for commands); and the speech client of `lib/assistant.py`: wake gate by text, prompts
that take time, microphone open from the end of a prompt until the bot waits no more. The bot
waits without end, as the SDK has no notion of a time-out. Each device is a conversation.

A restart loses all dialogs, as `MemoryStorage` does. `--storage kept` keeps the storage, as bots
are deployed, so that the bot waits on; the client and its microphone do not restart with it.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lib.assistant import Assistant, Contact, plain, serve

from botbuilder.core import (
    BotAdapter,
    ConversationState,
    MemoryStorage,
    MessageFactory,
    Storage,
    TurnContext,
)
from botbuilder.dialogs import DialogSet, DialogTurnResult, WaterfallDialog, WaterfallStepContext
from botbuilder.dialogs.choices import Choice, ChoiceRecognizers, ListStyle
from botbuilder.dialogs.prompts import ChoicePrompt, ConfirmPrompt, PromptOptions
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    InputHints,
)
from botbuilder.schema import ResourceResponse

LOCALE = "en-us"
COMMAND = re.compile(
    r"(?:please )?(?:send (?:(?:a|the|my|this) )?message(?: to (.+))?|(?:text|message) (.+))"
)


class Bot:
    """Asks whom, asks for confirmation, sends: one waterfall."""

    def __init__(
        self, contacts: list[Contact], storage: Storage, next_message: Callable[[], str]
    ) -> None:
        self.choices = [Choice(contact.name) for contact in contacts]
        self.contacts, self.next_message = contacts, next_message
        self.state = ConversationState(storage)
        self.dialogs = DialogSet(self.state.create_property("dialogs"))
        for prompt in (
            ChoicePrompt("recipient", default_locale=LOCALE),
            ConfirmPrompt("confirm", default_locale=LOCALE),
        ):
            prompt.style = ListStyle.none  # choices are not read out
            self.dialogs.add(prompt)
        self.dialogs.add(
            WaterfallDialog("message", [self.ask_recipient, self.ask_confirmation, self.send])
        )

    async def on_turn(self, turn: TurnContext) -> None:
        dialogs = await self.dialogs.create_context(turn)
        text = turn.activity.text
        command = COMMAND.fullmatch(plain(text))
        if dialogs.active_dialog is None:
            if command:
                await dialogs.begin_dialog("message", command[1] or command[2])
        elif plain(text) in ("cancel", "quit"):
            await dialogs.cancel_all_dialogs()
            await turn.send_activity(event("cancel"))
        else:
            await dialogs.continue_dialog()
        await self.state.save_changes(turn)

    async def ask_recipient(self, step: WaterfallStepContext) -> DialogTurnResult:
        if not self.choices:
            await step.context.send_activity("There is nobody to send it to.")
            return await step.end_dialog()
        step.values["message"] = self.next_message()
        found = ChoiceRecognizers.recognize_choices(step.options or "", self.choices)
        if found:
            return await step.next(found[0].resolution)
        options = PromptOptions(prompt=question("To whom?", asks="recipient"), choices=self.choices)
        return await step.prompt("recipient", options)

    async def ask_confirmation(self, step: WaterfallStepContext) -> DialogTurnResult:
        contact = self.contacts[step.result.index]
        step.values["recipient"] = contact.id
        about = {"asks": "confirmation", "recipient": contact.id, "message": step.values["message"]}
        return await step.prompt(
            "confirm", PromptOptions(prompt=question(f"{contact.name}, right?", **about))
        )

    async def send(self, step: WaterfallStepContext) -> DialogTurnResult:
        message, recipient = step.values["message"], step.values["recipient"]
        if step.result:
            await step.context.send_activity("Sending.")
            await step.context.send_activity(event("send", message=message, recipient=recipient))
        else:
            await step.context.send_activity("Not sent.")
            await step.context.send_activity(event("cancel", message=message))
        return await step.end_dialog()


def question(text: str, **about: str) -> Activity:
    activity = MessageFactory.text(text, text, InputHints.expecting_input)
    activity.channel_data = about
    return activity


def event(name: str, **value: str) -> Activity:
    return Activity(type=ActivityTypes.event, name=name, value=value)


class BotFramework(Assistant, BotAdapter):
    """The channel between the devices and the bot."""

    name, version = "botframework", version("botbuilder-dialogs")

    def __init__(self, keeps_storage: bool) -> None:
        Assistant.__init__(self)
        BotAdapter.__init__(self)
        self.keeps_storage = keeps_storage
        self.loop = asyncio.new_event_loop()

    def begin(self, seed: int) -> None:
        self.storage = MemoryStorage()
        self.bot = Bot(self.contacts, self.storage, lambda: f"m{next(self.messages)}")

    def restarted(self) -> None:
        if self.keeps_storage:
            self.bot = Bot(self.contacts, self.storage, self.bot.next_message)
            return
        self.begin(self.seed)
        for device in self.devices:
            self.sleep(device)

    def command(self, device: str, text: str) -> None:
        conversation = ConversationAccount(id=device)
        message = Activity(
            type=ActivityTypes.message,
            text=text,
            locale=LOCALE,
            channel_id="speech",
            conversation=conversation,
            from_property=ChannelAccount(id="user"),
            recipient=ChannelAccount(id="bot"),
        )
        self.loop.run_until_complete(
            self.run_pipeline(TurnContext(self, message), self.bot.on_turn)
        )
        if self.devices[device].speaking is None:
            self.sleep(device)

    answer = command

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        device = context.activity.conversation.id
        for activity in activities:
            if activity.type == ActivityTypes.event:
                self.emit(activity.name, device=device, **activity.value)
            elif activity.input_hint == InputHints.expecting_input:
                self.prompt(device, activity.text, **activity.channel_data)
            else:
                self.notice(device, activity.text)
        return [ResourceResponse(id="") for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        raise NotImplementedError("no bot here edits what it has said")

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        raise NotImplementedError("no bot here deletes what it has said")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--storage", choices=("memory", "kept"), default="memory")
    keeps_storage = arguments.parse_args().storage == "kept"
    serve(lambda: BotFramework(keeps_storage))
