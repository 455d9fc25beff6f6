"""Holds a play with noise: a caller who is misheard, is patient, and puts right what was taken down wrongly.

A play is a fixed text; when words are misheard the conversation leaves it. The patient caller knows the play:
what the office asks that stands in it is answered as it stands there, whatever the order; what does not is
answered by saying the last thing again; a read-back that says something else than the play's is objected to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from appliance.conversation.answers import yes_or_no
from appliance.conversation.dates import WhenHeard, when_heard
from appliance.conversation.mishearing import misheard
from appliance.conversation.mishearing_words import mishearing_words_of
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import PlayFailed, Rehearsal, Stage, lines_of
from appliance.domain import commands as do
from appliance.domain.expectation import Expectation

DEEDS: Final = ("booked", "moved", "cancelled", "message")
_OUTCOMES: Final = (*DEEDS, "disposition")
_HEAD: Final = frozenset({"business", "now", "calling from", "transfers"})
_PATIENCE: Final = 12  # times the caller says something the play does not have
_LETTERS_MIN: Final = 8  # an agent's line with fewer of its own, "..." aside, could be anything
_ASKS_FOR_ONE_THING: Final = frozenset(
    {Expectation.DAY, Expectation.TIME, Expectation.NAME, Expectation.PHONE}
)
_REPROMPTS: Final = ("say_again", "still_there", "keys_yes_no", "keys_phone")
_OPEN_QUESTIONS: Final = ("anything_else", "how_help")
_DIGITS_MIN: Final = 7  # of a telephone number
_SENTENCE = re.compile(r"(?<=[.?!]) ")
_CLAUSE = re.compile(r"[,.?] ?(?!\d)|, (?=\d)")
_DIGITS = re.compile(r"\d[\d ,]*\d|\d")

Line = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a play held with noise. `wrong`: something was done that the play did not want."""

    reached: bool
    wrong: bool = False
    complaint: str = ""


@dataclass
class _Passage:
    """What the office says in a play, and what happens then."""

    agent: list[str] = field(default_factory=list)
    world: list[Line] = field(default_factory=list)


def perform_misheard(
    text: str, rehearsal: Rehearsal, chance: Random, rate: float, phrases: Phrases
) -> Outcome:
    """Hold a `.call` file while about `rate` of the caller's words are misheard; whether its outcome is reached."""
    caller = _PatientCaller(text, rehearsal, chance, rate, phrases)
    try:
        caller.call()
    except PlayFailed as failed:
        return Outcome(reached=False, complaint=failed.complaint or str(failed))
    return caller.outcome()


