"""A flow that is offered: "shall I take a message?" Yes begins it, no leaves it.

Offered as the way out of another flow it stands before that one: an answer to the old question counts still.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from appliance.business.flows import Ending
from appliance.conversation.answers import yes_or_no
from appliance.conversation.flows.step import Flow, Step, Told
from appliance.conversation.phrases import Phrases
from appliance.domain.expectation import Expectation

PERSON: Final = "a person"
"""Offered in the place of a flow: a yes puts the caller through to whoever takes them. No flow is called that."""
_ANSWER_WORDS_MAX: Final = 7
_BEGINNING_WORDS: Final = 2  # "i'd like to" is a yes, "i'd like" begins a wish


class Offer:
    """Asks `question`; `offered` is the flow a yes begins, `before` the one it was the way out of.

    `goes_on`: after a no it goes on with `before`, which was not stuck. `in_vain`: `before` found nothing, and may be
    given something else to look for, with a no or without.
    """

    def __init__(
        self,
        question: str,
        offered: str,
        phrases: Phrases,
        before: Flow | None = None,
        *,
        goes_on: bool = False,
        in_vain: bool = False,
    ) -> None:
        self._question = question
        self._phrases = phrases
        self._before = before
        self._goes_on = goes_on
        self._in_vain = in_vain
        self._misses = 0
        self.offered = offered
        self.resumed: Flow | None = None
        """The flow before, once an answer to it was heard: from then on it goes on by itself."""

    @property
    def name(self) -> str:
        """What it is called in the record."""
        return f"offer_{self.offered}"

    def begin(self, now: datetime) -> Step:
        """Put the question."""
        return self.ask_again()

    def ask_again(self) -> Step:
        """Put the question once more."""
        return Step(self._question, Expectation.YES_NO)

    def heard(self, text: str, now: datetime, *, sure: bool = True) -> Step | None:
        """Yes, no, or an answer to what was asked before."""
        answer = self._answer(text)
        if answer:
            return Step(begins=self.offered)
        if self._in_vain and (step := self._heard_before(text, now, sure=sure)) is not None:
            return step
        if answer is False and self._goes_on and self._before is not None:
            self.resumed = self._before
            return self._before.ask_again()
        if answer is False:
            return Step(self._phrases.say("flow_dropped"), outcome=Ending.DROPPED)
        return self._heard_before(text, now, sure=sure)

    def _heard_before(self, text: str, now: datetime, *, sure: bool) -> Step | None:
        step = self._before.heard(text, now, sure=sure) if self._before is not None else None
        self.resumed = self._before if step is not None else None
        return step

    def _answer(self, text: str) -> bool | None:
        """Yes or no; of a long sentence its beginning: "i need a blow dry, any day is fine" is a wish, no yes."""
        words = text.split()
        begun = words[:_BEGINNING_WORDS] if len(words) > _ANSWER_WORDS_MAX else words
        return yes_or_no(" ".join(begun), self._phrases.language)

    def told(self, answer: Told, now: datetime) -> Step:
        """An offer asks the diary nothing."""
        return self.ask_again()

    def missed(self) -> Step:
        """Say again, keys, and then it was no yes."""
        self._misses += 1
        phrase = {1: "say_again", 2: "keys_yes_no"}.get(self._misses)
        if phrase is None:
            return Step(self._phrases.say("flow_dropped"), outcome=Ending.DROPPED)
        return Step(self._phrases.say(phrase), Expectation.YES_NO)
