"""A seed is a year of calls: the same again, another for another, and one that the rooms of the store can read."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from appliance import business
from appliance.bench import many_calls
from appliance.bench.many_calls import PLAYS, Setting, queries
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.search import Search

OFFICE = business.load("auto_repair")
TABLES = ("calls", "turns", "events", "appointments", "appointment_changes", "messages")


def year(folder: Path, seed: int, calls: int = 300) -> tuple[Database, list[str]]:
    database = Database(folder / f"{seed}" / FILE_NAME)
    return database, many_calls.fill(database, OFFICE, Setting(seed, calls)).words


def digest(database: Database) -> str:
    rows = [database.rows(f"SELECT * FROM {table} ORDER BY rowid") for table in TABLES]  # noqa: S608  ours
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_the_same_seed_is_the_same_database(tmp_path: Path) -> None:
    one, again, other = (year(tmp_path / name, seed)[0] for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert digest(one) == digest(again) != digest(other)
    for database in (one, again, other):
        database.close()


def test_a_year_is_whole_and_can_be_read(tmp_path: Path) -> None:
    database, words = year(tmp_path, 1, 1000)
    with database:
        database.check()
        records = [Calls(database).get(one.call_id) for one in Calls(database).recent(1000)]
        assert len(records) == 1000
        assert Counter(one.disposition for one in records).keys() == {play.disposition for play in PLAYS}
        assert all(one.turns and one.ended_at and one.ended_at > one.offered_at for one in records)
        last = datetime(2026, 11, 21, tzinfo=OFFICE.zone)
        assert all(last - timedelta(days=366) < one.offered_at.astimezone(UTC) < last for one in records)
        assert Search(database).find(words[0], limit=5)


def test_some_words_are_much_more_common_than_others(tmp_path: Path) -> None:
    database, words = year(tmp_path, 1, 500)
    with database:
        said = " ".join(
            row["text"] for row in database.rows("SELECT text FROM turns WHERE speaker = 'caller'")
        )
    counts = Counter(said.split())
    assert counts[words[0]] > 5 * counts[words[50]] > 0


def test_what_is_looked_for_is_of_every_kind_and_the_same_for_a_seed() -> None:
    words = [f"word{place}" for place in range(2000)]
    drawn = queries(words, np.random.default_rng(1), 20)
    assert drawn == queries(words, np.random.default_rng(1), 20)
    assert [kind for kind, _ in drawn[:5]] == list(many_calls.KINDS)
    assert all(text.endswith("*") for kind, text in drawn if kind == "prefix")


@pytest.mark.parametrize("name", ["dental_practice", "hair_salon"])
def test_other_businesses_have_years_too(tmp_path: Path, name: str) -> None:
    with Database(tmp_path / FILE_NAME) as database:
        many_calls.fill(database, business.load(name), Setting(1, 50))
        assert len(Calls(database).recent(100)) == 50
