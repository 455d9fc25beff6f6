"""What every customer database must do (tests/contracts/crm.py), by a real Tryton; and a storm on the way there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appliance.errors import NoAnswer
from appliance.settings import Crm, CrmKind
from appliance.sync.crm.tryton import WITHHELD, Tryton
from appliance.web.asking import Answer
from tests.contracts.crm import HostileCrmContract, Record
from tests.fakes.between import Between
from tests.servers.tryton import DATABASE, KEY
from tests.servers.tryton import Tryton as Server
from tests.sync.storm import seed_of, storm

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]  # the first run makes Tryton's environment


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("crm")) as running:
        yield running


def _settings(server: Server) -> Crm:
    return Crm(kind=CrmKind.TRYTON, url=server.url, database=DATABASE)


class Office:
    """The server and the adapter, as the contract of every CRM asks for them; empty at the beginning."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.lost = self.limited = False
        self.renamed = False
        self.client = Between(before=self._before, after=self._after)
        self.crm = Tryton(_settings(server), self.client, KEY)
        for table in ("ir_note", "sale_opportunity", "party_contact_mechanism"):
            server.rows(f"DELETE FROM {table}")  # noqa: S608  our own words
        server.rows("DELETE FROM party_party WHERE id > 1")

    def records(self) -> list[Record]:
        notes = self.server.find("ir.note", [], "message", "resource")
        return [
            Record(one["message"].splitlines()[-1][1:-1], one["message"], one["resource"]) for one in notes
        ]

    def add_contact(self, name: str, phone: str) -> str:
        return f"party.party,{self.server.party(name, phone)}"

    def lose_next_answer(self) -> None:
        self.lost = True

    def change_key(self) -> None:
        self.crm = Tryton(_settings(self.server), self.client, "another key")

    def renew_key(self) -> None:
        self.crm = Tryton(_settings(self.server), self.client, KEY)

    def change_schema(self) -> str:
        """Our requests say `text` where Tryton has `message`: as if it had been renamed there."""
        self.renamed = True
        self._describe("message", "text")
        return "message"

    def mend_schema(self) -> None:
        self.renamed = False
        self._describe("text", "message")

    def limit_rate(self) -> None:
        self.limited = True

    def lift_limit(self) -> None:
        self.limited = False

    def _describe(self, old: str, new: str) -> None:
        self.server.rows("UPDATE ir_model_field SET name = ? WHERE model = 'ir.note' AND name = ?", new, old)

    def _before(self, body: bytes) -> bytes:
        return body.replace(b'"message":', b'"text":') if self.renamed else body

    def _after(self, method: str, url: str, answer: Answer) -> Answer:
        if self.limited:
            return Answer(429, b"", 30.0)
        if self.lost and method == "POST" and "/ir.note?" in url:
            self.lost = False
            raise NoAnswer("the line went dead")
        return answer


class TestTrytonAsACrm(HostileCrmContract):
    @pytest.fixture
    def place(self, server) -> Iterator[Office]:
        office = Office(server)
        yield office
        if office.renamed:
            office.mend_schema()


def test_a_storm_on_the_way_leaves_each_thing_once_and_in_order(server):
    """Faults drawn at random (tests/sync/storm.py), a sample of them against the real thing."""
    office = Office(server)

    def seen() -> dict[str, list[str]]:
        numbers = {
            f"party.party,{one['id']}": one["contact_mechanisms"][0]["value_compact"]
            for one in server.find("party.party", [["id", ">", 1]], "contact_mechanisms.value_compact")
        }
        shown: dict[str, list[str]] = {}
        for record in office.records():
            phone = numbers[record.of]
            shown.setdefault("" if phone == WITHHELD else phone, []).append(record.identity)
        return shown

    storm(office.crm, seen, seed_of(), 80)
