"""The adapter against a real Tryton: the right notes under the right parties, each once, whatever comes between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import msgspec
import pytest

from appliance.errors import NoAnswer, NotFound
from appliance.settings import Crm, CrmKind
from appliance.sync.attempts import Later, Refused, Sent
from appliance.sync.crm.note_words import ENGLISH
from appliance.sync.crm.notes import mark_of
from appliance.sync.crm.tryton import NOTE_CHARS_MAX, WITHHELD, Tryton
from appliance.sync.crm.tryton_rest import Rest, request_key
from appliance.sync.happenings import Change, Contact
from appliance.web.asking import Answer, Client
from tests.fakes.between import Between
from tests.servers.tryton import DATABASE, KEY, USER
from tests.servers.tryton import Tryton as Server
from tests.sync.crm.test_notes import BOOKED, CALL, CORRECTED, MESSAGE

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]  # the first run makes Tryton's environment

LIMIT_S = 30.0
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("crm")) as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client()
    yield client
    client.close()


@pytest.fixture
def number() -> str:
    """A telephone number of the test's own."""
    return f"+1303556{next(_NUMBERS):04}"


def settings(server: Server, **changes) -> Crm:
    return Crm(kind=CrmKind.TRYTON, url=server.url, database=DATABASE, **changes)


@pytest.fixture
def crm(server, client) -> Tryton:
    return Tryton(settings(server), client, KEY, limit_s=LIMIT_S)


def about(happening, phone: str, name: str = "", mark: str = "1"):
    """The same happening about somebody else, with an identity of its own."""
    own = f"{happening.identity.split('.')[0]}.{phone[1:]}-{mark}.crm"
    return replace(happening, contact=Contact(phone, name), identity=own)


def parties_with(server: Server, value: str) -> list[dict]:
    return server.find("party.party", [["contact_mechanisms.value_compact", "=", value]], "name")


def leads_of(server: Server, party: int) -> list[dict]:
    return server.find(
        "sale.opportunity", [["party", "=", party]], "reference", "description", "state", "comment"
    )


# --- who it was -------------------------------------------------------------------------------------


def test_a_caller_nobody_knows_becomes_a_party_with_the_note(server, crm, number):
    call = about(CALL, number, "Alice Miller")
    assert crm.send(call) == Sent()
    (party,) = parties_with(server, number)
    assert party["name"] == "Alice Miller"
    (note,) = server.notes(party["id"])
    assert note.startswith(
        "Call on 2026-11-20 14:05, 2 min 13 s: appointment booked\nCaller: Alice Miller, +1303"
    )
    assert note.endswith(f"\n[{call.identity}]")


def test_a_caller_the_office_knows_gets_the_note_where_they_are(server, crm, number):
    known = server.party("Zoe Adams (fleet)", number)
    assert crm.send(about(CALL, number, "Zoe")) == Sent()
    assert [party["id"] for party in parties_with(server, number)] == [known]
    assert parties_with(server, number)[0]["name"] == "Zoe Adams (fleet)"
    assert len(server.notes(known)) == 1


@pytest.mark.parametrize("typed", ["(303) 559-{}", "303.559.{}", "1-303-559-{} (home)"])
def test_a_number_is_found_however_somebody_typed_it(server, crm, typed, number):
    known = server.party("Typed by hand", typed.format(number[-4:]), kind="other")
    phone = f"+1303559{number[-4:]}"
    assert crm.send(about(CALL, phone, mark=typed[:4])) == Sent()
    assert len(server.notes(known)) == 1
    assert [one.identity for one in crm.contacts(phone)] == [f"party.party,{known}"]


def test_another_number_with_the_same_digits_in_other_places_is_somebody_else(server, crm):
    server.party("Not her", "1303 557 00 00 99", kind="other")
    assert crm.contacts("+13035570000") == ()


