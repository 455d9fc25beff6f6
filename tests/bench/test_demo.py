"""The demo's gaps: measured by the caller, put beside the turn they belong to."""

from __future__ import annotations

from typing import Any

from appliance.bench.demo import assign_gaps


def agent(started_ms: int, first_sound_ms: int = 0, first_packet_ms: int = 0) -> dict[str, Any]:
    times = {"first_sound_ms": first_sound_ms, "first_packet_ms": first_packet_ms}
    return {"speaker": "agent", "started_ms": started_ms, "waterfall": times}


def gap(at_ms: int, response_gap_ms: int) -> dict[str, Any]:
    return {"event": "response_gap", "at_ms": at_ms, "response_gap_ms": response_gap_ms}


def test_clocks_that_began_apart_and_drift_are_set_by_every_answer():
    turns = [agent(0), {"speaker": "caller", "started_ms": 5000}, agent(8000), agent(16000), agent(24_000)]
    began = {"event": "agent_speech_began", "at_ms": 2000}
    assign_gaps(turns, [began, gap(9700, 300), gap(17_900, 600), gap(26_700, 300)])
    assert [turn["response_gap_ms"] for turn in turns] == [None, None, 300, 600, 300]


def test_an_acknowledgement_is_the_first_sound_and_not_the_answer():
    turns = [agent(0), agent(8000, first_sound_ms=8000, first_packet_ms=9500)]
    assign_gaps(turns, [{"event": "agent_speech_began", "at_ms": 0}, gap(7700, 300)])
    assert (turns[1]["first_sound_ms"], turns[1]["response_gap_ms"]) == (300, 1800)


def test_a_gap_without_a_turn_near_it_is_nobodys():
    turns = [agent(0), agent(8000)]
    assign_gaps(turns, [{"event": "agent_speech_began", "at_ms": 0}, gap(3000, 300)])
    assert [turn["response_gap_ms"] for turn in turns] == [None, None]
