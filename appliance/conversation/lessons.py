"""The sentences understanding is taught with: what callers of any office say, and of this business. Pure.

A sentence without a meaning is foreign: it teaches what not to act upon. What means something is also taught
as recognisers mishear it: `source` is the sentence as it was written, which a fair test must not part from it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from appliance.business import Business
from appliance.business.callers import Callers

FACT_PREFIX: Final = "fact:"
OWN_PREFIX: Final = "own:"

_SERVICE, _DAY = "{service}", "{day}"
_MISHEARD_SHARE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sentence and the intent it means; `means` None: none that an office knows."""

    text: str
    means: str | None
    source: str
    is_misheard: bool = False


def lessons(business: Business, callers: Callers) -> tuple[Lesson, ...]:
    """Everything `business` is taught, in a fixed order, each sentence once: its first meaning counts."""
    taught: dict[str, Lesson] = {}
    for lesson in (
        *_wants(business, callers),
        *_of_business(business, callers),
        *_foreign(business, callers),
    ):
        taught.setdefault(lesson.text, lesson)
    for lesson in _as_misheard(tuple(taught.values()), callers.mishears):
        taught.setdefault(lesson.text, lesson)
    return tuple(taught.values())


def sentences_of(taught: Sequence[Lesson]) -> dict[str, list[str]]:
    """The sentences that were written down for each intent, the foreign and the misheard left out."""
    table: dict[str, list[str]] = {}
    for lesson in taught:
        if lesson.means is not None and not lesson.is_misheard:
            table.setdefault(lesson.means, []).append(lesson.text)
    return table


def _wants(business: Business, callers: Callers) -> Iterator[Lesson]:
    for intent, sentences in callers.wants.items():
        yield from (Lesson(text, intent, text) for text in _filled(sentences, business, callers))


def _of_business(business: Business, callers: Callers) -> Iterator[Lesson]:
    """The business's own sentences before those that callers of many businesses say of such a fact."""
    for fact in business.facts:
        means = FACT_PREFIX + fact.id
        texts = (*map(_plain, fact.questions), *_of_fact(fact.id, business, callers))
        yield from (Lesson(text, means, text) for text in texts)
    for own in business.intents:
        yield from (Lesson(text, OWN_PREFIX + own.id, text) for text in map(_plain, own.examples))


def _of_fact(fact_id: str, business: Business, callers: Callers) -> Iterator[str]:
    yield from _filled(callers.facts.get(fact_id, ()), business, callers)
    of_service, _, asked = fact_id.rpartition("_")
    if (service := business.service(of_service)) is not None:
        for sentence in callers.facts.get(asked, ()):
            yield sentence.replace(_SERVICE, _plain(service.spoken))


def _foreign(business: Business, callers: Callers) -> Iterator[Lesson]:
    """What is no concern of any office, and what is asked about services without a fact that answers it."""
    of_services = (one for asked in callers.facts.values() for one in asked if _SERVICE in one)
    asks = (*callers.asks.sentences, *of_services)
    for sentences in (*callers.foreign.values(), asks):
        yield from (Lesson(text, None, text) for text in _filled(sentences, business, callers))


def _filled(sentences: Sequence[str], business: Business, callers: Callers) -> Iterator[str]:
    """Each sentence, about each service where it is about one."""
    for sentence in sentences:
        services = [_plain(one.spoken) for one in business.services] if _SERVICE in sentence else [""]
        for text in (sentence.replace(_SERVICE, service) for service in services):
            yield text.replace(_DAY, callers.days[zlib.crc32(text.encode()) % len(callers.days)])


def _plain(text: str) -> str:
    """As a recogniser would write it."""
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower()))


# --- mishearing ---------------------------------------------------------------------------------


def _as_misheard(taught: Sequence[Lesson], mishears: Mapping[str, Sequence[str]]) -> Iterator[Lesson]:
    """One mishearing of each sentence that means something."""
    for lesson in taught:
        if lesson.means is not None:
            heard = misheard(lesson.text, mishears, Random(zlib.crc32(lesson.text.encode())))
            yield replace(lesson, text=heard, is_misheard=True)


def misheard(text: str, mishears: Mapping[str, Sequence[str]], chance: Random) -> str:
    """`text` with some of its words taken for others, as `mishears` says they are."""
    words, heard = text.split(), list[str]()
    while words:
        length = 2 if " ".join(words[:2]) in mishears else 1
        said, words = " ".join(words[:length]), words[length:]
        others = mishears.get(said, ())
        heard.append(chance.choice(others) if others and chance.random() < _MISHEARD_SHARE else said)
    return " ".join(heard)
