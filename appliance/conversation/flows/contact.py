"""Who is calling, and how to reach them: name, number, e-mail.

A number may come in pieces, be corrected, or be the one the caller is calling from.
"""

from __future__ import annotations

from appliance.business.flows import SlotKind, SlotTable
from appliance.conversation.answers import yes_or_no
from appliance.conversation.emails import email_heard, spoken_email
from appliance.conversation.flows.frame import GAP, Answer, Filled, Frame
from appliance.conversation.flows.slots import Slot
from appliance.conversation.flows.step import Step
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import PhoneHeard, digits_heard, phone_heard, spoken_phone
from appliance.conversation.phone_capture import Asking, PhoneCapture
from appliance.conversation.understand import service_in
from appliance.domain.expectation import Expectation

_DIGITS_MIN = 2
_BARE_WORDS_MAX = 3
_NUMBER_BEGINS_WITH = 3  # fewer digits are a time, a count, or "i don't have one"


class NameSlot(Slot):
    """The caller's name."""

    expectation = Expectation.NAME
    is_doubtful = True

    def heard(self, text: str, frame: Frame) -> Answer:
        """A name, alone, in a sentence or spelled."""
        name = name_heard(text, language=frame.language)
        return Filled(name, name) if name and not _asks_for_colleague(name, text, frame) else None

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """A name after "my name is" and its like."""
        told = frame.sayings.names_itself.search(text.lower())
        name = name_heard(text[told.start() :], language=frame.language) if told else None
        return Filled(name, name) if name else None

    def corrected(self, text: str, frame: Frame) -> Answer:
        """The right name, if it is said at once: "the name is ...", "put it under ...", "it's for my daughter ..."."""
        return (
            self.volunteered(text, frame) or self._for_another(text, frame) or super().corrected(text, frame)
        )

    def _for_another(self, text: str, frame: Frame) -> Answer:
        """Whose appointment it is. In a flow that has an addressee "it's for ..." names that one."""
        told = frame.sayings.named_for.search(text.lower())
        if told is None or frame.table.of_kind(SlotKind.PERSON):
            return None
        if not told[1]:
            self.forget()
            return self.ask(frame)
        is_service = service_in(told[1], frame.business.services) is not None
        name = None if is_service else name_heard(told[1], language=frame.language)
        return Filled(name, name) if name else None


