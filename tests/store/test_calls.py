"""Calls on disk: what was kept comes back, what was killed loses nothing that was finished."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.call import (
    CallEvent,
    Disposition,
    LineQuality,
    Speaker,
    Summary,
    Turn,
    TurnClass,
    Waterfall,
)
from appliance.errors import Misused, NotFound
from appliance.store.calls import Calls, moment, moment_text, recording_path
from appliance.store.database import FILE_NAME, Database

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ASKED = Turn(1, Speaker.CALLER, "an oil change", 3200, 4100, confidence=0.9)
REPLIED = Turn(
    2,
    Speaker.AGENT,
    "Sure, when",
    4500,
    5100,
    TurnClass.FLOW,
    response_gap_ms=640,
    interrupted=True,
    waterfall=Waterfall(4100, 4420, 4444, 4447, 4530, 4550),
)

TURNS_FOREVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from appliance.domain.call import Speaker, Turn
from appliance.store.calls import Calls
from appliance.store.database import Database

calls = Calls(Database(Path(sys.argv[1])))
call_id = sys.argv[2]
calls.begin(call_id, "+1303", "100", datetime.now(UTC), {})
calls.answered(call_id, datetime.now(UTC))
number = calls.next_turn_number(call_id)
while True:
    calls.add_turn(call_id, Turn(number, Speaker.CALLER, f"words {number}", number * 10, number * 10 + 9))
    print(number, flush=True)
    number += 1
"""


def test_a_whole_call_comes_back_as_it_was(calls: Calls) -> None:
    quality = LineQuality("PCMU", 1000, 3, 2.5, 31.0, 1)
    calls.add_turn("c1", ASKED)
    calls.add_turn("c1", REPLIED)
    calls.add_event("c1", CallEvent(3000, "digit", "rtp"))
    calls.close("c1", Disposition.BOOKED, NOON + timedelta(seconds=30), quality, "recordings/c1.flac")
    record = calls.get("c1")
    assert record.turns == (ASKED, REPLIED)
    assert record.events == (CallEvent(3000, "digit", "rtp"),)
    assert (record.caller, record.called, record.versions) == ("+13035550123", "100", {"attendant": "0.1"})
    assert (record.offered_at, record.answered_at) == (NOON, NOON)
    assert record.ended_at == NOON + timedelta(seconds=30)
    assert (record.disposition, record.quality) == (Disposition.BOOKED, quality)
    assert record.recording == "recordings/c1.flac"


def test_the_same_turn_twice_is_one_turn(calls: Calls) -> None:
    calls.add_turn("c1", REPLIED)
    calls.add_turn("c1", REPLIED)
    assert calls.get("c1").turns == (REPLIED,)


def test_another_turn_under_the_same_number_is_a_bug(calls: Calls) -> None:
    calls.add_turn("c1", REPLIED)
    with pytest.raises(Misused, match="turn 2"):
        calls.add_turn("c1", replace(REPLIED, text="something else"))
    assert calls.get("c1").turns == (REPLIED,)


def test_a_call_that_never_began_cannot_be_written_to(calls: Calls) -> None:
    with pytest.raises(Misused):
        calls.add_turn("nobody", ASKED)
    with pytest.raises(Misused):
        calls.close("nobody", Disposition.ANSWERED, NOON)


def test_a_moment_without_a_zone_is_a_bug(calls: Calls) -> None:
    with pytest.raises(Misused):
        calls.begin("c2", "a", "b", datetime(2026, 1, 1), {})  # noqa: DTZ001


@given(st.datetimes(timezones=st.timezones()))
@settings(deadline=None)
def test_moments_come_back_and_sort_as_text(at: datetime) -> None:
    later = at.astimezone(UTC) + timedelta(microseconds=1)
    assert moment(moment_text(at)) == at.astimezone(UTC)
    assert moment_text(at) < moment_text(later)


def test_a_resumed_call_goes_on_in_the_same_record(calls: Calls) -> None:
    calls.add_turn("c1", ASKED)
    assert calls.repair() == 1
    assert calls.get("c1").disposition is Disposition.SYSTEM_FAILURE
    calls.begin("c1", "+13035550123", "100", NOON + timedelta(minutes=1), {"attendant": "0.2"})
    calls.answered("c1", NOON + timedelta(minutes=1))
    record = calls.get("c1")
    assert (record.disposition, record.ended_at) == (Disposition.OPEN, None)
    assert (record.offered_at, record.answered_at) == (NOON, NOON)
    assert calls.next_turn_number("c1") == 2


def test_begin_does_not_reopen_a_call_that_ended(calls: Calls) -> None:
    calls.close("c1", Disposition.MESSAGE, NOON)
    calls.begin("c1", "+13035550123", "100", NOON, {})
    assert calls.get("c1").disposition is Disposition.MESSAGE


def test_repair_ends_a_call_at_the_latest_moment_known(calls: Calls, database: Database) -> None:
    calls.begin("rang only", "a", "b", NOON, {})
    calls.begin("with event", "a", "b", NOON, {})
    calls.answered("with event", NOON)
    calls.add_event("with event", CallEvent(9000, "digit"))
    calls.add_turn("c1", REPLIED)
    calls.begin("ended", "a", "b", NOON, {})
    calls.close("ended", Disposition.SILENT, NOON)
    assert calls.repair() == 3
    assert calls.get("rang only").ended_at == NOON
    assert calls.get("with event").ended_at == NOON + timedelta(seconds=9)
    assert calls.get("c1").ended_at == NOON + timedelta(milliseconds=REPLIED.ended_ms)
    assert calls.get("ended").disposition is Disposition.SILENT
    assert calls.repair() == 0


