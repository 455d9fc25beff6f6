"""A database after some days at an office: calls with words, appointments, messages, and what is to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.business import load
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import CallEvent, Disposition, Speaker, Turn
from appliance.store.appointments import Diary
from appliance.store.calls import Calls, recording_path
from appliance.store.database import Database
from appliance.store.messages import Messages

MONDAY = datetime(2026, 11, 16, 17, tzinfo=UTC)  # ten in the morning in Denver
OFFICE = load("auto_repair")
TO = ("webhook",)


def number_of(place: int) -> str:
    """The number of the caller in this place."""
    return f"+1303555{place:04}"


def live_through(database: Database, calls: int, *, first: int = 0, began: datetime = MONDAY) -> None:
    """`calls` calls an hour apart, from caller `first` on; each says who they are, every second leaves a message,
    every third books the service bay a week on."""
    kept, directory = Calls(database, destinations=TO), database.path.parent
    for place in range(first, first + calls):
        at = began + timedelta(hours=place)
        call_id, number, name = f"call-{place}", number_of(place), f"Zebrina Quill{place}"
        kept.begin(call_id, number, "100", at, {"attendant": "test"})
        kept.answered(call_id, at)
        kept.add_event(call_id, CallEvent(100, "heard", f"asked by Quill{place}"))
        for turn, text in enumerate(_talk(name, number)):
            kept.add_turn(call_id, Turn(turn, Speaker.CALLER, text, turn * 1000, turn * 1000 + 900))
        if place % 2 == 0:
            messages = Messages(database, SetClock(at), destinations=TO)
            messages.take(Message(f"m-{place}", call_id, name, number, f"Quill{place} wants the keys back"))
        if place % 3 == 0:
            _book(database, place, name, number, at)
        recording = recording_path(directory, call_id)
        recording.parent.mkdir(exist_ok=True)
        recording.write_bytes(b"fLaC" + call_id.encode() * 10)
        kept.close(call_id, Disposition.ANSWERED, at + timedelta(minutes=2), recording=str(recording))


def _talk(name: str, number: str) -> Sequence[str]:
    return (
        f"this is {name} hello",
        f"my number is {number} and the brakes squeal " + "very much " * 40,
        "thank you, goodbye",
    )


def _book(database: Database, place: int, name: str, number: str, at: datetime) -> None:
    starts = MONDAY + timedelta(days=7 + place // 12, minutes=30 * (place // 3 % 4))
    ends = starts + timedelta(minutes=30)
    wish = Appointment(f"a-{place}", f"call-{place}", "oil_change", starts, ends, name, number)
    made = Diary(database, OFFICE, SetClock(at), destinations=TO).book(wish)
    assert isinstance(made, Appointment), made


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every ordinary table."""
    with Database(path, read_only=True) as database, database.reading() as tables:
        names = [row["name"] for row in tables.query("PRAGMA table_list") if row["type"] == "table"]
        return {
            name: sorted(tables.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608
            for name in names
            if not name.startswith(("sqlite_", "_sqlite"))
        }