class PhoneSlot(Slot):
    """A number to call back; the one the call comes from is offered first.

    `PhoneCapture` takes it down: in one go, in pieces, in parts that are each said back, by keys. What it reads
    back is read back by the flow, with everything else.
    """

    expectation = Expectation.PHONE

    def __init__(self, name: str, table: SlotTable) -> None:
        super().__init__(name, table)
        self._capture: PhoneCapture | None = None
        self._offers_own: bool | None = None  # None: not yet thought of

    def _taking(self, frame: Frame) -> PhoneCapture:
        if self._capture is None:
            self._capture = PhoneCapture(frame.business.region, frame.language)
        return self._capture

    # --- asking ---------------------------------------------------------------------------------

    def begin(self, frame: Frame) -> Answer:
        """The own number is offered if there is one; else the number is asked for."""
        self._offers_own = self._offers_own is None and _is_valid(frame.calling_from, frame)
        return self.ask(frame) if self._offers_own else super().begin(frame)

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """The question that stands, as far as the number has come."""
        if self._offers_own:
            own = "find_by_this_phone" if self.table.first else "ask_phone_this"
            return Step(frame.say(own), Expectation.YES_NO)
        capture = self._taking(frame)
        match capture.asking:
            case Asking.REST:
                return self._asked(frame, "ask_phone_rest", ", ".join(capture.digits))
            case Asking.PART if capture.last_part:
                return self._asked(frame, "ask_phone_part", " ".join(capture.last_part))
            case Asking.PART:
                return self._asked(frame, "ask_phone_parts")
            case Asking.KEYS:
                return self._asked(frame, "keys_phone")
            case _:
                return super().ask(frame, attempt)

    def _asked(self, frame: Frame, phrase: str, digits: str = "") -> Step:
        return Step(frame.say(phrase, digits=digits), self.expectation)

    # --- hearing --------------------------------------------------------------------------------

    def heard(self, text: str, frame: Frame) -> Answer:
        """A number, a piece of one, or yes to the own one."""
        given = len(digits_heard(text, frame.language))
        answer = yes_or_no(text, frame.language)
        if self._offers_own and not given and answer is not None:
            return self._own_number(frame, agrees=answer)
        capture = self._taking(frame)
        is_begun = capture.asking in {Asking.REST, Asking.PART}
        is_bare = answer is not None and len(text.split()) <= _BARE_WORDS_MAX  # "no the name is alice" is not
        if given < (1 if is_begun else _NUMBER_BEGINS_WITH) and not (is_begun and is_bare):
            return None
        self._offers_own = False
        return self._taken(capture.heard(text), frame)

    def _own_number(self, frame: Frame, *, agrees: bool) -> Answer:
        if agrees:
            return filled_phone(frame.calling_from, frame)
        self._offers_own = False
        return self.ask(frame)

    def _taken(self, asking: Asking, frame: Frame) -> Answer:
        """What comes of the words: the number, the next question, or that it cannot be had."""
        capture = self._taking(frame)
        if asking in {Asking.CONFIRM, Asking.DONE}:
            return filled_phone(capture.national, frame)
        if asking is Asking.GAP:
            self._capture = None
            return GAP if self.table.gap else None
        return self.ask(frame, attempt=1 if asking is Asking.NUMBER else 0)

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """A whole number with words around it that say whose it is."""
        if not frame.sayings.reached_at.search(text.lower()):
            return None
        return _whole(text, frame)

    # --- putting right --------------------------------------------------------------------------

    def corrected(self, text: str, frame: Frame) -> Answer:
        """The right number, if it is said at once, or the right end of it; else it is asked for, in an easier way."""
        current = frame.text(self.table.kind)
        if not current and (given := _whole(text, frame)):  # kept back so far
            return given
        if current and (_whole(text, frame) or self._speaks_of_it(text, frame)):
            capture = self._taking(frame)
            capture.read_back(current)
            asking = capture.heard(text)
            if capture.national != current:
                return self._taken(asking, frame)
        if frame.sayings.different_number.search(text.lower()):  # the first one was heard rightly
            self._capture, self._offers_own = None, False
            return self.ask(frame)
        asked_anew = super().corrected(text, frame)
        return self._taken(Asking.GAP, frame) if asked_anew and self._is_given_up() else asked_anew

    def _is_given_up(self) -> bool:
        """Every way of asking has led to a wrong number."""
        return self._capture is not None and self._capture.asking is Asking.GAP

    def instead(self, text: str, frame: Frame) -> Answer:
        """Another number, the right end of this one, or only that there is another: then that is asked for."""
        if len(digits_heard(text, frame.language)) >= _NUMBER_BEGINS_WITH:
            return self.corrected(text, frame)
        if not frame.sayings.another_number.search(text.lower()):
            return None
        self._capture, self._offers_own = None, False
        return self.ask(frame)

    def _speaks_of_it(self, text: str, frame: Frame) -> bool:
        """ "No, the last four are oh one seven three"; not "no, friday at eleven", which holds digits too."""
        if not frame.sayings.of_a_number.search(text.lower()):
            return False
        return len(digits_heard(text, frame.language)) >= _DIGITS_MIN

    def forget(self) -> None:
        """What was read back is wrong; the own number is not offered twice."""
        if self._capture is not None and self._capture.national:
            self._capture.refused()
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


def _asks_for_colleague(name: str, text: str, frame: Frame) -> bool:
    """ "Actually with doctor lindgren" takes back who is to do it, and is nobody's own name."""
    works_here = name in {one.spoken for one in frame.business.staff}
    return works_here and bool(frame.sayings.thinks_again.search(text.lower()))


def filled_phone(number: str, frame: Frame) -> Filled:
    """A number, ready for its slot."""
    return Filled(number, spoken_phone(number, frame.business.region, frame.language))


def _heard(text: str, frame: Frame, so_far: str = "") -> PhoneHeard | None:
    return phone_heard(text, frame.business.region, so_far, frame.language)


def _is_valid(number: str, frame: Frame) -> bool:
    heard = _heard(number, frame) if number else None
    return heard is not None and heard.valid


def _whole(text: str, frame: Frame) -> Filled | None:
    heard = _heard(text, frame)
    return filled_phone(heard.national, frame) if heard is not None and heard.valid else None
