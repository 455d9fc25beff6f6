"""A caller who holds a play over a real telephone: says its lines when the agent is done, and stays patient.

What is said where the conversation leaves the play is decided in conversation/playing_along; this room listens (the
box's watch socket tells the agent's words, the caller's own ear when it is quiet), speaks, presses keys and hangs up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from appliance.bench.box import Watch
from appliance.bench.dialer import Dialer
from appliance.bench.onlooker import Onlooker
from appliance.conversation.playing_along import PATIENCE, Script
from appliance.conversation.questions_asked import QuestionsAsked
from appliance.domain.expectation import Expectation

_QUIET_MS: Final = 500
_TURN_LIMIT_S: Final = 25.0
_LEAVES_MAX: Final = 1  # more than once nobody says good-bye in vain
_OWED_LIMIT_S: Final = 5.0
_PROMISES_MAX: Final = 4  # "let me check that", "I'm still looking": that is no answer yet
_SILENCE_SLACK_S: Final = 4.0
_END_LIMIT_S: Final = 20.0


class Listener(Onlooker):
    """What was said in one call: the agent's sentences, and what the box made of the caller's."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._spoken: list[str] = []
        self._heard: list[str] = []

    def _take(self, line: dict[str, Any]) -> None:
        super()._take(line)
        match line:
            case {"kind": "speak", "text": text}:
                self._spoken.append(text)
            case {"kind": "heard", "text": text} if text:
                self._heard.append(text)

    @property
    def is_over(self) -> bool:
        """Whether the box has closed the call."""
        with self._changed:
            return self._closed

    def spoken(self, since: int) -> list[str]:
        """The agent's sentences after the first `since`."""
        with self._changed:
            return self._spoken[since:]

    def heard(self, since: int) -> list[str]:
        """What the box heard of the caller after the first `since` utterances."""
        with self._changed:
            return self._heard[since:]

    def wait_turn(self, limit_s: float) -> None:
        """Wait until the agent has said a turn since `begin` and owes no answer, or the call is over.

        What it owes is not waited for long: an answer that was cut off before its first word is never told.
        """
        with self._changed:
            if self._changed.wait_for(lambda: self._closed or self._said > 0, limit_s):
                self._changed.wait_for(lambda: self._closed or not self._unanswered, _OWED_LIMIT_S)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something the caller said, and what the box heard instead or all the same; empty: nothing."""

    said: str
    heard: str


@dataclass
class SpokenCaller:
    """One call. `sound` turns words into a recording."""

    script: Script
    questions: QuestionsAsked
    ear: Listener
    dialer: Dialer
    sound: Callable[[str], Path]
    spoken: list[Spoken] = field(default_factory=list)
    _intended: str = ""
    _said: str = ""
    _expects: Expectation = Expectation.ANYTHING
    _agent_lines: int = 0
    _caller_lines: int = 0
    _leaves: int = 0
    _hung_up: bool = False

    def hold(self) -> None:
        """From the first word to the last; the box has closed the call when this returns, or never will."""
        at, patience = 0, PATIENCE
        self._hear_out()
        self._live(at)
        while not self._is_over and at < self.script.last and patience:
            there = self.script.place_of(self._hear_out(), at, self._expects)
            if there is None or there <= at:
                patience -= 1
            if there is None:
                self._go_on(at)
            else:
                at = there
                self._live(at)
        self._end()

    @property
    def _is_over(self) -> bool:
        return self._hung_up or self.ear.is_over

    def _go_on(self, at: int) -> None:
        """Say what the play does not have here; who has taken leave twice hangs up, however kind the office is."""
        if self.ear.is_over:
            return
        self._leaves += self.script.is_left(self._said, at)
        if self._leaves > _LEAVES_MAX:
            self._hang_up()
        else:
            self._say(self.script.answer(self._said, at, self._expects, self._intended))

    # --- what the play has ----------------------------------------------------------------------

    def _live(self, at: int) -> None:
        """What happens in a passage."""
        for _, word, rest in self.script.passages[at].world:
            if self._is_over:
                return
            match word:
                case "caller":
                    self._say(rest)
                case "key":
                    self.ear.begin()
                    self.dialer.digits(rest)
                case "silence":
                    self.ear.begin()
                    self.ear.wait_turn(int(rest) / 1000 + _SILENCE_SLACK_S)
                case "hang up":
                    self._hang_up()

    def _say(self, words: str) -> None:
        self._remember_heard()
        self._intended = words
        recording = self.sound(words)
        self.ear.begin()
        self.dialer.say(recording)

    def _remember_heard(self) -> None:
        """What became of what was said last."""
        heard = self.ear.heard(self._caller_lines)
        self._caller_lines += len(heard)
        if self._intended:
            self.spoken.append(Spoken(self._intended, " ".join(heard)))

    # --- listening ------------------------------------------------------------------------------

    def _hear_out(self) -> list[str]:
        """What the agent said since; what it asks for stays asked while it only asks again."""
        for _ in range(_PROMISES_MAX):
            self.ear.wait_turn(_TURN_LIMIT_S)
            if not self.ear.is_over:
                self.dialer.wait_agent(_QUIET_MS)
            new = self.ear.spoken(self._agent_lines)
            if self._is_over or not (new and self.script.is_promise(new[-1])):
                break
            self.ear.begin()
        self._agent_lines += len(new)
        if new:
            self._said = new[-1]
            if not self.script.is_reprompt(self._said):
                self._expects = self.questions.answer_to(self._said) or Expectation.ANYTHING
        return new

    # --- the end --------------------------------------------------------------------------------

    def _hang_up(self) -> None:
        self._hung_up = True
        self.dialer.hang_up()

    def _end(self) -> None:
        """The agent ends a call after good-bye; a caller who has nothing left to say hangs up."""
        if not self._is_over:
            self._hear_out()
        if not self._is_over:
            self._hang_up()
        self.ear.wait_closed(_END_LIMIT_S)
        self._remember_heard()
