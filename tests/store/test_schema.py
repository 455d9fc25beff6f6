"""Databases of every older release become today's without losing a word.

schemas/vN.sql is a dump of a database with one call, an appointment and a message, made by release N of the
tables. After a new step: `python -m tests.store.test_schema` writes the dump that the last test asks for.
"""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.business import load
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import CallEvent, CallRecord, Disposition, LineQuality, Speaker, Turn, Waterfall
from appliance.errors import StoreFault
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.schema import STEPS

SCHEMAS = Path(__file__).parent / "schemas"
NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)  # a Saturday, noon in Denver
MONDAY = NOON + timedelta(days=2)
BOOKED = Appointment(
    "a1", "c1", "oil_change", MONDAY, MONDAY + timedelta(minutes=30), "Bo Berg", "+13035550123"
)
LEFT = Message("m1", "c1", "Bo Berg", "+13035550123", "call me back")
CALL = CallRecord(
    call_id="c1",
    caller="+13035550123",
    called="100",
    offered_at=NOON,
    answered_at=NOON,
    ended_at=NOON + timedelta(minutes=1),
    disposition=Disposition.BOOKED,
    recording="recordings/c1.flac",
    versions={"attendant": "0.1.0"},
    quality=LineQuality("PCMU", 3000, 2, 1.5, 30.0, 0),
    turns=(Turn(1, Speaker.AGENT, "Hello", 0, 900, waterfall=Waterfall(first_packet_ms=0)),),
    events=(CallEvent(500, "digit", "rtp"),),
)


def fill(database: Database) -> None:
    """The same small life in every dump."""
    calls, clock = Calls(database), SetClock(NOON)
    calls.begin("c1", CALL.caller, CALL.called, NOON, CALL.versions)
    calls.answered("c1", NOON)
    calls.add_turn("c1", CALL.turns[0])
    calls.add_event("c1", CALL.events[0])
    Diary(database, load("auto_repair"), clock).book(BOOKED)
    Messages(database, clock).take(LEFT)
    calls.close("c1", CALL.disposition, NOON + timedelta(minutes=1), CALL.quality, CALL.recording)


def dump(path: Path) -> str:
    """The database as SQL; of an index (a virtual table) only that there is one: restoring makes it anew."""
    with sqlite3.connect(path) as connection:
        made = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
        indexes = [name for (name,) in connection.execute(made)]
        inside = tuple(
            start for name in indexes for start in (f"CREATE TABLE '{name}_", f'INSERT INTO "{name}')
        )
        kept = [line for line in connection.iterdump() if not line.startswith(inside)]
    connection.close()
    rebuilt = [f"INSERT INTO {name} ({name}) VALUES ('rebuild');" for name in indexes]  # noqa: S608
    return "\n".join([*kept[:-1], *rebuilt, kept[-1]]) + "\n"


def tables(path: Path) -> list[str]:
    """The tables and indexes as SQLite describes them."""
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name"
        ).fetchall()
    connection.close()
    return [" ".join(sql.split()) for (sql,) in found]


def restore(name: str, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript((SCHEMAS / name).read_text())
    connection.close()


@pytest.mark.parametrize("name", sorted(file.name for file in SCHEMAS.glob("v*.sql")))
def test_an_older_database_is_brought_up_to_date(name: str, tmp_path: Path) -> None:
    old, new = tmp_path / FILE_NAME, tmp_path / "new.db"
    restore(name, old)
    with Database(old) as database, Database(new) as fresh:
        database.check()
        fresh.open()
        assert Calls(database).get("c1") == CALL
        assert Diary(database, load("auto_repair")).get("a1") == BOOKED
        assert Messages(database).recent() == [LEFT]
        again = replace(BOOKED, appointment_id="a2", name="Al")
        diary = Diary(database, load("auto_repair"), SetClock(NOON))
        assert diary.book(again) == again
        assert [(one.kind, one.call_id, one.starts_at) for one in diary.history("a1")] == [
            ("agreed", "c1", BOOKED.starts_at)
        ]
        assert diary.of_call("c1") == again
        later = BOOKED.starts_at + timedelta(hours=1)
        assert diary.move("a1", later) == replace(
            BOOKED, starts_at=later, ends_at=later + timedelta(minutes=30), sequence=1
        )
    assert tables(old) == tables(new)


def test_the_newest_dump_is_today_s_schema(tmp_path: Path) -> None:
    assert len(list(SCHEMAS.glob("v*.sql"))) == len(STEPS), "a step without a dump: see the top of this file"
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    restore(f"v{len(STEPS)}.sql", old)
    with Database(new) as fresh:
        fresh.open()
    assert tables(old) == tables(new)


def test_a_further_step_is_taken_once_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME

    def v99_colour(db) -> None:
        db.execute("ALTER TABLE calls ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'")

    with Database(path) as database:
        fill(database)
    for _ in range(2):
        with Database(path, steps=(*STEPS, v99_colour)) as database:
            assert database.rows("SELECT call_id, colour FROM calls") == [{"call_id": "c1", "colour": "blue"}]
    with Database(path) as older, pytest.raises(StoreFault, match="newer release"):
        older.open()


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME

    def v99_half(db) -> None:
        db.execute("ALTER TABLE calls ADD COLUMN colour TEXT")
        db.execute("ALTER TABLE nothing ADD COLUMN colour TEXT")

    with Database(path) as database:
        fill(database)
    before = tables(path)
    with Database(path, steps=(*STEPS, v99_half)) as database, pytest.raises(StoreFault):
        database.open()
    assert tables(path) == before
    with Database(path) as database:
        assert Calls(database).get("c1") == CALL


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        with Database(Path(folder) / FILE_NAME) as made:
            fill(made)
        SCHEMAS.mkdir(exist_ok=True)
        (SCHEMAS / f"v{len(STEPS)}.sql").write_text(dump(Path(folder) / FILE_NAME))
