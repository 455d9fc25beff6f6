"""Calls as they go, and how they are rated: clean, lossy, without sound, an echo, nobody there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.bench.call_score import CallReport, Grade, remedy_of, score

CLEAN = CallReport(
    to="sip:100@127.0.0.1",
    status=200,
    codec="PCMU",
    ringing_ms=30,
    answered_ms=900,
    first_sound_ms=120,
    packets_received=500,
    jitter_ms=2.0,
    mos=4.38,
    gaps_ms=(420, 510),
)


def test_a_clean_call_has_all_points():
    rated = score(CLEAN)
    assert (rated.points, rated.grade) == (100, Grade.GOOD)
    assert set(rated.aspects) == {"answered", "loss", "jitter", "mos", "response"}


@pytest.mark.parametrize(
    ("change", "aspect", "grade"),
    [
        ({"answered_ms": 9_000}, "answered", Grade.FAIR),
        ({"packets_lost": 10}, "loss", Grade.FAIR),
        ({"packets_lost": 60}, "loss", Grade.BAD),
        ({"jitter_ms": 80.0}, "jitter", Grade.BAD),
        ({"mos": 3.7}, "mos", Grade.FAIR),
        ({"mos": 2.9}, "mos", Grade.BAD),
        ({"gaps_ms": (900,)}, "response", Grade.FAIR),
        ({"packets_received": 0}, "sound", Grade.BAD),
        ({"first_sound_ms": None}, "sound", Grade.BAD),
        ({"echo_ms": 400}, "delay", Grade.FAIR),
        ({"echo_ms": 90, "echo_word_error": 0.6}, "words", Grade.BAD),
    ],
)
def test_the_worst_aspect_is_the_grade(change, aspect, grade):
    rated = score(replace(CLEAN, **change))
    assert rated.aspects[aspect] is grade
    assert rated.grade is grade
    assert rated.points < 100


def test_nobody_there_is_no_points_and_a_remedy():
    refused = CallReport(to="sip:100@127.0.0.1", status=486)
    assert score(refused).points == 0
    assert "busy" in remedy_of(refused)
    assert remedy_of(replace(refused, status=599))


def test_a_call_without_sound_has_a_remedy_and_a_good_one_has_none():
    assert "RTP" in remedy_of(replace(CLEAN, packets_received=0))
    assert remedy_of(CLEAN) == ""


def test_loss_is_a_share_of_what_was_sent():
    assert replace(CLEAN, packets_received=95, packets_lost=5).loss_percent == 5.0
    assert replace(CLEAN, packets_received=0).loss_percent == 0.0
    assert replace(CLEAN, packets_lost=-3).loss_percent == 0.0  # RFC 3550: duplicates make it negative
