"""Who is calling, and how to reach them: name, number, e-mail.

A number may come in pieces, be corrected, or be the one the caller is calling from.
"""

from __future__ import annotations

from appliance.business.flows import SlotTable
from appliance.conversation.answers import yes_or_no
from appliance.conversation.emails import email_heard, spoken_email
from appliance.conversation.flows.frame import Answer, Filled, Frame
from appliance.conversation.flows.slots import Slot
from appliance.conversation.flows.step import Step
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import PhoneHeard, digits_heard, phone_heard, spoken_phone
from appliance.domain.expectation import Expectation

_TRIES_MAX = 4
_DIGITS_MIN = 2
_NUMBER_BEGINS_WITH = 3  # fewer digits are a time, a count, or "i don't have one"


class NameSlot(Slot):
    """The caller's name."""

    expectation = Expectation.NAME
    is_doubtful = True

    def heard(self, text: str, frame: Frame) -> Answer:
        """A name, alone, in a sentence or spelled."""
        name = name_heard(text, language=frame.language)
        return Filled(name, name) if name else None

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """A name after "my name is" and its like."""
        told = frame.sayings.names_itself.search(text.lower())
        name = name_heard(text[told.start() :], language=frame.language) if told else None
        return Filled(name, name) if name else None

    def corrected(self, text: str, frame: Frame) -> Answer:
        """The right name, if it is said at once."""
        return self.volunteered(text, frame) or super().corrected(text, frame)


class PhoneSlot(Slot):
    """A number to call back; the one the call comes from is offered first."""

    expectation = Expectation.PHONE

    def __init__(self, name: str, table: SlotTable) -> None:
        super().__init__(name, table)
        self._so_far = ""
        self._tries = 0
        self._offers_own: bool | None = None  # None: not yet thought of

    def begin(self, frame: Frame) -> Answer:
        """The own number is offered if there is one; else the number is asked for."""
        self._offers_own = self._offers_own is None and _is_valid(frame.calling_from, frame)
        return self.ask(frame) if self._offers_own else super().begin(frame)

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """The question that stands; a number begun is asked to be completed."""
        if self._so_far:
            return self._ask_rest(frame)
        if self._offers_own:
            own = "find_by_this_phone" if self.table.first else "ask_phone_this"
            return Step(frame.say(own), Expectation.YES_NO)
        return super().ask(frame, attempt)

    def heard(self, text: str, frame: Frame) -> Answer:
        """A number, a piece of one, or yes to the own one."""
        heard = _heard(text, frame, self._so_far)
        if self._offers_own and not self._so_far:
            answer = yes_or_no(text, frame.language)
            if answer and heard is None:
                return filled_phone(frame.calling_from, frame)
            if answer is False and heard is None:
                self._offers_own = False
                return self.ask(frame)
        if heard is None or (not self._so_far and len(heard.digits) < _NUMBER_BEGINS_WITH):
            return None
        self._offers_own = False
        return filled_phone(heard.national, frame) if heard.valid else self._incomplete(heard.digits, frame)

    def _incomplete(self, digits: str, frame: Frame) -> Answer:
        """Too few digits: ask for the rest; as many as there should be and still none: ask for all of them."""
        self._tries += 1
        heard = _heard(digits, frame)
        if self._tries >= _TRIES_MAX:
            return filled_phone(digits, frame)
        if heard is not None and heard.complete:
            self._so_far = ""
            return Step(frame.say("ask_phone_again"), self.expectation)
        self._so_far = digits
        return self._ask_rest(frame)

    def _ask_rest(self, frame: Frame) -> Step:
        return Step(frame.say("ask_phone_rest", digits=", ".join(self._so_far)), self.expectation)

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """A whole number with words around it that say whose it is."""
        if not frame.sayings.reached_at.search(text.lower()):
            return None
        return _whole(text, frame)

    def corrected(self, text: str, frame: Frame) -> Answer:
        """The right number, if it is said at once, or the right end of it."""
        return _whole(text, frame) or self._amended(text, frame) or super().corrected(text, frame)

    def _amended(self, text: str, frame: Frame) -> Filled | None:
        """ "No, the last four are oh one seven three": what was there before, with that put right."""
        current = frame.text(self.table.kind)
        said_of_it = frame.sayings.of_a_number.search(text.lower())
        if not current or not said_of_it or len(digits_heard(text, frame.language)) < _DIGITS_MIN:
            return None  # "no, friday at eleven" holds digits too
        heard = _heard(text, frame, current)
        if heard is None or not heard.valid or heard.national == current:
            return None
        return filled_phone(heard.national, frame)

    def forget(self) -> None:
        """The own number is not offered twice."""
        self._so_far = ""
        self._tries = 0
        self._offers_own = False


class EmailSlot(Slot):
    """An e-mail address, dictated or spelled."""

    is_doubtful = True

    def heard(self, text: str, frame: Frame) -> Answer:
        """A whole address."""
        heard = email_heard(text, language=frame.language)
        if heard is None or not heard.valid:
            return None
        return Filled(heard.address, spoken_email(heard.address, frame.language))


def filled_phone(number: str, frame: Frame) -> Filled:
    """A number, ready for its slot."""
    return Filled(number, spoken_phone(number, frame.business.region))


def _heard(text: str, frame: Frame, so_far: str = "") -> PhoneHeard | None:
    return phone_heard(text, frame.business.region, so_far, frame.language)


def _is_valid(number: str, frame: Frame) -> bool:
    heard = _heard(number, frame) if number else None
    return heard is not None and heard.valid


def _whole(text: str, frame: Frame) -> Filled | None:
    heard = _heard(text, frame)
    return filled_phone(heard.national, frame) if heard is not None and heard.valid else None
