"""A second opinion on an opening request: the same sound, heard by one that knows what callers say here. Pure.

The open recogniser knows the words of everything and writes "do you accept watkins"; one that learnt from the
lessons which word follows which (a bigram, built in some milliseconds) writes "walk ins". It also knows the foreign
sentences, or it would force them into the words of the office. Its words decide nothing alone: what either hearing
means counts half. The words of the turn stay those of the open one, which knows names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from appliance.business import Business
from appliance.conversation.lessons import Lesson
from appliance.conversation.vocabulary import UNKNOWN
from appliance.domain.events import IntentScore

_SOMETHING_ELSE: Final = (" ".join([UNKNOWN] * 4),) * 20
"""Said often enough, it is expected often enough not to be forced into known words."""
_LIKELY_MAX: Final = 5


def sayings(taught: Sequence[Lesson], business: Business) -> tuple[str, ...]:
    """What the second recogniser is opened with: every lesson, and the services by all their words."""
    services = (name.lower() for one in business.services for name in (one.spoken, *one.words))
    return (*(one.text for one in taught), *services, *_SOMETHING_ELSE)


def opinion(again: str, heard: str) -> str:
    """The words heard `again` where they say something of their own: all known, and others than `heard`."""
    return "" if again == heard or UNKNOWN in again.split() else again


def both(heard: Sequence[IntentScore], again: Sequence[IntentScore]) -> tuple[IntentScore, ...]:
    """The mean of what two hearings may mean, best first; clauses are those of the first."""
    sums: dict[str, float] = {}
    for one in (*heard, *again):
        if not one.part:
            sums[one.intent] = sums.get(one.intent, 0.0) + one.score / 2
    whole = sorted((IntentScore(*one) for one in sums.items()), key=lambda found: -found.score)
    return (*whole[:_LIKELY_MAX], *(one for one in heard if one.part))
