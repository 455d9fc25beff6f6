"""The words of a CRM's fields beside the note: one table a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EntryWords:
    """Titles of what stands in a CRM's calendar and lists; braces are filled in."""

    appointment: str
    cancelled: str
    """The title of a calendar entry that no longer holds."""
    no_company: str
    """The company of a caller who told none, where a CRM must have one."""


ENGLISH: Final = EntryWords(
    appointment="{service}: {who}",
    cancelled="Cancelled: {title}",
    no_company="(private)",
)
LANGUAGES: Final[Mapping[str, EntryWords]] = {"en": ENGLISH}
