"""Reads a turn play: who speaks when, line by line, in words that an office and a telephone engineer share.

    now: 2026-11-19T10:00              the office's clock (before anything else); `calling from: +1...` likewise
    given: asked for a number          hold an ordinary conversation until the agent has asked this
    gaps: 100                          ms between two words of the caller from here on
    voice takes: 300                   ms until a sentence sounds that was not prepared (before anything else)
    model after 900: We do hybrids.    what the model will compose, and how long it takes to; may be repeated

    caller: three oh three             once the agent is done, and after a breath
    pause: 700                         silence inside what the caller says; then `caller:` or `cough:` goes on
    later: 500                         silence after what the caller said; the agent may take the turn in it
    caller over agent at 400: uh huh   when the agent has been heard for 400 ms of what it says now
    cough over agent at 400: 200       200 ms of loud sound without a word; also `cough: 200`
    key: 1      key over agent at 400: 1
    silence: 6000                      nobody says anything for 6 s, the agent may
    hang up:    hang up after 300: i would like       300 ms into these words

    over within: 120..400              ms from the caller's last sound until the turn is decided
    heard: three oh three              the words of the caller's last turn
    agent: That's an oil change ...    the next thing the agent begins to say; "..." stands for any words
    agent within 0..600: ...           the same, ms from the caller's last sound to the agent's first
    agent silent within: 0..200        ms from the caller's first sound over the agent until it was silent
    agent goes on within: 700          ms from the end of that sound until it went on, no word lost
    agent does not stop:               it was never silent for longer than a breath while the caller made it
    caller turns: 2                    decided turns with words, since `given:`
    on record: Thank you for ...       the agent's last finished turn; `interrupted on record:` the last cut one
    booked: oil_change 2026-11-24 09:30 Alice Miller
    disposition: booked
    never: Book      once: Book        how often a command was given

Every play also holds the laws of `laws.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from appliance.domain import commands as do
from appliance.domain.call import Speaker
from appliance.domain.sound import ms, ticks
from tests.stage import TICKS_A_LETTER, Stage, cough, words_of_caller

BREATH_MS = 300
"""A caller answers this long after the agent has fallen silent."""
QUIET_TICKS = 10  # the agent is silent, not between two words
_SAID_AGAIN_MS = 1000  # where no pause is near, a few words are heard twice
_WAIT_TICKS = ticks(5000)
_LONGEST_SPEECH_TICKS = ticks(40_000)

_BOOKING = ("i'd like to book an oil change please", "tuesday at nine thirty", "my name is alice miller")
GIVEN = {
    "greeted": (),
    "asked for a day": _BOOKING[:1],
    "offered times": (*_BOOKING[:1], "tuesday morning"),
    "asked for a name": _BOOKING[:2],
    "asked for a number": _BOOKING,
    "asked to confirm": (*_BOOKING, "three oh three five five five oh one seven two"),
}


class PlayFailed(AssertionError):
    """The call did not go as the play says: the line, what was wanted, what happened."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the caller's sound, both ticks included; `goes_on`: it belongs to the one before."""

    first: int
    last: int
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a play: `word at number: rest`."""

    number: int
    word: str
    rest: str

    @property
    def at_ms(self) -> int:
        """The number in the word: "caller over agent at 400"."""
        found = re.search(r"\d+", self.word)
        return int(found[0]) if found else 0

    @property
    def range_ms(self) -> tuple[int, int]:
        """ "120..400", in the word or in the rest."""
        found = re.search(r"(\d+)\.\.(\d+)", f"{self.word} {self.rest}")
        if found is None:
            raise PlayFailed(f"line {self.number}: wants two numbers, as in 120..400")
        return int(found[1]), int(found[2])


def lines(text: str) -> list[Line]:
    """The lines of a play, comments taken out."""
    spoken = [(number, line.split("#", 1)[0].strip()) for number, line in enumerate(text.splitlines(), 1)]
    cut = [(number, *line.partition(":")) for number, line in spoken if line]
    for number, word, colon, _ in cut:
        if not colon:
            raise PlayFailed(f"line {number}: no colon in {word!r}")
    return [Line(number, word.strip(), rest.strip()) for number, word, _, rest in cut]


class Performance:
    """One play on one stage. `perform` holds it; the stage's score and `spans` tell what happened."""

    def __init__(self, play: list[Line], new_stage: Callable[..., Stage]) -> None:
        opening = {line.word: line.rest for line in play}
        self.stage = new_stage(
            now=datetime.fromisoformat(opening.get("now", "2026-11-19T10:00")),
            caller=opening.get("calling from", ""),
            voice_ms=int(opening.get("voice takes", "0")),
        )
        self._play = [line for line in play if line.word not in {"now", "calling from", "voice takes"}]
        self.spans: list[Span] = []
        self._gap_ms = 0
        self._wait_ticks: int | None = None  # the caller's own pause before the next words
        self._goes_on = False
        self._unanswered_tick = 0  # when the caller last said something that wants an answer
        self._checked = 0
        self._turns_before = 0

    def perform(self) -> None:
        """Every line, then nothing may be left that the play does not know of."""
        for line in self._play:
            try:
                self._line(line)
            except PlayFailed as failed:
                raise PlayFailed(f"line {line.number}: {failed}\n{self.story()}") from None
        if not self.stage.is_over:
            self.stage.hangs_up()
        extra = [speak.text for _, speak in self.stage.score.began[self._checked :]]
        if extra:
            raise PlayFailed(f"the agent also said: {extra}\n{self.story()}")

    def story(self) -> str:
        """What was heard and said, with its times in ms."""
        score = self.stage.score
        told = [(tick, f"agent   {speak.text}") for tick, speak in score.began]
        told += [
            (one.started_tick, f"caller  {one.text!r} decided {ms(one.decided_tick)}") for one in score.heard
        ]
        shown = (do.StopSpeaking, do.HoldSpeaking, do.GoOnSpeaking, do.Book, do.CloseCall)
        told += [(tick, f"  {type(one).__name__}") for tick, one in score.done if isinstance(one, shown)]
        told += [(span.first, f"  (sound until {ms(span.last)})") for span in self.spans]
        return "\n".join(f"{ms(tick):8d}  {what}" for tick, what in sorted(told, key=lambda one: one[0]))

    def _line(self, line: Line) -> None:
        for actions in (self._settings, self._caller, self._checks, self._facts):
            if actions(line):
                return
        raise PlayFailed(f"nobody knows how to play {line.word!r}")

    # --- settings -------------------------------------------------------------------------------

    def _settings(self, line: Line) -> bool:
        match line.word:
            case "given":
                self._given(line.rest)
            case "gaps":
                self._gap_ms = int(line.rest)
            case "pause" | "later":
                self._wait_ticks, self._goes_on = ticks(int(line.rest)), line.word == "pause"
            case word if word.startswith("model after"):
                self.stage.model.script.append((line.at_ms, line.rest))
            case _:
                return False
        return True

    def _given(self, what: str) -> None:
        for words in GIVEN[what]:
            self._speak(words_of_caller(words, 40))
        self._until(
            lambda: self._agent_was_idle(ticks(100)), _LONGEST_SPEECH_TICKS, "the agent stopped talking"
        )
        self._checked = len(self.stage.score.began)
        self._turns_before = len(self.stage.score.heard)

    # --- the caller -----------------------------------------------------------------------------

    def _caller(self, line: Line) -> bool:
        over_agent = "over agent at" in line.word
        match line.word.split()[0]:
            case "caller" if line.word == "caller" or over_agent:
                self._sound(words_of_caller(line.rest, self._gap_ms), line, over_agent=over_agent)
            case "cough":
                self._sound(cough(int(line.rest)), line, over_agent=over_agent)
            case "key":
                if over_agent:
                    self._until_heard_for(line.at_ms)
                for digit in line.rest:
                    self.stage.presses(digit)
            case "silence":
                self._run(ticks(int(line.rest)))
            case "hang":
                self._hang_up(line)
            case _:
                return False
        return True

    def _sound(self, frames: list[bytes], line: Line, *, over_agent: bool) -> None:
        if over_agent:
            self._until_heard_for(line.at_ms)
            self._wait_ticks = 0
        self._speak(frames, wants_answer=not over_agent)

    def _speak(self, frames: list[bytes], *, wants_answer: bool = True) -> None:
        """At once after the caller's own pause, else when the agent is done and a breath has passed."""
        if self._wait_ticks is None:
            self._until(
                lambda: self._agent_was_idle(ticks(BREATH_MS)), _LONGEST_SPEECH_TICKS, "the agent was done"
            )
        else:
            since = self.spans[-1].last + 1 if self.spans else 0
            self._run(max(0, since + self._wait_ticks - self.stage.tick))
        first = self.stage.tick
        self._unanswered_tick = first if wants_answer else self._unanswered_tick
        self.stage.says(frames)
        self.spans.append(Span(first, first + len(frames) - 1, self._goes_on))
        self._wait_ticks, self._goes_on = None, False
        self._run(len(frames))

    def _hang_up(self, line: Line) -> None:
        if line.rest:
            self._until(
                lambda: self._agent_was_idle(ticks(BREATH_MS)), _LONGEST_SPEECH_TICKS, "the agent was done"
            )
            self.spans.append(Span(self.stage.tick, self.stage.tick + ticks(line.at_ms) - 1))
            self.stage.says(words_of_caller(line.rest, self._gap_ms))
            self._run(ticks(line.at_ms))
        self.stage.hangs_up()

    def _agent_was_idle(self, for_ticks: int) -> bool:
        score = self.stage.score
        has_answered = bool(score.began) and score.began[-1][0] >= self._unanswered_tick
        return has_answered and self.stage.agent_is_idle and not any(score.ours[-for_ticks:])

    def _until_heard_for(self, heard_ms: int) -> None:
        """Until so much of the last thing the agent began has been heard."""
        speech = self.stage.score.began[self._checked - 1][1].speech
        ours = self.stage.score.ours
        self._until(
            lambda: sum(one is not None and one[0] == speech for one in ours) >= ticks(heard_ms),
            _WAIT_TICKS,
            f"the agent had spoken for {heard_ms} ms",
        )

    # --- time -----------------------------------------------------------------------------------

    def _run(self, count: int) -> None:
        for _ in range(count):
            self.stage.step()

    def _until(self, holds: Callable[[], bool], most_ticks: int, what: str) -> None:
        for _ in range(most_ticks):
            if holds():
                return
            if self.stage.is_over:
                break
            self.stage.step()
        raise PlayFailed(f"waited in vain until {what}")

    # --- whose turn -----------------------------------------------------------------------------

    def _checks(self, line: Line) -> bool:
        match line.word:
            case "over within":
                self._over_within(*line.range_ms)
            case "agent silent within":
                self._within("fell silent", ms(self._silent_tick() - self._last.first), line.range_ms)
            case "agent goes on within":
                self._goes_on_within(int(line.rest))
            case "agent does not stop":
                self._does_not_stop()
            case word if word == "agent" or word.startswith("agent within"):
                self._agent(line)
            case _:
                return False
        return True

    @property
    def _last(self) -> Span:
        if not self.spans:
            raise PlayFailed("the caller has made no sound")
        return self.spans[-1]

    def _over_within(self, least_ms: int, most_ms: int) -> None:
        heard = self.stage.score.heard
        self._until(
            lambda: bool(heard) and heard[-1].decided_tick > self._last.last,
            _WAIT_TICKS,
            "the turn was decided",
        )
        self._within("decided", ms(heard[-1].decided_tick - self._last.last), (least_ms, most_ms))

    def _agent(self, line: Line) -> None:
        began = self.stage.score.began
        self._until(lambda: len(began) > self._checked, _LONGEST_SPEECH_TICKS, f"the agent said: {line.rest}")
        tick, speak = began[self._checked]
        self._matches(speak.text, line.rest)
        self._checked += 1
        if line.word != "agent":
            self._within("answered", ms(tick - 1 - self._last.last), line.range_ms)

    def _silent_tick(self) -> int:
        """The first tick, from the caller's sound on, of a silence of ours that is more than a breath."""
        ours = self.stage.score.ours
        for first in range(self._last.first, self._last.first + _WAIT_TICKS):
            while len(ours) < first + QUIET_TICKS and not self.stage.is_over:
                self.stage.step()
            if not any(ours[first : first + QUIET_TICKS]):
                return first
        raise PlayFailed("the agent never fell silent")

    def _goes_on_within(self, most_ms: int) -> None:
        ours, speeches = self.stage.score.ours, self.stage.score.speeches
        silent = self._silent_tick()
        self._until(lambda: any(ours[silent:]), _WAIT_TICKS, "the agent went on")
        again = next(tick for tick in range(silent, len(ours)) if ours[tick])
        self._within("went on", ms(max(0, again - self._last.last)), (0, most_ms))
        cut, first = ours[silent - 1], ours[again]
        assert cut is not None and first is not None
        left = speeches[cut[0]].text.split()[cut[1] :]
        taken_up = speeches[first[0]].text.split()[first[1] :]
        again_ms = ms(TICKS_A_LETTER * len("".join(taken_up[: -len(left)])))
        if taken_up[-len(left) :] != left or again_ms > _SAID_AGAIN_MS:
            raise PlayFailed(
                f"the agent was cut in {' '.join(left)!r} and went on with {' '.join(taken_up)!r}"
            )
        began = self.stage.score.began
        if began[-1][1].speech == first[0] != cut[0]:  # said anew rather than taken up: no new thing to check
            self._checked = len(began)

    def _does_not_stop(self) -> None:
        self._run(QUIET_TICKS)
        ours = self.stage.score.ours
        for first in range(self._last.first, self._last.last):
            if not any(ours[first : first + QUIET_TICKS]):
                raise PlayFailed(f"the agent fell silent at {ms(first)}")

    # --- what came of it ------------------------------------------------------------------------

    def _facts(self, line: Line) -> bool:
        score = self.stage.score
        turns = [turn for turn in score.turns if turn.speaker is Speaker.AGENT]
        match line.word:
            case "heard":
                self._equals(score.heard[-1].text if score.heard else "", line.rest)
            case "caller turns":
                spoken = [one for one in score.heard[self._turns_before :] if one.text]
                self._equals(str(len(spoken)), line.rest)
            case "on record" | "interrupted on record":
                kept = [turn.text for turn in turns if turn.interrupted or line.word == "on record"]
                self._matches(kept[-1] if kept else "", line.rest)
            case "booked":
                self._equals("; ".join(_appointments(score.commands(do.Book))), line.rest)
            case "disposition":
                self._equals("; ".join(str(c.disposition) for c in score.commands(do.CloseCall)), line.rest)
            case "never" | "once":
                times = len(score.commands(getattr(do, line.rest)))
                self._equals(f"{line.rest} {times} times", f"{line.rest} {int(line.word == 'once')} times")
            case _:
                return False
        return True

    def _within(self, what: str, found_ms: int, wanted_ms: tuple[int, int]) -> None:
        if not wanted_ms[0] <= found_ms <= wanted_ms[1]:
            raise PlayFailed(f"{what} after {found_ms} ms, wanted {wanted_ms[0]}..{wanted_ms[1]}")

    def _equals(self, found: str, wanted: str) -> None:
        if found != wanted:
            raise PlayFailed(f"wanted {wanted!r}, found {found!r}")

    def _matches(self, found: str, wanted: str) -> None:
        if not re.fullmatch(".*".join(map(re.escape, wanted.split("..."))), found):
            raise PlayFailed(f"wanted: {wanted}\n     found: {found}")


def _appointments(books: Iterable[do.Book]) -> list[str]:
    made = [book.appointment for book in books]
    return [f"{one.service} {one.starts_at:%Y-%m-%d %H:%M} {one.name}" for one in made]
