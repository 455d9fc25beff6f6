"""Whose record it is: of those in a CRM who have a caller's number, the one to write under. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.sync.crm.notes import one_line
from appliance.sync.crm.ports import KnownContact
from appliance.sync.happenings import Contact


@dataclass(frozen=True, slots=True)
class Owner:
    """The CRM's id of whom a record belongs to ("" for nobody), and the names of all who may have called instead.

    `is_nameless`: it was made for a caller whose name was not known then.
    """

    identity: str
    several: tuple[str, ...] = ()
    is_nameless: bool = False


def owner_among(found: Sequence[KnownContact], contact: Contact) -> Owner:
    """Of one, that one; of several the one with the caller's name, else the oldest, who comes first in `found`."""
    if len(found) == 1:
        return Owner(found[0].identity, is_nameless=not found[0].name)
    name = one_line(contact.name).casefold()
    named = [one for one in found if name and one_line(one.name).casefold() == name]
    chosen = named[0] if len(named) == 1 else found[0]
    return Owner(chosen.identity, tuple(one.name or one.identity for one in found))
