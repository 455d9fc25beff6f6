"""What is counted is what was told; the text is Prometheus's, without a label that grows with callers."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from appliance.conversation.degradation import Part
from appliance.domain.call import Disposition, LineQuality, Speaker, Turn, TurnClass, Waterfall
from appliance.domain.events import LATE_BOUNDS_MS, CallTurnedAway, LineBeat, ReplyEnded
from appliance.ops.metrics import ANSWER_CACHE, VOICE_CACHE, Figures


@pytest.fixture
def figures() -> Figures:
    return Figures()


def value(figures: Figures, name: str, **labels: str) -> float:
    """One sample of the text, by its name and labels."""
    for family in text_string_to_metric_families(figures.exposition().decode()):
        for sample in family.samples:
            if sample.name == f"attendant_{name}" and labels.items() <= sample.labels.items():
                return float(sample.value)
    raise AssertionError(f"no sample {name} {labels}")


def turn(speaker: Speaker = Speaker.AGENT, **fields: object) -> Turn:
    plain: dict[str, object] = {
        "number": 1,
        "speaker": speaker,
        "text": "words",
        "started_ms": 0,
        "ended_ms": 900,
    }
    return Turn(**plain | fields)  # type: ignore[arg-type]


def test_a_turn_is_counted_with_its_gap_by_class(figures: Figures):
    figures.turn(turn(turn_class=TurnClass.FACT, response_gap_ms=320, waterfall=Waterfall(prepared=True)))
    figures.turn(turn(turn_class=TurnClass.OPEN, response_gap_ms=1800, waterfall=Waterfall(prepared=False)))
    figures.turn(turn(Speaker.CALLER))
    assert value(figures, "response_gap_seconds_count", **{"class": "fact"}) == 1
    assert value(figures, "response_gap_seconds_sum", **{"class": "open"}) == pytest.approx(1.8)
    assert value(figures, "response_gap_seconds_bucket", **{"class": "fact", "le": "0.3"}) == 0
    assert value(figures, "response_gap_seconds_bucket", **{"class": "fact", "le": "0.4"}) == 1
    assert value(figures, "turns_total", speaker="agent") == 2
    assert value(figures, "cache_hits_total", cache=ANSWER_CACHE) == 1
    assert value(figures, "cache_misses_total", cache=ANSWER_CACHE) == 1


def test_a_turn_that_answers_nobody_has_no_gap(figures: Figures):
    figures.turn(turn(turn_class=TurnClass.PHRASE, response_gap_ms=None, interrupted=True))
    assert value(figures, "response_gap_seconds_count", **{"class": "phrase"}) == 0
    assert value(figures, "barge_ins_total") == 1


def test_a_call_is_counted_with_its_line(figures: Figures):
    quality = LineQuality("PCMU", 3000, 30, jitter_ms=4.0, erle_db=33.0, frames_dropped=2)
    figures.closed(Disposition.BOOKED, quality)
    figures.closed(Disposition.ABANDONED, None)
    assert value(figures, "calls_total", disposition="booked") == 1
    assert value(figures, "calls_total", disposition="abandoned") == 1
    assert value(figures, "packets_lost_total") == 30
    assert value(figures, "erle_db_sum") == 33
    assert value(figures, "jitter_seconds_count") == 1


@pytest.mark.parametrize(
    ("status", "reason"), [(486, "busy"), (488, "codec"), (480, "nobody"), (487, "gave_up"), (404, "other")]
)
def test_who_was_turned_away_is_counted_by_the_reason(figures: Figures, status, reason):
    figures.turned_away(CallTurnedAway("c", "1", "2", "2026-11-22T10:00:00+00:00", status, times=3))
    assert value(figures, "calls_rejected_total", reason=reason) == 3


def test_an_answer_of_the_model_has_a_first_token_and_a_rate(figures: Figures):
    figures.composed(ReplyEnded("c", 1, "done", tokens=21, first_token_ms=500, lasted_ms=2500))
    figures.composed(ReplyEnded("c", 2, "late", tokens=0, lasted_ms=12_000))
    figures.composed(ReplyEnded("c", 3, "something else"))
    assert value(figures, "llm_first_token_seconds_sum") == 0.5
    assert value(figures, "llm_tokens_per_second_sum") == 10
    assert value(figures, "llm_answers_total", outcome="late") == 1
    assert value(figures, "llm_answers_total", outcome="failed") == 1


def test_engines_and_the_cache(figures: Figures):
    figures.took(Part.RECOGNISER, 0.024)
    figures.took(Part.VOICE, 0.17)
    figures.took(Part.MIND, 9)
    figures.cache(VOICE_CACHE, hit=True)
    assert value(figures, "asr_seconds_sum") == pytest.approx(0.024)
    assert value(figures, "tts_seconds_sum") == pytest.approx(0.17)
    assert value(figures, "cache_hits_total", cache=VOICE_CACHE) == 1


def test_late_ticks_add_up_over_the_beats(figures: Figures):
    figures.beat(LineBeat(1, (40, 5, 3, 1, 1, 0, 0, 0, 0), 60.0))
    figures.beat(LineBeat(1, (48, 1, 0, 0, 0, 0, 0, 0, 1), 140.0))
    assert value(figures, "tick_late_seconds_count") == 100
    assert value(figures, "tick_late_seconds_bucket", le="0.001") == 88
    assert value(figures, "tick_late_seconds_bucket", le=str(LATE_BOUNDS_MS[-1] / 1000)) == 99
    assert value(figures, "tick_late_seconds_sum") == pytest.approx(0.2)


def test_every_series_is_there_from_the_start_and_none_comes_later(figures: Figures):
    def series() -> set[str]:
        lines = figures.exposition().decode().splitlines()
        return {line.rpartition(" ")[0] for line in lines if not line.startswith("#")}

    before = series()
    figures.turn(turn(turn_class=TurnClass.FLOW, response_gap_ms=300, waterfall=Waterfall(prepared=True)))
    figures.closed(Disposition.MISSED, LineQuality(packets_received=1))
    figures.turned_away(CallTurnedAway("c", "+13035550123", "2", "", 603))
    figures.composed(ReplyEnded("c", 1, "who knows"))
    assert series() == before
    assert 100 < len(before) < 250


def test_promtool_finds_nothing_to_complain_of(figures: Figures):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: apt-get install prometheus")
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=figures.exposition(), capture_output=True, check=False
    )
    assert (checked.returncode, checked.stderr.decode()) == (0, "")