def test_a_number_without_a_name_gets_one_when_it_is_known(server, crm, number):
    assert crm.send(about(CALL, number, mark="1")) == Sent()
    assert [one.name for one in crm.contacts(number)] == [""]
    assert crm.send(about(CALL, number, "Ben Stone", mark="2")) == Sent()
    assert [one.name for one in crm.contacts(number)] == ["Ben Stone"]
    (party,) = parties_with(server, number)
    assert len(server.notes(party["id"])) == 2


def test_several_with_the_number_the_note_says_so(server, crm, number):
    first, second, third = (server.party(name, number) for name in ("Ann", "Bea", "Cat"))
    assert crm.send(about(CALL, number, mark="1")) == Sent()
    (note,) = server.notes(first)
    assert "Several entries have this number: Ann, Bea, Cat." in note
    assert server.notes(second) == server.notes(third) == []
    assert [one.name for one in crm.contacts(number)] == ["Ann", "Bea", "Cat"]


def test_several_with_the_number_the_name_decides(server, crm, number):
    first, second = server.party("Ann", number), server.party("Bea Lane", number)
    assert crm.send(about(CALL, number, "bea  lane")) == Sent()
    (note,) = server.notes(second)
    assert "Ann, Bea Lane" in note
    assert server.notes(first) == []


def test_withheld_numbers_stand_under_one_party_whatever_it_is_called(server, crm):
    for turn in ("1", "2"):
        call = replace(CALL, contact=Contact("", "Somebody"), identity=f"call.withheld-{turn}.crm")
        assert crm.send(call) == Sent()
        (party,) = parties_with(server, WITHHELD)
    assert party["name"] == ENGLISH.unknown_caller
    assert len(server.notes(party["id"])) == 2
    message = replace(MESSAGE, contact=Contact("", "Somebody"), identity="message.withheld.crm")
    assert crm.send(message) == Sent()
    assert "Caller: Somebody" in server.notes(party["id"])[2]
    assert leads_of(server, party["id"]) == []


def test_a_number_tryton_does_not_believe_is_kept_all_the_same(server, crm):
    assert crm.send(about(CALL, "+1999", "Short One")) == Sent()
    assert crm.send(about(CALL, "+1999", "Short One", mark="2")) == Sent()
    (party,) = parties_with(server, "+1999")
    assert len(server.notes(party["id"])) == 2


@pytest.mark.parametrize(
    "name",
    [
        "Ελένη Παπαδοπούλου",
        "李小龙",
        "عبد الله",
        "Zoë 🙂 O'Neil",
        'Robert"); DROP TABLE party_party;--',
        "x" * 300,
        "100%_done\\",
    ],
    ids=lambda name: name[:6].encode("ascii", "replace").decode(),
)
def test_names_in_any_script(server, crm, name):
    phone = f"+1303558{sum(map(ord, name)) % 10_000:04}"
    call = about(CALL, phone, f" {name}\n\x07")
    assert crm.send(call) == Sent()
    assert [one.name for one in crm.contacts(phone)] == [name]
    assert crm.send(call) == Sent()
    (party,) = parties_with(server, phone)
    assert len(server.notes(party["id"])) == 1
    assert f"Caller: {name}, {phone}" in server.notes(party["id"])[0]


# --- once, in order ---------------------------------------------------------------------------------


def test_every_kind_once_and_in_order_however_often_it_is_sent(server, crm, number):
    told = [about(one, number, "Alice Miller") for one in (CALL, MESSAGE, BOOKED, CORRECTED)]
    for happening in [told[0], told[0], *told, told[3]]:
        assert crm.send(happening) == Sent()
    (party,) = parties_with(server, number)
    notes = server.notes(party["id"])
    assert [note.splitlines()[-1] for note in notes] == [mark_of(one) for one in told]


