"""What changes something is agreed to first: the business's question, and only a yes lets the tool be used.

The language model may propose such a use, and that is all it may do: what is asked, and what is said afterwards,
stands in the business file (business/tools.py: `confirm`, `says`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from appliance.business import Business
from appliance.business.flows import Ending
from appliance.conversation.answers import yes_or_no
from appliance.conversation.flows.step import NeedTool, Step, Told
from appliance.conversation.model_tools import told_by_business
from appliance.conversation.phrases import Phrases
from appliance.conversation.tools import DONE, Values
from appliance.domain.events import ToolAnswered
from appliance.domain.expectation import Expectation

_ANSWER_WORDS_MAX: Final = 7  # more than that is no answer to the question


class Agreement:
    """Asks for one use of a tool; it follows a sure yes, and nothing else does."""

    def __init__(self, tool: str, arguments: Values, business: Business, phrases: Phrases) -> None:
        self._use = NeedTool(tool, arguments)
        self._business = business
        self._phrases = phrases
        self._is_agreed = False
        self._misses = 0

    @property
    def name(self) -> str:
        """What it is called in the record."""
        return f"agree_{self._use.tool}"

    def begin(self, now: datetime) -> Step:
        """Put the question."""
        return self.ask_again()

    def ask_again(self) -> Step:
        """Put the question once more; while it is being done there is none."""
        tool = self._business.tool(self._use.tool)
        if self._is_agreed or tool is None:
            return Step()
        return Step(tool.confirm.format(**dict(self._use.arguments)), Expectation.YES_NO)

    def heard(self, text: str, now: datetime, *, sure: bool = True) -> Step | None:
        """Yes or no; a yes that the recogniser doubts is asked for once more."""
        if self._is_agreed or len(text.split()) > _ANSWER_WORDS_MAX:
            return None
        match yes_or_no(text, self._business.language):
            case True if sure:
                self._is_agreed = True
                return Step(self._phrases.say("one_moment"), need=self._use)
            case True:
                return Step(self._phrases.say("was_that_yes"), Expectation.YES_NO)
            case False:
                return self._left()
            case _:
                return None

    def told(self, answer: Told, now: datetime) -> Step:
        """Say that it is done, or offer a message where it is not."""
        tool = self._business.tool(self._use.tool)
        if tool is None or not isinstance(answer, ToolAnswered) or answer.outcome != DONE:
            return Step(self._phrases.say("tool_not_done"), Expectation.YES_NO, offers="message")
        said = told_by_business(tool, self._use.arguments, answer.result, self._business.language)
        return Step(said or self._phrases.say("anything_else"), outcome=Ending.ANSWERED)

    def missed(self) -> Step:
        """Say again, keys, and then it was no yes."""
        self._misses += 1
        phrase = {1: "say_again", 2: "keys_yes_no"}.get(self._misses)
        return self._left() if phrase is None else Step(self._phrases.say(phrase), Expectation.YES_NO)

    def _left(self) -> Step:
        return Step(self._phrases.say("flow_dropped"), outcome=Ending.DROPPED)
