"""What every decision of one call works with: its time, its talk, its flows; and how a flow's move is made.

Speaks in the product's phrases, begins and offers flows, and returns to a flow's question after a detour.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from appliance.business import Business
from appliance.conversation.course import Course
from appliance.conversation.fact_sheet import Done, FactSheet
from appliance.conversation.flows.offer import PERSON
from appliance.conversation.flows.step import Flow, Step, Told
from appliance.conversation.mood import Mood
from appliance.conversation.phrases import Phrases
from appliance.conversation.summing_up import Known, deed, summed_up
from appliance.conversation.talk import Talk
from appliance.domain import events as ev
from appliance.domain.call import CallEvent, Disposition, TurnClass
from appliance.domain.commands import CloseCall, Note, SessionCommand
from appliance.domain.expectation import Expectation
from appliance.domain.sound import TICK_MS, ms

_DETOURS_MAX: Final = 3  # questions in a row: who asks so much wants to know something, and nothing else
_UNANSWERED_MAX: Final = 2  # questions in one flow to which we had no answer: then there must be another way
_DONE: Final[Mapping[type, Disposition]] = {
    ev.Booked: Disposition.BOOKED,
    ev.AppointmentMoved: Disposition.MOVED,
    ev.AppointmentCancelled: Disposition.CANCELLED,
}


class People(Protocol):
    """Whoever stands behind the desk and can be asked to the telephone."""

    @property
    def are_there(self) -> bool:
        """Whether anybody takes callers now."""
        ...

    def person(self, whom: str | None) -> list[SessionCommand] | None:
        """Put the caller through to `whom`, or to whoever takes callers; None when there is nobody for it."""
        ...


class Desk:
    """The desk of one call. `tick` is that of the event being handled."""

    def __init__(self, call_id: str, business: Business, phrases: Phrases, first_turn: int) -> None:
        self.call_id = call_id
        self.business = business
        self.phrases = phrases
        self.talk = Talk(call_id, first_turn)
        self.sheet = FactSheet(business)
        self.mood = Mood(business.language)
        self.course = Course(call_id, business, phrases, first_turn, self.sheet)
        self.people: People | None = None
        """None: this telephone can put nobody through."""
        self.tick = 0
        self.puzzled = 0
        """How often we did not know what to do with the caller's words."""
        self._answered_at = datetime.min.replace(tzinfo=UTC)
        self._detours = 0
        self._unanswered = 0
        self._deeds: tuple[str, ...] = ()
        self._owes_answer = False

    # --- time -----------------------------------------------------------------------------------

    def answered(self, event: ev.CallAnswered) -> None:
        """The call is answered: its time begins."""
        elapsed = timedelta(milliseconds=event.tick * TICK_MS)
        self._answered_at = datetime.fromisoformat(event.now_iso).astimezone(self.business.zone) - elapsed
        self.course.calling_from = event.caller

    @property
    def now(self) -> datetime:
        """The office's time at the tick being handled."""
        moment = self._answered_at + timedelta(milliseconds=self.tick * TICK_MS)
        return moment.astimezone(self.business.zone)

    # --- speaking -------------------------------------------------------------------------------

    def say(
        self,
        text: str,
        turn_class: TurnClass = TurnClass.PHRASE,
        *,
        then: str = "",
        expectation: Expectation = Expectation.ANYTHING,
    ) -> list[SessionCommand]:
        """Say `text`, then `then`, as one turn."""
        return self.talk.say([text, then], turn_class, self.tick, expectation=expectation)[1]

    def say_phrase(
        self, name: str, *, expectation: Expectation = Expectation.ANYTHING
    ) -> list[SessionCommand]:
        """Say one of the product's phrases."""
        return self.say(self.phrases.say(name), expectation=expectation)

    def note(self, kind: str, detail: str = "") -> Note:
        """Something that is worth keeping; no words, numbers or names of a person."""
        return Note(self.call_id, CallEvent(ms(self.tick), kind, detail))

    def closing(self, disposition: Disposition) -> CloseCall:
        """The call is over: how it ended, what it was about in two sentences, and what flows were told."""
        name = self.course.known_of("name")
        matter = self.sheet.matter or self.course.matter or self.sheet.reason
        known = Known(name, matter, self.sheet.wishes, self._deeds, unanswered=self._owes_answer)
        summary = summed_up(known, disposition, self.business.language)
        return CloseCall(self.call_id, disposition, summary, tuple(self.course.captured.items()))

    # --- flows ----------------------------------------------------------------------------------

    @property
    def flow(self) -> Flow | None:
        """What is under way."""
        return self.course.flow

    def begin(self, name: str, text: str = "", service: str | None = None) -> list[SessionCommand]:
        """Begin a flow with what the caller said; what this office cannot do becomes a message."""
        if not self.course.can_begin(name):
            return self.offer_message("not_known")
        self._unanswered = self._detours = 0
        return self.take(self.course.begin(name, self.now, wished=text, service=service))

    def begin_after_answer(self, name: str, text: str, service: str | None = None) -> None:
        """Begin a flow as soon as the question that was asked with it is answered."""
        if self.course.can_begin(name):
            self._unanswered = self._detours = 0
            self.course.begin_later(name, self.now, wished=text, service=service)

    def offer_message(self, phrase: str, *, before: Flow | None = None) -> list[SessionCommand]:
        """Offer to take a message; `before` goes on if its question is answered all the same."""
        self._unanswered = self._detours = 0
        return self.take(self.course.offer(phrase, before=before))

    def heard(self, text: str, *, sure: bool = True) -> list[SessionCommand] | None:
        """The flow's move on the caller's words; None when they are no answer to it."""
        step = self.course.heard(text, self.now, sure=sure)
        if step is None:
            return None
        self._detours = 0
        return self.take(step)

    def told(self, event: Told) -> list[SessionCommand]:
        """The flow's move on the diary's answer; nothing when nobody asks any more."""
        if (done := _DONE.get(type(event))) is not None:
            self.course.note(done)  # true whatever the caller does next
        if isinstance(event, Done):
            self.sheet.did(event, self.now)
            self._deeds = (*self._deeds, *filter(None, [deed(event, self.business)]))
            self.mood.relieved()
        step = self.course.told(event, self.now)
        return self.take(step) if step is not None else []

    def missed(self) -> list[SessionCommand]:
        """Words that fit nothing: ask for them again; what a flow asks then is its own business."""
        self._puzzle()
        return self.say_phrase("say_again") if self.flow is None else self.take(self.flow.missed())

    def _puzzle(self) -> None:
        self.puzzled += 1
        self.mood.misunderstood()

    def take(self, step: Step) -> list[SessionCommand]:
        """Carry out one move of a flow."""
        if step.stuck:
            return self.offer_way_out("way_out")
        if step.begins:
            return self._offer_is_taken(step.begins)
        said = self.say(step.say, TurnClass.FLOW, expectation=step.expectation) if step.say else []
        return [*said, *self.follow(step)]

    def follow(self, step: Step) -> list[SessionCommand]:
        """What else a move of a flow brings about, once its words are being said."""
        if step.offers:
            self.course.offered(step.say, step.offers, before=self.flow, in_vain=True)
        if step.outcome is not None:
            self.course.finish(step.outcome)
        return [self.course.send(step.need)] if step.need else []

    def offer_way_out(self, phrase: str, *, goes_on: bool = False) -> list[SessionCommand]:
        """It goes on no better like this: somebody real, if there is somebody (`phrase`_person), or else a message.

        `goes_on`: who declines is asked what was asked before.
        """
        self._unanswered = self._detours = 0
        name, offered = (phrase, "message")
        if self.people is not None and self.people.are_there:
            name, offered = (f"{phrase}_person", PERSON)
        return self.take(self.course.offer(name, offered, before=self.flow, goes_on=goes_on))

    def _offer_is_taken(self, offered: str) -> list[SessionCommand]:
        if offered != PERSON:
            return self.begin(offered)
        put_through = self.people.person(None) if self.people is not None else None
        return self.offer_message("no_human") if put_through is None else put_through

    # --- detours --------------------------------------------------------------------------------

    def say_then_return(self, text: str, turn_class: TurnClass) -> list[SessionCommand]:
        """An answer given in the middle of a flow is followed by the flow's own question."""
        step = self.question_after_detour()
        if step is None:
            return self.say(text, turn_class)
        said = self.say(text, turn_class, then=step.say, expectation=step.expectation)
        return [*said, *self.follow(step)]

    def question_after_detour(self) -> Step | None:
        """What the flow asks after a question was answered; who asks one thing after another is asked nothing."""
        self._detours += 1
        if self._detours >= _DETOURS_MAX:
            self.course.drop()
        return self.flow.ask_again() if self.flow is not None else None

    def not_known(self) -> list[SessionCommand]:
        """Nobody knows: offer a message, or, in the middle of something, say so and go on with it."""
        self._owes_answer = True
        return [self.note("unanswered"), *self._own_to_it()]

    def _own_to_it(self) -> list[SessionCommand]:
        self._puzzle()
        if self.flow is None:
            return self.offer_message("not_known")
        self._unanswered += 1
        if self._unanswered >= _UNANSWERED_MAX and not self.course.takes_or_offers("message"):
            return self.offer_message("not_known", before=self.flow)
        short = self.phrases.say("not_known_short")
        if self.course.offers and self.flow.ask_again().say.startswith(
            short
        ):  # what is offered says so itself
            short = ""
        return self.say_then_return(short, TurnClass.PHRASE)
