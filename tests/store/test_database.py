"""The file itself: several processes at once, disks that refuse, files that are broken."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from appliance.domain.call import Disposition, Speaker, Turn
from appliance.errors import Misused, StoreFault
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, LAST_BACKUP, Database
from tests.store.conftest import NOON

SCRATCH = "CREATE TABLE IF NOT EXISTS scratch (word TEXT)"

OPEN_AND_SAY = """
import sys
from pathlib import Path
from appliance.store.database import Database
sys.stdin.readline()
with Database(Path(sys.argv[1])) as database:
    database.open()
    database.check()
print("opened")
"""

IN_A_SMALL_WORLD = """
import subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from appliance.errors import StoreFault
from appliance.store.calls import Calls
from appliance.store.database import Database

folder, mode = Path(sys.argv[1]), sys.argv[2]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

def mount(options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)

def told(work):
    try:
        work()
    except StoreFault as fault:
        return str(fault)
    return "no fault"
"""

FULL = (
    IN_A_SMALL_WORLD
    + """
mount("size=1m")
database = Database(folder / "attendant.db")
calls = Calls(database)
calls.begin("c1", "a", "b", NOON, {})
ballast = folder / "ballast"
with ballast.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
print(told(lambda: [calls.begin(f"more {n}", "a" * 2000, "b", NOON, {}) for n in range(100)]))
ballast.unlink()
calls.begin("after", "a", "b", NOON, {})
database.check()
print(calls.get("c1").call_id, calls.get("after").call_id)
"""
)

READ_ONLY = (
    IN_A_SMALL_WORLD
    + """
mount("size=4m")
if mode == "existing":
    with Database(folder / "attendant.db") as database:
        Calls(database).begin("c1", "a", "b", NOON, {})
mount("remount,ro")
database = Database(folder / "attendant.db")
calls = Calls(database)
print(told(lambda: calls.begin("c2", "a", "b", NOON, {})))
if mode == "existing":
    with Database(folder / "attendant.db", read_only=True) as reader:
        print([call.call_id for call in Calls(reader).recent()])
