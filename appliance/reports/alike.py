"""Questions that ask the same thing, put together. Pure.

Two are alike when most of what they are about is the same: the stems of their words, without those that say nothing
(knowledge/words.py), compared as sets (Jaccard 1901). "do you tow cars" and "can you tow my car at night" are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from appliance.knowledge.sentences import stems_of
from appliance.knowledge.words import WORDS, Words

_ALIKE_MIN: Final = 0.5
_WORDINGS_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was put once; whether its call ended with a message for the office."""

    question: str
    call_id: str
    asked_at: str
    became_message: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What was asked in several ways: the commonest wording first, then in which calls, the newest by its id.

    `messages`: how often a message came of it; the other callers went without.
    """

    wordings: tuple[str, ...]
    times: int
    calls: int
    messages: int
    last_call_id: str
    last_asked_at: str


@dataclass(slots=True)
class _Heap:
    stems: frozenset[str]
    asked: list[Asked]


def grouped(questions: Iterable[Asked], language: str) -> tuple[Group, ...]:
    """Alike questions together, the most asked first. A language without a table has equal words grouped only."""
    words = WORDS.get(language)
    same: defaultdict[frozenset[str], list[Asked]] = defaultdict(list)
    for one in questions:
        same[_about(one.question, words)].append(one)
    heaps: list[_Heap] = []
    with_stem: defaultdict[str, list[_Heap]] = defaultdict(list)
    for stems, asked in sorted(same.items(), key=lambda item: (-len(item[1]), sorted(item[0]))):
        heap = _nearest(stems, with_stem)
        if heap is None:
            heap = _Heap(stems, [])
            heaps.append(heap)
            for stem in stems:
                with_stem[stem].append(heap)
        heap.asked += asked
    return tuple(sorted(map(_group, heaps), key=lambda group: (-group.times, group.wordings)))


def _about(question: str, words: Words | None) -> frozenset[str]:
    """The stems of a question; its words where it has no others."""
    plain = frozenset(question.lower().split())
    return (frozenset(stems_of(question, words)) or plain) if words is not None else plain


def _nearest(stems: frozenset[str], with_stem: defaultdict[str, list[_Heap]]) -> _Heap | None:
    shared = Counter(id(heap) for stem in stems for heap in with_stem.get(stem, ()))
    near = {id(heap): heap for stem in stems for heap in with_stem.get(stem, ())}
    best, likeness = None, 0.0
    for key, common in shared.items():
        alike = common / len(stems | near[key].stems)
        if alike > likeness:
            best, likeness = near[key], alike
    return best if likeness >= _ALIKE_MIN else None


def _group(heap: _Heap) -> Group:
    wordings = Counter(one.question for one in heap.asked)
    newest = max(heap.asked, key=lambda one: one.asked_at)
    return Group(
        wordings=tuple(text for text, _ in wordings.most_common(_WORDINGS_MAX)),
        times=len(heap.asked),
        calls=len({one.call_id for one in heap.asked}),
        messages=sum(one.became_message for one in heap.asked),
        last_call_id=newest.call_id,
        last_asked_at=newest.asked_at,
    )
