"""Forgetting: what is old goes, kind by kind; what is unsent, open or to come stays, whatever its age."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.domain.call import Disposition
from appliance.settings import Keep
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.outbox import Outbox
from appliance.store.retention import Retention
from tests.fakes.office_days import MONDAY, TO, live_through, number_of

YEAR = MONDAY + timedelta(days=365)
FOREVER = Keep(
    calls_days=0,
    transcripts_days=0,
    recordings_days=0,
    messages_days=0,
    appointments_days=0,
    sent_days=0,
    contacts_days=0,
)
SHORT = Keep(
    calls_days=100,
    transcripts_days=50,
    recordings_days=20,
    messages_days=100,
    appointments_days=100,
    sent_days=30,
    contacts_days=30,
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived")
    with Database(folder / FILE_NAME) as database:
        live_through(database, 8)
    return folder


@pytest.fixture
def box(tmp_path: Path, lived: Path) -> Iterator[Database]:
    shutil.copytree(lived, tmp_path, dirs_exist_ok=True)
    with Database(tmp_path / FILE_NAME) as database:
        yield database


def send_all(box: Database) -> None:
    outbox = Outbox(box, SetClock(MONDAY + timedelta(days=1)))
    while (row := outbox.claim(TO[0])) is not None:
        outbox.sent(row)


def read_all(box: Database) -> None:
    messages = Messages(box, SetClock(MONDAY + timedelta(days=1)))
    for entry in messages.inbox(100):
        messages.mark_read(entry.message.message_id)


def retention(box: Database, keep: Keep = SHORT) -> Retention:
    return Retention(box, box.path.parent, keep)


def count(box: Database, table: str) -> int:
    return int(box.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])  # noqa: S608


def test_what_was_not_sent_and_what_is_open_stays_whatever_its_age(box: Database) -> None:
    assert not any(retention(box).thin(YEAR, lambda: True).values())
    assert (count(box, "calls"), count(box, "turns"), count(box, "messages")) == (8, 24, 4)
    assert all(row["text"] for row in box.rows("SELECT text FROM turns"))
    assert count(box, "outbox") == 8 + 4 + 3


def test_each_kind_goes_in_its_time(box: Database) -> None:
    send_all(box)
    read_all(box)
    keep, since = retention(box), MONDAY + timedelta(days=2)
    sound = box.path.parent / "recordings"
    assert not any(keep.thin(since, lambda: True).values())
    gone = keep.thin(since + timedelta(days=20), lambda: True)
    assert gone["recordings"] == 8
    assert list(sound.iterdir()) == []
    gone = keep.thin(since + timedelta(days=31), lambda: True)
    assert gone["sent"] == 15
    keep.thin(since + timedelta(days=50), lambda: True)
    assert {row["text"] for row in box.rows("SELECT text FROM turns")} == {""}
    assert count(box, "transcripts") == 0
    assert Calls(box).get("call-3").caller == number_of(3)
    gone = keep.thin(since + timedelta(days=120), lambda: True)
    assert (gone["calls"], gone["messages"], gone["appointments"]) == (8, 4, 3)
    assert [count(box, table) for table in ("calls", "turns", "claims", "appointment_changes")] == [0] * 4
    box.check()
    assert b"Quill" not in box.path.read_bytes()


def test_what_is_said_to_be_due_is_what_goes(box: Database) -> None:
    send_all(box)
    read_all(box)
    due = retention(box).due(YEAR)
    gone = retention(box).thin(YEAR, lambda: True)
    assert {kind: number for kind, number in due.items() if number} == {
        kind: number for kind, number in gone.items() if number
    }
    assert not any(retention(box).due(YEAR).values())


def test_for_ever_is_for_ever(box: Database) -> None:
    send_all(box)
    read_all(box)
    assert not any(retention(box, FOREVER).thin(YEAR, lambda: True).values())


def test_the_call_of_an_open_message_keeps_its_sound_and_words(box: Database) -> None:
    send_all(box)
    retention(box, SHORT).thin(YEAR, lambda: True)
    assert sorted(call.call_id for call in Calls(box).recent()) == ["call-0", "call-2", "call-4", "call-6"]
    assert len(list((box.path.parent / "recordings").iterdir())) == 4
    assert count(box, "messages") == 4


def test_an_appointment_to_come_stays(box: Database) -> None:
    send_all(box)
    keep = Keep(appointments_days=1)
    coming = MONDAY + timedelta(days=3)
    assert retention(box, keep).thin(coming, lambda: True)["appointments"] == 0
    assert count(box, "appointments") == 3


def test_a_call_that_comes_stops_it_between_two_steps(box: Database) -> None:
    send_all(box)
    read_all(box)
    steps = iter([True, True])
    retention(box).thin(YEAR, lambda: next(steps, False))
    assert count(box, "calls") == 8


def test_recordings_nobody_speaks_of_go_too(box: Database) -> None:
    stray = box.path.parent / "recordings" / "unknown.flac"
    stray.write_bytes(b"fLaC")
    os.utime(stray, (MONDAY.timestamp(), MONDAY.timestamp()))
    retention(box).thin(YEAR, lambda: True)
    assert not stray.exists()


def test_more_than_one_piece(box: Database) -> None:
    calls = Calls(box)
    with box.writing() as tables:
        for place in range(250):
            tables.execute(
                "INSERT INTO calls (call_id, caller, called, offered_at, ended_at, disposition, versions)"
                " VALUES (?, '', '', '2020-01-01', '2020-01-01', 'answered', '{}')",
                [f"old-{place}"],
            )
    gone = retention(box).thin(MONDAY, lambda: True)
    assert gone["calls"] == 250
    assert Disposition.ANSWERED in {call.disposition for call in calls.recent()}
