"""Several processes and kill -9 at the diary: nobody is had twice, no change is half made, no wish is lost."""

from __future__ import annotations

import random
import signal
from datetime import datetime
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.store.appointments import Diary
from appliance.store.database import FILE_NAME, Database
from tests.store.salon import SALON

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SALON.zone)  # a Monday
TEN = NOW.replace(hour=10)

# A process that books, moves and cancels at random, and says what it was told.
CHURN = """
import random, sys
from datetime import datetime, timedelta
from pathlib import Path
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment
from appliance.store.appointments import Diary
from appliance.store.database import Database
from tests.store.salon import SALON

path, name, rounds, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
now = datetime.fromisoformat(sys.argv[5])
diary, luck, mine = Diary(Database(path), SALON, SetClock(now)), random.Random(seed), []
print("ready", flush=True)
sys.stdin.readline()
for number in range(rounds):
    service = luck.choice(["cut", "colour", "talk"])
    found = diary.openings(service, now, now + timedelta(days=2), 4)
    if mine and luck.random() < 0.4:
        one = mine[luck.randrange(len(mine))]
        if luck.random() < 0.3:
            if isinstance(diary.cancel(one), Appointment):
                mine.remove(one)
                print("cancelled", one, flush=True)
        elif found:
            moved = diary.move(one, found[-1].starts_at)
            if isinstance(moved, Appointment):
                print("moved", one, flush=True)
    elif found:
        at = luck.choice(found)
        caller = f"{name}-{number}"
        wanted = Appointment(caller, name, service, at.starts_at, at.ends_at, caller, "+1")
        if isinstance(diary.book(wanted), Appointment):
            mine.append(caller)
            print("booked", caller, flush=True)
"""

# A process that wants the same as everybody else: the soonest cut, for the same caller, under an id of its own.
SAME = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment
from appliance.store.appointments import Diary
from appliance.store.database import Database
from tests.store.salon import SALON

starts_at = datetime.fromisoformat(sys.argv[3])
diary = Diary(Database(Path(sys.argv[1])), SALON, SetClock(starts_at - timedelta(hours=2)))
print("ready", flush=True)
sys.stdin.readline()
wanted = Appointment(sys.argv[2], sys.argv[2], "cut", starts_at, starts_at + timedelta(hours=1), "Bo Berg", "+1303")
print(diary.book(wanted).appointment_id, flush=True)
"""


# Put before a script: the process kills itself as the power cut would, inside its transaction or right after it.
_DIE = """
import os, signal
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
"""
CUT_OFF = {
    "inside": _DIE + "from appliance.store import diary_tables\ndiary_tables.write_change = die\n",
    "after": _DIE + "from appliance.store import appointments\nbook = appointments.Diary.book\n"
    "appointments.Diary.book = lambda *given: (book(*given), die())\n",
}


def test_many_processes_book_move_and_cancel_and_nobody_is_had_twice(tmp_path: Path, start) -> None:
    path = tmp_path / FILE_NAME
    processes = [start(CHURN, str(path), f"p{seed}", "14", str(seed), NOW.isoformat()) for seed in range(3)]
    _go(processes)
    answers = [process.communicate(timeout=90) for process in processes]
    assert [err for _, err in answers] == [""] * 3
    told = [line.split() for out, _ in answers for line in out.splitlines()]
    assert {word for word, _ in told} == {"booked", "moved", "cancelled"}
    _the_tables_agree(path, told)


def test_kill_9_anywhere_leaves_each_change_whole(tmp_path: Path, start) -> None:
    path, luck, told = tmp_path / FILE_NAME, random.Random(3), []
    for seed in range(4):
        process = start(CHURN, str(path), f"p{seed}", "1000", str(seed), NOW.isoformat())
        _go([process])
        told += [process.stdout.readline().split() for _ in range(luck.randrange(1, 9))]
        process.kill()
        told += [line.split() for line in process.communicate()[0].splitlines()]
    _the_tables_agree(path, [line for line in told if len(line) == 2])


def test_the_same_wish_from_several_processes_is_one_appointment(tmp_path: Path, start) -> None:
    """A caller who was cut off between agreement and confirmation calls again, and says the same."""
    path = tmp_path / FILE_NAME
    processes = [start(SAME, str(path), f"call{number}", TEN.isoformat()) for number in range(3)]
    _go(processes)
    answers = [process.communicate(timeout=60) for process in processes]
    assert [err for _, err in answers] == [""] * 3
    assert len({out for out, _ in answers}) == 1
    with Database(path) as database:
        assert len(Diary(database, SALON, SetClock(NOW)).of_phone("+1303")) == 1


@pytest.mark.parametrize(("cut", "told"), [("inside", "second"), ("after", "first")])
def test_cut_off_between_agreement_and_confirmation_and_said_again_it_is_one(
    tmp_path: Path, start, cut: str, told: str
) -> None:
    """Killed inside the transaction, or when it is written but nobody was told; the caller calls again and says
    the same: never two, never none."""
    path = tmp_path / FILE_NAME
    cut_off = start(CUT_OFF[cut] + SAME, str(path), "first", TEN.isoformat())
    _go([cut_off])
    assert cut_off.communicate(timeout=60)[0] == ""
    assert cut_off.returncode == -signal.SIGKILL
    again = start(SAME, str(path), "second", TEN.isoformat())
    _go([again])
    assert again.communicate(timeout=60)[0] == f"{told}\n"
    with Database(path) as database:
        assert [one.appointment_id for one in Diary(database, SALON, SetClock(NOW)).of_phone("+1303")] == [
            told
        ]
    _the_tables_agree(path, [["booked", told]])


def _go(processes) -> None:
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def _the_tables_agree(path: Path, told: list[list[str]]) -> None:
    """What was told to a caller is there; claims, minutes and history say the same as the appointments."""
    with Database(path) as database:
        database.check()
        rows = {row["appointment_id"]: row for row in database.rows("SELECT * FROM appointments")}
        claims = database.rows("SELECT * FROM claims")
        minutes = [tuple(row.values()) for row in database.rows("SELECT * FROM claimed_minutes")]
        changes = database.rows(
            "SELECT * FROM appointment_changes WHERE kind <> 'repeated' ORDER BY change_id"
        )
    assert {one for word, one in told if word == "cancelled"} <= {
        one for one, row in rows.items() if row["standing"] == "cancelled"
    }
    assert {one for word, one in told if word != "cancelled"} <= set(rows)
    expected = [
        (claim["what"], minute, claim["appointment_id"])
        for claim in claims
        for minute in range(claim["starts_minute"], claim["ends_minute"])
    ]
    assert sorted(minutes) == sorted(expected)
    assert len({(what, minute) for what, minute, _ in minutes}) == len(minutes)
    assert {claim["appointment_id"] for claim in claims} == {
        one for one, row in rows.items() if row["standing"] == "agreed"
    }
    for one, row in rows.items():
        mine = [change for change in changes if change["appointment_id"] == one]
        assert [change["sequence"] for change in mine] == list(range(row["sequence"] + 1))
        assert mine[-1]["starts_minute"] == row["starts_minute"]
        assert mine[-1]["staff"] == row["staff"]
