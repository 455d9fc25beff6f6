"""How callers introduce themselves and ask what we know of them; how a fact sheet is worded. Data only, by language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words of one language. Patterns are searched in lower-case words without punctuation.

    `introduces` has the caller's name in group "name", unless a word of `no_introduction` is in it; `lead_in` is
    what stands before a reason and says nothing, `tail` what behind it; `leans` finds questions about what was said
    or done in this call. The sentences are for the language model and for colleagues, with {} for what they tell.
    """

    introduces: tuple[_Pattern, ...]
    no_introduction: frozenset[str]
    lead_in: _Pattern
    tail: _Pattern
    leans: _Pattern
    asks_name: _Pattern
    asks_phone: _Pattern
    asks_reason: _Pattern
    asks_done: _Pattern
    is_caller: str
    is_reason: str
    is_also: str
    is_done: str
    booked: str
    moved: str
    cancelled: str
    message: str
    between: str
    """What stands between several things that are told."""


def _any(*patterns: str) -> _Pattern:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_HELLO = (
    r"(?:(?:hi|hello|hey|yes|yeah|uh|um|well|oh|so|okay|ok|there|good|morning|afternoon|evening|sorry|please"
    r"|thanks|thank you"
    r"|how are you|and|i was wondering if)\b ?)*"
)
_NAME = r"(?P<name>[a-z'-]+(?: [a-z'-]+){0,2}?)"
_TWO_NAMES = r"(?P<name>[a-z'-]+(?: [a-z'-]+){1,2}?)"
_GOES_ON = r"(?= (?:calling|speaking|here|from|and|again|i'm|i|i'd|i've|i'll|my|we|we're|one of)\b|$)"
_HAVE = r"(?:have|got|wrote|write|put|taken?|down)"

ENGLISH: Final = SheetWords(
    introduces=(
        re.compile(rf"^{_HELLO}(?:this is|i'm|i am|it's) {_NAME}(?= (?:calling|speaking|here|from)\b)"),
        re.compile(rf"^{_HELLO}this is {_TWO_NAMES}{_GOES_ON}"),
        re.compile(rf"^{_HELLO}{_TWO_NAMES}(?= (?:here|speaking|calling)\b)"),
        re.compile(rf"^{_HELLO}(?:and )?my name(?:'s| is) {_NAME}{_GOES_ON}"),
    ),
    no_introduction=frozenset(
        "absolutely really totally completely such getting quite truly probably actually extremely simply definitely"
        " ridiculous terrible unacceptable outrageous unbelievable awful horrible nonsense regarding concerning"
        " your whole kind sort still somebody's someone's anybody's there here he she".split()
    ),
    lead_in=re.compile(
        rf"^{_HELLO}(?:(?:i'm|i am|i was|we're|i've been)? ?(?:just |only )?(?:calling|wondering|phoning|asking"
        rf"|trying)"
        r"(?: to (?:ask|see|find out|know))?(?: about| because| if| whether| regarding| in regards? to| to)?"
        r"|i (?:have|had|got) (?:a|one|just a|another) (?:quick |little )?question(?: about)?|(?:can"
        r"|could) (?:you|i) (?:please )?"
        r"(?:tell me|ask you?)(?: about)?|i (?:just )?(?:want|wanted|would like|'d like|need) to (?:ask|know"
        r"|find out)(?: about)?)?"
        r"(?:\b|$) ?"
    ),
    tail=re.compile(
        r"(?:(?:^| )(?:and|so|but|or|please|you|can|could|may|might|just|anyway|thanks|thank you|my|the))+$"
    ),
    leans=_any(
        r"\b(?:i|we)(?:'ve| have)?(?: just| already| also)* (?:said|told|mentioned|asked|booked|described|explained)\b",
        r"\byou (?:still )?remember\b|\b(?:as|like|what) i said\b|\b(?:talked|spoke|spoken|talking) about\b",
        r"\bmy (?:appointment|booking|message|problem|issue|request)\b",
        r"\bdid (?:you|we) (?:get|book|write|note|put)\b|\bdid i (?:say|tell|mention|ask)\b",
    ),
    asks_name=_any(
        rf"\b(?:what|which|whose) name (?:do|did|have|is) (?:you|it) (?:{_HAVE}|under)\b",
        rf"\b(?:do|did) you (?:still )?(?:{_HAVE}|get|know|remember|catch) my name\b|^(?:and )?what(?:'s| is"
        rf"| was) my name\b",
        r"\bwho (?:am i|do you think i am)\b$",
    ),
    asks_phone=_any(
        rf"\b(?:what|which) (?:phone |telephone |cell )?number (?:do|did|have|will|would|are|is it"
        rf"|are you going) ?(?:you)? ?"
        rf"(?:{_HAVE}|call|be calling|calling|going to call|use|reach me)\b",
        rf"\b(?:do|did) you (?:still )?(?:{_HAVE}|get|know|remember|catch) my (?:phone |telephone |cell )?number\b",
        r"^(?:and )?what(?:'s| is| was) my (?:phone |telephone )?number\b|\bread (?:me )?(?:back )?my number\b",
    ),
    asks_reason=_any(
        r"\b(?:do|did) you (?:remember|know|understand|get) (?:why|what) i(?:'m| am| was)? (?:call|called"
        r"|calling|asked|said|wanted"
        r"|want|told you)\b",
        r"\bwhat (?:was|were) (?:i|we) (?:calling|talking|asking) (?:about|for)\b|\bwhat did i (?:say|ask|want"
        r"|call)\b",
        r"\bwhere were we\b",
    ),
    asks_done=_any(
        r"\bwhat (?:did you|have you|did we|have we|do you have) (?:just )?(?:book|booked|write down"
        r"|written down|agreed?|arranged?"
        r"|down for me|done)\b",
        r"\b(?:when|what (?:time|day)) (?:was|is) (?:it|that|my appointment|the appointment) again\b",
        r"\b(?:when|what (?:time|day)) did (?:we|you|i) (?:say|agree|book|put)\b",
        r"\bso (?:am i|i'm|is it|it's|am i all) (?:all )?(?:booked|set|done|confirmed)(?: then| now)?$",
    ),
    is_caller="The caller is {}.",
    is_reason="They called about this: {}.",
    is_also="They also said: {}.",
    is_done="{}.",
    booked="I have booked {service}, {moment}",
    moved="I have moved the appointment to {moment}",
    cancelled="I have cancelled {service}, {moment}",
    message="I have taken a message",
    between="; ",
)

_LANGUAGES: Final[Mapping[str, SheetWords]] = {"en": ENGLISH}


def sheet_words(language: str) -> SheetWords:
    """The words of `language`; a language nobody wrote down is taken for English."""
    return _LANGUAGES.get(language, ENGLISH)
