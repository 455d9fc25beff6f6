"""The outbox keeps its own order, whatever is done to its rows, and the next row is never searched for."""

# ruff: noqa: S608  our own words

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from appliance.clock import SetClock
from appliance.store import outbox as module
from appliance.store.backlog import Backlog
from appliance.store.database import Database
from appliance.store.moments import moment_text
from appliance.store.outbox import Note, Outbox, put
from tests.store.conftest import NOON

UNSETTLED = "state IN ('waiting', 'claimed')"


def fill(database: Database, contacts: list[str], destination: str = "crm") -> None:
    with database.writing() as tables:
        for number, contact in enumerate(contacts):
            put(tables, Note("call", f"s{number}", contact, "", {}), (destination,), NOON)


def heads_are_right(database: Database) -> bool:
    """Of each contact nobody before the first that waits is looked at, and that one is."""
    rows = database.rows(
        f"SELECT number, contact, follows, state FROM outbox WHERE {UNSETTLED} ORDER BY number"
    )
    first: dict[str, int] = {}
    for row in rows:
        if row["contact"]:
            first.setdefault(row["contact"], row["number"])
    return all(
        row["follows"] == (row["contact"] != "" and first[row["contact"]] != row["number"]) for row in rows
    )


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_to_rows_the_order_stands(database, seed) -> None:
    rng, clock = random.Random(seed), SetClock(NOON)
    outbox, backlog = Outbox(database, clock), Backlog(database, clock)
    names = ["", "a", "b", "c"]
    fill(database, [rng.choice(names) for _ in range(12)])

    def any_row() -> int:
        return rng.choice(database.rows("SELECT number FROM outbox"))["number"]

    def sent() -> None:
        if one := outbox.claim("crm"):
            outbox.sent(one)

    def later() -> None:
        if one := outbox.claim("crm"):
            outbox.later(one, 60, "away")

    def refused() -> None:
        if one := outbox.claim("crm"):
            outbox.bury(one, "no")

    def run(sql: str) -> None:
        with database.writing() as tables:
            tables.execute(sql, [any_row()])

    deeds = [
        *(sent, later, refused),
        lambda: backlog.retry(buried=True),
        lambda: run(
            "UPDATE outbox SET state = 'buried', settled_at = created_at WHERE number = ? AND " + UNSETTLED
        ),
        lambda: run("DELETE FROM outbox WHERE number = ? AND state <> 'sent'"),
        lambda: run("UPDATE outbox SET contact = '' WHERE number = ?"),
        lambda: clock.advance(61),
    ]
    for step in range(60):
        rng.choice(deeds)()
        with database.writing() as tables:
            put(tables, Note("call", f"n{step}", rng.choice(names), "", {}), ("crm",), clock.now())
        assert heads_are_right(database)
    clock.advance(10_000)
    backlog.retry(buried=True)
    for _ in range(200):
        sent()
    assert backlog.waiting() == 0


def plan(database: Database, sql: str, values: list[str]) -> str:
    return " | ".join(str(row["detail"]) for row in database.rows(f"EXPLAIN QUERY PLAN {sql}", values))


def test_the_next_row_is_the_first_of_an_index(database) -> None:
    fill(database, ["a", "b", "c"])
    now = moment_text(NOON)
    found = plan(database, module._NEXT, ["crm", now, now])
    assert "USING INDEX outbox_due (destination=? AND due_at<?)" in found
    assert "TEMP B-TREE" not in found
    assert "SCAN" not in found
    ahead = plan(database, f"SELECT 1 FROM outbox {module._AHEAD}", ["crm", now, now])
    assert "USING INDEX outbox_due" in ahead


def test_one_contact_with_very_many_rows_is_as_quick_as_many(database, monkeypatch) -> None:
    """Counted in steps of SQLite's machine, which do not depend on what else runs here."""
    fill(database, ["a"] * 3000)
    outbox = Outbox(database, SetClock(NOON + timedelta(minutes=1)))
    first = outbox.claim("crm")
    assert first is not None
    outbox.later(first, 3600, "away")  # everybody else is behind it
    steps = []

    def step() -> int:
        steps.append(1)
        return 0

    with database.writing() as tables:
        connection = tables.conn
    connection.set_progress_handler(step, 10)
    assert outbox.claim("crm") is None
    connection.set_progress_handler(None, 10)
    assert len(steps) < 50
