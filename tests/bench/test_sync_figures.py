"""What a sync run amounts to: percentiles only of enough values, nothing lost or twice as an aim."""

from __future__ import annotations

from dataclasses import replace

from appliance.bench.sync_figures import Commit, Counted, Measured, figures, findings

RIGHT = Counted(happened=500, held=300, still_queued=200, lost=0, duplicated=0, told_again=6)
RUN = Measured(
    commits=[Commit(number % 2 == 0, 1.0 + number / 100) for number in range(300)],
    queued_rows=400,
    drained_rows=200,
    drained_s=4.0,
    memory_empty_mb=40.0,
    memory_queued_mb=42.5,
    counted=RIGHT,
)


def by_name(measured: Measured) -> dict[str, tuple[float | None, bool | None]]:
    return {one.name: (one.value, one.met) for one in figures(measured)}


def test_a_run_that_keeps_its_word_meets_its_aims():
    found = by_name(RUN)
    assert found["drain rate"] == (50.0, True)
    assert found["memory queued"] == (2.5, True)
    assert found["lost"] == found["duplicated"] == (0, True)
    assert found["commit p50, draining"][0] == 2.49
    assert found["commit p99, at rest"][1] is True
    assert None not in {met for name, (_, met) in found.items() if "p99" in name}


def test_one_thing_lost_or_twice_misses():
    found = by_name(replace(RUN, counted=replace(RIGHT, lost=1, duplicated=2)))
    assert (found["lost"], found["duplicated"]) == ((1, False), (2, False))


def test_few_commits_have_no_p99_and_no_time_no_rate():
    found = by_name(replace(RUN, commits=RUN.commits[:10], drained_s=0.0))
    assert found["commit p99, draining"] == found["drain rate"] == (None, None)


def test_the_summary_names_what_the_issue_asks_for():
    summary = findings(RUN, command="c", conditions={}).summary
    assert {"commit_p99_draining", "drain_rate", "memory_queued", "lost", "duplicated"} <= set(summary)