mount("remount,rw")
calls.begin("c2", "a", "b", NOON, {})
print(calls.get("c2").call_id)
"""
)


def test_settings_of_the_file(database: Database) -> None:
    assert database.rows("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert database.rows("PRAGMA synchronous") == [{"synchronous": 2}]
    assert database.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    assert database.rows("PRAGMA busy_timeout") == [{"timeout": 5000}]


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    with Database(tmp_path / "data" / FILE_NAME) as database:
        database.open()
        for path in (database.path, database.path.with_name(f"{FILE_NAME}-wal")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
        assert stat.S_IMODE(database.path.parent.stat().st_mode) & 0o077 == 0


def test_nothing_is_touched_before_the_first_use(tmp_path: Path) -> None:
    Database(tmp_path / "data" / FILE_NAME)
    assert list(tmp_path.iterdir()) == []


def test_a_transaction_is_whole_or_not_at_all(database: Database) -> None:
    with database.writing() as tables:
        tables.execute(SCRATCH)
    with pytest.raises(RuntimeError), database.writing() as tables:
        tables.execute("INSERT INTO scratch VALUES ('half')")
        raise RuntimeError
    assert database.rows("SELECT * FROM scratch") == []


def test_a_transaction_that_may_be_undone_waits_for_no_disk_and_the_next_does(database: Database) -> None:
    def waits_for_the_disk(*, durable: bool) -> bool:
        with database.writing(durable=durable) as tables:
            return next(tables.query("PRAGMA synchronous"))["synchronous"] == 2

    assert [waits_for_the_disk(durable=one) for one in (True, False, True)] == [True, False, True]


def test_breaking_a_rule_of_the_tables_is_a_bug(database: Database, calls: Calls) -> None:
    with pytest.raises(Misused), database.writing() as tables:
        tables.execute("INSERT INTO turns (call_id, number) VALUES ('c1', 1)")
    assert calls.get("c1").turns == ()


def test_many_processes_may_open_a_new_file_at_once(tmp_path: Path, start) -> None:
    processes = [start(OPEN_AND_SAY, str(tmp_path / FILE_NAME)) for _ in range(4)]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert (out, err) == ("opened\n", "")


def test_nobody_is_refused_in_the_moment_a_new_file_becomes_wal(tmp_path: Path) -> None:
    """SQLite refuses the second of two connections here without waiting; met by one in seven such meetings."""
    together = threading.Barrier(6)

    def opens(round_: int) -> None:
        together.wait(timeout=30)
        with Database(tmp_path / f"{round_}.db") as database:
            database.open()

    with ThreadPoolExecutor(6) as pool:
        for round_ in range(40):
            for opened in [pool.submit(opens, round_) for _ in range(6)]:
                opened.result(timeout=60)


def test_a_reader_looks_on_while_the_writer_writes(database: Database, calls: Calls) -> None:
    with Database(database.path, read_only=True) as reader:
        with database.writing() as tables:
            tables.execute("UPDATE calls SET caller = 'changed'")
            assert Calls(reader).get("c1").caller == "+13035550123"
        assert Calls(reader).get("c1").caller == "changed"


def test_a_reader_cannot_write(database: Database, calls: Calls) -> None:
    with Database(database.path, read_only=True) as reader, pytest.raises(StoreFault):
        Calls(reader).answered("c1", NOON)


def test_a_reader_does_not_migrate(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / FILE_NAME).close()
    with (
        Database(tmp_path / FILE_NAME, read_only=True) as reader,
        pytest.raises(StoreFault, match="older release"),
    ):
        reader.open()


def test_locked_by_another_program(database: Database, calls: Calls) -> None:
    shell = sqlite3.connect(database.path, isolation_level=None)
    shell.execute("BEGIN IMMEDIATE")
    with Database(database.path, busy_ms=50) as impatient:
        with pytest.raises(StoreFault, match="locked") as caught:
            Calls(impatient).close("c1", Disposition.ANSWERED, NOON)
        assert "shells" in caught.value.remedy
        shell.execute("ROLLBACK")
        shell.close()
        Calls(impatient).close("c1", Disposition.ANSWERED, NOON)
    assert calls.get("c1").disposition is Disposition.ANSWERED


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all " * 500)
    with Database(tmp_path / FILE_NAME) as database, pytest.raises(StoreFault, match="damaged") as caught:
        database.open()
    assert "restore latest" in caught.value.remedy


def test_damage_inside_is_found(database: Database, calls: Calls) -> None:
    for number in range(200):
        calls.add_turn("c1", Turn(number, Speaker.CALLER, "words " * 50, 0, 1))
    database.close()
    with database.path.open("r+b") as file:
        file.seek(database.path.stat().st_size // 2)
        file.write(os.urandom(8192))
    with pytest.raises(StoreFault, match="damaged"):
        database.check()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        Database(tmp_path / "file" / FILE_NAME) as database,
        pytest.raises(StoreFault, match="cannot be opened"),
    ):
        database.open()


def test_a_full_disk(tmp_path: Path, start, private_mounts) -> None:
    out, err = start(FULL, str(tmp_path), "", wrapper=private_mounts).communicate(timeout=60)
    assert "the disk is full. Free space" in out, err
    assert out.endswith("c1 after\n"), err


@pytest.mark.parametrize("mode", ["existing", "new"])
def test_a_read_only_disk(tmp_path: Path, start, private_mounts, mode: str) -> None:
    out, err = start(READ_ONLY, str(tmp_path), mode, wrapper=private_mounts).communicate(timeout=60)
    assert "cannot be opened or written" in out, err
    assert "Mount the disk read-write" in out
    assert ("['c1']" in out) == (mode == "existing"), err
    assert out.endswith("c2\n"), err


def test_a_file_put_in_its_place_is_noticed(database: Database, calls: Calls) -> None:
    """A backup was restored under a process that has the old file open: it goes on with the new one."""
    other = database.path.with_name("other.db")
    with Database(other) as made:
        Calls(made).begin("c2", "+13035550124", "100", NOON, {})
    other.replace(database.path)
    for suffix in ("-wal", "-shm"):
        database.path.with_name(database.path.name + suffix).unlink()
    assert [call.call_id for call in calls.recent()] == ["c2"]
    calls.answered("c2", NOON)
    assert calls.get("c2").answered_at == NOON


def test_an_emptied_file_of_which_there_is_a_backup_is_damaged_not_new(tmp_path: Path) -> None:
    (tmp_path / LAST_BACKUP).write_text("{}")
    for _ in ("gone", "empty"):
        with Database(tmp_path / FILE_NAME) as database, pytest.raises(StoreFault, match="damaged"):
            database.open()
        (tmp_path / FILE_NAME).touch()


def test_a_copy_is_of_one_moment_and_one_file(database: Database, calls: Calls, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    database.copy_to(copy)
    calls.close("c1", Disposition.ANSWERED, NOON)
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy.db"]
    with Database(copy) as copied:
        assert Calls(copied).get("c1").disposition is Disposition.OPEN
