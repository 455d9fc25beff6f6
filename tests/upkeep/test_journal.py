"""The journal of chores: kept over a restart, empty when it does not read, loud when it cannot be written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from appliance.errors import StoreFault
from appliance.upkeep.journal import FILE_NAME, Journal

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_what_was_done_is_known_after_a_restart(tmp_path):
    Journal(tmp_path).done("backup", NOON)
    Journal(tmp_path).done("retention", NOON)
    assert Journal(tmp_path).last("backup") == NOON
    assert Journal(tmp_path).last("integrity") is None


def test_a_journal_that_does_not_read_is_empty(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"\0\0\0")
    assert Journal(tmp_path).last("backup") is None


def test_a_journal_that_cannot_be_written_is_a_fault(tmp_path):
    (tmp_path / "upkeep.part").mkdir()
    with pytest.raises(StoreFault, match="cannot be written"):
        Journal(tmp_path).done("backup", NOON)
