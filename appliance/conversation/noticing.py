"""What the desk does about a caller's mood: says sorry, speaks plainly, explains, offers a person, ends after abuse.

Only what the caller did not come for is answered here: somebody who complains and says when they want to come is
booked, not consoled. `Mood` judges, this acts.
"""

from __future__ import annotations

from collections.abc import Callable

from appliance.conversation.desk import Desk
from appliance.conversation.fact_sheet import FactSheet
from appliance.conversation.mood import Care, Mood, Strain
from appliance.conversation.plain_phrases import PlainPhrases
from appliance.domain.call import TurnClass
from appliance.domain.commands import SessionCommand

WayOut = Callable[[str], list[SessionCommand]]


class Noticing:
    """One call's attention to its caller. `way_out` offers a person, or a message, with the phrase it is given."""

    def __init__(self, desk: Desk, sheet: FactSheet, way_out: WayOut | None = None) -> None:
        self._desk = desk
        self._sheet = sheet
        self._way_out = way_out
        self._care = Care.NOTHING
        self.mood = Mood(desk.business.language)

    # --- what happened --------------------------------------------------------------------------

    def heard(self, text: str, *, sure: bool) -> Care:
        """The caller's words; END and WARN are acted on at once, the rest only if nothing else was meant."""
        self._care = self.mood.heard(text, sure=sure)
        self._speak_accordingly()
        return self._care

    def answered(self, *, understood: bool) -> None:
        """The caller's words were answered, or asked for again."""
        if not understood:
            self.mood.misunderstood()

    def interrupted(self) -> None:
        """The caller talked over us."""
        if self._desk.talk.is_speaking:
            self.mood.interrupted()

    def reprompted(self) -> None:
        """Nobody spoke."""
        self.mood.reprompted()
        self._speak_accordingly()

    def relieved(self) -> None:
        """Something was done for the caller."""
        self.mood.relieved()
        self._speak_accordingly()

    def _speak_accordingly(self) -> None:
        if isinstance(self._desk.phrases, PlainPhrases):
            self._desk.phrases.plainly = self.mood.manner.plain

    # --- what is said about it ------------------------------------------------------------------

    def warned(self) -> list[SessionCommand]:
        """The one warning, and the question that stands."""
        return [self._desk.note("abuse"), *self._then_on("abuse_warning", "how_help")]

    def recalled(self, text: str) -> list[SessionCommand] | None:
        """What the caller said before or what was done, if they ask for it."""
        recalled = self._sheet.recall(text)
        if recalled is None:
            return None
        told = self._desk.phrases.say(recalled.phrase, **recalled.slots)
        return self._desk.say_then_return(told, TurnClass.FACT)

    def eased(self) -> list[SessionCommand] | None:
        """An answer to words that meant nothing but displeasure or confusion; None when they were neither."""
        match self._care:
            case Care.OFFER_PERSON:
                return self._person_offered()
            case Care.SORRY:
                return [self._desk.note("complaint"), *self._consoled()]
            case Care.EXPLAIN:
                return self._explained()
            case _:
                return None

    def _person_offered(self) -> list[SessionCommand]:
        self.mood.offered_person()
        noted = self._desk.note("upset")
        if self._way_out is not None:
            return [noted, *self._way_out("upset")]
        return [noted, *self._desk.offer_message("upset", before=self._desk.flow)]

    def _consoled(self) -> list[SessionCommand]:
        if self._desk.flow is None:
            return self._desk.say_phrase("sorry_how_help")
        return self._then_on("sorry")

    def _explained(self) -> list[SessionCommand]:
        if self._desk.flow is not None:
            return self._then_on("explain")
        return self._desk.say_phrase("explain_all" if self._desk.business.services else "explain_few")

    def _then_on(self, phrase: str, otherwise: str = "") -> list[SessionCommand]:
        """The phrase, then the flow's question, or what is asked when nothing is under way."""
        say = self._desk.phrases.say
        step = self._desk.flow.ask_again() if self._desk.flow is not None else None
        if step is None:
            return self._desk.say(say(phrase), then=say(otherwise) if otherwise else "")
        return self._desk.say(say(phrase), TurnClass.FLOW, then=step.say, expectation=step.expectation)

    @property
    def is_upset(self) -> bool:
        """Whether the caller is to be treated with the greatest care."""
        return self.mood.strain is Strain.UPSET
