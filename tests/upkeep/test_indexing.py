"""Calls of an older release come into the index in the quiet, a thousand at a time, and stop when told to."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from appliance.store.database import FILE_NAME, Database
from appliance.store.schema import STEPS, v5_records
from appliance.store.search import Search
from appliance.upkeep.indexing import CALLS_AT_ONCE, Indexing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALLS = 11 * CALLS_AT_ONCE


def old_box(path: Path) -> None:
    """A database from before the index."""
    with Database(path, steps=STEPS[: STEPS.index(v5_records)]) as database, database.writing() as tables:
        for number in range(CALLS):
            at = f"2026-11-20T08:{number // 60:02}:{number % 60:02}.000000+00:00"
            tables.execute(
                "INSERT INTO calls (call_id, caller, called, offered_at, ended_at, disposition, versions)"
                " VALUES (?, '', '', ?, ?, 'answered', '{}')",
                [f"c{number}", at, at],
            )
            tables.execute(
                "INSERT INTO turns (call_id, number, speaker, text, started_ms, ended_ms, interrupted)"
                " VALUES (?, 1, 'caller', 'brakes', 0, 900, 0)",
                [f"c{number}"],
            )


def test_in_the_quiet_and_as_long_as_there_are_any(tmp_path: Path) -> None:
    old_box(tmp_path / FILE_NAME)
    with Database(tmp_path / FILE_NAME) as database:
        search = Search(database)
        chore, stop = Indexing(search), threading.Event()
        assert not chore.is_due(NOW, idle=False)
        assert chore.is_due(NOW, idle=True)
        chore.do(stop)
        assert search.waiting() == CALLS_AT_ONCE
        assert [hit.call_id for hit in search.find("brakes", limit=1)] == [f"c{CALLS - 1}"]
        stop.set()
        chore.do(stop)
        assert search.waiting() == CALLS_AT_ONCE
        stop.clear()
        chore.do(stop)
        assert search.waiting() == 0
        assert len(search.find("brakes", limit=10_000)) == CALLS
        assert not chore.is_due(NOW, idle=True)
        with database.writing() as tables:
            tables.execute("INSERT INTO call_words (call_words, rank) VALUES ('integrity-check', 1)")
