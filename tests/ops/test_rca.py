"""Why a call was slow or failed, as its record tells it: one cause at a time, then their order, then every word."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appliance.domain.call import (
    CallEvent,
    CallRecord,
    Disposition,
    LineQuality,
    Speaker,
    Turn,
    TurnClass,
    Waterfall,
)
from appliance.ops.rca import Weight, clock, explain, seconds, slowest_answer
from appliance.ops.rca_words import CAUSES

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
QUALITY = LineQuality(
    "PCMU", 3000, 3, jitter_ms=2.0, erle_db=30.0, tick_late_p99_ms=1.5, tick_late_worst_ms=9.0, mos=4.3
)
CALL = CallRecord(
    "20261123-090000-0f3a",
    "+13035550123",
    "100",
    AT,
    AT,
    AT + timedelta(seconds=60),
    Disposition.ANSWERED,
    None,
    quality=QUALITY,
)


def answer(number: int, kind: TurnClass, *steps_ms: int, interrupted: bool = False) -> Turn:
    """An answer whose steps took so long each: waiting, recogniser, reply, voice, playout."""
    moments = [10_000]
    for step_ms in steps_ms:
        moments.append(moments[-1] + step_ms)
    times = Waterfall(*moments, first_sound_ms=moments[-1])
    started_ms = number * 10_000
    return Turn(
        number,
        Speaker.AGENT,
        "...",
        started_ms,
        started_ms + 900,
        kind,
        sum(steps_ms),
        interrupted,
        None,
        times,
    )


def codes(record: CallRecord) -> list[str]:
    return [one.code for one in explain(record)]


def test_a_good_call_has_no_causes():
    good = replace(CALL, turns=(answer(1, TurnClass.FACT, 140, 20, 0, 80, 20),))
    assert explain(good) == []
    slowest = slowest_answer(good)
    assert slowest is not None
    assert slowest.response_gap_ms == 260


@pytest.mark.parametrize(
    ("kind", "steps_ms", "code"),
    [
        (TurnClass.FACT, (900, 20, 0, 20, 20), "turn_waiting"),
        (TurnClass.FACT, (200, 700, 0, 20, 20), "turn_recogniser"),
        (TurnClass.FLOW, (200, 20, 900, 20, 20), "turn_reply"),
        (TurnClass.OPEN, (200, 20, 2900, 20, 20), "turn_model"),
        (TurnClass.PHRASE, (200, 20, 0, 800, 20), "turn_voice"),
        (TurnClass.PHRASE, (200, 20, 0, 20, 800), "turn_playout"),
    ],
)
def test_a_slow_answer_is_put_down_to_its_slowest_step(kind, steps_ms, code):
    (cause,) = explain(replace(CALL, turns=(answer(3, kind, *steps_ms),)))
    assert cause.code == code
    assert cause.weight is Weight.SLOW
    assert cause.at_ms == 30_000
    assert seconds(max(steps_ms)) in cause.told
    assert "0:30" in cause.told


def test_an_open_answer_is_granted_more():
    steps_ms = (200, 20, 1500, 20, 20)
    assert codes(replace(CALL, turns=(answer(1, TurnClass.OPEN, *steps_ms),))) == []
    assert codes(replace(CALL, turns=(answer(1, TurnClass.FLOW, *steps_ms),))) == ["turn_reply"]


def test_of_many_slow_answers_the_three_slowest_are_named():
    turns = tuple(answer(number, TurnClass.FACT, 900 + number * 10, 0, 0, 0, 0) for number in range(1, 6))
    found = explain(replace(CALL, turns=turns))
    assert [one.at_ms for one in found] == [None, 30_000, 40_000, 50_000]
    assert found[0].told == "2 more answers were slow."


@pytest.mark.parametrize(
    ("event", "code", "says"),
    [
        (CallEvent(0, "refused", "486"), "turned_away", "every line was taken"),
        (CallEvent(0, "refused", "487"), "gave_up", "gave up"),
        (CallEvent(12_000, "resumed"), "resumed", "0:12"),
        (CallEvent(12_000, "line_lost"), "line_lost", "line process died"),
        (CallEvent(12_000, "level", "keys"), "level", "no recogniser"),
        (CallEvent(12_000, "transfer_refused", "603"), "transfer_refused", "SIP 603, declined"),
        (CallEvent(12_000, "colleague_gone", "999"), "colleague_gone", "SIP 999, refused"),
        (CallEvent(12_000, "unanswered"), "unanswered", "1 questions"),
        (CallEvent(12_000, "guard_refused", "price"), "guard_refused", "held back"),
        (CallEvent(12_000, "model", "late"), "model", "in time"),
        (CallEvent(12_000, "tool", "order_status failed (HTTP 500 80 ms)"), "tool", "order_status"),
    ],
)
def test_what_happened_is_told_with_what_to_do(event, code, says):
    (cause,) = explain(replace(CALL, events=(event,)))
    assert cause.code == code
    assert says in cause.told
    assert cause.remedy.strip()


@pytest.mark.parametrize(
    "event",
    [
        CallEvent(0, "level", "full"),
        CallEvent(0, "fact", "hours"),
        CallEvent(0, "tool", "order_status done (HTTP 200 80 ms)"),
        CallEvent(0, "barge_in"),
    ],
)
def test_what_is_as_it_should_be_is_no_cause(event):
    assert explain(replace(CALL, events=(event,))) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"packets_lost": 60}, "loss"),
        ({"jitter_ms": 45.0}, "jitter"),
        ({"mos": 3.1}, "poor_sound"),
        ({"frames_dropped": 7}, "dropped"),
        ({"tick_late_p99_ms": 22.5}, "late_ticks"),
        ({"tick_late_worst_ms": 180.0}, "late_ticks"),
        ({"packets_received": 0, "packets_lost": 0, "mos": None}, "no_sound"),
    ],
)
def test_the_line_is_judged_by_its_figures(change, code):
    assert codes(replace(CALL, quality=replace(QUALITY, **change))) == [code]


def test_how_it_ended_and_where_it_began():
    assert codes(replace(CALL, disposition=Disposition.SYSTEM_FAILURE)) == ["system_failure"]
    assert codes(replace(CALL, disposition=Disposition.OPEN, ended_at=None)) == ["still_open"]
    assert codes(replace(CALL, disposition=Disposition.SILENT)) == ["silent"]
    assert codes(replace(CALL, versions={"level": "rules"})) == ["level_from_start"]


def test_what_was_heard_without_certainty_and_cut_short():
    unsure = Turn(1, Speaker.CALLER, "...", 0, 900, confidence=0.3)
    sure = replace(unsure, number=2, confidence=0.9)
    cut = tuple(answer(number, TurnClass.FACT, 100, interrupted=True) for number in (3, 4, 5))
    assert codes(replace(CALL, turns=(unsure, sure, *cut))) == ["unsure", "barge_ins"]


def test_the_worst_stands_first():
    record = replace(
        CALL,
        disposition=Disposition.SYSTEM_FAILURE,
        quality=replace(QUALITY, jitter_ms=50.0),
        turns=(answer(1, TurnClass.FACT, 2000),),
        events=(CallEvent(5000, "guard_refused", ""),),
    )
    found = explain(record)
    assert [one.weight for one in found] == sorted(one.weight for one in found)
    assert [one.code for one in found] == ["system_failure", "turn_waiting", "jitter", "guard_refused"]


def test_every_cause_has_words_and_a_remedy():
    for code, (told, remedy) in CAUSES.items():
        assert told.endswith("."), code
        assert remedy, code
        assert all(name for _, name, _, _ in string.Formatter().parse(told) if name is not None)


def test_times_are_told_as_people_say_them():
    assert clock(125_400) == "2:05"
    assert seconds(320) == "320 ms"
    assert seconds(1940) == "1.9 s"
