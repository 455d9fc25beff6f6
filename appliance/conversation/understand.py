"""What a caller wants, from the words and from what they probably mean.

Rules decide the unmistakable; probabilities (learnt from sentences, handed in with the utterance) decide the
rest; what neither knows is an open question. Several wishes in one utterance are understood one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

import jellyfish

from appliance.business import Business, Service
from appliance.conversation.answers import is_goodbye, wants_human, wants_message, wants_repeat
from appliance.conversation.clauses import clauses
from appliance.conversation.flows.sayings import sayings_of
from appliance.conversation.lessons import FACT_PREFIX, OWN_PREFIX
from appliance.conversation.turns import is_unfinished
from appliance.conversation.wishes import Wishes, wishes
from appliance.domain.events import IntentScore

MEANT_MIN: Final = 0.5
"""That it is any intent: from here on the likeliest is acted on. 2 in 100 that mean something are declined for it."""
SURE_MIN: Final = 0.5
"""From here on one intent outweighs a rule about single words."""
NEAR_MIN: Final = 0.995
"""From here on little need follow: 1 in 10 beginnings of longer sentences reach it, and half of the whole ones."""
_SOUND_LETTERS_MIN: Final = 4
_SOUND_ALIKE_MIN: Final = (
    0.85  # "break" and "brake" are; "clear" and "color" have one sound by rule and are not
)


class Intent(StrEnum):
    """What a turn is about.

    MOVE, CANCEL and FIND are about an appointment the caller has; NEVER_MIND about what is under way. FACT
    carries which one in `Understanding.fact`, FLOW in `flow`, and HUMAN may carry whom in `whom`.
    """

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"
    FIND = "find"
    MESSAGE = "message"
    HUMAN = "human"
    GOODBYE = "goodbye"
    REPEAT = "repeat"
    THANKS = "thanks"
    GREETING = "greeting"
    NEVER_MIND = "never_mind"
    FACT = "fact"
    FLOW = "flow"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Understanding:
    """One wish, understood as far as it goes. `text` are the words it stands in, where it is one of several."""

    intent: Intent
    fact: str | None = None
    service: str | None = None
    score: float = 1.0
    flow: str | None = None
    whom: str | None = None
    text: str = ""


def service_in(text: str, services: Sequence[Service]) -> str | None:
    """The service whose words stand in `text`, or sound as what stands there; the longest match wins."""
    found = [
        (len(word), service.id)
        for service in services
        for word in service.words
        if re.search(rf"\b{re.escape(word)}", text)
    ]
    return max(found)[1] if found else _sounding_service(text.split(), services)


def _sounding_service(heard: Sequence[str], services: Sequence[Service]) -> str | None:
    """A recogniser writes "break pads" for brake pads: the same sounds and nearly the same letters, word by word."""
    found = [
        (len(word), service.id)
        for service in services
        for word in service.words
        for at in range(len(heard) - word.count(" "))
        if all(map(_sounds_like, heard[at:], word.split()))
    ]
    return max(found)[1] if found else None


@lru_cache(maxsize=4096)
def _sounds_like(heard: str, word: str) -> bool:
    if heard == word:
        return True
    if len(word) < _SOUND_LETTERS_MIN or jellyfish.metaphone(heard) != jellyfish.metaphone(word):
        return False
    return jellyfish.jaro_winkler_similarity(heard, word) >= _SOUND_ALIKE_MIN


def understand(text: str, likely: Sequence[IntentScore], business: Business) -> Understanding:
    """What `text` is about. `likely` is sorted, best first; it may be empty."""
    text = sayings_of(business.language).hesitations.sub("", text.lower()).strip()
    sounds = wishes(business.language)
    service = service_in(text, business.services)
    ruled = _by_rule(text, service, sounds)
    meant = _by_probability(service, [one for one in likely if not one.part], business)
    if ruled is not None and not _outweighs(meant, ruled):
        return ruled
    return meant or _fallback(text, service, sounds)


def understand_all(text: str, likely: Sequence[IntentScore], business: Business) -> tuple[Understanding, ...]:
    """Every wish of an utterance, in the order of the speaker; one when it has no more, or none that is known.

    What is told between two wishes ("my car makes a noise and i need to bring it in") is no wish.
    """
    parts = clauses(text.lower().strip(), business.language)
    found: dict[tuple[object, ...], Understanding] = {}
    for part in parts if len(parts) > 1 else ():
        mine = [replace(one, part="") for one in likely if one.part == part]
        meant = replace(understand(part, mine, business), text=part)
        if meant.intent in WISHES or (meant.intent is Intent.QUESTION and _asks(part, business)):
            found.setdefault((meant.intent, meant.fact, meant.service, meant.flow, meant.whom), meant)
    known = [one for one in found.values() if one.intent in WISHES]
    if len(found) < 2 or not known:
        return (understand(text, likely, business),)
    return tuple(found.values())


def is_near_to_known(likely: Sequence[IntentScore]) -> bool:
    """Whether the words stand so near to something callers are known to say that little need follow."""
    return bool(likely) and likely[0].score >= NEAR_MIN


def makes_sense(text: str, likely: Sequence[IntentScore], business: Business) -> bool:
    """Whether `text` can be acted on as it stands, so that little need follow: a wish to book something named.

    A rule finds an intent in the beginning of a sentence too ("i'd like to book"); here more is asked of it.
    """
    if is_near_to_known(likely):
        return True
    text = text.lower().strip()
    if is_unfinished(text):
        return False
    sounds = wishes(business.language)
    service = service_in(text, business.services)
    wished = bool(sounds.book.search(text) or sounds.want.search(text))
    return service is not None and wished and understand(text, (), business).intent is Intent.BOOK


WISHES: Final = frozenset(
    {
        Intent.BOOK,
        Intent.MOVE,
        Intent.CANCEL,
        Intent.FIND,
        Intent.MESSAGE,
        Intent.HUMAN,
        Intent.FACT,
        Intent.FLOW,
    }
)
"""What we act on; the rest of the intents is talk."""
_BY_SENTENCES: Final = WISHES - {Intent.FACT, Intent.FLOW}


def _asks(text: str, business: Business) -> bool:
    return bool(wishes(business.language).question.match(text))


def _by_rule(text: str, service: str | None, sounds: Wishes) -> Understanding | None:
    asks_of_changing = bool(sounds.about_changing.search(text))
    rules: Mapping[Intent, bool] = {
        Intent.CANCEL: bool(sounds.cancel.search(text)) and not asks_of_changing,
        Intent.NEVER_MIND: bool(sounds.drop.search(text)) and not _wants_instead(text, sounds),
        Intent.HUMAN: wants_human(text),
        Intent.MESSAGE: wants_message(text),
        Intent.REPEAT: wants_repeat(text),
        Intent.GREETING: bool(sounds.greeting.match(text)),
        Intent.MOVE: bool(sounds.move.search(text)) and not asks_of_changing,
        Intent.FIND: bool(sounds.find.search(text)),
        Intent.BOOK: bool(sounds.book.search(text))
        and not (asks_of_changing or sounds.about_booking.search(text)),
        Intent.GOODBYE: is_goodbye(text),
    }
    intent = next((intent for intent, holds in rules.items() if holds), None)
    return Understanding(intent, service=service) if intent else None


def _wants_instead(text: str, sounds: Wishes) -> bool:
    """ "Oh never mind i'd like to book a cleaning": what is dropped makes room for another wish."""
    dropped = sounds.drop.search(text)
    rest = text[dropped.end() :] if dropped else ""
    return bool(sounds.want.search(rest)) and bool(sounds.book.search(rest) or sounds.move.search(rest))


def _outweighs(meant: Understanding | None, ruled: Understanding) -> bool:
    """ "do you do appointments by e-mail" has a word of booking in it, and may be known to be something else."""
    return meant is not None and ruled.intent is Intent.BOOK and meant.score >= SURE_MIN


def _by_probability(
    service: str | None, likely: Sequence[IntentScore], business: Business
) -> Understanding | None:
    if not likely or sum(one.score for one in likely) < MEANT_MIN:
        return None
    best, score = likely[0].intent, likely[0].score
    if best.startswith(FACT_PREFIX):
        return Understanding(Intent.FACT, fact=best[len(FACT_PREFIX) :], score=score)
    if best.startswith(OWN_PREFIX):
        return _own(best[len(OWN_PREFIX) :], score, business)
    if best in _BY_SENTENCES:
        return Understanding(Intent(best), service=service, score=score)
    return None


def _own(intent_id: str, score: float, business: Business) -> Understanding | None:
    own = next((one for one in business.intents if one.id == intent_id), None)
    if own is None:
        return None
    if own.flow:
        return Understanding(Intent.FLOW, flow=own.flow, score=score)
    if own.transfer:
        return Understanding(Intent.HUMAN, whom=own.transfer, score=score)
    return Understanding(Intent.FACT, fact=own.id, score=score)


def _fallback(text: str, service: str | None, sounds: Wishes) -> Understanding:
    asks = sounds.question.match(text)
    wished = sounds.want.search(text) or sounds.ahead.search(text)
    if service and wished and not asks:
        return Understanding(Intent.BOOK, service=service)
    if sounds.thanks.search(text) and len(text.split()) <= 5:
        return Understanding(Intent.THANKS)
    if service and len(text.split()) <= 5 and not asks:
        return Understanding(Intent.BOOK, service=service)
    return Understanding(Intent.QUESTION, score=0.0)
