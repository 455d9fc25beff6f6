"""What a customer database (CRM) must be able to do for us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from appliance.sync.attempts import Outcome
from appliance.sync.happenings import Happening


@dataclass(frozen=True, slots=True)
class KnownContact:
    """Somebody the CRM knows: its own id of them, the name it has, the number that was asked for (E.164)."""

    identity: str
    name: str
    phone: str


class Crm(Protocol):
    """A customer database. Its methods block for as long as the settings allow (`deliver.limit_s`)."""

    def send(self, happening: Happening) -> Outcome:
        """Write it down there; the same `identity` twice is written once. Never raises for what the CRM did:
        what another attempt may mend is Later, what it never takes is Refused."""
        ...

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        """Whoever has this number (E.164) there; several where it is not sure. NoAnswer: it cannot be asked."""
        ...

    def prepare(self) -> tuple[str, ...]:
        """Make there what we need and may make, before anything is sent; what was made. NoAnswer says what is in
        the way."""
        ...
