"""What the doctor has the voice say to the recogniser, by language: plain data, a line a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "i would like to make an appointment for next tuesday morning please",
        "can you tell me when you are open on saturday",
        "my car makes a strange noise and i need somebody to look at it",
    ),
}
"""Words that any recogniser of the language knows, as it writes them: lower case, no marks."""
