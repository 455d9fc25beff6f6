"""What upkeep tells the office, by language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """A language's sentences. `whom` signs them; `calls_to` is nobody: the message is from the box itself."""

    whom: str
    restored: str
    began_anew: str
    read: str
    may_miss: str
    complete: str
    set_aside: str


WORDS: Final = {
    "en": Words(
        whom="Attendant",
        restored="The database was damaged and has been replaced by the backup of {made_at}.",
        began_anew="The database was damaged, and there was no backup to put in its place.",
        read="Of what came after, everything that could still be read was carried over.",
        may_miss="Something from the time since may be missing: {kinds}.",
        complete="Nothing seems to be missing.",
        set_aside="The damaged file is kept as {file} until it is forgotten with the backups of its time.",
    )
}


def words_of(language: str) -> Words:
    """The sentences of a language; English where there are none of it."""
    return WORDS.get(language, WORDS["en"])
