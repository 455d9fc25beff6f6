"""A caller who knows a play by heart: what comes next, and what to say when the conversation leaves it.

A play is a fixed text; when words are misheard the conversation leaves it. Whoever knows the play answers what the
office asks as it stands there, whatever the order; what does not stand in it is answered by saying the last thing
again; a read-back that says something else than the play's is objected to. By text (patient_caller) and over a real
telephone (bench/spoken_plays) the same is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from appliance.conversation.answers import is_goodbye, yes_or_no
from appliance.conversation.dates import WhenHeard, when_heard
from appliance.conversation.mishearing_words import mishearing_words_of
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import FIRST_MOMENT, lines_of
from appliance.domain.expectation import Expectation

DEEDS: Final = ("booked", "moved", "cancelled", "message")
OUTCOMES: Final = (*DEEDS, "disposition")
_EXPECTED_EVENT: Final = "expect event"
HEAD: Final = frozenset({"business", "now", "calling from", "transfers"})
PATIENCE: Final = 12
"""How often the caller says something the play does not have before giving up."""
_LETTERS_MIN: Final = 8  # an agent's line with fewer of its own, "..." aside, could be anything
_ASKS_FOR_ONE_THING: Final = frozenset(
    {Expectation.DAY, Expectation.TIME, Expectation.NAME, Expectation.PHONE}
)
_REPROMPTS: Final = ("say_again", "still_there", "keys_yes_no", "keys_phone")
_PROMISES: Final = (
    *("thinking_1", "thinking_2", "thinking_3", "one_moment"),
    *("waiting_1", "waiting_2", "waiting_3", "waiting_4"),
)
_OPEN_QUESTIONS: Final = ("anything_else", "how_help")
_DIGITS_MIN: Final = 7  # of a telephone number
_SENTENCE = re.compile(r"(?<=[.?!]) ")
_CLAUSE = re.compile(r"[,.?] ?(?!\d)|, (?=\d)")
_DIGITS = re.compile(r"\d[\d ,]*\d|\d")

Line = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a play. `wrong`: something was done that the play did not want."""

    reached: bool
    wrong: bool = False
    complaint: str = ""


@dataclass(slots=True)
class Passage:
    """What the office says in a play, and what happens then."""

    agent: list[str] = field(default_factory=list)
    world: list[Line] = field(default_factory=list)


