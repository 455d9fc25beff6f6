"""A database damaged on purpose: the report is clear, the backup comes back, and what can be read comes with it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.domain.call import Disposition, Speaker, Turn
from appliance.errors import AlreadyRunning, StoreFault
from appliance.store import integrity, replacing
from appliance.store.backups import Backup, Backups
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.integrity import heal, keep_broken_log, problems_of, restore
from appliance.store.messages import Messages
from appliance.store.outbox import Outbox
from appliance.store.replacing import ASIDE
from tests.fakes.office_days import MONDAY, TO, everything, live_through

PAGE = 4096


class Box:
    """A box with a backup of six calls and six more since."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.clock = SetClock(MONDAY)
        self.backups = Backups(self.path, folder / "backups", self.clock)
        self.backup: Backup = self.backups.find("latest")
        self.before = everything(self.path)

    def damage(self, *spans: tuple[int, int]) -> None:
        with self.path.open("r+b") as file:
            for start, size in spans:
                file.seek(start)
                file.write(os.urandom(size))

    def heal(self) -> integrity.Healed:
        problems = problems_of(self.path, thorough=True)
        assert problems
        return heal(self.path, self.backups, self.clock, problems)

    def calls(self) -> list[str]:
        with Database(self.path) as database:
            database.check()
            return sorted((call.call_id for call in Calls(database).recent()), key=lambda name: int(name[5:]))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a box, to be copied."""
    folder = tmp_path_factory.mktemp("lived")
    with Database(folder / FILE_NAME) as database:
        live_through(database, 6)
        Backups(database.path, folder / "backups", SetClock(MONDAY)).make()
        live_through(database, 6, first=6)
    return folder


@pytest.fixture
def box(tmp_path: Path, lived: Path) -> Box:
    shutil.copytree(lived, tmp_path, dirs_exist_ok=True)
    return Box(tmp_path)


ALL = [f"call-{place}" for place in range(12)]


def test_a_whole_database_has_no_problems(box: Box) -> None:
    assert problems_of(box.path, thorough=False) == problems_of(box.path, thorough=True) == ()


def test_a_new_box_has_none_either(tmp_path: Path) -> None:
    assert problems_of(tmp_path / FILE_NAME, thorough=True) == ()


@pytest.mark.parametrize("size", [16, 100, PAGE])
def test_a_header_of_garbage_costs_nothing(box: Box, size: int) -> None:
    """The backup's first page tells where the tables are; everything else is still there to be read."""
    box.damage((0, size))
    healed = box.heal()
    assert box.calls() == ALL
    assert everything(box.path) == box.before
    assert healed.backup == box.backup
    assert healed.missing == ()
    assert healed.aside is not None and healed.aside.parent.name == ASIDE


