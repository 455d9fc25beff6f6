"""Whether the sources bear a sentence out: every word of it that matters, with the same yes or no.

Entailment by rules that can be read (natural logic in small: MacCartney and Manning 2007), because a model that
judges would be as wrong as the one that speaks. A sentence is a bag of stems, each stated or denied. A clause is
borne out when all its stems are known, when most of them stand in one sentence of the sources, and when that
sentence denies what the clause denies and nothing else. "Yes" and "no" are held against what was asked. What
the rules cannot tell is not said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import snowballstemmer

from appliance.conversation.claims import WORD, Claims, claims_of, days_of, plain
from appliance.conversation.days import MONTHS, WEEKDAYS
from appliance.conversation.support_words import SupportWords, support_words_of

UNSUPPORTED: Final = "unsupported"
"""The sources do not say it."""
CONTRADICTED: Final = "contradicted"
"""The sources say the opposite, or say it of something else."""

_SHARE_MIN: Final = 0.6
_CALENDAR: Final = frozenset(
    (*WEEKDAYS, *MONTHS, *(f"{day}s" for day in WEEKDAYS), "weekday", "weekdays", "weekend", "weekends")
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence: its stems, those of them that it denies, the days it names and its other claims."""

    stems: frozenset[str]
    denied: frozenset[str]
    days: frozenset[str]
    claims: Claims

    @property
    def stated(self) -> frozenset[str]:
        """What it says is so."""
        return self.stems - self.denied


@dataclass(frozen=True, slots=True)
class Support:
    """All that the sources state, ready to be held against a sentence."""

    statements: Sequence[Statement]
    words: SupportWords
    asked: Statement
    _known: frozenset[str] = field(init=False, repr=False, compare=False)
    _ever_stated: frozenset[str] = field(init=False, repr=False, compare=False)
    _hours: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = self.statements
        object.__setattr__(self, "_known", frozenset().union(*(one.stems for one in every)))
        object.__setattr__(self, "_ever_stated", frozenset().union(*(one.stated for one in every)))
        hours = (one.days for one in every if not one.stems and one.claims.times)
        object.__setattr__(self, "_hours", frozenset().union(*hours))

    def fault(self, sentence: str) -> str:
        """UNSUPPORTED or CONTRADICTED for what `sentence` says beyond the sources; "" when it may be said."""
        rest, answer = opening_of(_prepared(sentence, self.words), self.words)
        clauses = [part for part in self.words.parts.split(rest) if part.strip()]
        faults = [self._clause_fault(clause) for clause in clauses]
        if answer is not None:
            faults.append(self._answer_fault(answer, says_more=any(map(self._says_something, clauses))))
        return next(filter(None, faults), "")

    def _says_something(self, clause: str) -> bool:
        said = statement_of(clause, self.words)
        return bool(said.stems or said.days or said.claims.times or _values_of(said.claims))

    # --- a clause -------------------------------------------------------------------------------

    def _clause_fault(self, clause: str) -> str:
        words = self.words
        if words.no_claim.match(clause.strip()):
            return "" if _stems(clause, words) <= self._known | self.asked.stems else UNSUPPORTED
        said = statement_of(clause, words, denies_all=True)
        return self._opening_fault(clause, said) or self._tie_fault(said) or self._stems_fault(said)

    def _stems_fault(self, said: Statement) -> str:
        stems = said.stems - self.words.offering if said.denied else said.stems
        if not stems:
            return ""
        if not stems <= self._known:
            return UNSUPPORTED
        if said.stated & stems - self._ever_stated:
            return CONTRADICTED
        return self._cover_fault(said, stems)

    def _cover_fault(self, said: Statement, stems: frozenset[str]) -> str:
        """Held against the sentences that have most of its words."""
        shared = [(len(stems & one.stems), one) for one in self.statements]
        most = max((count for count, _ in shared), default=0)
        agreeing = max((count for count, one in shared if count and _agree(said, stems, one)), default=0)
        if agreeing < most:
            return CONTRADICTED
        wanted = len(stems) if said.denied else _enough(len(stems))
        return "" if most >= wanted else UNSUPPORTED

    # --- a value and what it is said of ---------------------------------------------------------

    def _tie_fault(self, said: Statement) -> str:
        """A price, a length or a number is said of what the sources say it of; "it" is what was asked."""
        about = said.stems - said.denied or self.asked.stems
        for value, exactly in _values(said.claims):
            holders = [one for one in self.statements if value in _values_of(one.claims)]
            if holders and about and not any(_is_about(one, about, exactly) for one in holders):
                return UNSUPPORTED
        return ""

    # --- open and closed ------------------------------------------------------------------------

    def _opening_fault(self, clause: str, said: Statement) -> str:
        """Whether it is open on a day that it names, without a time (a time is tied to its day elsewhere)."""
        if said.stems or said.claims.times or not said.days or not self._hours:
            return ""
        if self.words.closed.search(clause):
            return CONTRADICTED if said.days & self._hours else ""
        if self.words.opening.search(clause):
            return "" if said.days <= self._hours else CONTRADICTED
        return ""

    # --- yes and no -----------------------------------------------------------------------------

    def _answer_fault(self, answer: bool, *, says_more: bool) -> str:
        asked, words = self.asked, self.words
        day_fault = self._answer_on_days_fault(answer)
        stems = asked.stems if answer else asked.stems - words.offering
        if day_fault or not stems:
            return day_fault or ("" if says_more or asked.days else UNSUPPORTED)
        said = Statement(stems, frozenset() if answer else stems, asked.days, asked.claims)
        if not answer and says_more:  # the rest says why; that it is not so must only not be wrong
            return CONTRADICTED if self._is_affirmed(stems, asked.days) else ""
        return self._stems_fault(said)

    def _is_affirmed(self, stems: frozenset[str], days: frozenset[str]) -> bool:
        """Whether one sentence states all of it, and no other denies as much."""
        holders = [one for one in self.statements if stems <= one.stems]
        return bool(holders) and all(stems <= one.stated and days <= (one.days or days) for one in holders)

    def _answer_on_days_fault(self, answer: bool) -> str:
        asked = self.asked
        if asked.stems or asked.claims.times or not asked.days or not self._hours:
            return ""
        is_open = asked.days <= self._hours
        return "" if is_open is answer else CONTRADICTED