class _PatientCaller:
    """One play, held with noise."""

    def __init__(
        self, text: str, rehearsal: Rehearsal, chance: Random, rate: float, phrases: Phrases
    ) -> None:
        self._r, self._stage = rehearsal, Stage(rehearsal)
        self._chance, self._rate, self._language = chance, rate, phrases.language
        self._words = mishearing_words_of(phrases.language)
        self._reprompts = {phrases.say(name) for name in _REPROMPTS}
        lines = list(lines_of(text))
        self._head = [line for line in lines if line[1] in _HEAD]
        self._expected = [line for line in lines if line[1].startswith("expect ")]
        self._passages = _passages_of(lines)
        self._meanings = _meanings_of(lines)
        self._open_questions = [phrases.say(name) for name in _OPEN_QUESTIONS]
        self._intended = ""  # what the caller meant to say last
        self._said_as_heard: dict[str, str] = {}
        self._seen = 0
        self._given_up: set[int] = set()

    # --- calling --------------------------------------------------------------------------------

    def call(self) -> None:
        """From the first word to the last. PlayFailed when the play cannot go on."""
        for line in self._head:
            self._stage.play(*line)
        at, patience = 0, _PATIENCE
        self._live(at)
        while not self._is_over and at < len(self._passages) - 1 and patience:
            there = self._place_of(self._heard_from_office(at), at)
            if there is None or there <= at:
                patience -= 1
            if there is None:
                self._say(self._answer(self._r.said[-1], at))
            else:
                at = there
                self._live(at)
        if not self._is_over:
            self._r.hang_up()

    @property
    def _is_over(self) -> bool:
        return self._r.disposition is not None

    def _live(self, at: int) -> None:
        """What happens in a passage: the caller's words, keys, silence, the model, the telephones."""
        for number, word, rest in self._passages[at].world:
            if self._is_over:
                return
            if word in {"caller", "interrupts"}:
                share, words = ("", rest) if word == "caller" else rest.split(" ", 1)
                self._stage.play(number, word, f"{share} {self._mishear(words)}".strip())
            elif not word.startswith("model") or self._r.asks:
                self._stage.play(number, word, rest)

    def _say(self, words: str) -> None:
        """Something the play does not have here; words that stand in it mean what they mean there."""
        for line in self._meanings.get(words, ()):
            self._stage.play(*line)
        self._r.caller(self._mishear(words))

    def _mishear(self, words: str) -> str:
        self._intended = words
        heard = misheard(words, self._chance, self._rate, self._language)
        self._said_as_heard[heard] = words
        return heard

    # --- listening ------------------------------------------------------------------------------

    def _heard_from_office(self, at: int) -> list[str]:
        """What was said since; a model that the play does not speak for has nothing to say."""
        asked = {one.ask for one in self._r.asks} - self._given_up
        if asked and self._place_of(self._r.said[self._seen :], at) is None:
            self._given_up |= asked
            self._r.model_ends("failed")
        new, self._seen = self._r.said[self._seen :], len(self._r.said)
        return new

    def _place_of(self, said: Sequence[str], at: int) -> int | None:
        """The passage that begins with what the office said: the next that fits, or else an earlier one."""
        if not said:
            return None
        order = [*range(at + 1, len(self._passages)), *range(at, 0, -1)]
        if self._fits(at + 1, said[-1], is_next=True):
            return at + 1
        if said[-1] in self._reprompts:
            return None
        whole = next((i for i in order if self._fits(i, said[-1], is_next=False)), None)
        if whole is not None or self._expects not in _ASKS_FOR_ONE_THING:
            return whole
        asked = _SENTENCE.split(said[-1])[-1]
        return next((i for i in order if _SENTENCE.split(self._passages[i].agent[-1])[-1] == asked), None)

    def _fits(self, at: int, said: str, *, is_next: bool) -> bool:
        if not 0 < at < len(self._passages):
            return False
        wanted = self._passages[at].agent[-1]
        pattern = ".*".join(re.escape(part) for part in wanted.split("..."))
        return (is_next or len(wanted.replace("...", "")) >= _LETTERS_MIN) and bool(
            re.fullmatch(pattern, said)
        )

    @property
    def _expects(self) -> Expectation:
        awaited = [one.expectation for one in self._r.done if isinstance(one, do.Expect)]
        return awaited[-1] if awaited else Expectation.ANYTHING

    # --- answering what the play does not have --------------------------------------------------

    def _answer(self, said: str, at: int) -> str:
        if said in self._reprompts and self._expects is Expectation.YES_NO:
            return self._intended
        wanted = self._read_back_like(said, at)
        number, name = self._known_number, self._known_name
        match self._expects:
            case Expectation.YES_NO if wanted:
                return self._objection(said, wanted)
            case Expectation.YES_NO if number and (digits := _digits_of(said)):
                return self._words.agreed if digits in number else self._words.declined
            case Expectation.PHONE if number:
                return self._spoken(number)
            case Expectation.NAME if name:
                return self._words.name.format(name=name.lower())
            case Expectation.YES_NO if yes_or_no(self._intended, self._language) is not None:
                return self._words.declined  # something else is offered
            case Expectation.DAY | Expectation.TIME:
                return self._wished_moment(at) or self._intended
            case _:
                starts_over = any(said.endswith(one) for one in self._open_questions)
                return self._wish(at) if starts_over else self._intended

    def _wished_moment(self, at: int) -> str:
        """What the caller said last about when; empty when nothing yet."""
        said = [
            rest
            for passage in self._passages[: at + 1]
            for _, word, rest in passage.world
            if word == "caller"
        ]
        whens = [one for one in said if _names_a_moment(when_heard(one, self._r.session.now, self._language))]
        return whens[-1] if whens else ""

    def _wish(self, at: int) -> str:
        """What the caller begins with once more: what was not understood, or, after a yes, the first wish."""
        lines = [rest for _, word, rest in self._passages[at].world if word == "caller"]
        if lines and yes_or_no(lines[-1], self._language) is None:
            return lines[-1]
        every = [rest for passage in self._passages for _, word, rest in passage.world if word == "caller"]
        return every[0] if every else self._intended

    def _read_back_like(self, said: str, at: int) -> str:
        """The line of the play that asks the same yes or no question, the next first; empty when none does."""
        asked = _SENTENCE.split(said)[-1]
        order = [*self._passages[at + 1 :], *reversed(self._passages[: at + 1])]
        lines = [passage.agent[-1] for passage in order if passage.agent]
        return next((one for one in lines if _SENTENCE.split(one)[-1] == asked), "")

    def _objection(self, said: str, wanted: str) -> str:
        """What the caller says to a read-back that is not the play's; yes when nothing in it is wrong."""
        if _digits_of(said) != _digits_of(wanted):
            return self._words.number.format(digits=self._spoken(_digits_of(wanted)))
        clauses = [one for one in _CLAUSE.split(wanted) if one and "..." not in one and not _digits_of(one)]
        return next(filter(None, (self._put_right(one, said) for one in clauses)), self._words.agreed)

    def _put_right(self, clause: str, said: str) -> str:
        """What the caller says because `clause` was not said in these words; empty when what it tells was."""
        understood = clause in said
        for pattern, words in self._words.objections:
            if found := re.match(pattern, clause):
                if not _tells(said, pattern, found):
                    return words.format(**found.groupdict()).lower()
                understood = True
        return "" if understood else self._words.otherwise.format(clause=clause).lower()

    @property
    def _told(self) -> list[str]:
        """What the office says in the play, the last first: what was put right counts."""
        return [line for passage in reversed(self._passages) for line in reversed(passage.agent)]

    @property
    def _known_number(self) -> str:
        """The caller's number, by the play's last read-back."""
        return next((_digits_of(line) for line in self._told if len(_digits_of(line)) >= _DIGITS_MIN), "")

    @property
    def _known_name(self) -> str:
        """The caller's name, by the play's last read-back."""
        clauses = [clause for line in self._told for clause in _CLAUSE.split(line)]
        found = [re.match(pattern, clause) for clause in clauses for pattern, _ in self._words.objections]
        return next((one["name"] for one in found if one and "name" in one.groupdict()), "")

    def _spoken(self, digits: str) -> str:
        return " ".join(self._words.digits[digit] for digit in digits)

    # --- what came of it ------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        """What the play expects at its end, against what came of it."""
        complaints = [found for found in map(self._complaint, _wanted_at_the_end(self._expected)) if found]
        wrong = any(what in DEEDS and found != "none" for what, _, found in complaints)
        told = "; ".join(f"{what}: wanted {wanted!r}, found {found!r}" for what, wanted, found in complaints)
        return Outcome(not complaints, wrong, told)

    def _complaint(self, expected: tuple[str, str]) -> tuple[str, str, str] | None:
        what, wanted = expected
        found = self._stage.found(what) or "none"
        for heard, said in self._said_as_heard.items():
            found = found.replace(heard, said)  # a message's own words are not read back
        return None if wanted in found else (what, wanted, found)


