"""What exchanges say together: percentiles by class, shares, where the time went; no figure on too few turns."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

from appliance.bench.exchanges import Exchange, Utterance
from appliance.bench.figures import Distribution, Findings, Spans
from appliance.bench.gap_figures import Setting, findings, spans, spread, summary

ANSWERED = Exchange(
    utterance=Utterance("synthetic"),
    turn_class="flow",
    gap_ms=500,
    first_sound_ms=500,
    done_ms={"turn decided": 300, "final text": 320, "reply decided": 320, "first packet": 360},
    prepared=True,
    turns_heard=1,
    premature=False,
)
SETTING = Setting(
    "gap", "appliance bench gap", {"machine": "m", "revision": "r", "speech": "synthetic"}, {"voice": "v"}
)


def _found(*exchanges: Exchange) -> Findings:
    return findings(exchanges, 1, SETTING)


def test_a_p95_stands_on_thirty_turns_only() -> None:
    assert spread([400] * 29) == {"n": 29, "p50_ms": 400, "p95_ms": None, "p99_ms": None}
    assert spread(list(range(1, 101))) == {"n": 100, "p50_ms": 50, "p95_ms": 95, "p99_ms": 99}
    assert spread([]) == {"n": 0, "p50_ms": None, "p95_ms": None, "p99_ms": None}


def test_the_summary_has_what_was_agreed() -> None:
    told = _found(ANSWERED).summary
    assert {"phrase", "flow", "fact", "open", "first_sound"} <= told.keys()
    assert {"premature_replies", "false_endings_share", "machine", "models", "revision"} <= told.keys()
    assert told["models"] == {"voice": "v"}
    assert json.loads(json.dumps(told)) == told


def test_an_early_answer_is_counted_and_never_averaged_in() -> None:
    early = replace(ANSWERED, premature=True, gap_ms=None, turn_class=None, prepared=None)
    told = summary([ANSWERED, early])
    assert told["premature_replies"] == 1
    assert told["flow"]["n"] == 1
    assert told["unanswered"] == 0


def test_dictated_utterances_are_counted_apart_as_well() -> None:
    dictated = replace(ANSWERED, utterance=Utterance("human", dictated=True), turns_heard=2)
    told = summary([ANSWERED, ANSWERED, ANSWERED, dictated])
    assert told["false_endings_share"] == 0.25
    assert told["dictation_false_endings_share"] == 1.0
    assert summary([ANSWERED])["dictation_false_endings_share"] is None


def test_first_sounds_are_those_of_open_answers() -> None:
    composed = replace(ANSWERED, turn_class="open", gap_ms=1500, first_sound_ms=400)
    told = summary([ANSWERED, composed, composed])
    assert told["first_sound"] == {"n": 2, "p50_ms": 400, "p95_ms": None, "p99_ms": None}
    assert told["open"]["p50_ms"] == 1500


def test_the_steps_of_a_turn_add_up_to_its_gap() -> None:
    bars = spans(ANSWERED)
    assert bars[0] == ("turn decided", 0, 300)
    assert bars[-1] == ("at the caller", 360, 500)
    assert all(before[2] == after[1] for before, after in pairwise(bars))


def test_a_step_done_ahead_takes_no_time() -> None:
    ahead = replace(ANSWERED, done_ms={"turn decided": 300, "first audio": -400, "first packet": 320})
    assert ("first audio", 300, 300) in spans(ahead)


def test_a_missed_aim_is_explained_by_its_steps() -> None:
    found = _found(ANSWERED, ANSWERED)
    assert next(one for one in found.figures if one.name == "flow p50").met is False
    assert found.notes == [
        "flow misses its aim; medians of its steps: turn decided 300 ms, final text 20 ms, reply decided 0 ms,"
        " first packet 40 ms, at the caller 140 ms."
    ]


def test_rows_and_plots() -> None:
    found = _found(ANSWERED, replace(ANSWERED, gap_ms=None, turn_class=None))
    assert [row["gap_ms"] for row in found.rows] == [500, None]
    assert found.rows[0]["turn_decided_ms"] == 300
    assert [type(plot) for plot in found.plots] == [Distribution, Spans]


def test_nothing_heard_is_no_fault() -> None:
    assert _found().summary["false_endings_share"] is None
