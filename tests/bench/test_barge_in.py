"""The plan of a run, and what is taken from the box's own word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from appliance import business
from appliance.bench.barge_in import TALK, Plan, _talkative, conditions
from appliance.bench.onlooker import Witness


class Told:
    """A watch socket that has told these lines and nothing more."""

    def __init__(self, *lines: dict[str, Any]) -> None:
        self._lines = lines
        self.closed = False

    def __iter__(self):
        return iter(self._lines)

    def close(self) -> None:
        self.closed = True


SAID = {"kind": "said", "interrupted": False}
CUT = {"kind": "said", "interrupted": True}
HEARD = {"kind": "heard", "text": "book a room"}


def test_every_echo_of_the_issue_is_tried(tmp_path: Path):
    echoes = {
        (one.echo_db, one.echo_ms) for one in conditions(tmp_path, Plan(3, 3, 2)) if one.echo_db is not None
    }
    assert echoes == {(gain, delay) for gain in (0, -10, -20) for delay in (40, 150, 300)}


def test_only_some_conditions(tmp_path: Path):
    (clean,) = conditions(tmp_path, Plan(3, 5, 2, only="clean"))
    assert (clean.interruptions, clean.distractors) == (3, 5)


def test_a_sentence_was_given_up_if_the_box_says_so():
    with Witness(Told(SAID, HEARD, CUT)) as witness:
        assert witness.heard(0, 5) == "book a room"
    assert witness.was_abandoned(0)
    assert not witness.was_abandoned(3)
    assert witness.count() == 3


def test_nothing_heard_is_empty_after_the_limit():
    with Witness(Told(SAID)) as witness:
        assert witness.heard(0, 0.01) == ""


def test_the_talkative_shop_is_a_business_like_any_other(tmp_path: Path):
    assert business.load(str(_talkative(tmp_path))).greeting == TALK
