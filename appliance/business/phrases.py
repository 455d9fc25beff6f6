"""The product's own sentences, by name, one table a language; a business may replace any of them.

Another language is another table: a module beside `phrases_en` with the same names, and a line in LANGUAGES.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache
from typing import Final

from appliance.business.phrases_caller_en import ENGLISH_CALLER
from appliance.business.phrases_connecting_en import ENGLISH_CONNECTING
from appliance.business.phrases_en import ENGLISH
from appliance.business.phrases_keys_en import ENGLISH_KEYS
from appliance.business.phrases_recording_en import ENGLISH_RECORDING

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {**ENGLISH, **ENGLISH_CONNECTING, **ENGLISH_KEYS, **ENGLISH_CALLER, **ENGLISH_RECORDING}
}


@cache
def braces_of(text: str) -> frozenset[str]:
    """The names in braces in `text`. ValueError when the braces do not fit together."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
