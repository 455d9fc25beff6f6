"""Backups: consistent while calls write, counted only when whole and checked, rotated, and good for restoring."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.domain.call import Speaker, Turn
from appliance.errors import NotFound, StoreFault
from appliance.store import backups as room
from appliance.store.backups import Backups, kept
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, LAST_BACKUP, Database
from tests.fakes.office_days import MONDAY, everything, live_through


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture
def backups(database: Database, clock: SetClock, tmp_path: Path) -> Backups:
    live_through(database, 4)
    return Backups(database.path, tmp_path / "elsewhere", clock)


def test_a_backup_holds_every_row_and_says_how_many(backups: Backups, database: Database) -> None:
    backup = backups.make()
    assert everything(backups.path_of(backup)) == everything(database.path)
    assert (backup.rows["calls"], backup.rows["turns"], backup.rows["messages"]) == (4, 12, 2)
    assert backups.all() == [backup]
    assert backups.fault_of(backup) is None
    assert (database.path.parent / LAST_BACKUP).exists()
    assert backups.path_of(backup).stat().st_mode & 0o077 == 0


def test_it_is_of_one_moment_while_calls_write(backups: Backups, database: Database) -> None:
    """Every turn n of the busy call stands in the backup with all those before it."""
    calls, stop = Calls(database), threading.Event()
    calls.begin("busy", "+13035559999", "100", MONDAY, {})

    def talk() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            calls.add_turn("busy", Turn(number, Speaker.CALLER, f"word {number} " * 200, number, number + 1))

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        made = []
        for _ in range(4):
            backups._clock.advance(1)
            made.append(backups.make())
    finally:
        stop.set()
        talking.join()
    for backup in made:
        with Database(backups.path_of(backup), read_only=True) as copy:
            numbers = [turn.number for turn in Calls(copy).get("busy").turns]
        assert numbers == list(range(1, len(numbers) + 1))
    assert database.rows("PRAGMA quick_check") == [{"quick_check": "ok"}]


def test_recordings_are_listed_always_and_copied_once_when_asked(
    backups: Backups, clock: SetClock, tmp_path: Path
) -> None:
    listed = backups.make()
    assert [one.name for one in listed.recordings] == [f"call-{n}.flac" for n in range(4)]
    assert not (tmp_path / "elsewhere" / "recordings").exists()
    clock.advance(60)
    backups.make(recordings=True)
    files = sorted((tmp_path / "elsewhere" / "recordings").iterdir())
    assert sorted(one.sha256 for one in listed.recordings) == [file.stem for file in files]
    before = [file.stat().st_ino for file in files]
    clock.advance(60)
    backups.make(recordings=True)
    assert [file.stat().st_ino for file in files] == before


def test_a_damaged_database_makes_no_backup(backups: Backups, database: Database) -> None:
    database.fold_log()
    database.close()
    size = database.path.stat().st_size
    with database.path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))
    with pytest.raises(StoreFault, match="damaged"):
        backups.make()
    assert backups.all() == []
    assert [file.name for file in backups.folder.iterdir()] == []


def test_a_full_disk_makes_none_and_leaves_nothing(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_SPARE_BYTES", 1 << 62)
    with pytest.raises(StoreFault, match="too little room"):
        backups.make()
    assert [file.name for file in backups.folder.iterdir()] == []


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(NotFound, match="no database yet"):
        Backups(tmp_path / FILE_NAME, tmp_path / "elsewhere", clock).make()


def test_found_by_latest_by_name_and_by_moment(backups: Backups, clock: SetClock) -> None:
    first = backups.make()
    clock.advance(86400)
    second = backups.make()
    assert backups.find("latest") == second
    assert backups.find(first.file) == backups.find("2026-11-16") == first
    backups.path_of(second).write_bytes(b"short")
    assert backups.fault_of(second) == "its file was changed or damaged"
    assert backups.find("latest") == backups.newest_good() == first
    with pytest.raises(NotFound, match="backup list"):
        backups.find("2020")


def test_days_and_weeks_are_kept_and_sound_nobody_speaks_of_goes(
    backups: Backups, clock: SetClock, database: Database
) -> None:
    for _ in range(30):
        backups.make(recordings=True)
        clock.advance(86400)
    (database.path.parent / "recordings" / "call-0.flac").unlink()
    newest = backups.make(recordings=True)
    backups.thin(days=3, weeks=2)
    days = [f"{one.made_at:%m-%d}" for one in backups.all()]
    assert days == ["12-16", "12-15", "12-14", "12-13"]  # three days; this Monday's week and the one before
    backups.thin(days=1, weeks=0)
    assert backups.all() == [newest]
    assert len(list((backups.folder / "recordings").iterdir())) == 3


def test_the_newest_always_stays() -> None:
    assert kept([], 1, 0) == []


def test_a_box_that_was_off_for_a_month_keeps_what_it_has(backups: Backups, clock: SetClock) -> None:
    made = []
    for days in (0, 1, 40):
        clock.advance(timedelta(days=days).total_seconds())
        made.append(backups.make())
    backups.thin(days=7, weeks=4)
    assert backups.all() == made[::-1]
