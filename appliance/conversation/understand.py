"""What a caller wants, from the words and from how near they stand to known examples.

Rules decide the unmistakable; vectors (scores handed in with the utterance) decide the rest; what neither
knows is an open question. The examples that the vectors are compared with are made here from the business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from appliance.business import Business, Service
from appliance.conversation.answers import is_goodbye, wants_human, wants_message, wants_repeat
from appliance.conversation.turns import is_unfinished
from appliance.domain.events import IntentScore

FACT_PREFIX = "fact:"
# Between the sentences that mean an intent and those that do not, as MiniLM separates them on our examples.
FACT_SCORE_MIN = 0.5
INTENT_SCORE_MIN = 0.5
_PLAIN_SCORE_MIN = 0.6

_BOOK_VERB = re.compile(
    r"\b(book|appointment|schedule|reserve|bring (it|my \w+|the \w+) in|come in for"
    r"|drop (it|my car|the car) off)\b"
)
_WANT = re.compile(
    r"\b(need|want|would like|i'd like|i like|looking for|get|having|have|can you do|could you do)\b"
)
_QUESTION = re.compile(
    r"^(well |so |and |um |uh |hi |hello |yes |okay |ok )*"
    r"(do|does|did|is|are|can|could|what|what's|when|where|where's|how|who|which|why|will|would)\b"
)
_AHEAD = re.compile(
    r"\b(today|tomorrow|(this|next) week|(mon|tues|wednes|thurs|fri|satur|sun)day|(this )?(morning|afternoon))\b"
)
_THANKS = re.compile(r"\b(thanks|thank you|great|perfect|wonderful)\b")
_GREETING = re.compile(r"^(hi|hello|hey|good (morning|afternoon|evening)|how are you)( there| again)*$")
_CANCEL = re.compile(r"\b(never ?mind|forget it|cancel that|stop that|leave it|don't bother)\b")


class Intent(StrEnum):
    """What a turn is about. FACT carries which one in `Understanding.fact`."""

    BOOK = "book"
    MESSAGE = "message"
    HUMAN = "human"
    GOODBYE = "goodbye"
    REPEAT = "repeat"
    THANKS = "thanks"
    GREETING = "greeting"
    NEVER_MIND = "never_mind"
    FACT = "fact"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Understanding:
    """One turn, understood as far as it goes."""

    intent: Intent
    fact: str | None = None
    service: str | None = None
    score: float = 1.0


def examples(business: Business) -> dict[str, list[str]]:
    """Sentences for each intent, for the vectors to compare with."""
    table: dict[str, list[str]] = {
        Intent.BOOK: [
            "i'd like to make an appointment",
            "can i book an appointment",
            "i want to schedule a visit",
            "when could i come in",
            "do you have anything free this week",
        ],
        Intent.MESSAGE: [
            "can somebody call me back",
            "i want to leave a message",
            "please tell her i called",
        ],
    }
    for service in business.services:
        table[Intent.BOOK] += [f"i need {service.spoken}", f"i'd like to book {service.spoken}"]
    for fact in business.facts:
        table[FACT_PREFIX + fact.id] = list(fact.questions)
    return table


def service_in(text: str, services: Sequence[Service]) -> str | None:
    """The service whose words stand in `text`; the longest match wins."""
    found = [
        (len(word), service.id)
        for service in services
        for word in service.words
        if re.search(rf"\b{re.escape(word)}", text)
    ]
    return max(found)[1] if found else None


def understand(text: str, likely: Sequence[IntentScore], business: Business) -> Understanding:
    """What `text` is about. `likely` is sorted, best first; it may be empty."""
    text = text.lower().strip()
    service = service_in(text, business.services)
    return _by_rule(text, service) or _by_vectors(text, service, likely) or _fallback(text, service)


def is_near_to_known(likely: Sequence[IntentScore]) -> bool:
    """Whether the words stand so near to something callers are known to say that little need follow."""
    return bool(likely) and likely[0].score >= _PLAIN_SCORE_MIN


def makes_sense(text: str, likely: Sequence[IntentScore], business: Business) -> bool:
    """Whether `text` can be acted on as it stands, so that little need follow: a wish to book something named.

    A rule finds an intent in the beginning of a sentence too ("i'd like to book"); here more is asked of it.
    """
    if is_near_to_known(likely):
        return True
    text = text.lower().strip()
    if is_unfinished(text):
        return False
    service = service_in(text, business.services)
    wished = bool(_BOOK_VERB.search(text) or _WANT.search(text))
    return service is not None and wished and understand(text, (), business).intent is Intent.BOOK


def _by_rule(text: str, service: str | None) -> Understanding | None:
    rules: Mapping[Intent, bool] = {
        Intent.NEVER_MIND: bool(_CANCEL.search(text)),
        Intent.HUMAN: wants_human(text),
        Intent.MESSAGE: wants_message(text),
        Intent.REPEAT: wants_repeat(text),
        Intent.GREETING: bool(_GREETING.match(text)),
        Intent.BOOK: bool(_BOOK_VERB.search(text)) and not _asks_about_booking(text),
        Intent.GOODBYE: is_goodbye(text),
    }
    intent = next((intent for intent, holds in rules.items() if holds), None)
    return Understanding(intent, service=service) if intent else None


def _asks_about_booking(text: str) -> bool:
    """ "do i need an appointment" is a question about booking, not a wish to book."""
    return bool(
        re.search(r"\b(need|have to have|without|required|necessary)( to)?( \w+){0,2} appointment", text)
    )


def _by_vectors(text: str, service: str | None, likely: Sequence[IntentScore]) -> Understanding | None:
    if not likely:
        return None
    best = likely[0]
    if best.intent.startswith(FACT_PREFIX) and best.score >= FACT_SCORE_MIN:
        return Understanding(Intent.FACT, fact=best.intent[len(FACT_PREFIX) :], score=best.score)
    if best.intent in {Intent.BOOK, Intent.MESSAGE} and best.score >= INTENT_SCORE_MIN:
        return Understanding(Intent(best.intent), service=service, score=best.score)
    return None


def _fallback(text: str, service: str | None) -> Understanding:
    wished = _WANT.search(text) or _AHEAD.search(text)
    if service and wished and not _QUESTION.match(text):
        return Understanding(Intent.BOOK, service=service)
    if _THANKS.search(text) and len(text.split()) <= 5:
        return Understanding(Intent.THANKS)
    if service and len(text.split()) <= 5 and not _QUESTION.match(text):
        return Understanding(Intent.BOOK, service=service)
    return Understanding(Intent.QUESTION, score=0.0)
