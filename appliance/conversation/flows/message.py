"""Taking a message: the matter, the name, the number, read back, kept."""

from __future__ import annotations

from datetime import datetime

from appliance.business import Business
from appliance.conversation.answers import yes_or_no
from appliance.conversation.flows.contact import Contact
from appliance.conversation.flows.step import NeedMessage, Outcome, Step, Told
from appliance.conversation.phrases import Phrases
from appliance.domain.events import MessageTaken
from appliance.domain.expectation import Expectation


class MessageFlow:
    """States: offered -> matter -> contact -> confirm -> kept. `offered` is skipped when it was asked for."""

    name = "message"

    def __init__(
        self, business: Business, phrases: Phrases, *, calling_from: str = "", offer: str = ""
    ) -> None:
        self._phrases = phrases
        self._contact = Contact(phrases, business.region, calling_from, name_question="ask_your_name")
        self._offer = offer
        self._state = "offered" if offer else "matter"
        self._matter = ""

    def begin(self, now: datetime) -> Step:
        """Offer, or ask for the matter at once."""
        return self.ask_again()

    def ask_again(self) -> Step:
        """The question of the state we are in."""
        match self._state:
            case "offered":
                return Step(self._offer, Expectation.YES_NO)
            case "matter":
                return Step(self._phrases.say("ask_matter"), Expectation.MESSAGE)
            case "contact":
                return self._contact.ask()
            case _:
                return self._confirm()

    def heard(self, text: str, now: datetime) -> Step | None:
        """Take the caller's answer."""
        match self._state:
            case "offered":
                return self._heard_on_offer(text)
            case "matter":
                return self._heard_matter(text)
            case "contact":
                return self._heard_contact(text)
            case _:
                return self._heard_on_confirm(text)

    def told(self, answer: Told, now: datetime) -> Step:
        """Whether the message could be kept."""
        kept = isinstance(answer, MessageTaken) and answer.kept
        phrase = "message_taken" if kept else "message_lost"
        return Step(self._phrases.say(phrase), outcome=Outcome.MESSAGE if kept else Outcome.DROPPED)

    def _heard_on_offer(self, text: str) -> Step | None:
        answer = yes_or_no(text)
        if answer is None:
            return None
        if not answer:
            return Step(self._phrases.say("flow_dropped"), outcome=Outcome.DROPPED)
        self._state = "matter"
        return self.ask_again()

    def _heard_matter(self, text: str) -> Step:
        self._matter = text
        self._state = "contact"
        return self.ask_again()

    def _heard_contact(self, text: str) -> Step | None:
        step = self._contact.heard(text)
        if step is None or step.say:
            return step
        if self._contact.missing is None:
            self._state = "confirm"
        return self.ask_again()

    def _confirm(self) -> Step:
        name = self._contact.name or "you"
        text = self._phrases.say("confirm_message", name=name, phone=self._contact.spoken_phone())
        return Step(text, Expectation.YES_NO)

    def _heard_on_confirm(self, text: str) -> Step | None:
        answer = yes_or_no(text)
        if answer is None:
            return None
        if not answer:
            self._contact.forget("phone")
            self._state = "contact"
            return Step(self._phrases.say("ask_phone_again"), Expectation.PHONE)
        return Step(
            need=NeedMessage(self._contact.name or "", self._contact.phone or "", self._matter),
        )
