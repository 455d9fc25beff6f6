"""The index keeps to the words whatever becomes of them: FTS5's own check compares the two after every change."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.domain.call import Disposition, Speaker, Turn
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.schema import STEPS, v5_records
from appliance.store.search import Search

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BEFORE = STEPS[: STEPS.index(v5_records)]


def turn(number: int, text: str) -> Turn:
    return Turn(number, Speaker.CALLER, text, number * 1000, number * 1000 + 900)


def check(database: Database) -> None:
    """StoreFault when the index does not say what the turns say."""
    with database.writing() as tables:
        tables.execute("INSERT INTO call_words (call_words, rank) VALUES ('integrity-check', 1)")


def found(database: Database, word: str) -> list[str]:
    rows = database.rows(
        "SELECT call_id FROM call_words JOIN transcripts ON number = call_words.rowid WHERE call_words MATCH ?",
        [f'"{word}"'],
    )
    return [row["call_id"] for row in rows]


def test_a_call_is_in_the_index_from_its_end_on(database: Database, calls: Calls) -> None:
    calls.add_turn("c1", turn(1, "an oil change"))
    assert found(database, "oil") == []
    calls.close("c1", Disposition.BOOKED, NOON)
    assert found(database, "oil") == found(database, "booked") == ["c1"]
    check(database)


def test_a_call_that_goes_on_after_all_comes_back_at_its_end(database: Database, calls: Calls) -> None:
    calls.add_turn("c1", turn(1, "brakes"))
    calls.repair()
    assert found(database, "brakes") == ["c1"]
    calls.begin("c1", "+13035550123", "100", NOON, {})
    assert found(database, "brakes") == []
    calls.add_turn("c1", turn(2, "and tires"))
    calls.close("c1", Disposition.ANSWERED, NOON)
    assert found(database, "tires") == ["c1"]
    check(database)


def test_calls_of_the_same_moment_have_numbers_of_their_own(database: Database) -> None:
    calls = Calls(database)
    for call_id in ("a", "b", "c"):
        calls.begin(call_id, "x", "y", NOON, {})
        calls.close(call_id, Disposition.SILENT, NOON)
    rows = database.rows("SELECT call_id, number FROM transcripts ORDER BY number")
    first = int(NOON.timestamp() * 1000)
    assert [(row["call_id"], row["number"] - first) for row in rows] == [("a", 0), ("b", 1), ("c", 2)]


def test_whatever_becomes_of_the_words_the_index_says_the_same(database: Database) -> None:
    """Random lives of calls: turns late, twice, masked, dropped; calls corrected, erased, opened again."""
    luck, calls, known = random.Random(20261121), Calls(database), ["c0"]
    calls.begin("c0", "+1", "100", NOON, {})
    changes = (
        "UPDATE turns SET text = '[private]' WHERE call_id = ? AND number % 2 = 1",
        "DELETE FROM turns WHERE call_id = ? AND number > 3",
        "UPDATE calls SET caller = '' WHERE call_id = ?",
        "UPDATE calls SET disposition = 'message' WHERE call_id = ? AND disposition <> 'open'",
        "UPDATE calls SET ended_at = NULL WHERE call_id = ?",
        "DELETE FROM calls WHERE call_id = ?",
    )
    for step in range(300):
        call_id = luck.choice(known)
        gone = not database.rows("SELECT 1 FROM calls WHERE call_id = ?", [call_id])
        match luck.randrange(4):
            case 0 if not gone:
                late = turn(calls.next_turn_number(call_id), f"words of {step}")
                calls.add_turn(call_id, late)
                calls.add_turn(call_id, late)
            case 1 if not gone:
                calls.close(call_id, Disposition.ANSWERED, NOON)
            case 2:
                known.append(f"c{step}")
                calls.begin(known[-1], f"+{step}", "100", NOON + timedelta(milliseconds=step // 3), {})
            case _:
                with database.writing() as tables:
                    tables.execute(luck.choice(changes), [call_id])
    check(database)
    kept = database.rows("SELECT call_id FROM calls WHERE ended_at IS NOT NULL ORDER BY call_id")
    rows = database.rows("SELECT call_id FROM transcripts WHERE indexed ORDER BY call_id")
    assert kept and rows == kept


def test_calls_of_an_older_release_are_found(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with Database(path, steps=BEFORE) as old, old.writing() as tables:
        for number, at in enumerate(("2026-11-20T08", "2026-11-20T09", "2026-11-20T09", "2026-11-21T08")):
            when = f"{at}:00:00.000000+00:00"
            tables.execute(
                "INSERT INTO calls (call_id, caller, called, offered_at, ended_at, disposition, versions)"
                " VALUES (?, '', '', ?, ?, 'answered', '{}')",
                [f"c{number}", when, when],
            )
            tables.execute(
                "INSERT INTO turns (call_id, number, speaker, text, started_ms, ended_ms, interrupted)"
                " VALUES (?, 1, 'caller', 'my José Müller', 0, 900, 0)",
                [f"c{number}"],
            )
    with Database(path) as database:
        search = Search(database)
        check(database)
        assert (found(database, "jose"), search.waiting()) == ([], 4)
        Calls(database).dispose("c0", Disposition.MESSAGE, by="maria", now=NOON)  # a change puts a call in
        assert (search.catch_up(1), found(database, "jose")) == (1, ["c0", "c3"])
        check(database)
        assert (search.catch_up(), search.catch_up(), search.waiting()) == (2, 0, 0)
        assert found(database, "jose") == ["c0", "c1", "c2", "c3"]
        check(database)
        eight = datetime(2026, 11, 21, 8, tzinfo=UTC)
        rows = database.rows("SELECT max(number) AS number FROM transcripts")
        assert rows[0]["number"] == int(eight.timestamp() * 1000)


def test_compacting_the_file_keeps_every_call_at_its_number(database: Database, calls: Calls) -> None:
    calls.begin("c2", "x", "y", NOON, {})
    calls.add_turn("c2", turn(1, "winter tires"))
    for call_id in ("c1", "c2"):
        calls.close(call_id, Disposition.ANSWERED, NOON)
    with database.writing() as tables:
        tables.execute("DELETE FROM calls WHERE call_id = 'c1'")
    compacted = database.path.with_name("compacted.db")
    with database.reading() as tables:
        tables.rollback()
        tables.execute("VACUUM INTO ?", [str(compacted)])
    with Database(compacted) as again:
        assert found(again, "winter") == ["c2"]
        check(again)
