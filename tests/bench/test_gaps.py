"""What the gap report makes of calls: classes from the record, times from the caller, honest percentiles."""

from __future__ import annotations

from appliance.bench.demo import assign_gaps
from appliance.bench.gaps import spread, summary


def turn(speaker, started_ms, kind=None, sound_ms=0, packet_ms=0):
    waterfall = {"first_sound_ms": sound_ms, "first_packet_ms": packet_ms} if kind else None
    return {"speaker": speaker, "started_ms": started_ms, "class": kind, "waterfall": waterfall}


def test_a_gap_belongs_to_the_next_answer_and_counts_to_its_first_word():
    turns = [
        turn("agent", 0, "phrase"),
        turn("caller", 5000),
        turn("agent", 6500, "open", sound_ms=6500, packet_ms=8000),
        turn("caller", 10000),
        turn("agent", 12000, "fact", sound_ms=12000, packet_ms=12000),
    ]
    assign_gaps(turns, [{"at_ms": 6000, "response_gap_ms": 550}, {"at_ms": 11500, "response_gap_ms": 480}])
    assert [one["response_gap_ms"] for one in turns] == [None, None, 2050, None, 480]
    assert [one["first_sound_ms"] for one in turns] == [None, None, 550, None, 480]


def test_a_p95_stands_on_thirty_turns_only():
    assert spread([400] * 29) == {"n": 29, "p50_ms": 400, "p95_ms": None, "p99_ms": None}
    assert spread(list(range(1, 101))) == {"n": 100, "p50_ms": 50, "p95_ms": 95, "p99_ms": 99}
    assert spread([]) == {"n": 0, "p50_ms": None, "p95_ms": None, "p99_ms": None}


def test_an_utterance_cut_in_two_is_a_false_ending():
    answer = turn("agent", 3000, "fact") | {"response_gap_ms": 500, "first_sound_ms": 500}
    call = {"turns": [turn("caller", 0), turn("caller", 1000), answer], "utterances": 1, "premature": 1}
    report = summary([call])
    assert report["false_endings_share"] == 1.0
    assert report["premature_replies"] == 1
    assert report["fact"]["n"] == 1
    assert report["open"]["n"] == 0
