"""What happened and its outbox row: in one transaction, neither without the other, and each thing once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appliance.clock import SetClock
from appliance.domain.appointment import Appointment
from appliance.domain.call import Disposition
from appliance.store import diary_tables, telling
from appliance.store.appointments import Diary, Refusal, change_of
from appliance.store.calls import Calls
from appliance.store.database import Database
from tests.store.conftest import NOON
from tests.store.salon import SALON

TO = ("webhook", "crm")
LATER = NOON + timedelta(minutes=2)


def rows(database: Database) -> list[tuple[str, str, str]]:
    found = database.rows("SELECT kind, subject, destination FROM outbox ORDER BY number")
    return [(row["kind"], row["subject"], row["destination"]) for row in found]


def begun(database: Database, call_id: str = "c1", caller: str = "+13035550123") -> Calls:
    calls = Calls(database, destinations=TO)
    calls.begin(call_id, caller, "100", NOON, {})
    return calls


def test_a_finished_call_is_told_once(database) -> None:
    calls = begun(database)
    assert rows(database) == []
    calls.close("c1", Disposition.ANSWERED, LATER)
    calls.close("c1", Disposition.ANSWERED, LATER)
    assert rows(database) == [("call", "c1", "webhook"), ("call", "c1", "crm")]


def test_neither_the_call_nor_its_row_without_the_other(database, monkeypatch) -> None:
    calls = begun(database)

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("appliance.store.calls.tell_call", fails)
    with pytest.raises(RuntimeError):
        calls.close("c1", Disposition.ANSWERED, LATER)
    assert calls.get("c1").ended_at is None
    assert rows(database) == []


def test_what_a_crash_left_open_is_told_and_corrected_when_it_went_on(database) -> None:
    calls = begun(database)
    assert calls.repair() == 1
    assert [kind for kind, *_ in rows(database)] == ["call", "call"]
    calls.begin("c1", "+13035550123", "100", NOON, {})
    calls.close("c1", Disposition.BOOKED, LATER)
    kinds = [kind for kind, *_ in rows(database)]
    assert kinds == ["call", "call", "disposition", "disposition"]
    said = database.rows("SELECT payload FROM outbox WHERE kind = 'disposition'")[0]["payload"]
    assert '"was":"system_failure"' in said
    assert '"disposition":"booked"' in said


def test_each_change_of_an_appointment_is_told_and_a_repeated_wish_is_none(database) -> None:
    monday = NOON.astimezone(SALON.zone).replace(hour=10, minute=0) + timedelta(days=2)
    diary = Diary(database, SALON, SetClock(NOON), destinations=("crm",))
    wish = Appointment(
        "a1", "c1", "cut", monday, monday + timedelta(hours=1), "Bo Berg", "+13035550123", "ann"
    )
    assert not isinstance(diary.book(wish), Refusal)
    diary.book(wish)
    diary.book(wish.__class__(**{f: getattr(wish, f) for f in wish.__slots__} | {"appointment_id": "a2"}))
    assert not isinstance(diary.move("a1", monday + timedelta(hours=1), call_id="c2"), Refusal)
    assert not isinstance(diary.cancel("a1"), Refusal)
    assert rows(database) == [("appointment", f"a1.{n}", "crm") for n in range(3)]
    moved = database.rows("SELECT json_extract(payload, '$.change_id') AS n FROM outbox ORDER BY number")[1]
    appointment, change, was_at = change_of(database, moved["n"])
    assert (appointment.appointment_id, change.kind, change.call_id) == ("a1", "moved", "c2")
    assert (was_at, change.starts_at) == (monday, monday + timedelta(hours=1))


def test_no_change_without_its_row(database, monkeypatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(diary_tables, "tell_appointment", fails)
    monday = NOON.astimezone(SALON.zone).replace(hour=10, minute=0) + timedelta(days=2)
    diary = Diary(database, SALON, SetClock(NOON), destinations=("crm",))
    with pytest.raises(RuntimeError):
        diary.book(Appointment("a1", "c1", "cut", monday, monday + timedelta(hours=1), "Bo", "+1303"))
    assert diary.get("a1") is None


def test_corrections_keep_the_order_of_a_caller_without_a_number(database) -> None:
    calls = begun(database, caller="")
    calls.close("c1", Disposition.ANSWERED, LATER)
    with database.writing() as tables:
        telling.tell_disposition(tables, "c1", TO, LATER, was=Disposition.ANSWERED, by="maria")
    found = database.rows("SELECT contact, follows FROM outbox WHERE destination = 'crm' ORDER BY number")
    assert [(row["contact"], row["follows"]) for row in found] == [("call c1", 0), ("call c1", 1)]
