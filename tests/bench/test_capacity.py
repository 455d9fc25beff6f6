"""The capacity bench: which rounds are held, what of them counts, and two callers at once on a real box."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from appliance import business
from appliance.bench import capacity
from appliance.bench.capacity import Conversation, Plan, busy_percent, conversation, measure, schedule, served
from appliance.bench.exchanges import Call, Utterance
from appliance.bench.gaps import Saying, Visit, scripted
from appliance.bench.scenarios import scenarios
from appliance.domain.call import CallRecord, Disposition, LineQuality, Speaker, Turn

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)


def test_each_number_of_callers_gets_its_calls_and_they_alternate() -> None:
    rounds = schedule(calls=4, most=4)
    assert Counter(rounds) == {1: 4, 2: 2, 3: 2, 4: 1}
    assert rounds == [1, 3, 2, 1, 4, 1, 3, 2, 1]
    assert schedule(calls=1, most=2) == [2, 1]


def test_a_plan_is_typed_again() -> None:
    assert Plan().command == "appliance bench capacity --calls 4 --most 4"
    assert Plan(8, 2, "small").command == "appliance bench capacity --calls 8 --most 2 --profile small"


def test_processor_time_is_a_share_of_one_core() -> None:
    before_s = {"line": 10.0, "callers": 1.0}
    assert busy_percent(before_s, {"line": 12.0, "callers": 1.5}, 4.0) == {"line": 50.0, "callers": 12.5}
    assert busy_percent(before_s, before_s, 0.0) == {}


def test_the_diary_never_fills(tmp_path: Path) -> None:
    usual, roomy = business.load("auto_repair"), business.load(str(capacity._roomy(tmp_path)))
    assert roomy.booking.places > usual.booking.places
    assert roomy.name == usual.name


def _record(*heard: str, answered_at: datetime | None = NOON) -> CallRecord:
    turns = [Turn(1, Speaker.AGENT, "Hello.", 0, 900)]
    turns += [Turn(number, Speaker.CALLER, text, 0, 0) for number, text in enumerate(heard, 2)]
    ended_at, quality = NOON + timedelta(minutes=1), LineQuality(tick_late_p99_ms=3.0)
    return CallRecord(
        "c1", "ann", "100", NOON, answered_at, ended_at, Disposition.ANSWERED, None, {}, quality, tuple(turns)
    )


def test_words_said_and_heard_are_those_of_the_whole_call() -> None:
    spoken = [
        Saying(Path("a"), Utterance("synthetic"), "It's two one [450] two."),
        Saying(Path("b"), Utterance("synthetic"), "Yes, please."),
    ]
    found = conversation("ann", spoken, [], _record("it's two", "one two", "yes police"))
    assert found is not None
    assert found.said == "it's two one two yes please"
    [call] = served([found])
    assert (call.words, call.word_errors) == (6, 1)
    assert call.quality == LineQuality(tick_late_p99_ms=3.0)


def test_a_call_that_was_never_answered_is_none() -> None:
    assert conversation("ann", [], [], _record(answered_at=None)) is None


def _conversation(caller: str, from_s: int, until_s: int, said_at_s: tuple[int, ...]) -> Conversation:
    events: list[dict[str, Any]] = [
        {"event": "said", "from_ms": 1000 * at_s, "at_ms": 1000 * at_s + 800} for at_s in said_at_s
    ]
    call = Call([Utterance("synthetic")] * len(events), events, [], {})
    return Conversation(
        caller, "yes", "yes", call, NOON + timedelta(seconds=from_s), NOON + timedelta(seconds=until_s), None
    )


def test_what_was_said_while_somebody_was_missing_does_not_count() -> None:
    ann = _conversation("ann", 0, 60, (1, 10, 59))  # alone until bob came after three seconds
    bob = _conversation("bob", 3, 40, (1, 36))
    assert [len(one.exchanges) for one in served([ann, bob])] == [1, 2]
    assert [len(one.exchanges) for one in served([ann])] == [3]


@pytest.mark.real
def test_two_callers_at_once_are_answered_and_recorded_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = scripted(scenarios("Tuesday")[0])
    short = Visit((whole.sayings[0], whole.sayings[3]), digits=whole.digits, decline=whole.decline)
    monkeypatch.setattr(capacity, "_visits", lambda: [short])
    found = measure(Plan(calls=1, most=2, profile="small"), tmp_path / "box", lambda _: None)
    alone, together = found.summary["rows"]
    assert (alone["calls"], together["calls"]) == (1, 2)
    assert (alone["failed_calls"], together["failed_calls"]) == (0, 0)
    assert together["words"] == 2 * alone["words"] > 0
    assert together["word_error_rate"] < 1
    assert {row["caller"] for row in found.rows} == {"caller1", "caller2"}
    assert all(row["tick_late_p99_ms"] > 0 for row in (alone, together))
    assert all({"line", "agent", "mind"} <= set(row["memory_mb"]) for row in (alone, together))
    assert all(row["processor_percent"]["callers"] > 0 for row in (alone, together))
    assert together["phrase_flow"]["p95_ms"] is None, "a few sentences are too few for a p95"
