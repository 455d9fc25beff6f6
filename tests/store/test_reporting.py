"""What is counted is what happened, span by span; and SQLite walks no whole table for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appliance.domain.call import CallEvent, Disposition, LineQuality, Speaker, Turn, TurnClass
from appliance.store import reporting
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.reporting import Reporting

from .conftest import NOON

HOUR = timedelta(hours=1)
SPANS = [(NOON - HOUR, NOON), (NOON, NOON + HOUR)]


@pytest.mark.parametrize("sql", [*reporting.STATEMENTS, reporting.CALLED_BEFORE])
def test_no_report_walks_a_whole_table(database: Database, sql: str) -> None:
    value = "[]" if "json_each" in sql else "2026"
    steps = [row["detail"] for row in database.rows(f"EXPLAIN QUERY PLAN {sql}", [value])]
    walked = [step for step in steps if step.startswith("SCAN") and "span" not in step]
    assert not walked, steps
    assert any("calls_offered_at" in step for step in steps)


def test_a_call_is_counted_where_it_rang(database: Database, calls: Calls) -> None:
    quality = LineQuality("PCMU", 980, 20, 4.0)
    calls.close("c1", Disposition.BOOKED, NOON + timedelta(seconds=90), quality)
    calls.begin("c2", "x", "100", NOON - timedelta(microseconds=1), {"level": "rules"})
    counted = Reporting(database).count(SPANS, SPANS).calls
    assert [(one.span, one.disposition, one.level, one.calls, one.answered) for one in counted] == [
        (0, "open", "rules", 1, 0),
        (1, "booked", "full", 1, 1),
    ]
    assert counted[1].talk_s == pytest.approx(90, abs=0.01)
    assert (counted[1].packets_received, counted[1].packets_lost, counted[1].jitter_ms_sum) == (980, 20, 4.0)
    assert (counted[0].jitter_calls, counted[1].jitter_calls) == (0, 1)


def test_a_clock_that_was_set_back_makes_no_negative_talk(database: Database, calls: Calls) -> None:
    calls.close("c1", Disposition.ANSWERED, NOON - timedelta(days=1))
    assert Reporting(database).count(SPANS, SPANS).calls[0].talk_s == 0


def test_gaps_are_counted_by_their_class(database: Database, calls: Calls) -> None:
    for number, gap in enumerate((300, 300, 450), 1):
        calls.add_turn("c1", Turn(number, Speaker.AGENT, "yes", 0, 1, TurnClass.FLOW, gap))
    calls.add_turn("c1", Turn(4, Speaker.CALLER, "no", 0, 1))
    gaps = Reporting(database).count(SPANS, SPANS).gaps
    assert {(one.turn_class, one.gap_ms, one.answers) for one in gaps} == {("flow", 300, 2), ("flow", 450, 1)}


def test_an_unanswered_question_is_the_caller_s_last_turn_before_it(database: Database, calls: Calls) -> None:
    calls.add_turn("c1", Turn(1, Speaker.CALLER, "hello", 100, 200))
    calls.add_turn("c1", Turn(2, Speaker.CALLER, "do you tow cars", 1000, 2000))
    calls.add_turn("c1", Turn(3, Speaker.AGENT, "I'm not sure.", 3000, 4000))
    calls.add_turn("c1", Turn(4, Speaker.CALLER, "oh well", 5000, 6000))
    for at_ms in (2500, 2600):  # answered twice: the first answer was taken back
        calls.add_event("c1", CallEvent(at_ms, "unanswered"))
    found = Reporting(database).unanswered(NOON, NOON + HOUR)
    assert [(one.question, one.call_id, one.disposition) for one in found] == [
        ("do you tow cars", "c1", "open")
    ]
    assert Reporting(database).unanswered(NOON + HOUR, NOON + 2 * HOUR) == []


def test_a_question_whose_words_were_erased_is_none(database: Database, calls: Calls) -> None:
    calls.add_turn("c1", Turn(1, Speaker.CALLER, "", 100, 200))
    calls.add_event("c1", CallEvent(2500, "unanswered"))
    assert Reporting(database).unanswered(NOON, NOON + HOUR) == []


def test_a_report_that_was_mailed_is_known(database: Database) -> None:
    store = Reporting(database)
    assert not store.mailed("day/2026-11-20")
    for _ in range(2):
        store.was_mailed("day/2026-11-20", NOON)
    assert store.mailed("day/2026-11-20")
    assert not store.mailed("day/2026-11-21")


def test_whether_there_was_a_call_before(database: Database, calls: Calls) -> None:
    store = Reporting(database)
    assert (store.has_calls_before(NOON), store.has_calls_before(NOON + HOUR)) == (False, True)
    assert calls.recent()[0].call_id == "c1"
