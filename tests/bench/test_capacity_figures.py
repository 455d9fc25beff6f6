"""What rounds amount to: a row a number of calls, each against one call, and how many are served well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from appliance.bench.capacity_figures import Round, Served, capacity, findings, served_well, table
from appliance.bench.exchanges import Exchange, Utterance
from appliance.bench.gap_figures import Setting
from appliance.domain.call import LineQuality
from appliance.press.drawing import svg

TURN = Exchange(Utterance("synthetic"), "flow", 200, 200, {}, None, 1, False)
LINE = LineQuality(tick_late_p50_ms=0.5, tick_late_p99_ms=4.0, tick_late_worst_ms=9.0)
SETTING = Setting("capacity", "appliance bench capacity", {"machine": "m", "revision": "r"}, {"voice": "joe"})


def _turns(gap_ms: int, count: int = 30, kind: str = "flow") -> list[Exchange]:
    return [replace(TURN, gap_ms=gap_ms, turn_class=kind) for _ in range(count)]


def _call(turns: Sequence[Exchange] = (), *, errors: int = 10, line: LineQuality = LINE) -> Served:
    return Served("ann", turns, words=100, word_errors=errors, quality=line)


def _round(callers: int, *calls: Served, number: int = 1) -> Round:
    return Round(number, callers, calls or [_call(_turns(200)) for _ in range(callers)])


def _row(**changes: Any) -> dict[str, Any]:
    good = {
        "calls": 1,
        "failed_calls": 0,
        "p95_ratio": 1.0,
        "tick_late_p99_ms": 3.0,
        "word_error_rate": 0.1,
        "word_error_max": 0.12,
    }
    row = good | changes
    return row | {"served_well": served_well(row)}


def test_phrase_and_flow_are_one_class_and_compared_with_one_call() -> None:
    alone = _round(1, _call([*_turns(200, 20), *_turns(200, 10, "phrase"), *_turns(900, 5, "open")]))
    two = _round(2, _call(_turns(250)), _call(_turns(250)))
    one_row, two_row = table([two, alone])
    assert one_row["phrase_flow"] == {"n": 30, "p50_ms": 200, "p95_ms": 200, "p99_ms": 200}
    assert one_row["open"]["p50_ms"] == 900
    assert (one_row["p95_ratio"], two_row["p95_ratio"], two_row["p50_ratio"]) == (1.0, 1.25, 1.25)
    assert two_row["phrase_flow"]["n"] == 60


def test_rounds_of_the_same_number_are_one_row() -> None:
    first = replace(_round(2), processor_percent={"line": 10.0}, memory_mb={"line": 50.0})
    second = replace(_round(2, number=2), processor_percent={"line": 20.0, "callers": 5.0})
    [row] = table([first, second])
    assert (row["rounds"], row["turns"], row["words"]) == (2, 120, 400)
    assert row["processor_percent"] == {"line": 15.0, "callers": 5.0}
    assert row["memory_mb"] == {"line": 50.0}


def test_of_late_packets_the_worst_call_counts() -> None:
    worse = LineQuality(tick_late_p50_ms=1.5, tick_late_p99_ms=21.0, tick_late_worst_ms=40.0)
    [row] = table([_round(2, _call(_turns(200)), _call(_turns(200), line=worse))])
    assert (row["tick_late_p50_ms"], row["tick_late_p99_ms"], row["tick_late_worst_ms"]) == (1.0, 21.0, 40.0)
    assert row["served_well"] is False


def test_word_error_rises_only_beyond_chance() -> None:
    alone, more, many = (
        _round(1),
        _round(2, *[_call(_turns(200), errors=13)] * 2),
        _round(3, *[_call(_turns(200), errors=25)] * 3),
    )
    rows = table([alone, more, many])
    assert [row["word_error_rate"] for row in rows] == [0.1, 0.13, 0.25]
    assert [row["served_well"] for row in rows] == [True, True, False]
    assert rows[1]["word_error_max"] == pytest.approx(0.1735, abs=0.0001)


def test_a_caller_nobody_answered_is_not_served() -> None:
    [_, row] = table([_round(1), _round(2, _call(_turns(200)))])
    assert row["failed_calls"] == 1
    assert row["served_well"] is False


def test_what_was_not_measured_is_not_promised() -> None:
    assert served_well(_row(p95_ratio=None)) is None
    assert served_well(_row(p95_ratio=None, tick_late_p99_ms=30.0)) is False
    assert served_well(_row(word_error_max=None)) is None
    [row] = table([_round(1, _call())])
    assert row["word_error_rate"] == 0.1
    assert row["false_endings_share"] is None


def test_capacity_is_the_last_number_before_the_first_that_is_too_many() -> None:
    well, badly = _row(), _row(p95_ratio=1.6)
    assert capacity([well, well | {"calls": 2}]) == 2
    assert capacity([well, badly | {"calls": 2}, well | {"calls": 3}]) == 1
    assert capacity([badly]) == 0
    assert capacity([well, _row(calls=2, p95_ratio=None)]) is None


def test_false_endings_and_silence_are_counted() -> None:
    cut, mute, early = (
        replace(TURN, turns_heard=2),
        replace(TURN, gap_ms=None),
        replace(TURN, gap_ms=None, premature=True),
    )
    [row] = table([_round(1, _call([TURN, cut, mute, early]))])
    assert (row["false_endings_share"], row["unanswered"], row["premature_replies"]) == (0.25, 1, 1)


def test_the_steps_of_answers_tell_where_the_time_goes() -> None:
    slow = replace(TURN, gap_ms=300, done_ms={"turn decided": 100, "final text": 180})
    slower = replace(TURN, gap_ms=340, done_ms={"turn decided": 100, "final text": 220})
    [row] = table([_round(1, _call([slow, slower]))])
    assert row["phrase_flow_steps_ms"] == {"turn decided": 100, "final text": 100, "at the caller": 120}
    assert row["phrase_flow_slowest_steps_ms"]["final text"] == 120


def test_too_slow_a_number_of_calls_is_explained_by_its_slowest_turns() -> None:
    late = [replace(TURN, gap_ms=900, done_ms={"turn decided": 700})] * 3
    two = _round(2, _call([*_turns(200, 27), *late]), _call())
    [note] = [note for note in findings([_round(1), two], SETTING).notes if "slowest tenth" in note]
    assert note.startswith("2 calls at once")
    assert "turn decided 700 ms" in note


def test_findings_tell_the_ratio_the_callers_share_and_no_words() -> None:
    four = replace(
        _round(4, *[_call(_turns(280))] * 4, number=2), processor_percent={"line": 30.0, "callers": 8.0}
    )
    found = findings([_round(1), four], SETTING)
    by_name = {figure.name: figure for figure in found.figures}
    ratio = by_name["flow+phrase p95, 4 calls / 1 call"]
    assert (ratio.value, ratio.aim, ratio.met) == (1.4, 1.5, True)
    assert by_name["capacity"].value == 4
    assert by_name["processor of the box, 4 calls"].value == 30.0
    assert by_name["processor of the box, 1 call"].value is None
    assert found.summary["capacity"] == 4
    assert [row["calls"] for row in found.summary["rows"]] == [1, 4]
    assert (found.summary["models"], found.summary["revision"]) == ({"voice": "joe"}, "r")
    assert len(found.rows) == 30 + 120
    assert set(found.rows[0]) >= {"calls", "round", "caller", "class", "gap_ms"}
    assert any("8 % of a core" in note for note in found.notes)
    assert all(svg(plot).startswith("<?xml") for plot in found.plots)
