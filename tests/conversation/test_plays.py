"""Every `.call` file in tests/plays is held with the real session and the real diary of its business."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from appliance import business
from appliance.cli.agent_stage import stage
from appliance.cli.agent_test import play as hold
from appliance.cli.agent_test import play_misheard
from appliance.conversation.rehearsal import PlayFailed, perform

PLAYS = sorted((Path(__file__).parent.parent / "plays").rglob("*.call"))


@pytest.fixture
def rehearsal():
    with stage(business.load("auto_repair"), datetime(2026, 11, 19, 10, 0)) as rehearsal:  # noqa: DTZ001
        yield rehearsal


@pytest.mark.parametrize("play", PLAYS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_play(play):
    held = hold(play)
    assert held.ok, f"{held.file}:{held.line}: {held.complaint}\n    said: {held.said}"


@pytest.mark.parametrize("name", ["auto_repair", "dental_practice", "hair_salon"])
def test_each_business_has_plays_and_each_asserts_what_came_of_it(name):
    plays = [play for play in PLAYS if play.parent.name == name]
    assert len(plays) >= 60
    assert [play.name for play in plays if "expect " not in play.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("name", ["auto_repair", "dental_practice", "hair_salon"])
def test_nearly_all_plays_reach_their_outcome_when_one_word_in_ten_is_misheard(name):
    plays = [play for play in PLAYS if play.parent.name == name]
    outcomes = [play_misheard(play, seed=1, rate=0.1) for play in plays]
    assert sum(one.reached for one in outcomes) >= 0.93 * len(plays)
    assert sum(one.wrong for one in outcomes) <= 0.03 * len(plays)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("agent: Something else.", "wanted: Something else."),
        ("agent: ...\nagent: and more", "nothing was said"),
        ("agent: ...\ncaller: i need an oil change", "the agent also said"),
        ("agent: ...\nwhistle: loudly", "nobody knows how to play"),
        ("agent: ...\nhang up:\nexpect disposition: booked", "wanted 'booked', found 'abandoned'"),
        ("agent: ...\nexpect booked: oil_change", "found 'none'"),
        ("agent: ...\nappointment: oil_change 2026-11-22 09:30 Alice Miller 3035550172", "no opening"),
    ],
)
def test_a_play_that_goes_wrong_says_where(text, complaint, rehearsal):
    with pytest.raises(PlayFailed, match=complaint):
        perform(text, rehearsal)
