"""Looking at a box: the outbox as it stands in the database, no database, an agent that is asked each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.clock import SetClock
from appliance.observe.seeing import Looking
from appliance.store.database import FILE_NAME, Database
from appliance.store.outbox import Note, put

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def looking(folder: Path) -> Looking:
    return Looking(
        ask=lambda: None,
        processes=list,
        database=folder / FILE_NAME,
        destinations=("crm", "email"),
        registers=False,
        clock=SetClock(NOW),
    )


def test_what_waits_is_seen_and_how_long(tmp_path: Path):
    with Database(tmp_path / FILE_NAME) as database, database.writing() as tables:
        put(tables, Note("message", "m1", "+13035550123", "", {}), ["crm"], NOW - timedelta(minutes=5))
    sight = looking(tmp_path).look()
    assert sight.outbox is not None
    by_name = {one.destination: one for one in sight.outbox}
    assert by_name["crm"].waiting == 1
    assert by_name["crm"].oldest_at == NOW - timedelta(minutes=5)
    assert by_name["email"].waiting == 0
    assert sight.facts.database_is_read
    assert (sight.free_bytes or 0) > 0


def test_a_box_without_a_database(tmp_path: Path):
    sight = looking(tmp_path / "nowhere").look()
    assert sight.outbox is None
    assert sight.free_bytes is None
    assert not sight.facts.database_is_read
    assert list(tmp_path.iterdir()) == []
