"""Words as the rules of days, hours and lengths want them: lower case, numerals, no commas, no accents."""

from __future__ import annotations

import re
from functools import cache

from appliance.conversation.digits import without_accents
from appliance.conversation.languages import language_named
from appliance.conversation.numerals import numerals

_PUNCTUATION = re.compile(r"\s+|[,!?;()\"]|\.(?!\d)(?=\s|$)")


def plain_text(text: str, language: str = "en") -> str:
    """`text` with numerals for number words and the language's own replacements made."""
    text = without_accents(text)
    for pattern, replacement in _replacements(language):
        text = pattern.sub(replacement, text)
    text = numerals(_PUNCTUATION.sub(" ", text), language)
    return re.sub(r"\s+", " ", text).strip()


@cache
def _replacements(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    plain = language_named(language).calendar.plain
    return tuple((re.compile(pattern), replacement) for pattern, replacement in plain)
