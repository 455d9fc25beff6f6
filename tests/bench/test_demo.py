"""The demo's gaps: measured by the caller, put beside the turn they belong to."""

from __future__ import annotations

from typing import Any

from appliance.bench.demo import assign_gaps


def agent(started_ms: int, first_sound_ms: int = 0, first_packet_ms: int = 0) -> dict[str, Any]:
    times = {"first_sound_ms": first_sound_ms, "first_packet_ms": first_packet_ms}
    return {"speaker": "agent", "started_ms": started_ms, "waterfall": times}


CALLER: dict[str, Any] = {"speaker": "caller"}


def began(at_ms: int) -> dict[str, Any]:
    return {"event": "agent_speech_began", "at_ms": at_ms}


def said(from_ms: int, at_ms: int) -> dict[str, Any]:
    return {"event": "said", "from_ms": from_ms, "at_ms": at_ms}


def gaps(turns: list[dict[str, Any]]) -> list[int | None]:
    return [turn["response_gap_ms"] for turn in turns if turn["speaker"] == "agent"]


def test_clocks_that_began_apart_and_drift_are_set_by_every_answer():
    turns = [agent(0), dict(CALLER), agent(8000), dict(CALLER), agent(16_000), dict(CALLER), agent(24_000)]
    events = [
        began(2000),
        said(8000, 9700), began(10_000), began(12_000),
        said(14_000, 17_900), began(18_500),
        said(24_000, 26_700), began(27_000), began(29_000),
    ]  # fmt: skip
    assign_gaps(turns, events)
    assert gaps(turns) == [None, 300, 600, 300]


def test_an_acknowledgement_is_the_first_sound_and_not_the_answer():
    turns = [agent(0), dict(CALLER), agent(8000, first_sound_ms=8000, first_packet_ms=9500)]
    assign_gaps(turns, [began(0), said(6000, 7700), began(8000)])
    assert (turns[2]["first_sound_ms"], turns[2]["response_gap_ms"]) == (300, 1800)


def test_a_last_one_moment_that_the_caller_spoke_over_takes_no_answer_away():
    turns = [agent(0), dict(CALLER), agent(4000)]
    events = [began(0), said(1000, 3000), began(1050), {"event": "premature", "at_ms": 1050}, began(4100)]
    assign_gaps(turns, events)
    assert gaps(turns) == [None, 1100]


def test_an_answer_before_the_end_has_a_gap_below_nothing():
    turns = [agent(0), dict(CALLER), agent(4000)]
    assign_gaps(turns, [began(0), said(2000, 4500), began(4000)])
    assert gaps(turns) == [None, -500]


def test_a_turn_that_the_caller_never_heard_has_no_gap():
    turns = [agent(0), dict(CALLER), agent(8000)]
    assign_gaps(turns, [began(0), said(1000, 2700), began(3000)])
    assert gaps(turns) == [None, None]


def test_what_nobody_asked_for_has_no_gap():
    turns = [agent(0), agent(8000)]
    assign_gaps(turns, [began(0), said(6000, 7700), began(8000)])
    assert gaps(turns) == [None, None]
