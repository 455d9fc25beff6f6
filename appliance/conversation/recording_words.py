"""What callers say about being recorded and about payment cards, by language. Data only.

Another language is another table in LANGUAGES. Patterns are searched in lower-case text without punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class RecordingWords:
    """The words of one language."""

    withdraws: _Pattern
    """The caller does not want to be recorded."""
    asks: _Pattern
    """The caller asks whether they are."""
    of_a_card: _Pattern
    """The talk is of a payment card."""
    of_its_parts: _Pattern
    """The talk is of what stands on a card beside its number."""

    def __deepcopy__(self, memo: dict[int, object] | None = None) -> RecordingWords:
        return self


_WHAT: Final = (
    r"(this|that|it|me|us|anything|any of (this|that|it)|(the|this|my|our) (call|conversation|phone call))"
)

ENGLISH: Final = RecordingWords(
    withdraws=re.compile(
        r"\b(don't|do not|not|never|stop|quit|without|please no|no)( you)?( (be|to|start|even|please|ever|going to))*"
        rf" (recording|taping|record (?={_WHAT}\b)|tape (?={_WHAT}\b)|record$|recorded\b|taped\b)"
        rf"|\b(don't|do not|didn't|did not|wouldn't|never) (really )?(want|like|agree|consent|wish|give)\b"
        rf"( permission| you| to| for| that| {_WHAT}| have| be| being)* (recording|recorded|record|taped|taping)\b"
        rf"|\b(rather|prefer) ((that )?you |{_WHAT} |it )?(didn't|did not|don't|not|wasn't|isn't)( to)?( be)?"
        r" (record(ed)?|tape(d)?)\b"
        r"|\b(turn|switch|shut)( it| that| the| this| your)*( recording| recorder)? off( the| that| your)?"
        r" (recording|recorder)\b"
        r"|\b(turn|switch|shut)( the| that| this| your)* (recording|recorder) off\b"
        r"|\b(delete|erase|destroy)( the| this| that| my| your)* recording\b"
        r"|\boff the record\b"
    ),
    asks=re.compile(
        r"\b(are|is|am|do|will|does|did) (you|this|i|we|it|they|(this|the|my|our) (call|conversation))"
        r"( (being|be|all|going to|getting))* (record(ed|ing)?|taped|taping)\b"
    ),
    of_a_card=re.compile(r"\b(credit|debit|visa|master ?card|american express|amex|card number|cards?)\b"),
    of_its_parts=re.compile(
        r"\b(expir\w*|expiration|valid (until|thru|through)|c ?v ?v|c ?v ?c|security code|three digits|code)\b"
    ),
)

LANGUAGES: Final[Mapping[str, RecordingWords]] = {"en": ENGLISH}


def recording_words(language: str) -> RecordingWords:
    """The table of a language; English where there is none yet."""
    return LANGUAGES.get(language, ENGLISH)