def _agree(said: Statement, stems: frozenset[str], source: Statement) -> bool:
    """Whether `source`, which shares stems with `said`, says yes to what that states and no to what it denies."""
    shared = stems & source.stems
    on_other_days = bool(said.days and source.days) and not said.days <= source.days
    denied = shared & said.denied
    if denied and not denied & source.denied:
        return bool(said.days and source.days) and not said.days & source.days
    return not (shared - said.denied) & source.denied and (bool(denied) or not on_other_days)


def _enough(count: int) -> int:
    """Of so many stems, how many must stand in one sentence: all of two, 60 % of more, rounded up."""
    return count if count <= 2 else math.ceil(count * _SHARE_MIN)


def _values(claims: Claims) -> Iterator[tuple[object, bool]]:
    """What must stand with its subject, and whether all of the subject must be there."""
    for price in claims.prices:
        yield ("price", price), True
    for percent in claims.percents:
        yield ("percent", percent), True
    for measure in claims.measures:
        yield measure, False
    for number in claims.numbers:
        yield number, False


@lru_cache(maxsize=4096)
def _values_of(claims: Claims) -> frozenset[object]:
    return frozenset(value for value, _ in _values(claims))


def _is_about(source: Statement, about: frozenset[str], exactly: bool) -> bool:
    shared = len(about & source.stems)
    return shared == len(about) if exactly else shared * 2 >= len(about)


# --- reading ------------------------------------------------------------------------------------

_SENTENCE_END: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_ABBREVIATION: Final = re.compile(r"\b(dr|mr|mrs|ms)\.(?=\s)", re.IGNORECASE)


@lru_cache(maxsize=2048)
def statements_of(source: str, language: str) -> tuple[Statement, ...]:
    """The sentences of a source that state something, read once; none in a language without a table."""
    words = support_words_of(language)
    if words is None:
        return ()
    sentences = _SENTENCE_END.split(_ABBREVIATION.sub(r"\1", source))
    return tuple(statement_of(one, words) for one in sentences if one.strip() and not one.endswith("?"))


def asked_of(question: str, words: SupportWords) -> Statement:
    """What a question asks for: its last question, without what led to it and what explains it."""
    text = _prepared(question, words)
    begun = list(words.asks.finditer(text))
    asked = text[begun[-1].end() :] if begun else text
    asked = words.asks_ends.split(asked)[0]
    found = statement_of(asked, words)
    return found if found.stems or found.days else statement_of(text, words)


def statement_of(sentence: str, words: SupportWords, *, denies_all: bool = False) -> Statement:
    """Read a sentence; `denies_all`: a "not" denies all of it, and not only what follows."""
    text = _prepared(sentence, words)
    denied: set[str] = set()
    for found in words.denial.finditer(text):
        denied |= _denied_by(found, text, words, denies_all=denies_all)
    for found in words.without.finditer(text):
        denied |= _stems(text[found.end() : _end(words.without_ends, text, found.end())], words)
    return Statement(_stems(text, words), frozenset(denied), days_of(text), claims_of(text))


def _denied_by(found: re.Match[str], text: str, words: SupportWords, *, denies_all: bool) -> frozenset[str]:
    """What a "not" denies: what follows it, or if nothing does ("pianos can not"), what stands before."""
    if denies_all:
        return _stems(text, words)
    end = _end(words.denial_ends, text, found.end())
    following = _stems(text[found.end() : end], words)
    if following:
        return following
    begins = [one.end() for one in words.denial_ends.finditer(text, 0, found.start())]
    return _stems(text[(begins or [0])[-1] : found.start()], words)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.search(text, start)
    return found.start() if found else len(text)


def opening_of(text: str, words: SupportWords) -> tuple[str, bool | None]:
    """A prepared `text` without its yes or no and its politeness; the answer, None when it gives none."""
    answer: bool | None = None
    rest = text.strip()
    while rest:
        agrees, refuses = words.agreeing.match(rest), words.refusing.match(rest)
        found = agrees or refuses or words.polite.match(rest)
        if not found or not found.end():
            break
        if answer is None and (agrees or refuses):
            answer = bool(agrees)
        rest = rest[found.end() :].lstrip(" ,.!;:–—-\"'")
    return rest, answer


def _prepared(text: str, words: SupportWords) -> str:
    """Plain text with the table's replacements made."""
    text = plain(text)
    for pattern, by in _replacements(words.phrases):
        text = pattern.sub(by, text)
    return text


@lru_cache(maxsize=8)
def _replacements(phrases: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), by) for pattern, by in phrases)


def _stems(text: str, words: SupportWords) -> frozenset[str]:
    """What a prepared `text` is about."""
    found = (word.split("'")[0] for word in WORD.findall(text))
    return frozenset(
        _stem(words.equal.get(word, word), words.stemmer)
        for word in found
        if word not in words.glue and word not in _CALENDAR
    )


@lru_cache(maxsize=16384)
def _stem(word: str, stemmer: str) -> str:
    stem: str = _stemmer(stemmer).stemWord(word)
    return stem


@lru_cache(maxsize=4)
def _stemmer(name: str) -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer(name)
