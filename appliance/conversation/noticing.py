"""What the desk does about a caller's mood: says sorry, speaks plainly, explains, offers a person, warns of abuse.

Only what the caller did not come for is answered here: somebody who complains and says when they want to come is
booked, not consoled. `Mood` judges, this acts. What the caller asks of what they said themselves is answered here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from appliance.conversation.desk import Desk
from appliance.conversation.mood import Care
from appliance.conversation.plain_phrases import PlainPhrases
from appliance.conversation.talk import UNHURRIED_PERCENT, USUAL_PERCENT
from appliance.conversation.understand import Understanding
from appliance.domain.call import TurnClass
from appliance.domain.commands import SessionCommand

_WORDS_OF_MOOD: Final = 7
"""So short a complaint says nothing of what it is about; so short an insult is no message."""


class Noticing:
    """One call's attention to its caller."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._care = Care.NOTHING
        self._repeated = ""

    def heard(self, text: str, *, sure: bool) -> Care:
        """The caller's words; END and WARN are acted on at once, the rest only if nothing else was meant.

        Nobody is warned for words that the recogniser doubts, or that are to be passed on in a message.
        """
        mood = self._desk.mood
        is_message = self._desk.course.takes_anything and len(text.split()) > _WORDS_OF_MOOD
        self._care = mood.heard(text, sure=sure and not is_message)
        if isinstance(self._desk.phrases, PlainPhrases):
            self._desk.phrases.plainly = mood.needs_plain_words
        self._desk.talk.pace_percent = UNHURRIED_PERCENT if mood.confused else USUAL_PERCENT
        return self._care

    def understood(self, text: str, wishes: Sequence[Understanding]) -> None:
        """What was meant goes on the fact sheet, whatever comes of it."""
        course = self._desk.course
        in_flow, dictating = course.flow is not None, course.takes_anything
        is_mood = self._care is not Care.NOTHING and len(text.split()) <= _WORDS_OF_MOOD
        self._desk.sheet.heard(text, () if is_mood else wishes, in_flow=in_flow, dictating=dictating)

    def recalled(self, text: str) -> list[SessionCommand] | None:
        """What the caller said before or what was done, if they ask for it; None: they do not."""
        if (recalled := self._desk.sheet.recall(text)) is None:
            return None
        told = self._desk.phrases.say(recalled.phrase, **recalled.slots)
        return self._desk.say_then_return(told, TurnClass.FACT)

    # --- what is said about it ------------------------------------------------------------------

    def warned(self) -> list[SessionCommand]:
        """The one warning, and the question that stands."""
        self._in_no_hurry(self._care)
        return [self._desk.note("abuse"), *self._then_on("abuse_warning", "how_help")]

    def repeated(self) -> list[SessionCommand]:
        """What we said last, once more; who asks for the same a second time hears it put differently."""
        talk = self._desk.talk
        if self._desk.flow is not None and talk.last_said == self._repeated:
            return self._explained()
        self._repeated = talk.last_said
        return self._desk.say(talk.last_said, expectation=talk.expectation)

    def eased(self) -> list[SessionCommand] | None:
        """An answer to words that meant nothing but displeasure, confusion or who calls; None: they meant more."""
        care, self._care = self._care, Care.NOTHING
        self._in_no_hurry(care)
        match care:
            case Care.OFFER_PERSON:
                self._desk.mood.offered_person()
                return [self._desk.note("upset"), *self._desk.offer_way_out("upset", goes_on=True)]
            case Care.SORRY:
                return [self._desk.note("complaint"), *self._consoled()]
            case Care.EXPLAIN:
                return self._explained()
            case _ if self._desk.sheet.was_introduced and self._desk.flow is None:
                return self._desk.say_phrase("how_help")
            case _:
                return None

    def _in_no_hurry(self, care: Care) -> None:
        """Whoever vents is let finish: words that only tell a mood count as not understood (foresight)."""
        self._desk.puzzled += care is not Care.NOTHING

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
        desk = self._desk
        step = desk.flow.ask_again() if desk.flow is not None else None
        if step is None:
            return desk.say(desk.phrases.say(phrase), then=desk.phrases.say(otherwise) if otherwise else "")
        said = desk.say(desk.phrases.say(phrase), TurnClass.FLOW, then=step.say, expectation=step.expectation)
        return [*said, *desk.follow(step)]
