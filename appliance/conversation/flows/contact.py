"""The two questions every flow ends with: who are you, and at what number can we reach you.

A number may come in pieces, be corrected, or be the one the caller is calling from.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.conversation.answers import yes_or_no
from appliance.conversation.flows.step import Step
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import phone_heard, spoken_phone
from appliance.conversation.phrases import Phrases
from appliance.domain.expectation import Expectation

_PHONE_TRIES_MAX = 4
_NAME_TRIES_MAX = 2


@dataclass
class Contact:
    """Collects a name and a number; `missing` says what is still asked for, None when both are there."""

    phrases: Phrases
    region: str
    calling_from: str = ""
    name_question: str = "ask_name"
    name: str | None = None
    phone: str | None = None
    _so_far: str = ""
    _phone_tries: int = 0
    _name_tries: int = 0
    _offered_caller_id: bool = field(default=False)

    @property
    def missing(self) -> str | None:
        """ "name", "phone" or None."""
        if self.name is None:
            return "name"
        return "phone" if self.phone is None else None

    def ask(self) -> Step:
        """The question for what is missing first."""
        if self.missing == "name":
            return Step(self.phrases.say(self.name_question), Expectation.NAME)
        if self._can_offer_caller_id():
            self._offered_caller_id = True
            return Step(self.phrases.say("ask_phone_this"), Expectation.YES_NO)
        return Step(self.phrases.say("ask_phone"), Expectation.PHONE)

    def _can_offer_caller_id(self) -> bool:
        known = phone_heard(self.calling_from, self.region) if self.calling_from else None
        return known is not None and known.valid and not self._offered_caller_id

    def heard(self, text: str) -> Step | None:
        """Take the answer to `ask`. An empty Step means: taken, go on; None: this was no answer."""
        return self._hear_name(text) if self.missing == "name" else self._hear_phone(text)

    def _hear_name(self, text: str) -> Step | None:
        name = name_heard(text)
        if name:
            self.name = name
            return Step()
        self._name_tries += 1
        if self._name_tries < _NAME_TRIES_MAX:
            return None
        self.name = ""  # moved on with a marked gap: the number is what the office needs most
        return Step()

    def _hear_phone(self, text: str) -> Step | None:
        if self._offered_caller_id and not self._so_far:
            answer = yes_or_no(text)
            if answer:
                return self._accept(self.calling_from)
            if answer is False and phone_heard(text, self.region) is None:
                return Step(self.phrases.say("ask_phone"), Expectation.PHONE)
        heard = phone_heard(text, self.region, self._so_far)
        if heard is None:
            return None
        if heard.valid:
            return self._accept(heard.national)
        return self._ask_rest(heard.digits, complete=heard.complete)

    def _accept(self, number: str) -> Step:
        self.phone = number
        return Step()

    def _ask_rest(self, digits: str, *, complete: bool) -> Step:
        self._phone_tries += 1
        if self._phone_tries >= _PHONE_TRIES_MAX:
            return self._accept(digits)
        if complete:
            self._so_far = ""
            return Step(self.phrases.say("ask_phone_again"), Expectation.PHONE)
        self._so_far = digits
        spoken = ", ".join(digits)
        return Step(self.phrases.say("ask_phone_rest", digits=spoken), Expectation.PHONE)

    def forget(self, which: str) -> None:
        """Ask for `which` ("name" or "phone") again."""
        if which == "name":
            self.name = None
            self._name_tries = 0
        else:
            self.phone = None
            self._so_far = ""
            self._phone_tries = 0
            self._offered_caller_id = True

    def spoken_phone(self) -> str:
        """The number as it is read back."""
        return spoken_phone(self.phone or "", self.region)
