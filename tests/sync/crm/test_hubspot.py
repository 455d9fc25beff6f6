"""HubSpot against the strict server: the contract of every CRM, and what is HubSpot's own."""

from __future__ import annotations

import html
import json
import random
from collections import defaultdict
from collections.abc import Iterator

import pytest

from appliance import settings
from appliance.bench.strict_crm import Failing, How
from appliance.errors import NoAnswer
from appliance.sync.attempts import Later, Refused, Sent
from appliance.sync.crm.hubspot import CALL, IDENTITY, NOBODY, PHONE, HubSpot
from appliance.sync.happenings import Change, Contact
from appliance.web.asking import Client
from tests.contracts.crm import HostileCrmContract, Record, identities
from tests.fakes.happenings import BO, a_call, a_change, a_correction, a_message, one_of_each
from tests.servers.hubspot import DISPOSITIONS, TOKEN, HubSpotServer
from tests.servers.strict_web import bad_weather, serving
from tests.sync.storm import seed_of, storm

CLIENT = Client()  # one for all: it reads every certificate of the machine


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    CLIENT.close()


class HubSpotPlace:
    """The adapter and an account that has been prepared."""

    def __init__(self, server: HubSpotServer, *, leads: bool = True) -> None:
        self.server = server
        self.settings = settings.Crm(kind=settings.CrmKind.HUBSPOT, url=server.url, leads=leads)
        self.crm = self.with_key(TOKEN)

    def with_key(self, key: str) -> HubSpot:
        return HubSpot(self.settings, CLIENT, key, limit_s=5)

    def records(self) -> list[Record]:
        told = ("calls", "notes")
        return [
            Record(one[IDENTITY], html.unescape(" ".join(one.values())), self.server.of[key])
            for key, one in sorted(self.all(*told).items(), key=lambda entry: int(entry[0]))
        ]

    def all(self, *kinds: str) -> dict[str, dict[str, str]]:
        return {key: one for kind in kinds for key, one in self.server.objects[kind].items()}

    def add_contact(self, name: str, phone: str) -> str:
        first, _, last = name.rpartition(" ")
        return self.server.add_contact(firstname=first, lastname=last, phone=phone)

    def lose_next_answer(self) -> None:
        self.server.lose_next_record = True

    def change_key(self) -> None:
        self.server.token = "pat-another"  # noqa: S105  of nobody

    def renew_key(self) -> None:
        self.crm = self.with_key("pat-another")

    def change_schema(self) -> str:
        del self.server.properties["calls"]["hs_call_duration"]
        return "hs_call_duration"

    def mend_schema(self) -> None:
        self.server.properties["calls"]["hs_call_duration"] = "number"

    def limit_rate(self) -> None:
        self.server.requests_left = 0

    def lift_limit(self) -> None:
        self.server.requests_left = None


@pytest.fixture
def place() -> Iterator[HubSpotPlace]:
    with serving(HubSpotServer()) as server:
        made = HubSpotPlace(server)
        made.crm.prepare()
        yield made


class TestHubSpot(HostileCrmContract):
    """The contract."""

    def settled(self, place: HubSpotPlace) -> None:
        place.server.index()


def test_what_is_missing_is_made_once_and_named() -> None:
    with serving(HubSpotServer()) as server:
        place = HubSpotPlace(server)
        made = place.crm.prepare()
        assert f"calls.{IDENTITY}" in made
        assert len(made) == 5
        assert place.crm.prepare() == ()
        assert server.unique == {
            "contacts": {PHONE},
            "calls": {IDENTITY, CALL},
            "notes": {IDENTITY},
            "meetings": {IDENTITY},
        }
        assert server.refusals == [
            "OBJECT_NOT_FOUND: No property " + name.split(".")[1] for name in made[:2]
        ] + [
            *(f"OBJECT_NOT_FOUND: No property {CALL}", "OBJECT_ALREADY_EXISTS: group exists"),
            *[f"OBJECT_NOT_FOUND: No property {IDENTITY}"] * 2,
        ]
        with pytest.raises(NoAnswer, match="refuses the key"):
            place.with_key("wrong").prepare()


def test_an_account_that_is_not_prepared_says_what_to_do() -> None:
    with serving(HubSpotServer()) as server:
        place = HubSpotPlace(server)
        outcome = place.crm.send(a_call())
        assert outcome == Later(
            "HubSpot: its properties have changed: attendant_phone (appliance sync connect makes ours)"
        )


def test_the_strict_server_had_nothing_to_refuse(place: HubSpotPlace) -> None:
    bo = place.add_contact("Bo Berg", BO.phone)
    before = len(place.server.refusals)
    for happening in one_of_each():
        assert place.crm.send(happening) == Sent()
    assert place.server.refusals[before:] == ["OBJECT_NOT_FOUND: Object not found"]  # no meeting yet
    assert {place.server.of[key] for key in place.all("calls", "notes", "meetings")} == {bo}


