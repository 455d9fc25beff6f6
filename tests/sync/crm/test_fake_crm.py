"""The fake keeps to what every CRM must do."""

from __future__ import annotations

import pytest

from appliance.sync.attempts import Later
from tests.contracts.crm import HostileCrmContract, Record
from tests.fakes.crm import FakeCrm


class FakePlace:
    """The fake, with its other side."""

    def __init__(self) -> None:
        self.crm = FakeCrm()

    def records(self) -> list[Record]:
        return [Record(identity, text, of) for identity, (text, of) in self.crm.told.items()]

    def add_contact(self, name: str, phone: str) -> str:
        return self.crm.add(name, phone)

    def lose_next_answer(self) -> None:
        self.crm.lose_next_answer = True

    def change_key(self) -> None:
        self.crm.fault = Later("it refuses the key")

    def change_schema(self) -> str:
        self.crm.fault = Later("field note is gone")
        return "note"

    def limit_rate(self) -> None:
        self.crm.fault = Later("too many", 10)

    def renew_key(self) -> None:
        self.crm.fault = None

    mend_schema = lift_limit = renew_key


@pytest.fixture
def place() -> FakePlace:
    return FakePlace()


class TestFakeCrm(HostileCrmContract):
    """The contract."""