def _tells(said: str, pattern: str, wanted: re.Match[str]) -> bool:
    """Whether `said` tells what `wanted` does: in the same way, or at least in other words."""
    alike = [found for clause in _CLAUSE.split(said) if (found := re.match(pattern, clause))]
    if alike:
        return any(found.groups() == wanted.groups() for found in alike)
    return all(part in said for part in wanted.groups())


def _passages_of(lines: Sequence[Line]) -> list[_Passage]:
    """The play in passages: each begins with what the office says."""
    passages = [_Passage()]
    for number, word, rest in lines:
        if word == "agent":
            if passages[-1].world:
                passages.append(_Passage())
            passages[-1].agent.append(rest)
        elif word not in _HEAD and not word.startswith("expect "):
            passages[-1].world.append((number, word, rest))
    return passages


def _meanings_of(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """What each of the caller's sentences probably means, by the lines before it."""
    meanings: dict[str, list[Line]] = {}
    said_of_it: list[Line] = []
    for line in lines:
        if line[1] == "likely":
            said_of_it.append(line)
        else:
            if line[1] == "caller" and said_of_it:
                meanings[line[2]] = said_of_it
            said_of_it = []
    return meanings


def _wanted_at_the_end(expected: Sequence[Line]) -> list[tuple[str, str]]:
    """What is wanted of the outcome; a "none" in the middle that something follows counts no more."""
    wanted = [(word.removeprefix("expect "), rest) for _, word, rest in expected]
    later = {what: [rest for other, rest in wanted if other == what] for what, _ in wanted}
    return [
        (what, rest)
        for what, rest in wanted
        if what in _OUTCOMES and (rest != "none" or set(later[what]) == {"none"})
    ]


def _names_a_moment(when: WhenHeard | None) -> bool:
    return when is not None and (when.day is not None or when.at is not None or when.soonest)


def _digits_of(said: str) -> str:
    return "".join(re.findall(r"\d", "".join(_DIGITS.findall(said))))