def test_a_call_is_a_call_a_message_a_note(place: HubSpotPlace) -> None:
    place.crm.send(a_call())
    (call,) = place.all("calls").values()
    assert call["hs_call_duration"] == "95000"
    assert call["hs_timestamp"] == "2026-11-21T19:00:00.000Z"
    assert call["hs_call_from_number"] == BO.phone
    assert DISPOSITIONS[call["hs_call_disposition"]] == "Connected"
    assert "<br>" in call["hs_call_body"]
    place.crm.send(a_message(matter="<script>alert(1)</script> & more"))
    (note,) = place.all("notes").values()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in note["hs_note_body"]


def test_an_appointment_is_one_meeting_through_all_its_changes(place: HubSpotPlace) -> None:
    begins = []
    for change in Change:
        assert place.crm.send(a_change(change)) == Sent()
        (meeting,) = place.all("meetings").values()
        begins.append((meeting["hs_meeting_start_time"][:10], meeting["hs_meeting_outcome"]))
    assert begins == [("2026-11-23", "SCHEDULED"), ("2026-11-24", "SCHEDULED"), ("2026-11-24", "CANCELED")]
    assert meeting["hs_meeting_title"] == "Cancelled: Brake inspection: Bo Berg"
    assert len(place.all("notes")) == 3


def test_a_corrected_outcome_reaches_its_call(place: HubSpotPlace) -> None:
    place.crm.send(a_call(disposition="silent"))
    (call,) = place.all("calls").values()
    assert DISPOSITIONS[call["hs_call_disposition"]] == "No answer"
    assert place.crm.send(a_correction()) == Sent()
    assert DISPOSITIONS[call["hs_call_disposition"]] == "Connected"


def test_a_contact_search_does_not_know_yet_is_not_made_twice(place: HubSpotPlace) -> None:
    place.crm.send(a_call())  # the contact was made a moment ago: search finds it seconds later
    assert [one.name for one in place.crm.contacts(BO.phone)] == ["Bo Berg"]
    assert place.crm.send(a_message()) == Sent()
    assert len(place.server.objects["contacts"]) == 1
    place.server.index()
    assert len(place.crm.contacts(BO.phone)) == 1


@pytest.mark.parametrize("typed", ["(303) 555-0123", "303.555.0123", "+1 303 555 0123", "1-303-555-0123"])
def test_a_number_is_found_however_it_was_typed(place: HubSpotPlace, typed: str) -> None:
    bo = place.server.add_contact(firstname="Bo", mobilephone=typed)
    place.server.add_contact(firstname="Elsewhere", phone="+49 303 5550123")
    assert [one.identity for one in place.crm.contacts(BO.phone)] == [bo]


def test_without_leads_a_contact_has_no_stage() -> None:
    with serving(HubSpotServer()) as server:
        place = HubSpotPlace(server, leads=False)
        place.crm.prepare()
        place.crm.send(a_call())
        (contact,) = server.objects["contacts"].values()
        assert contact == {PHONE: BO.phone, "phone": BO.phone, "firstname": "Bo", "lastname": "Berg"}


@pytest.mark.parametrize(
    "failing",
    [
        Failing(How.STATUS, 500),
        Failing(How.STATUS, 502),
        Failing(How.STATUS, 477, retry_after="9"),
        Failing(How.STATUS, 423),
        Failing(How.TRUNCATED, kept=True),
        Failing(How.DROPPED),
        Failing(How.DROPPED, kept=True),
    ],
    ids=lambda one: f"{one.how}-{one.status}-{one.kept}",
)
@pytest.mark.parametrize("at", range(3))
def test_whatever_goes_wrong_at_whichever_request_it_is_there_once(place, failing: Failing, at: int) -> None:
    place.server.failing.extend([*[None] * at, failing])
    assert isinstance(place.crm.send(a_call()), Later)
    assert place.crm.send(a_call()) == Sent()
    assert identities(place) == [a_call().identity]


def test_a_storm_leaves_nothing_out_and_nothing_twice(place: HubSpotPlace) -> None:
    seed = seed_of()
    place.server.failing.extend(bad_weather(random.Random(seed), 600))

    def seen() -> dict[str, list[str]]:
        shown = defaultdict(list)
        for record in place.records():
            phone = place.server.objects["contacts"][record.of][PHONE]
            shown["" if phone == NOBODY else phone].append(record.identity)
        return shown

    storm(place.crm, seen, seed, 120)


