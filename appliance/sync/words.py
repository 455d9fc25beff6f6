"""What a letter about a message says, one table a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The sentences of a letter; braces are filled in. A line whose braces are empty is left out."""

    subject: str
    subject_whom: str
    urgent: str
    nobody: str
    lines: tuple[tuple[str, str], ...]
    """Label and content."""
    place: str
    attached: str
    too_large: str
    signature: str


ENGLISH: Final = LetterWords(
    subject="Message from {name}",
    subject_whom="Message for {whom} from {name}",
    urgent="URGENT: {subject}",
    nobody="an unnamed caller",
    lines=(
        ("From", "{name}"),
        ("Number", "{phone}"),
        ("For", "{whom}"),
        ("Taken", "{taken}"),
        ("Recording", "{recording}"),
        ("Message", "{message_id}"),
    ),
    place="{file}, from {clock} on",
    attached="{place} (attached)",
    too_large="{place} (on the box; too large to attach)",
    signature="Taken by the automated receptionist of {business}.",
)
LANGUAGES: Final[Mapping[str, LetterWords]] = {"en": ENGLISH}