@pytest.mark.parametrize("model", ["party.party", "ir.note", "sale.opportunity"])
def test_an_answer_that_is_lost_leaves_nothing_twice(server, crm, number, model):
    lost = []

    def lose(method, url, answer):
        if method == "POST" and f"/{model}?" in url and not lost:
            lost.append(url)
            raise NoAnswer("the line went dead")
        return answer

    brittle = Tryton(settings(server), Between(after=lose), KEY)
    message = about(MESSAGE, number, "Alice Miller", mark=model)
    assert isinstance(brittle.send(message), Later)
    assert len(lost) == 1
    assert crm.send(message) == Sent()
    (party,) = parties_with(server, number)
    assert len([note for note in server.notes(party["id"]) if note.endswith(mark_of(message))]) == 1
    assert len(leads_of(server, party["id"])) == 1


def test_a_mark_is_no_pattern_and_words_are_no_mark(server, crm, number):
    first = about(CALL, number, mark="a_b")
    second = replace(
        first, identity=first.identity.replace("a_b", "aXb"), summary=f"He said {mark_of(first)}"
    )
    for call in (second, first):
        assert crm.send(call) == Sent()
    (party,) = parties_with(server, number)
    assert [note.splitlines()[-1] for note in server.notes(party["id"])] == [mark_of(second), mark_of(first)]


def test_what_the_office_adds_below_a_note_makes_it_no_other(server, crm, number):
    call = about(CALL, number)
    assert crm.send(call) == Sent()
    (party,) = parties_with(server, number)
    server.rows(
        "UPDATE ir_note SET message = message || ? WHERE message LIKE ?",
        "\nCalled back. Ann",
        f"%{mark_of(call)}",
    )
    assert crm.send(call) == Sent()
    (note,) = server.notes(party["id"])
    assert note.endswith("Called back. Ann")


def test_somebody_moves_the_number_between_two_attempts(server, crm, number):
    call = about(CALL, number, "Ann")
    assert crm.send(call) == Sent()
    (party,) = parties_with(server, number)
    server.rows("UPDATE party_contact_mechanism SET party = 1 WHERE party = ?", party["id"])
    assert crm.send(call) == Sent()
    assert len(server.notes(party["id"])) == 1
    assert server.notes(1) == []


# --- leads ------------------------------------------------------------------------------------------


def test_a_new_wish_opens_a_lead_another_one_does_not(server, crm, number):
    booked = about(BOOKED, number, "Alice Miller")
    assert crm.send(booked) == Sent()
    assert crm.send(about(MESSAGE, number, "Alice Miller")) == Sent()
    (party,) = parties_with(server, number)
    (lead,) = leads_of(server, party["id"])
    assert (lead["state"], lead["reference"]) == ("lead", booked.identity)
    assert lead["description"] == "Appointment booked on 2026-11-20 14:05: Oil change, 2026-11-23 09:00"
    assert "Alice Miller" in lead["comment"]


def test_calls_changes_and_corrections_open_none(server, crm, number):
    moved = replace(about(BOOKED, number), change=Change.MOVED, identity=f"appointment.{number}.9.crm")
    for happening in (about(CALL, number), moved, about(CORRECTED, number)):
        assert crm.send(happening) == Sent()
    (party,) = parties_with(server, number)
    assert leads_of(server, party["id"]) == []


def test_a_lead_somebody_closed_is_not_opened_again_by_a_repetition(server, crm, number):
    booked = about(BOOKED, number)
    assert crm.send(booked) == Sent()
    (party,) = parties_with(server, number)
    server.rows("UPDATE sale_opportunity SET state = 'lost' WHERE party = ?", party["id"])
    assert crm.send(booked) == Sent()
    assert len(leads_of(server, party["id"])) == 1
    assert crm.send(about(MESSAGE, number)) == Sent()
    assert [lead["state"] for lead in leads_of(server, party["id"])].count("lead") == 1


def test_without_leads_there_are_none(server, client, number):
    assert Tryton(settings(server, leads=False), client, KEY).send(about(BOOKED, number)) == Sent()
    (party,) = parties_with(server, number)
    assert leads_of(server, party["id"]) == []


