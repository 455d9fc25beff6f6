"""A CRM in memory that keeps to the contract, for tests in which no server is needed."""

from __future__ import annotations

from dataclasses import replace

from appliance.errors import NoAnswer
from appliance.sync.attempts import Later, Outcome, Sent
from appliance.sync.crm.note_words import ENGLISH
from appliance.sync.crm.notes import note_of, one_line
from appliance.sync.crm.owners import Owner, owner_among
from appliance.sync.crm.ports import KnownContact
from appliance.sync.happenings import Happening

NOTE_CHARS_MAX = 10_000


class FakeCrm:
    """Keeps each identity once, in `told`, with its text and its contact; `fault` is said instead while it is set."""

    def __init__(self) -> None:
        self.people: list[KnownContact] = []
        self.told: dict[str, tuple[str, str]] = {}
        self.fault: Later | None = None
        self.lose_next_answer = False

    def add(self, name: str, phone: str) -> str:
        """A contact; its id."""
        self.people.append(KnownContact(str(len(self.people) + 1), name, phone))
        return self.people[-1].identity

    def send(self, happening: Happening) -> Outcome:
        """As the port says."""
        if self.fault is not None:
            return self.fault
        if happening.identity not in self.told:
            self._keep(happening)
            if self.lose_next_answer:
                self.lose_next_answer = False
                return Later("the answer was lost")
        return Sent()

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        """As the port says."""
        if self.fault is not None:
            raise NoAnswer(self.fault.reason)
        return tuple(one for one in self.people if phone and one.phone == phone)

    def prepare(self) -> tuple[str, ...]:
        """As the port says."""
        return ()

    def _keep(self, happening: Happening) -> None:
        contact = happening.contact
        if contact.phone and not self.contacts(contact.phone):
            self.add(one_line(contact.name), contact.phone)
        found = self.contacts(contact.phone)
        owner = owner_among(found, contact) if found else Owner("")
        if owner.is_nameless and contact.name:
            self.people[int(owner.identity) - 1] = replace(found[0], name=one_line(contact.name))
        text = note_of(happening, ENGLISH, chars_max=NOTE_CHARS_MAX, several=owner.several)
        self.told[happening.identity] = (text, owner.identity)