def test_a_server_that_hangs_is_left(place: HubSpotPlace) -> None:
    impatient = HubSpot(place.settings, CLIENT, TOKEN, limit_s=0.2)
    place.server.failing.append(Failing(How.HANGS))
    outcome = impatient.send(a_call())
    assert isinstance(outcome, Later)
    assert "in time" in outcome.reason


def test_a_days_limit_is_waited_for_longer_than_a_seconds(place: HubSpotPlace) -> None:
    place.limit_rate()
    assert place.crm.send(a_call()) == Later("HubSpot: rate limit TEN_SECONDLY_ROLLING", 10)
    place.server.policy = "DAILY"
    assert place.crm.send(a_call()) == Later("HubSpot: rate limit DAILY", 3600)


def test_something_else_at_the_address_is_said(place: HubSpotPlace) -> None:
    place.server.reply = lambda asked: (
        type(asked) and place.server.refused(200, "portal", ["a portal's page"])
    )
    outcome = place.crm.send(a_call())
    assert isinstance(outcome, Later)
    assert "no JSON" in outcome.reason


@pytest.mark.parametrize(
    ("status", "content", "outcome"),
    [
        (403, {"category": "MISSING_SCOPES"}, Later),
        (413, {}, Refused),
        (400, {}, Later),
        (400, {"errors": [{"code": "INVALID_EMAIL", "context": {"propertyName": ["email"]}}]}, Refused),
        (
            400,
            {"errors": [{"code": "INVALID_OPTION", "context": {"propertyName": ["hs_call_status"]}}]},
            Later,
        ),
        (400, {"message": "Property values were not valid: [{broken}]"}, Later),
    ],
)
def test_what_a_refusal_means(place: HubSpotPlace, status, content, outcome) -> None:
    place.server.reply = lambda asked: place.server.refused(status, "as told", content)
    assert isinstance(place.crm.send(a_call()), outcome)


def test_the_contact_of_withheld_numbers_has_nobodys_name(place: HubSpotPlace) -> None:
    place.crm.send(a_message(Contact("", "Bo Berg")))
    (contact,) = place.server.objects["contacts"].values()
    assert contact["lastname"] == "Unknown caller (withheld number)"
    assert "phone" not in contact
    assert "Bo Berg" in place.records()[0].text


def test_the_server_is_strict() -> None:
    """What a careless adapter would get away with elsewhere."""
    with serving(HubSpotServer()) as server:
        client = CLIENT
        keyed = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

        def asked(method, path, content, headers=keyed):
            body = None if content is None else json.dumps(content).encode()
            return client.ask(method, server.url + path, body=body, headers=headers, limit_s=5).status

        note = {"hs_timestamp": "2026-11-21T19:00:00Z", "hs_note_body": "x"}
        assert asked("POST", "/crm/v3/objects/notes", {"properties": note}) == 201
        assert asked("POST", "/crm/v3/objects/notes", {"properties": note}, {}) == 401
        assert asked("POST", "/crm/v3/objects/notes", {"properties": {"hs_note_body": "x"}}) == 400
        assert asked("POST", "/crm/v3/objects/notes", {"properties": note | {"hs_timestamp": "today"}}) == 400
        assert asked("POST", "/crm/v3/objects/notes", {"properties": note | {"surprise": "x"}}) == 400
        assert asked("POST", "/crm/v3/objects/notes", {"properties": note | {"hs_note_body": 1}}) == 400
        assert (
            asked("POST", "/crm/v3/objects/notes", {"properties": note | {"hs_note_body": "x" * 65_537}})
            == 400
        )
        assert asked("POST", "/crm/v3/objects/notes", {"properties": note, "more": 1}) == 400
        assert asked("PUT", "/crm/v3/objects/notes", {"properties": note}) == 404
        assert asked("POST", "/crm/v4/objects/notes", {"properties": note}) == 404
        assert len(server.objects["notes"]) == 1


def test_an_account_with_outcomes_and_stages_of_its_own(place: HubSpotPlace) -> None:
    place.server.properties["calls"]["hs_call_disposition"] = ["11111111-2222-3333-4444-555555555555"]
    place.server.properties["contacts"]["lifecyclestage"] = ["prospect"]
    assert place.crm.send(a_call()) == Sent()
    assert place.crm.send(a_correction()) == Sent()
    (call,) = place.all("calls").values()
    assert "hs_call_disposition" not in call
    assert "lifecyclestage" not in place.server.objects["contacts"][place.records()[0].of]


def test_one_too_many_in_a_second_is_asked_again_a_second_later(place: HubSpotPlace) -> None:
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        place.lift_limit()

    patient = HubSpot(place.settings, CLIENT, TOKEN, limit_s=5, pause=pause)
    place.server.policy = "SECONDLY"
    place.limit_rate()
    assert patient.send(a_call()) == Sent()
    assert paused == [1.0]
    assert identities(place) == [a_call().identity]