def test_repair_finds_the_recording_a_crash_left(calls: Calls, database: Database) -> None:
    file = recording_path(database.path.parent, "c1")
    file.parent.mkdir()
    file.write_bytes(b"fLaC")
    calls.repair()
    assert calls.get("c1").recording == str(file)


def test_recent_is_newest_first_and_knows_since(calls: Calls) -> None:
    denver = timezone(timedelta(hours=-7))
    calls.begin("c0", "a", "b", NOON - timedelta(hours=1), {})
    calls.begin("c2", "a", "b", (NOON + timedelta(hours=1)).astimezone(denver), {})
    assert [call.call_id for call in calls.recent()] == ["c2", "c1", "c0"]
    assert [call.call_id for call in calls.recent(limit=1)] == ["c2"]
    assert [call.call_id for call in calls.recent(since=NOON)] == ["c2", "c1"]


def test_find_takes_an_id_its_beginning_or_last(calls: Calls) -> None:
    calls.begin("abc1", "a", "b", NOON - timedelta(hours=1), {})
    calls.begin("abc12", "a", "b", NOON - timedelta(hours=2), {})
    assert calls.find("last") == "c1"
    assert calls.find("c") == "c1"
    assert calls.find("abc1") == "abc1"
    assert calls.find("abc12") == "abc12"
    with pytest.raises(NotFound, match="several calls: abc1, abc12"):
        calls.find("ab")
    for nothing in ("zzz", "", "%", "_"):
        with pytest.raises(NotFound):
            calls.find(nothing)


def test_last_of_no_calls(database: Database) -> None:
    with pytest.raises(NotFound, match="No calls yet"):
        Calls(database).find("last")


def test_kill_9_loses_no_finished_turn(tmp_path: Path, start) -> None:
    """A process that writes turns is killed at random moments; whatever it had said was kept is there."""
    path = tmp_path / FILE_NAME
    luck = random.Random(20261121)
    last_printed = 0
    for _ in range(6):
        process = start(TURNS_FOREVER, str(path), "c1")
        printed = [process.stdout.readline() for _ in range(luck.randrange(1, 30))]
        process.kill()
        printed += process.communicate()[0].splitlines()
        last_printed = max([last_printed, *(int(line) for line in printed if line.strip())])
        with Database(path) as database:
            database.check()
            calls = Calls(database)
            assert calls.repair() == 1
            record = calls.get("c1")
            assert [turn.number for turn in record.turns][:last_printed] == list(range(1, last_printed + 1))
            assert len(record.turns) <= last_printed + 1
            assert all(turn.text == f"words {turn.number}" for turn in record.turns)
            assert record.disposition is Disposition.SYSTEM_FAILURE
            assert record.ended_at >= record.answered_at
    assert last_printed >= 6


def test_what_it_was_about_is_kept_with_the_end(calls: Calls) -> None:
    summary = Summary("Bo wants brakes. Call back.", "Bo wants brakes.", "Call back.")
    calls.close("c1", Disposition.MESSAGE, NOON, summary=summary, slots={"message.name": "Bo"})
    record = calls.get("c1")
    assert (record.summary, record.slots) == (summary, {"message.name": "Bo"})


def test_what_was_captured_before_a_crash_stays_beside_what_came_after(calls: Calls) -> None:
    before = Summary("a b", "a", "b")
    calls.close(
        "c1", Disposition.SYSTEM_FAILURE, NOON, summary=before, slots={"x.name": "Bo", "x.phone": "1"}
    )
    calls.begin("c1", "+13035550123", "100", NOON, {})
    calls.close("c1", Disposition.BOOKED, NOON, slots={"x.name": "Al"})
    record = calls.get("c1")
    assert (record.summary, record.slots) == (before, {"x.name": "Al", "x.phone": "1"})


def test_repair_sums_up_what_is_left(calls: Calls) -> None:
    calls.add_turn("c1", ASKED)
    calls.repair(lambda turns: Summary(turns[0].text, turns[0].text, ""))
    assert calls.get("c1").summary == Summary("an oil change", "an oil change", "")


def test_a_better_summary_takes_only_the_place_of_the_one_it_was_made_for(calls: Calls) -> None:
    first, better = Summary("a b", "a", "b"), Summary("c b", "c", "b", "model")
    calls.close("c1", Disposition.MESSAGE, NOON, summary=first)
    assert calls.summarise("c1", first, better)
    assert calls.get("c1").summary == better
    assert not calls.summarise("c1", first, first)
    assert not calls.summarise("nobody", first, better)


def test_a_correction_is_an_event_and_the_same_again_is_none(calls: Calls) -> None:
    calls.close("c1", Disposition.ANSWERED, NOON)
    for _ in range(2):
        before = calls.dispose("c1", Disposition.BOOKED, by="maria", now=NOON + timedelta(hours=1))
    record = calls.get("c1")
    assert before.disposition is record.disposition is Disposition.BOOKED
    assert record.events == (CallEvent(3_600_000, "disposed", "answered -> booked: maria"),)


@pytest.mark.parametrize("name", ["c1", "nobody"])
def test_only_a_call_that_ended_is_corrected(calls: Calls, name: str) -> None:
    with pytest.raises(NotFound):
        calls.dispose(name, Disposition.BOOKED, by="maria", now=NOON)
