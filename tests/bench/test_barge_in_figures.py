"""What counts as a stop, a false stop, a hold: figures from trials."""

from __future__ import annotations

from pathlib import Path

from appliance.bench.barge_in_figures import Condition, Trial, findings, summary

STOPPED = [Trial("clean", "interruption", stop_ms=100 + at, abandoned=True) for at in range(39)]
MISSED = Trial("clean", "interruption")
COUGH = Trial("clean", "cough", held_ms=[140])
NOD = Trial("clean", "backchannel", held_ms=[520])
GIVEN_UP = Trial("clean", "music", abandoned=True)
ECHO = Trial("echo 0 dB", "echo")


def test_recall_counts_interruptions_that_were_missed():
    found = summary([*STOPPED, MISSED])
    assert found["recall"] == 0.975
    assert (found["n"], found["stop_p50_ms"]) == (39, 119)


def test_a_short_hold_is_no_false_stop_but_is_told():
    found = summary([*STOPPED, COUGH, COUGH, NOD, GIVEN_UP])
    assert found["false_stops_share"] == 0.5
    assert found["holds_share"] == 0.75
    assert found["abandoned_share"] == 0.25
    assert found["resumed_share"] == 0.75
    assert found["by_kind"]["cough"] == {
        "n": 2,
        "false_stops": 0,
        "abandoned": 0,
        "holds": 2,
        "held_p50_ms": 140,
    }


def test_two_short_holds_are_not_one_long_one():
    assert not Trial("clean", "music", held_ms=[160, 160]).is_false_stop


def test_stops_for_our_own_echo_are_counted_apart():
    found = summary([ECHO, Trial("echo 0 dB", "echo", held_ms=[120]), Trial("x", "echo", held_ms=[400])])
    assert (found["echo_stops"], found["echo_holds"]) == (1, 2)


def test_a_p95_stands_on_thirty_stops():
    assert summary(STOPPED[:29])["stop_p95_ms"] is None
    assert summary(STOPPED[:30])["stop_p95_ms"] is not None


def test_first_words_count_only_where_they_can_be_told():
    lost = Trial("clean", "interruption", stop_ms=100, first_word_lost=True)
    kept = Trial("clean", "interruption", stop_ms=100, first_word_lost=False)
    found = summary([lost, kept, *STOPPED])
    assert (found["first_words_lost"], found["first_words_checked"]) == (1, 2)


def test_nothing_tried_is_nothing_found():
    found = summary([])
    assert (found["n"], found["recall"], found["false_stops_share"]) == (0, None, None)


def test_the_report_holds_rows_without_words_and_its_aims():
    report = findings([*STOPPED, COUGH], "appliance bench barge-in", {})
    assert {figure.name: figure.met for figure in report.figures}["stop p95"] is True
    assert len(report.rows) == 40
    assert set(report.rows[0]) == set(Trial.__slots__)
    assert len(report.plots) == 2


def test_a_condition_knows_whether_it_makes_a_sound_by_itself():
    assert not Condition("clean").is_disturbed
    assert Condition("echo", echo_db=0).is_disturbed
    assert Condition("noise", noise=Path("n.pcm")).is_disturbed
    assert Condition("loss", loss_percent=1).has_network