def test_pages_of_garbage_cost_what_stood_on_them_and_nothing_of_the_backup(box: Box) -> None:
    pages = box.path.stat().st_size // PAGE
    box.damage(*((page * PAGE, PAGE) for page in range(pages // 3, pages // 3 + 4)))
    with Database(box.backups.path_of(box.backup), read_only=True) as copy:
        saved = {call.call_id for call in Calls(copy).recent()}
    box.heal()
    assert saved <= set(box.calls())


@pytest.mark.parametrize("page", range(1, 60, 4))
def test_whichever_page_is_lost_the_backup_and_every_whole_table_are_there(box: Box, page: int) -> None:
    if page * PAGE >= box.path.stat().st_size:
        page = box.path.stat().st_size // PAGE - 1
    box.damage((page * PAGE, PAGE))
    if not problems_of(box.path, thorough=True):
        return  # a free page: nothing was on it
    healed = box.heal()
    now = everything(box.path)
    assert set(ALL[:6]) <= set(box.calls())
    for table, read in healed.salvaged.items():
        if read.whole and table not in {"claims", "claimed_minutes", "transcripts"}:
            assert now[table] == box.before[table], table


def test_a_truncated_file_keeps_the_backup_and_its_beginning(box: Box) -> None:
    os.truncate(box.path, box.path.stat().st_size // 2 // PAGE * PAGE)
    healed = box.heal()
    assert set(ALL[:6]) <= set(box.calls())
    assert healed.missing


@pytest.mark.parametrize("hurt", [lambda path: os.truncate(path, 0), Path.unlink])
def test_an_empty_or_missing_file_is_damage_where_there_was_a_backup(
    box: Box, hurt: Callable[[Path], None]
) -> None:
    hurt(box.path)
    with Database(box.path) as database, pytest.raises(StoreFault, match="damaged"):
        database.open()
    healed = box.heal()
    assert healed.problems == ("the file is gone or empty",)
    assert box.calls() == ALL[:6]


def test_without_a_backup_what_can_be_read_is_kept(tmp_path: Path) -> None:
    path, clock = tmp_path / FILE_NAME, SetClock(MONDAY)
    with Database(path) as database:
        live_through(database, 6)
        database.fold_log()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2 // PAGE * PAGE)
        file.write(os.urandom(PAGE))
    healed = heal(path, Backups(path, tmp_path / "none", clock), clock, problems_of(path, thorough=True))
    assert healed.backup is None
    with Database(path) as database:
        database.check()
        assert len(Calls(database).recent()) + sum(1 for _ in healed.missing) >= 6


def test_a_damaged_backup_is_passed_over_for_the_one_before(box: Box) -> None:
    box.clock.advance(86400)
    newer = box.backups.make()
    with box.backups.path_of(newer).open("r+b") as file:
        file.seek(PAGE)
        file.write(os.urandom(PAGE))
    os.truncate(box.path, 0)
    assert box.heal().backup == box.backup


def test_the_outbox_sends_again_what_it_sent_under_the_key_the_receiver_knows(box: Box) -> None:
    """Restored rows may have been sent since the backup: the same identity makes the second time harmless."""
    with Database(box.path) as database:
        outbox = Outbox(database, SetClock(MONDAY.replace(month=12)))
        first = outbox.claim(TO[0])
        assert first is not None
        outbox.sent(first)
    os.truncate(box.path, 0)
    box.heal()
    with Database(box.path) as database:
        again = Outbox(database, SetClock(MONDAY.replace(month=12))).claim(TO[0])
    assert again is not None
    assert again.idempotency_key == first.idempotency_key


def test_what_was_sent_since_the_backup_is_known_where_it_can_be_read(box: Box) -> None:
    with Database(box.path) as database:
        outbox = Outbox(database, SetClock(MONDAY.replace(month=12)))
        while (row := outbox.claim(TO[0])) is not None:
            outbox.sent(row)
        database.fold_log()
    box.damage((0, 16))
    box.heal()
    with Database(box.path) as database:
        assert Outbox(database, SetClock(MONDAY.replace(month=12))).claim(TO[0]) is None


def test_who_has_the_damaged_file_open_goes_on_with_the_healed_one(box: Box) -> None:
    """The agent answers calls all the while: what it is told while the file is replaced is in the new one."""
    with Database(box.path) as agent:
        calls = Calls(agent)
        assert calls.recent()
        box.damage((0, 16))
        box.heal()
        calls.begin("call-99", "+13035550199", "100", MONDAY, {})
        Messages(agent).recent()
    assert box.calls()[-1] == "call-99"


def test_a_log_that_begins_with_garbage_is_kept_and_said(box: Box) -> None:
    log = box.path.with_name(f"{FILE_NAME}-wal")
    assert keep_broken_log(box.path, MONDAY) is None
    log.write_bytes(os.urandom(3 * PAGE))
    kept = keep_broken_log(box.path, MONDAY)
    assert kept is not None
    assert kept.read_bytes() == log.read_bytes()
    assert box.calls() == ALL


# --- restoring by hand ----------------------------------------------------------------------------


def test_a_backup_restored_is_the_database_of_then(box: Box) -> None:
    aside = restore(box.path, box.backups, box.backup, box.clock)
    assert box.calls() == ALL[:6]
    assert aside is not None
    assert everything(aside) == box.before
    assert not list(box.path.parent.glob(".*"))


def test_an_older_release_s_backup_is_brought_up_to_date(box: Box) -> None:
    import sqlite3

    from appliance.store.backups import sha256_of

    old = box.backups.path_of(box.backup)
    old.unlink()
    dump = Path(__file__).parent / "schemas" / "v1.sql"
    with sqlite3.connect(old) as connection:
        connection.executescript(dump.read_text())
    connection.close()
    from dataclasses import replace

    page = replace(box.backup, size_bytes=old.stat().st_size, sha256=sha256_of(old))
    restore(box.path, box.backups, page, box.clock)
    with Database(box.path) as database:
        assert [call.call_id for call in Calls(database).recent()] == ["c1"]


def test_a_changed_backup_is_not_restored(box: Box) -> None:
    box.backups.path_of(box.backup).write_bytes(b"something else")
    with pytest.raises(StoreFault, match="changed or damaged"):
        restore(box.path, box.backups, box.backup, box.clock)
    assert box.calls() == ALL


def test_not_while_another_process_has_it_open(box: Box, start) -> None:
    holding = start(
        "import sys; from pathlib import Path; from appliance.store.database import Database\n"
        "database = Database(Path(sys.argv[1])); database.open(); print('open', flush=True); sys.stdin.read()",
        str(box.path),
    )
    assert holding.stdout.readline() == "open\n"
    with pytest.raises(AlreadyRunning, match=str(holding.pid)):
        restore(box.path, box.backups, box.backup, box.clock)
    holding.kill()
    holding.wait(10)
    restore(box.path, box.backups, box.backup, box.clock)


STEPS = ("_copy", "_finish", "_fold_log", "put_in_place")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_step_leaves_the_old_database_or_the_new_one(
    box: Box, start, step: str, when: str
) -> None:
    done = start(_KILLED, str(box.path), step, when)
    done.wait(60)
    assert done.returncode == -signal.SIGKILL, done.stderr.read()
    assert box.calls() in (ALL, ALL[:6])
    restore(box.path, box.backups, box.backup, box.clock)
    assert box.calls() == ALL[:6]


_KILLED = """
import os, signal, sys
from pathlib import Path
from appliance.clock import SystemClock
from appliance.store import integrity
from appliance.store.backups import Backups
path, step, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
real = getattr(integrity, step)
def killed(*values):
    if when == "after":
        real(*values)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(integrity, step, killed)
backups = Backups(path, path.parent / "backups", SystemClock())
integrity.restore(path, backups, backups.find("latest"), SystemClock())
"""


@pytest.mark.parametrize("call", ["replace", "link", "fsync"])
def test_a_disk_that_refuses_leaves_the_old_database(box: Box, monkeypatch, call: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(replacing.os, call, full)
    with pytest.raises(StoreFault, match="full"):
        restore(box.path, box.backups, box.backup, box.clock)
    monkeypatch.undo()
    assert box.calls() == ALL


@pytest.mark.real
@pytest.mark.parametrize("what", ["restore", "heal", "make"])
def test_a_disk_that_is_really_full_leaves_what_there_is(
    box: Box, start, private_mounts: tuple[str, ...], what: str
) -> None:
    done = start(_FULL, str(box.path.parent), what, wrapper=private_mounts)
    said, complaints = done.communicate(timeout=100)
    assert done.returncode == 0, complaints
    assert said.split() == [
        "StoreFault",
        "12",
        "12" if what == "make" else "6" if what == "restore" else "12",
    ]


_FULL = """
import os, shutil, subprocess, sys
from pathlib import Path
from appliance.clock import SystemClock
from appliance.errors import StoreFault
from appliance.store import backups as room
from appliance.store.backups import Backups
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.integrity import heal, restore
source, what = Path(sys.argv[1]), sys.argv[2]
folder = source / "small"
folder.mkdir()
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
for name in ("attendant.db", "backups"):
    copy = shutil.copytree if (source / name).is_dir() else shutil.copy
    copy(source / name, folder / name)
room._SPARE_BYTES = 0
path, clock = folder / "attendant.db", SystemClock()
backups = Backups(path, folder / "backups", clock)
def attempt():
    if what == "make":
        backups.make()
    elif what == "heal":
        heal(path, backups, clock, ("tried",))
    else:
        restore(path, backups, backups.find("latest"), clock)
def count():
    with Database(path) as database:
        database.check()
        return len(Calls(database).recent(100))
filler = folder / "filler"
if what == "make":  # the disk fills up after it was looked at
    class Plenty: free = 1 << 40
    room.shutil.disk_usage = lambda folder: Plenty
with filler.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(b"x" * 4096)
    except OSError:
        pass
try:
    attempt()
except StoreFault as fault:
    print(type(fault).__name__)
filler.unlink(missing_ok=True)
print(count())
attempt()
print(count())
"""


def test_calls_go_on_being_kept_after_healing(box: Box) -> None:
    box.damage((0, PAGE))
    box.heal()
    with Database(box.path) as database:
        calls = Calls(database, destinations=TO)
        calls.begin("call-50", "+13035550000", "100", MONDAY, {})
        calls.add_turn("call-50", Turn(1, Speaker.CALLER, "again", 0, 1))
        calls.close("call-50", Disposition.ANSWERED, MONDAY)
        database.check()
