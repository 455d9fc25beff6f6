"""Whether callers are served: each thing that may fail, whether it stops calls, and what is no failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.ops.health import BEAT_LIMIT_S, AgentState, Facts, Limits, judge

WELL = AgentState("full", beat_s=0.4, registered=True, mind_is_up=True)
BOX = Facts(WELL, registers=True, free_bytes=10_000_000_000)
LIMITS = Limits(registration_lost_s=60, free_bytes=500_000_000)


def complaints(facts: Facts) -> list[str]:
    return [one.name for one in judge(facts, LIMITS).complaints]


def test_a_box_that_is_well():
    verdict = judge(BOX, LIMITS)
    assert verdict.is_live
    assert verdict.is_ready
    assert not verdict.notes


@pytest.mark.parametrize(
    ("change", "name", "stops_calls"),
    [
        ({"beat_s": None}, "line", True),
        ({"beat_s": BEAT_LIMIT_S + 1}, "sound", True),
        ({"registered": False, "unregistered_s": 61.0}, "registration", False),
        ({"registered": None, "unregistered_s": 61.0}, "registration", False),
        ({"level": "keys"}, "level", False),
        ({"level": "prepared"}, "level", False),
        ({"unwritten": True}, "store", False),
    ],
)
def test_what_the_agent_tells_may_be_a_complaint(change, name, stops_calls):
    verdict = judge(replace(BOX, agent=replace(WELL, **change)), LIMITS)
    assert [one.name for one in verdict.complaints] == [name]
    assert verdict.is_live is not stops_calls
    assert not verdict.is_ready
    assert verdict.complaints[0].remedy


@pytest.mark.parametrize(
    "change",
    [
        {"registered": False, "unregistered_s": 59.0},  # it is being registered
        {"beat_s": BEAT_LIMIT_S - 0.1},
        {"calls": 4},
    ],
)
def test_what_is_no_complaint(change):
    assert complaints(replace(BOX, agent=replace(WELL, **change))) == []


def test_without_a_model_callers_are_served_and_it_is_noted():
    verdict = judge(replace(BOX, agent=replace(WELL, level="rules", mind_is_up=False)), LIMITS)
    assert verdict.is_ready
    assert [one.name for one in verdict.notes] == ["mind"]


def test_a_box_without_a_registrar_need_not_be_registered():
    alone = replace(WELL, registered=None, unregistered_s=10_000.0)
    assert complaints(Facts(alone, registers=False, free_bytes=10_000_000_000)) == []


def test_an_agent_that_does_not_answer_is_all_that_is_known():
    verdict = judge(Facts(None, registers=True), LIMITS)
    assert [one.name for one in verdict.complaints] == ["agent"]
    assert not verdict.is_live


def test_a_line_that_was_sent_away_on_purpose_is_not_dead():
    verdict = judge(replace(BOX, agent=replace(WELL, level="alone", beat_s=None, forced=True)), LIMITS)
    assert [one.name for one in verdict.complaints] == ["level"]
    assert verdict.is_live


def test_disk_and_database():
    assert complaints(replace(BOX, free_bytes=1_000_000)) == ["disk"]
    assert complaints(replace(BOX, free_bytes=None)) == []
    assert complaints(replace(BOX, database_is_read=False)) == ["database"]
    assert judge(replace(BOX, free_bytes=1_000_000), LIMITS).is_live
