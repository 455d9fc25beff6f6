"""Salesforce against the strict server: the contract of every CRM, and what is Salesforce's own."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from appliance import settings
from appliance.bench.strict_crm import Failing, How
from appliance.errors import NoAnswer
from appliance.sync.attempts import Later, Refused, Sent
from appliance.sync.crm.salesforce import CALL, IDENTITY, PHONE, Salesforce
from appliance.sync.happenings import Change, Contact
from appliance.web.asking import Client
from tests.contracts.crm import HostileCrmContract, Record, identities
from tests.fakes.happenings import BO, a_call, a_change, a_correction, a_message, one_of_each
from tests.servers.salesforce import CLIENT_ID, SECRET, Refusal, SalesforceServer
from tests.servers.strict_web import bad_weather, serving
from tests.sync.storm import seed_of, storm

CLIENT = Client()  # one for all: it reads every certificate of the machine


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    CLIENT.close()


def crm_at(url: str, *, leads: bool = True) -> settings.Crm:
    return settings.Crm(kind=settings.CrmKind.SALESFORCE, url=url, client_id=CLIENT_ID, leads=leads)


class SalesforcePlace:
    """The adapter and an organisation whose administrator made the fields."""

    def __init__(self, server: SalesforceServer, *, leads: bool = True) -> None:
        self.server = server
        self.settings = crm_at(server.url, leads=leads)
        self.crm = Salesforce(self.settings, CLIENT, SECRET, limit_s=5)

    def records(self) -> list[Record]:
        return [
            Record(one[IDENTITY], " ".join(map(str, one.values())), one.get("WhoId", ""))
            for one in self.server.records["Task"]
        ]

    def add_contact(self, name: str, phone: str) -> str:
        first, _, last = name.rpartition(" ")
        return self.server.add("Contact", FirstName=first, LastName=last, Phone=phone)

    def lose_next_answer(self) -> None:
        self.server.lose_next_record = True

    def change_key(self) -> None:
        self.server.secret = "another"  # noqa: S105  of nobody
        self.server.tokens.clear()

    def renew_key(self) -> None:
        self.crm = Salesforce(self.settings, CLIENT, "another", limit_s=5)

    def change_schema(self) -> str:
        del self.server.fields["Task"]["CallDurationInSeconds"]
        return "CallDurationInSeconds"

    def mend_schema(self) -> None:
        self.server.fields["Task"]["CallDurationInSeconds"] = "int"

    def limit_rate(self) -> None:
        self.server.requests_left = 0

    def lift_limit(self) -> None:
        self.server.requests_left = None


@pytest.fixture
def place() -> Iterator[SalesforcePlace]:
    with serving(SalesforceServer()) as server:
        yield SalesforcePlace(server)


class TestSalesforce(HostileCrmContract):
    """The contract."""


def test_the_strict_server_had_nothing_to_refuse(place: SalesforcePlace) -> None:
    bo = place.add_contact("Bo Berg", BO.phone)
    for happening in one_of_each():
        assert place.crm.send(happening) == Sent()
    assert place.server.refusals == []
    assert place.server.logins == 1
    assert {one["WhoId"] for kind in ("Task", "Event") for one in place.server.records[kind]} == {bo}


def test_a_call_is_a_completed_task(place: SalesforcePlace) -> None:
    place.crm.send(a_call())
    (task,) = place.server.records["Task"]
    assert (task["TaskSubtype"], task["CallType"], task["Status"]) == ("Call", "Inbound", "Completed")
    assert (task["CallDurationInSeconds"], task["ActivityDate"]) == (95, "2026-11-21")
    assert task["CallDisposition"] == "appointment booked"
    assert task[CALL] == "c1"


def test_an_organisation_in_another_language(place: SalesforcePlace) -> None:
    place.server.statuses("Nicht begonnen", "Erledigt")
    assert place.crm.send(a_call()) == Sent()
    assert place.server.records["Task"][0]["Status"] == "Erledigt"


def test_what_the_office_changed_stays(place: SalesforcePlace) -> None:
    place.lose_next_answer()
    place.crm.send(a_call())
    place.server.records["Task"][0]["Subject"] = "Bo, again"
    assert place.crm.send(a_call()) == Sent()
    assert place.server.records["Task"][0]["Subject"] == "Bo, again"


def test_an_appointment_is_one_event_through_all_its_changes(place: SalesforcePlace) -> None:
    seen = []
    for change in Change:
        assert place.crm.send(a_change(change)) == Sent()
        (event,) = place.server.records["Event"]
        seen.append((event["StartDateTime"], event["ShowAs"]))
    assert seen == [
        ("2026-11-23T19:00:00Z", "Busy"),
        ("2026-11-24T19:00:00Z", "Busy"),
        ("2026-11-24T19:00:00Z", "Free"),
    ]
    assert event["Subject"] == "Cancelled: Brake inspection: Bo Berg"


def test_a_corrected_outcome_reaches_its_call(place: SalesforcePlace) -> None:
    place.crm.send(a_call())
    assert place.crm.send(a_correction()) == Sent()
    assert place.server.records["Task"][0]["CallDisposition"] == "question answered"


def test_whom_nobody_knows_becomes_a_lead(place: SalesforcePlace) -> None:
    place.crm.send(a_call())
    (lead,) = place.server.records["Lead"]
    assert (lead["FirstName"], lead["LastName"], lead["Phone"]) == ("Bo", "Berg", BO.phone)
    assert lead[PHONE] == BO.phone
    assert place.records()[0].of == lead["Id"]


def test_a_nameless_caller_is_a_lead_by_the_number(place: SalesforcePlace) -> None:
    place.crm.send(a_call(Contact(BO.phone)))
    assert place.server.records["Lead"][0]["LastName"] == BO.phone


def test_without_leads_the_task_stands_alone() -> None:
    with serving(SalesforceServer()) as server:
        place = SalesforcePlace(server, leads=False)
        assert place.crm.send(a_call()) == Sent()
        assert server.records["Lead"] == []
        assert place.records()[0].of == ""
        assert BO.phone in place.records()[0].text


def test_a_contact_goes_before_a_lead_and_a_converted_lead_counts_no_more(place: SalesforcePlace) -> None:
    place.server.add("Lead", LastName="Berg", Company="x", Phone=BO.phone, IsConverted=True)
    assert place.crm.contacts(BO.phone) == ()
    lead = place.server.add("Lead", LastName="Berg", Company="x", Phone=BO.phone)
    assert [one.identity for one in place.crm.contacts(BO.phone)] == [lead]
    bo = place.add_contact("Bo Berg", BO.phone)
    assert [one.identity for one in place.crm.contacts(BO.phone)] == [bo]


@pytest.mark.parametrize("code", ["DUPLICATES_DETECTED", "CANNOT_UPDATE_CONVERTED_LEAD"])
def test_rules_that_forbid_a_lead_do_not_hold_up_the_record(place: SalesforcePlace, code: str) -> None:
    def forbid(lead) -> None:
        raise Refusal(code, "Use one of these records?")

    place.server.rules = forbid
    assert place.crm.send(a_call()) == Sent()
    assert place.records()[0].of == ""


@pytest.mark.parametrize(
    "typed", ["(303) 555-0123", "303.555.0123", "+1 303-555-0123", "3035550123", "13035550123"]
)
@pytest.mark.parametrize("field", ["Phone", "MobilePhone", "OtherPhone"])
def test_a_number_is_found_however_it_was_typed(place: SalesforcePlace, typed: str, field: str) -> None:
    bo = place.server.add("Contact", LastName="Berg", **{field: typed})
    assert [one.identity for one in place.crm.contacts(BO.phone)] == [bo]


def test_a_number_that_is_none_asks_for_nothing_but_itself(place: SalesforcePlace) -> None:
    place.add_contact("Bo Berg", BO.phone)
    assert place.crm.contacts("' OR Name = 'Bo Berg") == ()
    assert place.crm.contacts("\\' OR Id = '") == ()
    assert place.server.refusals == []


def test_a_token_that_ran_out_is_renewed_at_once(place: SalesforcePlace) -> None:
    place.crm.send(a_call())
    place.server.tokens.clear()
    assert place.crm.send(a_message()) == Sent()
    assert place.server.logins == 2


@pytest.mark.parametrize(
    "failing",
    [
        Failing(How.STATUS, 500),
        Failing(How.STATUS, 503, retry_after="9"),
        Failing(How.TRUNCATED, kept=True),
        Failing(How.DROPPED),
        Failing(How.DROPPED, kept=True),
    ],
    ids=lambda one: f"{one.how}-{one.status}-{one.kept}",
)
@pytest.mark.parametrize("at", range(7))
def test_whatever_goes_wrong_at_whichever_request_it_is_there_once(place, failing: Failing, at: int) -> None:
    """Login, look, contacts, leads, the lead, what is called done, the task."""
    place.server.failing.extend([*[None] * at, failing])
    assert isinstance(place.crm.send(a_call()), Later)
    assert place.crm.send(a_call()) == Sent()
    assert identities(place) == [a_call().identity]
    assert len(place.server.records["Lead"]) == 1


def test_a_storm_leaves_nothing_out_and_nothing_twice(place: SalesforcePlace) -> None:
    seed = seed_of()
    place.server.failing.extend(bad_weather(random.Random(seed), 600))

    def seen() -> dict[str, list[str]]:
        phones = {one["Id"]: one[PHONE] for one in place.server.records["Lead"]}
        shown = defaultdict(list)
        for record in place.records():
            shown[phones.get(record.of, "")].append(record.identity)
        return shown

    storm(place.crm, seen, seed, 120)


def test_fields_that_are_not_there_are_named() -> None:
    with serving(SalesforceServer()) as server:
        place = SalesforcePlace(server)
        assert place.crm.prepare() == ()
        del server.fields["Event"][IDENTITY]
        with pytest.raises(NoAnswer, match=IDENTITY) as caught:
            place.crm.prepare()
        assert "crm_salesforce.md" in caught.value.remedy


def test_an_external_id_that_is_gone_is_named_and_waited_for(place: SalesforcePlace) -> None:
    del place.server.fields["Lead"][PHONE]
    outcome = place.crm.send(a_call())
    assert isinstance(outcome, Later)
    assert PHONE in outcome.reason


@pytest.mark.parametrize(
    ("status", "content", "outcome"),
    [
        (400, [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "", "fields": []}], Later),
        (400, [{"errorCode": "INVALID_CROSS_REFERENCE_KEY", "fields": ["WhoId"]}], Later),
        (400, [{"errorCode": "STRING_TOO_LONG", "fields": ["Description"]}], Refused),
        (400, [{"errorCode": "STRING_TOO_LONG", "fields": ["Attendant_Id__c"]}], Later),
        (400, [{"errorCode": "REQUIRED_FIELD_MISSING", "fields": ["Branch__c"]}], Later),
        (400, [{"errorCode": "INSUFFICIENT_ACCESS_OR_READONLY", "fields": []}], Later),
        (400, [{"errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": []}], Refused),
        (403, [{"errorCode": "API_DISABLED_FOR_ORG"}], Later),
        (404, [{"errorCode": "NOT_FOUND"}], Later),
        (413, {}, Refused),
        (400, "no list", Later),
        (200, ["no object"], Later),
    ],
)
def test_what_a_refusal_means(place: SalesforcePlace, status, content, outcome) -> None:
    place.crm.send(a_message())  # logged in
    place.server.reply = lambda asked: place.server.refused(status, "as told", content)
    assert isinstance(place.crm.send(a_call()), outcome)


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (400, {"error": "invalid_grant"}, "not allowed"),
        (503, {"error": "server_error"}, "HTTP 503"),
        (502, ["no object"], "HTTP 502"),
        (200, {"access_token": "x", "instance_url": "http://elsewhere.example"}, "no token and address"),
        (200, {"access_token": "x"}, "no token and address"),
    ],
)
def test_what_a_login_says(place: SalesforcePlace, status, content, said) -> None:
    place.server.reply = lambda asked: place.server.refused(status, "as told", content)
    outcome = place.crm.send(a_call())
    assert isinstance(outcome, Later)
    assert said in outcome.reason


def test_settings_want_the_client_id() -> None:
    with pytest.raises(ValidationError, match="client_id"):
        settings.Crm(kind=settings.CrmKind.SALESFORCE, url="https://x.my.salesforce.com")


def test_the_server_is_strict(place: SalesforcePlace) -> None:
    """What a careless adapter would get away with elsewhere."""
    place.crm.send(a_message())
    keyed = {"Authorization": "Bearer 00D!1", "Content-Type": "application/json"}
    task = {"Subject": "x", "Status": "Completed"}

    def patched(content, path=f"sobjects/Task/{IDENTITY}/x1", headers=keyed):
        url = f"{place.server.url}/services/data/v62.0/{path}"
        return CLIENT.ask("PATCH", url, body=json.dumps(content).encode(), headers=headers, limit_s=5).status

    def found(query):
        url = f"{place.server.url}/services/data/v62.0/query?{urlencode({'q': query})}"
        return CLIENT.ask("GET", url, headers=keyed, limit_s=5).status

    assert patched(task) == 201
    assert patched(task) == 200
    assert patched(task, headers={}) == 401
    assert patched(task | {"Surprise": "x"}) == 400
    assert patched(task | {"Status": "Done"}) == 400
    assert patched(task | {"Subject": "x" * 256}) == 400
    assert patched(task | {"WhoId": "nobody"}) == 400
    assert patched(task | {"TaskSubtype": "Call"}) == 400  # only when it is made
    assert patched(task, "sobjects/Task/Subject/x1") == 404
    assert patched({"LastName": "x"}, f"sobjects/Lead/{PHONE}/1") == 400
    assert found("SELECT Id FROM Task") == 200
    assert found("SELECT Surprise FROM Task") == 400
    assert found("SELECT Id FROM Task WHERE Subject = 'x' AND Subject = 'y' OR Subject = 'z'") == 400
    assert found("SELECT Id FROM Task WHERE Subject = 'x'y'") == 400
