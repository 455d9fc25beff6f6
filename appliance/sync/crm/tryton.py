"""Tryton, an open business system (8.0): a caller is a party, what happened a note on it, a new wish a lead.

A party (party.party) is found by the number of its contact mechanisms, or made. Tryton knows no idempotency
keys: each note (ir.note) ends in our identity, each lead (sale.opportunity) has it as its reference, and both
are looked for before they are written. docs/crm_tryton.md says what is decided and why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, Final

from appliance.errors import NoAnswer
from appliance.settings import Crm
from appliance.sync.attempts import Later, Outcome, Refused, Sent
from appliance.sync.crm.note_words import LANGUAGES
from appliance.sync.crm.notes import mark_of, note_of, one_line, shortened, title_of
from appliance.sync.crm.owners import Owner, owner_among
from appliance.sync.crm.phones import is_same, national_of
from appliance.sync.crm.ports import KnownContact
from appliance.sync.crm.tryton_rest import LEAD, NOTE, PARTY, NotDone, NotTaken, Rest, TooLarge
from appliance.sync.happenings import AppointmentChanged, Change, Contact, Happening, MessageTaken
from appliance.web.asking import Client

_log = logging.getLogger(__name__)

NOTE_CHARS_MAX: Final = 100_000
"""Longer is read by nobody, and a request is refused at 2 MB."""
NOTE_CHARS_SHORT: Final = 2_000
"""What is tried when the whole was too large and nobody said how much would fit."""
WITHHELD: Final = "attendant:withheld"
"""The contact mechanism by which the party of callers without a number is found, whatever it is renamed to."""
_TITLE_CHARS_MAX: Final = 250


class Tryton:
    """One database of a Tryton server. `key`: of a user application "REST API" that was approved there."""

    def __init__(
        self, crm: Crm, client: Client, key: str, *, language: str = "en", limit_s: float = 20.0
    ) -> None:
        self._rest = Rest(client, crm.url, crm.database, key, limit_s)
        self._opens_leads = crm.leads
        self._words = LANGUAGES[language]

    def send(self, happening: Happening) -> Outcome:
        """Write the note, and a lead for a new wish; what is there already is not written again."""
        try:
            party = self._noted(happening)
            if self._opens_leads and happening.contact.phone and _is_wish(happening):
                self._open_lead(_number_in(party), happening)
        except TooLarge as fault:
            return Refused(f"{fault.outcome.reason}, even shortened")
        except NotDone as fault:
            return fault.outcome
        except NoAnswer as fault:
            return Later(fault.message)
        return Sent()

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        """Every party with this number; a name that is only a number is none. NoAnswer."""
        try:
            return self._parties(phone)
        except NotDone as fault:
            raise NoAnswer(fault.outcome.reason) from fault

    def prepare(self) -> tuple[str, ...]:
        """Look whether all is there that `send` needs; there is nothing that we could make. NoAnswer."""
        try:
            for model in (PARTY, NOTE, *([LEAD] if self._opens_leads else [])):
                self._rest.search(model, [["id", "=", 0]])
                if lacking := self._rest.lacks(model):
                    raise NotDone(lacking)
            if self._opens_leads:
                self._company()
        except NotDone as fault:
            remedy = "docs/crm_tryton.md says what its administrator sets up."
            raise NoAnswer(f"{fault.outcome.reason}.", remedy=remedy) from fault
        return ()

    # --- what happened ---------------------------------------------------------------------------

    def _noted(self, happening: Happening) -> str:
        """The party that has the note, from now on or since an earlier attempt; as references to it are written."""
        mark = mark_of(happening)
        for note in self._rest.search(NOTE, [["message", "like", f"%{mark}%"]], "message", "resource"):
            resource = str(note["resource"])
            if resource.startswith(f"{PARTY},") and mark in str(note["message"]).splitlines():
                return resource  # looked at again: _ and % in the mark are wild in `like`
        owner = self._owner_of(happening.contact)
        try:
            self._write_note(owner, happening, NOTE_CHARS_MAX)
        except TooLarge as fault:
            self._write_note(owner, happening, fault.chars_max or NOTE_CHARS_SHORT)
        return owner.identity

    def _write_note(self, owner: Owner, happening: Happening, chars_max: int) -> None:
        note = note_of(happening, self._words, chars_max=chars_max, several=owner.several)
        self._rest.create(NOTE, {"resource": owner.identity, "message": note})

    def _open_lead(self, party: int, happening: Happening) -> None:
        """A lead, unless this party has an open one or this wish has had one."""
        is_open = [["party", "=", party], ["state", "in", ["lead", "opportunity"]]]
        if self._rest.search(LEAD, ["OR", [["reference", "=", happening.identity]], is_open]):
            return
        company = self._company()
        title = title_of(happening, self._words)
        lead = {
            "party": party,
            "company": company,
            "reference": happening.identity,
            "description": shortened(title, _TITLE_CHARS_MAX, self._words),
            "comment": note_of(happening, self._words, chars_max=NOTE_CHARS_SHORT),
        }
        self._rest.create(LEAD, lead, company=company)

    def _company(self) -> int:
        if (company := self._rest.company()) is None:
            raise NotDone("the CRM's user works in no company: choose one there, or set crm.leads = false")
        return company

    # --- who it was ------------------------------------------------------------------------------

    def _owner_of(self, contact: Contact) -> Owner:
        """Whom the note is written to; a party is made where there is none, and named once a name is known."""
        found = self._parties(contact.phone or WITHHELD)
        if not found:
            return Owner(self._new_party(contact))
        if not contact.phone:
            return Owner(found[0].identity)
        owner = owner_among(found, contact)
        if owner.several:
            _log.warning("several contacts have the number", extra={"contacts": len(found)})
        if owner.is_nameless and (name := one_line(contact.name)):
            self._rest.change(PARTY, _number_in(owner.identity), {"name": name})
        return owner

    def _parties(self, number: str) -> tuple[KnownContact, ...]:
        """Those with the number, the oldest first: as Tryton normalises it, else however somebody typed it."""
        found = self._with_number("=", number)
        if not found and number.startswith("+"):
            typed = self._with_number("ilike", f"%{'%'.join(national_of(number))}%")
            found = [one for one in typed if any(is_same(number, value) for value in _values(one))]
        return tuple(KnownContact(f"{PARTY},{one['id']}", _name_in(one), number) for one in found)

    def _with_number(self, operator: str, value: str) -> list[dict[str, Any]]:
        domain = [["contact_mechanisms.value_compact", operator, value]]
        return self._rest.search(PARTY, domain, "name", "contact_mechanisms.value_compact")

    def _new_party(self, contact: Contact) -> str:
        """One with the number; as a number of another kind where Tryton does not believe it is a telephone's."""
        if not contact.phone:
            return self._created(self._words.unknown_caller, "other", WITHHELD)
        name = one_line(contact.name) or contact.phone
        try:
            return self._created(name, "phone", contact.phone)
        except NotTaken:
            return self._created(name, "other", contact.phone)

    def _created(self, name: str, kind: str, value: str) -> str:
        mechanisms = [["create", [{"type": kind, "value": value}]]]
        number = self._rest.create(PARTY, {"name": name, "contact_mechanisms": mechanisms})
        return f"{PARTY},{number}"


def _number_in(reference: str) -> int:
    """The record's own number in a reference to it ("party.party,7")."""
    return int(reference.partition(",")[2])


def _is_wish(happening: Happening) -> bool:
    """Whether somebody wants something that has not been done yet."""
    booked = isinstance(happening, AppointmentChanged) and happening.change is Change.BOOKED
    return booked or isinstance(happening, MessageTaken)


def _values(party: dict[str, Any]) -> Iterator[str]:
    for mechanism in party.get("contact_mechanisms") or ():
        yield str(mechanism.get("value_compact") or "")


def _name_in(party: dict[str, Any]) -> str:
    """Its name, if it has one that is no number."""
    name = one_line(str(party.get("name") or ""))
    return name if any(map(str.isalpha, name)) else ""
