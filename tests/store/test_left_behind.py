"""Calls left behind: what the line wrote is what the agent reads, whatever broke in between."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from appliance.domain.call import Disposition, LineQuality
from appliance.store.left_behind import FOLDER, LeftBehind, LeftCall

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
CALL = LeftCall("20261121-1", "+13035550123", "100", NOW, 0)
ENDED = LeftCall(
    "20261121-2", "", "100", NOW, 120, Disposition.MESSAGE, NOW, False, 100, 900, True, LineQuality("PCMU")
)


def write(folder: Path, *calls: LeftCall) -> LeftBehind:
    left = LeftBehind(folder)
    for call in calls:
        left.keep(call)
    left.close()
    return LeftBehind(folder)


def test_what_was_written_is_read(folder: Path) -> None:
    assert list(write(folder, ENDED, CALL).calls()) == [CALL, ENDED]


def test_the_last_word_counts_and_what_was_taken_over_is_gone(folder: Path) -> None:
    left = write(folder, CALL, CALL, ENDED)
    left.taken_over(ENDED)
    left.taken_over(ENDED)
    assert list(left.calls()) == [CALL]


def test_an_heir_ends_what_its_dead_parent_left_open(folder: Path) -> None:
    left = write(folder, CALL, ENDED)
    later = NOW.replace(hour=10)
    left.end_all(later)
    assert [call.ended_at for call in left.calls()] == [later, NOW]


def test_a_file_that_does_not_read_harms_no_other(folder: Path) -> None:
    left = write(folder, ENDED)
    (folder / FOLDER / "broken.json").write_text("{")
    assert list(left.calls()) == [ENDED]


def test_a_disk_that_refuses_is_loud_and_nobody_waits(folder: Path, caplog) -> None:
    (folder / FOLDER).write_text("a file where the folder should be")
    assert list(write(folder, CALL).calls()) == []
    assert "could not be kept" in caplog.text


def test_a_recording_that_never_came_is_none(folder: Path) -> None:
    left = LeftBehind(folder)
    assert left.recording(ENDED) is None
    assert left.recording(CALL) is None
