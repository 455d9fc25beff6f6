"""Salvage: rows on whole pages come over, wherever their numbers lie; the whole file is never changed by it."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from appliance.errors import StoreFault
from appliance.store.salvage import salvage

PAGE = 4096
ROWS = 800
TABLES = (
    "CREATE TABLE outbox (number INTEGER PRIMARY KEY, destination TEXT, contact TEXT, state TEXT, follows INTEGER)",
    "CREATE TABLE appointments (appointment_id TEXT PRIMARY KEY, standing TEXT, starts_minute INT, ends_minute INT)",
    "CREATE TABLE claims (appointment_id TEXT, what TEXT, starts_minute INT, ends_minute INT)",
    "CREATE TABLE claimed_minutes (what TEXT, minute INT, appointment_id TEXT)",
    "CREATE TABLE words (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
    "CREATE TABLE keys (name TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID",
)


def made(path: Path, numbers: list[int]) -> None:
    with closing(sqlite3.connect(path)) as tables:
        for statement in TABLES:
            tables.execute(statement)
        for number in numbers:
            text = f"word {number} " * 8
            tables.execute("INSERT INTO words VALUES (?, ?)", [number, text])
            tables.execute("INSERT INTO keys VALUES (?, ?)", [f"{number:020}", text])
        tables.commit()


def numbers_of(path: Path) -> set[int]:
    with closing(sqlite3.connect(path)) as tables:
        return {row[0] for row in tables.execute("SELECT number FROM words")}


@pytest.mark.parametrize("apart", [1, 7, 10**12])
@pytest.mark.parametrize("seed", range(4))
def test_a_lost_page_costs_the_rows_that_stood_on_it(tmp_path: Path, apart: int, seed: int) -> None:
    """Rows may be numbered by the millisecond: a gap in the numbers is no reason to count through it."""
    numbers = [place * apart for place in range(1, ROWS + 1)]
    damaged, target = tmp_path / "damaged.db", tmp_path / "target.db"
    made(damaged, numbers)
    made(target, [])
    page = random.Random(seed).randrange(10, damaged.stat().st_size // PAGE)
    with damaged.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(bytes([255]) * PAGE)
    before = damaged.read_bytes()
    read = salvage(damaged, target, None)
    assert len(numbers_of(target)) >= ROWS - PAGE // 60
    assert read["words"].rows == len(numbers_of(target))
    assert read["words"].whole or numbers_of(target) < set(numbers)
    assert damaged.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["damaged.db", "target.db"]


def test_what_is_gone_from_a_table_that_could_be_read_goes_from_the_backup(tmp_path: Path) -> None:
    damaged, target = tmp_path / "damaged.db", tmp_path / "target.db"
    made(damaged, [1, 2, 3])
    made(target, [2, 4])
    salvage(damaged, target, None)
    assert numbers_of(target) == {1, 2, 3}


def test_a_first_page_is_borrowed(tmp_path: Path) -> None:
    damaged, model, target = (tmp_path / name for name in ("damaged.db", "model.db", "target.db"))
    made(model, [1])
    made(damaged, list(range(1, ROWS)))
    made(target, [])
    with damaged.open("r+b") as file:
        file.write(bytes(PAGE))
    salvage(damaged, target, None)
    assert numbers_of(target) == set()
    salvage(damaged, target, model)
    assert numbers_of(target) == set(range(1, ROWS))


def test_nobody_waits_behind_a_row_that_was_lost(tmp_path: Path) -> None:
    damaged, target = tmp_path / "damaged.db", tmp_path / "target.db"
    made(damaged, [])
    made(target, [])
    with closing(sqlite3.connect(damaged)) as tables:
        tables.execute("INSERT INTO outbox VALUES (7, 'crm', 'Bo', 'waiting', 1)")  # 6, before it, is gone
        tables.execute("INSERT INTO outbox VALUES (8, 'crm', 'Bo', 'waiting', 1)")
        tables.commit()
    salvage(damaged, target, None)
    with closing(sqlite3.connect(target)) as tables:
        assert tables.execute("SELECT number, follows FROM outbox ORDER BY number").fetchall() == [
            (7, 0),
            (8, 1),
        ]


def test_a_file_that_is_gone_gives_nothing(tmp_path: Path) -> None:
    made(tmp_path / "target.db", [1])
    read = salvage(tmp_path / "gone.db", tmp_path / "target.db", None)
    assert not any(one.rows or one.whole for one in read.values())
    assert numbers_of(tmp_path / "target.db") == {1}


def test_a_disk_that_fills_up_on_the_way_is_a_fault_and_no_smaller_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row the disk does not take is not a row that came off a damaged page."""
    damaged, target = tmp_path / "damaged.db", tmp_path / "target.db"
    made(damaged, list(range(1, ROWS)))
    made(target, [])
    connect = sqlite3.connect

    def small(path: Path, **how: object) -> sqlite3.Connection:
        tables = connect(path, **how)
        if path == target:
            pages = tables.execute("PRAGMA page_count").fetchone()[0]
            tables.execute(f"PRAGMA max_page_count = {pages + 5}")
        return tables

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(StoreFault, match="Free space"):
        salvage(damaged, target, None)


def test_a_sector_that_cannot_be_read_is_a_page_that_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged, target = tmp_path / "damaged.db", tmp_path / "target.db"
    made(damaged, list(range(1, ROWS + 1)))
    made(target, [])
    pread = os.pread

    def worn(descriptor: int, size: int, start: int) -> bytes:
        if start == 20 * PAGE:
            raise OSError(5, "Input/output error")
        return pread(descriptor, size, start)

    monkeypatch.setattr(os, "pread", worn)
    salvage(damaged, target, None)
    assert len(numbers_of(target)) >= ROWS - PAGE // 60
