"""A minimal assistant for Mondegreen, to be copied; docs/protocol.md says what it reads and writes.

"Alexa", "send a message", a name, "right": then a fixed message goes to that contact."""
import json
import sys
from types import SimpleNamespace

ANSWER_MS = 8_000  # it waits so long for an answer


class Assistant:
    def take(self, given):
        self.now = given.get("at_ms", 0)
        getattr(self, "on_" + given["type"], lambda given: None)(given)
        self.do("done")

    def do(self, type, **effect):
        print(json.dumps({"type": type, **effect}), flush=type == "done")

    def on_start(self, given):  # all of the run before is forgotten here
        home = given["household"]
        self.contacts, self.messaging = home["contacts"], home["messaging"]
        self.prompts, self.talks = 0, dict.fromkeys(home["devices"])
        self.do("hello", protocol=1, name="example", version="1")
        self.on_restart(given)

    def on_restart(self, given):
        for device in self.talks:
            self.rest(device)

    def rest(self, device):  # it waits for its name, since ever and for ever, about no message
        self.talks[device] = SimpleNamespace(asks="wake", prompt=0, since_ms=0, until_ms=None, about={})
        self.do("listen", device=device, **{"for": "wake"})

    def on_heard(self, given):
        device, talk, best = given["device"], self.talks[given["device"]], given["hypotheses"][:1]
        is_sure = best and best[0]["confidence"] >= 0.5 and given["final"] and given["voice"] == "person"
        if not is_sure or not self.messaging:
            return
        said = best[0]["text"].lower().strip(" .,?!")
        if talk.asks == "wake" and said == "alexa":
            self.listen(device, "command")
        elif said in ("no", "stop", "cancel"):
            self.give_up(device)
        elif talk.until_ms is None or given["from_ms"] < talk.since_ms or self.now >= talk.until_ms:
            pass  # what began before the question had ended, or comes too late, is no answer
        elif talk.asks == "command" and said == "send a message":
            self.ask(device, "recipient", "To whom?")
        elif talk.asks == "recipient":
            found = [contact for contact in self.contacts if contact["name"].lower() == said != ""]
            if len(found) != 1:
                return self.give_up(device)
            talk.about = {"recipient": found[0]["id"], "message": f"m{self.prompts}"}
            self.ask(device, "confirmation", f"To {found[0]['name']}. Say \"right\" to send it.")
        # The planted fault: "that's not right" and "right after the second light" hold a "right" as
        # well. It should be `said == "right"`.
        elif talk.asks == "confirmation" and "right" in said:
            self.do("notice", device=device, text="Sending it.")
            self.do("send", device=device, **talk.about)
            self.rest(device)

    def ask(self, device, asks, text):
        talk, self.prompts = self.talks[device], self.prompts + 1
        talk.asks, talk.prompt, talk.until_ms = asks, self.prompts, None
        said = {"prompt": self.prompts, "text": text, "asks": asks, "duration_ms": 60 * len(text)}
        self.do("prompt", device=device, **said, **talk.about)

    def on_prompt_ended(self, given):
        talk = self.talks[given["device"]]
        if talk.prompt == given["prompt"] and talk.until_ms is None:
            self.listen(given["device"], talk.asks)

    def listen(self, device, asks):
        talk = self.talks[device]
        talk.asks, talk.since_ms, talk.until_ms = asks, self.now, self.now + ANSWER_MS
        self.do("listen", device=device, **{"for": asks}, until_ms=talk.until_ms)
        self.do("timer", at_ms=talk.until_ms)

    def on_time(self, given):
        for device, talk in self.talks.items():
            if talk.until_ms is not None and self.now >= talk.until_ms:
                self.give_up(device)

    def on_pressed(self, given):
        if given["button"] == "cancel":
            self.give_up(given["device"])

    def on_setting(self, given):
        self.messaging = given["messaging"]

    def give_up(self, device):
        if self.talks[device].asks != "wake":
            self.do("cancel", device=device, message=self.talks[device].about.get("message"))
            self.rest(device)


assistant = Assistant()
for line in sys.stdin:
    assistant.take(json.loads(line))