class Script:
    """A play as its caller knows it by heart. Places are numbers of `passages`."""

    def __init__(self, text: str, phrases: Phrases, zone: tzinfo) -> None:
        """PlayFailed for a text that is no play."""
        lines = list(lines_of(text))
        self.head: Sequence[Line] = [line for line in lines if line[1] in HEAD]
        self.passages: Sequence[Passage] = _passages_of(lines)
        self.meanings = _meanings_of(lines)
        self.wanted = _wanted_at_the_end([line for line in lines if line[1].startswith("expect ")])
        self.wanted_events = [rest for _, word, rest in lines if word == _EXPECTED_EVENT]
        at = {word: rest for _, word, rest in self.head}.get("now", FIRST_MOMENT)
        self.now = datetime.fromisoformat(at).replace(tzinfo=zone)
        self._language = phrases.language
        self._words = mishearing_words_of(phrases.language)
        self._reprompts = {phrases.say(name) for name in _REPROMPTS}
        self._promises = {phrases.say(name) for name in _PROMISES}
        self._open_questions = [phrases.say(name) for name in _OPEN_QUESTIONS]

    @property
    def last(self) -> int:
        """The place after which nothing is left to be said."""
        return len(self.passages) - 1

    @property
    def caller_lines(self) -> list[str]:
        """Everything the caller says in the play."""
        return [rest for passage in self.passages for _, word, rest in passage.world if word == "caller"]

    def is_reprompt(self, said: str) -> bool:
        """Whether the office only asks to hear it once more."""
        return said in self._reprompts

    def is_promise(self, said: str) -> bool:
        """Whether the office only says that something is to come."""
        return said in self._promises

    def is_left(self, said: str, at: int) -> bool:
        """Whether the caller had nothing more to want, said so, and is asked for wishes all the same."""
        answered = yes_or_no(self._last_words(at), self._language) is not None
        takes_leave = answered or is_goodbye(self._last_words(at))
        return takes_leave and self._is_open([said]) and self._is_open(self.passages[at].agent)

    # --- listening ------------------------------------------------------------------------------

    def place_of(self, said: Sequence[str], at: int, expects: Expectation) -> int | None:
        """The passage that begins with what the office said: the next that fits, or else an earlier one."""
        if not said:
            return None
        order = [*range(at + 1, len(self.passages)), *range(at, 0, -1)]
        if self._fits(at + 1, said[-1], is_next=True):
            return at + 1
        if said[-1] in self._reprompts:
            return None
        whole = next((i for i in order if self._fits(i, said[-1], is_next=False)), None)
        if whole is not None or expects not in _ASKS_FOR_ONE_THING:
            return whole
        asked = question_of(said[-1])
        return next((i for i in order if question_of(self.passages[i].agent[-1]) == asked), None)

    def _fits(self, at: int, said: str, *, is_next: bool) -> bool:
        if not 0 < at < len(self.passages):
            return False
        wanted = self.passages[at].agent[-1]
        pattern = ".*".join(re.escape(part) for part in wanted.split("..."))
        return (is_next or len(wanted.replace("...", "")) >= _LETTERS_MIN) and bool(
            re.fullmatch(pattern, said)
        )

    # --- answering what the play does not have --------------------------------------------------

    def answer(self, said: str, at: int, expects: Expectation, intended: str) -> str:
        """What to say to `said`, which does not stand in the play; `intended` is what was meant to be said last."""
        if said in self._reprompts and expects is Expectation.YES_NO:
            return intended
        wanted = self._read_back_like(said, at)
        number, name = self._known_number, self._known_name
        match expects:
            case Expectation.YES_NO if wanted:
                return self._objection(said, wanted)
            case Expectation.YES_NO if number and (digits := _digits_of(said)):
                return self._words.agreed if digits in number else self._words.declined
            case Expectation.PHONE if number:
                return self._spoken(number)
            case Expectation.NAME if name:
                return self._words.name.format(name=name.lower())
            case Expectation.YES_NO if yes_or_no(intended, self._language) is not None:
                return self._words.declined  # something else is offered
            case Expectation.DAY | Expectation.TIME:
                return self._wished_moment(at) or intended
            case _:
                return self._wish(at, intended) if self._is_open([said]) else intended

    def _wished_moment(self, at: int) -> str:
        """What the caller said last about when; empty when nothing yet."""
        said = [
            rest for passage in self.passages[: at + 1] for _, word, rest in passage.world if word == "caller"
        ]
        whens = [one for one in said if _names_a_moment(when_heard(one, self.now, self._language))]
        return whens[-1] if whens else ""

    def _wish(self, at: int, intended: str) -> str:
        """What the caller begins with once more: what was not understood, or, after a yes, the first wish.

        Who was asked the same before and has answered says that again: "no that's all".
        """
        last = self._last_words(at)
        if last and (self._is_open(self.passages[at].agent) or yes_or_no(last, self._language) is None):
            return last
        every = self.caller_lines
        return every[0] if every else intended

    def _last_words(self, at: int) -> str:
        """What the caller says last in a passage; empty where nothing."""
        return next((rest for _, word, rest in reversed(self.passages[at].world) if word == "caller"), "")

    def _is_open(self, said: Sequence[str]) -> bool:
        return any(line.endswith(one) for line in said[-1:] for one in self._open_questions)

    def _read_back_like(self, said: str, at: int) -> str:
        """The line of the play that asks the same yes or no question, the next first; empty when none does."""
        asked = question_of(said)
        order = [*self.passages[at + 1 :], *reversed(self.passages[: at + 1])]
        lines = [passage.agent[-1] for passage in order if passage.agent]
        return next((one for one in lines if question_of(one) == asked), "")

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
        return [line for passage in reversed(self.passages) for line in reversed(passage.agent)]

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


def question_of(said: str) -> str:
    """The last sentence of what the office said: what it asks."""
    return _SENTENCE.split(said)[-1]


def _tells(said: str, pattern: str, wanted: re.Match[str]) -> bool:
    """Whether `said` tells what `wanted` does: in the same way, or at least in other words."""
    alike = [found for clause in _CLAUSE.split(said) if (found := re.match(pattern, clause))]
    if alike:
        return any(found.groups() == wanted.groups() for found in alike)
    return all(part in said for part in wanted.groups())


def _passages_of(lines: Sequence[Line]) -> list[Passage]:
    """The play in passages: each begins with what the office says."""
    passages = [Passage()]
    for number, word, rest in lines:
        if word == "agent":
            if passages[-1].world:
                passages.append(Passage())
            passages[-1].agent.append(rest)
        elif word not in HEAD and not word.startswith("expect "):
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
        if what in OUTCOMES and (rest != "none" or set(later[what]) == {"none"})
    ]


def _names_a_moment(when: WhenHeard | None) -> bool:
    return when is not None and (when.day is not None or when.at is not None or when.soonest)


def _digits_of(said: str) -> str:
    return "".join(re.findall(r"\d", "".join(_DIGITS.findall(said))))
