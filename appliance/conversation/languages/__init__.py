"""What a language is made of for those who listen: one package a language, tables and nothing else.

To add a language: write its tables (es is the smallest that works), name it in LANGUAGES, bring its models.
"""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages import en, es
from appliance.conversation.languages.tables import Language
from appliance.errors import ConfigError

LANGUAGES: Final = {language.code: language for language in (en.LANGUAGE, es.LANGUAGE)}


def language_named(code: str) -> Language:
    """The tables of a language (ISO 639-1); ConfigError when there are none."""
    if code not in LANGUAGES:
        raise ConfigError(
            f"language {code!r}: nothing is known of it here.",
            remedy=f"Choose one of {', '.join(sorted(LANGUAGES))}, or write its tables (docs/slots.md).",
        )
    return LANGUAGES[code]