# --- what goes wrong --------------------------------------------------------------------------------


def test_a_key_is_asked_for_approved_used_cancelled(server, client, number):
    key = request_key(client, server.url, DATABASE, USER)
    rest = Rest(client, server.url, DATABASE, key, LIMIT_S)
    crm = Tryton(settings(server), client, key)
    assert not rest.accepts_key()
    outcome = crm.send(about(CALL, number))
    assert isinstance(outcome, Later)
    assert "appliance sync connect" in outcome.reason
    assert parties_with(server, number) == []
    server.press("validate_", key)
    assert rest.accepts_key()
    assert crm.send(about(CALL, number)) == Sent()
    server.press("cancel", key)
    assert isinstance(crm.send(about(CALL, number, mark="2")), Later)
    with pytest.raises(NoAnswer):
        crm.contacts(number)


def test_a_database_that_is_not_there(server, client, number):
    with pytest.raises(NotFound):
        request_key(client, server.url, "nowhere", USER)
    elsewhere = Crm(kind=CrmKind.TRYTON, url=server.url, database="nowhere")
    outcome = Tryton(elsewhere, client, KEY).send(about(CALL, number))
    assert isinstance(outcome, Later)
    assert "no such database" in outcome.reason


def test_what_trytons_own_rules_want_is_said_without_anybodys_name(server, number):
    astray = Between(before=lambda body: re.sub(rb"party.party,\d+", b"party.party,999999", body))
    outcome = Tryton(settings(server), astray, KEY).send(about(CALL, number, "Secret Name"))
    assert outcome == Later('the CRM does not take it: field "Resource" of "Note"')


def test_a_huge_matter_is_shortened_and_says_so(server, crm, number):
    message = replace(about(MESSAGE, number), matter="brakes " * 100_000)
    assert crm.send(message) == Sent()
    (party,) = parties_with(server, number)
    (note,) = server.notes(party["id"])
    assert len(note) <= NOTE_CHARS_MAX
    assert note.endswith(f"{ENGLISH.shortened}\n{mark_of(message)}")


@pytest.mark.parametrize("bytes_max", [4000, 100])
def test_too_large_for_what_stands_before_it(server, number, bytes_max):
    """A proxy with a limit: shortened where that helps, else refused for good."""
    sizes = []

    class Proxy(Client):
        def ask(self, method, url, *, body=None, headers=None, limit_s):
            if body is not None and "ir.note" in url:
                sizes.append(len(body))
                if len(body) > bytes_max:
                    return Answer(413, b"too large")
            return super().ask(method, url, body=body, headers=headers, limit_s=limit_s)

    message = replace(about(MESSAGE, number, mark=str(bytes_max)), matter="brakes " * 1000)
    outcome = Tryton(settings(server, leads=False), Proxy(), KEY).send(message)
    assert len(sizes) == 2
    assert isinstance(outcome, Sent if bytes_max == 4000 else Refused)


def test_a_text_that_tryton_calls_too_long_is_cut_to_what_it_takes(server, number):
    """No field we write has a limit in Tryton 8.0; an office's own module may have set one."""
    sizes = []

    class Limited(Client):
        def ask(self, method, url, *, body=None, headers=None, limit_s):
            if method == "POST" and "/ir.note?" in url:
                sizes.append(len(msgspec.json.decode(body)["message"]))
                if sizes[-1] > 300:
                    said = f'The value "..." for field "Message" in "Note" is too long ({sizes[-1]} > 300).'
                    return Answer(400, msgspec.json.encode({"message": said}))
            return super().ask(method, url, body=body, headers=headers, limit_s=limit_s)

    message = replace(about(MESSAGE, number), matter="brakes " * 1000)
    assert Tryton(settings(server, leads=False), Limited(), KEY).send(message) == Sent()
    assert sizes[1] == 300
