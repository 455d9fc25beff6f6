"""The sentences understanding is taught with: what callers of any office say, and of this business. Pure.

A sentence without a meaning is foreign: it teaches what not to act upon. Sentences as a recogniser mishears them
were tried, invented and really heard: they found no more of what is recognised and let more foreign ones in.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from appliance.business import Business
from appliance.business.callers import Callers

FACT_PREFIX: Final = "fact:"
OWN_PREFIX: Final = "own:"

_SERVICE, _DAY = "{service}", "{day}"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sentence and the intent it means; `means` None: none that an office knows."""

    text: str
    means: str | None


def lessons(business: Business, callers: Callers) -> tuple[Lesson, ...]:
    """Everything `business` is taught, in a fixed order, each sentence once: its first meaning counts."""
    taught: dict[str, Lesson] = {}
    for lesson in (
        *_wants(business, callers),
        *_of_business(business, callers),
        *_foreign(business, callers),
    ):
        taught.setdefault(lesson.text, lesson)
    return tuple(taught.values())


def sentences_of(taught: Sequence[Lesson]) -> dict[str, list[str]]:
    """The sentences of each intent, the foreign ones left out."""
    table: dict[str, list[str]] = {}
    for lesson in taught:
        if lesson.means is not None:
            table.setdefault(lesson.means, []).append(lesson.text)
    return table


def _wants(business: Business, callers: Callers) -> Iterator[Lesson]:
    for intent, sentences in callers.wants.items():
        yield from (Lesson(text, intent) for text in _filled(sentences, business, callers))


def _of_business(business: Business, callers: Callers) -> Iterator[Lesson]:
    """The business's own sentences before those that callers of many businesses say of such a fact."""
    for fact in business.facts:
        means = FACT_PREFIX + fact.id
        texts = (*map(_plain, fact.questions), *_of_fact(fact.id, business, callers))
        yield from (Lesson(text, means) for text in texts)
    for own in business.intents:
        yield from (Lesson(text, OWN_PREFIX + own.id) for text in map(_plain, own.examples))


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
        yield from (Lesson(text, None) for text in _filled(sentences, business, callers))


def _filled(sentences: Sequence[str], business: Business, callers: Callers) -> Iterator[str]:
    """Each sentence, about each service where it is about one."""
    for sentence in sentences:
        services = [_plain(one.spoken) for one in business.services] if _SERVICE in sentence else [""]
        for text in (sentence.replace(_SERVICE, service) for service in services):
            yield text.replace(_DAY, callers.days[zlib.crc32(text.encode()) % len(callers.days)])


def _plain(text: str) -> str:
    """As a recogniser would write it."""
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower()))
