"""Sentences as the guard holds them against each other: stems stated and denied, days, times, and values.

A value (a price, a length of time) keeps what it is said of, so that the price of one thing is not given for
another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from appliance.conversation.claims import WORD, Claims, Time, claims_of, days_of, folded, plain
from appliance.conversation.days import WEEKDAYS
from appliance.conversation.stems import stem_of
from appliance.conversation.support_words import SupportWords, support_words_of

Stems = frozenset[str]
Value = tuple[str, float]
"""How much, and of which kind: PRICE, PERCENT, NUMBER, a unit ("hour"), or TIME in minutes of the dial."""

PRICE: Final = "price"
PERCENT: Final = "percent"
NUMBER: Final = "number"
TIME: Final = "time"

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_ABBREVIATION: Final = re.compile(r"\b(dr|mr|mrs|ms|[ap]\.?m(?=\.\s+(?-i:[a-z\d])))\.(?=\s)", re.IGNORECASE)
_CALENDAR: Final = frozenset(
    (*WEEKDAYS, *(f"{day}s" for day in WEEKDAYS), "weekday", "weekdays", "weekend", "weekends")
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a value is said of: the stems around it, and those that follow it at once ("forty family rooms")."""

    about: Stems
    counted: Stems = frozenset()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence: its words in order, its stems, its days, times and values; what it denies, thing by thing.

    `exceptions` are things it takes out of what it says: of "no pets, except guide dogs", guide dogs; `days_off`
    are the days it takes out: "but not on weekends".
    """

    text: str
    stems: Stems
    denials: tuple[Stems, ...]
    exceptions: tuple[Stems, ...]
    days: Stems
    days_off: Stems
    times: frozenset[Time]
    values: Mapping[Value, Subject]

    @property
    def denied(self) -> Stems:
        """All that it says is not so."""
        return frozenset().union(*self.denials)

    def denials_for(self, stems: Stems) -> list[Stems]:
        """What it denies of `stems`: "no dogs, except guide dogs" denies nothing of guide dogs."""
        taken_out = [one for one in self._taken_out() if one <= stems]
        return [thing for thing in self.denials if not any(thing & one for one in taken_out)]

    @property
    def stated(self) -> Stems:
        """What it says is so."""
        return self.stems - self.denied | frozenset().union(*self._taken_out())

    def _taken_out(self) -> list[Stems]:
        """Exceptions from a denial, which are so."""
        return [one for one in self.exceptions if one not in self.denials]


@lru_cache(maxsize=2048)
def statements_of(source: str, language: str) -> tuple[Statement, ...]:
    """The sentences of a source that state something, read once; none in a language without a table."""
    words = support_words_of(language)
    if words is None:
        return ()
    lines = _SENTENCE_END.split(_ABBREVIATION.sub(r"\1", source))
    sentences = (one for line in lines for one in words.spliced.split(line))
    read: list[Statement] = []
    for sentence in sentences:
        if sentence.strip() and not sentence.endswith("?"):
            one = statement_of(sentence, words)
            leans = bool(read) and words.leans_back.match(plain(sentence))
            read.append(_led_by(read[-1], one) if leans else one)
    return tuple(read)


def _led_by(before: Statement, after: Statement) -> Statement:
    """ "It takes five minutes", with what the sentence before is about."""
    values = {
        value: replace(subject, about=subject.about | before.stems) for value, subject in after.values.items()
    }
    return replace(after, stems=after.stems | before.stems, days=after.days or before.days, values=values)


def statement_of(sentence: str, words: SupportWords, *, denies_all: bool = False) -> Statement:
    """Read a sentence; `denies_all`: a "not" denies all of it, and not only what follows."""
    text = prepared(sentence, words)
    claims = claims_of(text)
    days_off = frozenset() if denies_all else _days_off(text, words)
    return Statement(
        folded(text),
        stems_of(text, words),
        tuple(_denials(text, words, denies_all=denies_all)),
        tuple(_exceptions(text, words)),
        days_of(text) - days_off,
        days_off,
        claims.times,
        _values_with_subjects(text, claims, words),
    )


def asked_of(question: str, words: SupportWords) -> Statement:
    """What a question asks for: its last question, without what led to it and what explains it."""
    text = prepared(question, words)
    begun = list(words.asks.finditer(text))
    asked = words.asks_ends.split(text[begun[-1].end() :] if begun else text)[0]
    found = statement_of(asked, words)
    return found if found.stems or found.days else statement_of(text, words)


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


# --- what is denied -----------------------------------------------------------------------------


def _denials(text: str, words: SupportWords, *, denies_all: bool) -> Iterator[Stems]:
    """Each thing that is denied: "body work, paint or tires" are three."""
    for found in words.denial.finditer(text):
        if denies_all:
            yield stems_of(text, words)
        elif words.done_to.match(text, found.end()) and not words.not_done.match(text, found.end()):
            yield stems_of(
                text[_begin(found, text, words) : _end(words.denial_ends, text, found.end())], words
            )
        else:
            yield from _things(_denied_by(found, text, words), words)
    excepted = words.exception.search(text)
    if excepted and not any(one.search(text, 0, excepted.start()) for one in (words.denial, words.without)):
        yield from _exceptions(text, words)
    for found in words.without.finditer(text):
        yield from _things(text[found.end() : _end(words.without_ends, text, found.end())], words)


def _days_off(text: str, words: SupportWords) -> Stems:
    spans = (
        text[found.end() : _end(words.denial_ends, text, found.end())]
        for found in words.denial.finditer(text)
    )
    return frozenset().union(*(days_of(span) for span in spans if not stems_of(span, words)))


def _exceptions(text: str, words: SupportWords) -> Iterator[Stems]:
    for found in words.exception.finditer(text):
        yield from _things(text[found.end() : _end(words.without_ends, text, found.end())], words)


def _denied_by(found: re.Match[str], text: str, words: SupportWords) -> str:
    """What a "not" denies: what follows it, or if nothing does ("pianos can not"), what stands before."""
    following = text[found.end() : _end(words.denial_ends, text, found.end())]
    if stems_of(following, words) and not words.not_done.match(following):
        return following
    return text[_begin(found, text, words) : found.start()]


def _begin(found: re.Match[str], text: str, words: SupportWords) -> int:
    """Where the clause begins that a "not" stands in."""
    ends = (one.end() for one in words.clause_ends.finditer(text, 0, found.start()))
    return max(ends, default=0)


def _things(text: str, words: SupportWords) -> Iterator[Stems]:
    return (stems for one in words.listed.split(text) if (stems := stems_of(one, words)))


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.search(text, start)
    return found.start() if found else len(text)


# --- values and what they are of ----------------------------------------------------------------


def _values_with_subjects(text: str, claims: Claims, words: SupportWords) -> dict[Value, Subject]:
    """Each value with what it is said of, clause by clause; a clause that is about nothing is about the sentence."""
    if not any(_values(claims)):
        return {}
    every = stems_of(text, words)
    found = dict.fromkeys(_values(claims), Subject(every))
    for clause in text.split(";"):
        parts = _continued(words.listed.split(clause), words)
        about = stems_of(clause, words) or every
        for are_times in (False, True):
            found |= _values_of_parts(parts, about, claims, words, are_times=are_times)
    return found


def _continued(parts: Sequence[str], words: SupportWords) -> list[tuple[str, Stems]]:
    """The parts of a list with what they are about; one that continues another is about the same."""
    found: list[tuple[str, Stems]] = []
    for part in filter(str.strip, parts):
        before = found[-1][1] if found and words.continues.match(part) else frozenset()
        found.append((part, before | stems_of(part, words)))
    return found


def _values_of_parts(
    parts: Sequence[tuple[str, Stems]], about: Stems, claims: Claims, words: SupportWords, *, are_times: bool
) -> dict[Value, Subject]:
    """A value is of its own part only if another part has a value of its kind too."""
    held = [[one for one in _values(claims_of(part)) if (one[0] == TIME) is are_times] for part, _ in parts]
    apart = sum(map(bool, held)) > 1
    found: dict[Value, Subject] = {}
    for (part, stems), values in zip(parts, held, strict=True):
        for value in (_as_in(one, claims) for one in values):
            before = found.get(value, Subject(frozenset()))
            of = (stems if apart else about) or about
            found[value] = Subject(before.about | of, before.counted | _counted(value, part, words))
    return found


def _as_in(value: Value, claims: Claims) -> Value:
    """A bare number in a sentence of prices is one: "sixty five dollars, and a men's cut is thirty five"."""
    return (PRICE, value[1]) if value[0] == NUMBER and claims.prices else value


def _counted(value: Value, part: str, words: SupportWords) -> Stems:
    """What follows a number at once: "forty family rooms" -> family, room."""
    if value[0] in (PRICE, PERCENT, TIME):
        return frozenset()
    found = re.search(rf"\b{value[1]:g} (\w+(?: \w+)?)", part)
    return stems_of(found[1], words) if found else frozenset()


def _values(claims: Claims) -> Iterator[Value]:
    """A measure is a number too: "four" answers how many mechanics there are."""
    yield from ((PRICE, price) for price in claims.prices)
    yield from ((PERCENT, percent) for percent in claims.percents)
    yield from ((unit, size) for size, unit in claims.measures)
    yield from ((NUMBER, number) for number in claims.numbers)
    yield from ((NUMBER, size) for size, _ in claims.measures)
    yield from ((TIME, float(one.hour * 60 + one.minute)) for one in claims.times)


# --- words --------------------------------------------------------------------------------------


def prepared(text: str, words: SupportWords) -> str:
    """Plain text with the table's replacements made."""
    text = plain(text)
    for pattern, by in _replacements(words.phrases):
        text = pattern.sub(by, text)
    return text


@lru_cache(maxsize=8)
def _replacements(phrases: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), by) for pattern, by in phrases)


def stems_of(text: str, words: SupportWords) -> Stems:
    """What a prepared `text` is about."""
    found = (word.split("'")[0] for word in WORD.findall(text))
    return frozenset(
        stem_of(words.equal.get(word, word), words.stemmer)
        for word in found
        if word not in words.glue and word not in _CALENDAR
    )
