"""Every field has a meaning, and somebody has said what becomes of it when a person is erased."""

from __future__ import annotations

import pytest

from appliance.settings import Keep
from appliance.store.database import Database
from appliance.store.fields import TABLES


def test_every_column_has_a_meaning(database: Database) -> None:
    """A new column says what it is, and what becomes of it when a person is erased, or this fails."""
    with database.reading() as tables:
        names = [row["name"] for row in tables.query("PRAGMA table_list") if row["type"] == "table"]
        kept = {
            name: [row["name"] for row in tables.query(f"PRAGMA table_info({name})")]
            for name in names
            if not name.startswith(("sqlite_", "_sqlite"))
        }
    assert {name: sorted(columns) for name, columns in kept.items()} == {
        name: sorted(table.fields) for name, table in TABLES.items()
    }


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_is_somebody_s_can_be_taken_away_and_stays_no_longer_than_is_said(name: str) -> None:
    table = TABLES[name]
    if any(field.erased is not None for field in table.fields.values()):
        assert table.whose, "what is erased must be somebody's"
    if table.kept:
        assert isinstance(getattr(Keep(), table.kept), int)
