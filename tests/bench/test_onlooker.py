"""When the agent has finished: its turn is said and nothing that was heard waits for an answer."""

from __future__ import annotations

from unittest.mock import Mock

from appliance.bench.onlooker import Onlooker


def _after(*kinds: str) -> Onlooker:
    onlooker = Onlooker(Mock())
    for kind in kinds:
        onlooker.see({"kind": kind, "text": "words"})
    return onlooker


def test_a_turn_that_was_said_is_over() -> None:
    assert _after("heard", "speak", "said").hear_out(0)
    assert _after("said").last_said == "words"


def test_a_turn_under_way_is_not() -> None:
    assert not _after("heard", "speak").hear_out(0)


def test_after_an_interruption_the_next_answer_is_awaited() -> None:
    assert not _after("heard", "said", "heard").hear_out(0)
    assert _after("heard", "said", "heard", "speak", "said").hear_out(0)


def test_two_turns_heard_are_owed_two_answers() -> None:
    assert not _after("heard", "heard", "said").hear_out(0)
    assert _after("heard", "heard", "said", "said").hear_out(0)


def test_what_was_said_before_does_not_count() -> None:
    onlooker = _after("heard", "said")
    onlooker.begin()
    assert not onlooker.hear_out(0)


def test_a_sound_without_words_is_owed_no_answer() -> None:
    onlooker = _after("said")
    onlooker.see({"kind": "heard", "text": ""})
    assert onlooker.hear_out(0)


def _following(*lines: tuple[str, str]) -> Onlooker:
    onlooker = Onlooker(Mock(), caller="ann")
    onlooker.see({"kind": "line_ready"})
    for kind, call_id in lines:
        onlooker.see(
            {"kind": kind, "call_id": call_id, "caller": {"1": "ann", "2": "bob"}[call_id], "text": "words"}
        )
    return onlooker


def test_of_several_callers_one_is_followed() -> None:
    assert _following(("offered", "2"), ("offered", "1")).call_id == "1"
    assert not _following(("offered", "2"), ("offered", "1"), ("said", "2")).hear_out(0)
    assert _following(("offered", "1"), ("heard", "2"), ("said", "1")).hear_out(0)


def test_before_the_callers_own_call_nothing_concerns_us() -> None:
    assert not _following(("said", "2"), ("closed", "2"), ("offered", "1")).wait_closed(0)


def test_the_end_of_the_record_is_told() -> None:
    assert _following(("offered", "1"), ("closed", "1")).wait_closed(0)
