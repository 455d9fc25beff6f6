"""How wishes sound, one table a language: patterns for the unmistakable, and the words that join two wishes.

Data only: `understand` and `clauses` hold no word of any language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """The patterns of one language, for lower-case words without punctuation."""

    book: Pattern
    """Words that belong to making an appointment."""
    about_booking: Pattern
    """A question about appointments that is no wish for one."""
    move: Pattern
    cancel: Pattern
    about_changing: Pattern
    """A question about moving or cancelling that is no wish for it: what it costs, how late it may be."""
    find: Pattern
    drop: Pattern
    """What is under way is to be forgotten."""
    want: Pattern
    """Words of wanting something."""
    ahead: Pattern
    """A day or time to come."""
    question: Pattern
    """The beginning of a question."""
    thanks: Pattern
    greeting: Pattern
    joint: Pattern
    """Words after which another wish may begin."""
    begins: Pattern
    """Words with which a wish begins, after something was told that led up to it."""


_TIDY = r"(well |so |and |um |uh |hi |hello |yes |okay |ok |oh |sorry |actually |but )*"
_DATE_WORD = r"(appointment|appointments|booking|reservation|visit|slot|oil change|inspection)"
_MINE = rf"(?:(?:one|both|all|either)(?: of)? )?(my|our|the|an|that|this) (\w+ ){{0,2}}{_DATE_WORD}"
_COSTS = r"(charged?|charges|fees?|costs?|pay|penalty|refund|policy|rules?|happens)"
_CHANGES = r"(cancel|move|moving|chang|reschedul)"

ENGLISH: Final = Wishes(
    book=re.compile(
        r"\b(book|appointment|schedule|reserve|bring (it|my \w+|the \w+) in|come in for"
        r"|drop (it|my car|the car) off)\b"
    ),
    about_booking=re.compile(
        r"\b(need|have to have|without|required|necessary)( to)?( \w+){0,2} appointment"
        r"|\bappointments? (is |are )?(required|necessary|needed|mandatory)\b"
        r"|\b(need|have|got) to (book|schedule|reserve|make an appointment)( (ahead|first|in advance))?$"
    ),
    move=re.compile(
        rf"\b(reschedule|postpone|rearrange)\b"
        rf"|\b(move|change|switch|shift|push|swap)( back)?( the (time|day|date) (of|for))? {_MINE}"
    ),
    cancel=re.compile(rf"\b(cancel|call off|drop|scrap|delete|remove) {_MINE}|\bcalling to cancel\b"),
    about_changing=re.compile(
        rf"\b{_COSTS}\b.*\b(if|when|for|on|about|to)\b.*\b{_CHANGES}"
        rf"|\b(what happens|how (late|long before|far ahead)|until when|by when|up to when)\b.*\b{_CHANGES}"
        rf"|\b(if|when) (i|we) (have to |need to |must )?{_CHANGES}.*\b{_COSTS}\b"
    ),
    find=re.compile(
        rf"\b(when|what (time|day)) (is|was|are|did) {_MINE}|\b(check|confirm|look up|find) (on )?{_MINE}"
        r"|\bdo i have an? (\w+ )?(appointment|booking)\b|\bwhen (am i|was i|i'm) (booked|scheduled|coming in)\b"
    ),
    drop=re.compile(r"\b(never ?mind|forget it|cancel that|stop that|leave it|don't bother)\b"),
    want=re.compile(
        r"\b(needs?|want|would like|i'd like|i like|looking for|get|having|have|can you do|could you do)\b"
    ),
    ahead=re.compile(
        r"\b(today|tomorrow|as soon as possible|right away|(this|next) week|(mon|tues|wednes|thurs|fri|satur|sun)day"
        r"|(this )?(morning|afternoon))\b"
    ),
    question=re.compile(
        rf"^{_TIDY}(do|does|did|is|are|can|could|what|what's|when|where|where's|how|who|which|why|will|would)\b"
    ),
    thanks=re.compile(r"\b(thanks|thank you|great|perfect|wonderful)\b"),
    greeting=re.compile(r"^(hi|hello|hey|good (morning|afternoon|evening)|how are you)( there| again)*$"),
    joint=re.compile(
        r"\b(?:and|but|also|then|plus)(?: (?:and|also|then|i was wondering|could you tell me))*\b|[,.?;]"
    ),
    begins=re.compile(
        r"\b(?:(?:when |how soon |where |what time )?(?:can|could|should|may) (?:i|we|you|somebody|someone)"
        r"|would you|do you (?:have|do|take)|is there|are you|i'd (?:like|love|need)|i (?:need|want|would like)"
        r"|we (?:need|want|would like)|please)\b"
    ),
)

_LANGUAGES: Final[Mapping[str, Wishes]] = {"en": ENGLISH}


def wishes(language: str) -> Wishes:
    """How wishes sound in `language`; a language nobody wrote down is taken for English."""
    return _LANGUAGES.get(language, ENGLISH)
