"""Every `.call` file in tests/plays is held with the real session and the real diary."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appliance import business
from appliance.agent.records import fetch
from appliance.clock import SetClock
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import PlayFailed, Rehearsal, perform
from appliance.conversation.session import Session
from appliance.settings import Mind, Turns
from appliance.store.appointments import Diary
from appliance.store.database import Database
from appliance.store.messages import Messages

PLAYS = sorted((Path(__file__).parent.parent / "plays").glob("*.call"))


@pytest.fixture
def rehearsal(tmp_path):
    office = business.load("auto_repair")
    session = Session(
        "play", office, Phrases("en", office.phrases), turns=Turns(), mind=Mind(), has_model=True
    )
    clock = SetClock(datetime(2026, 11, 19, 10, 0, tzinfo=ZoneInfo(office.timezone)))
    database = Database(tmp_path / "plays.db")
    diary, messages = Diary(database, office, clock), Messages(database, clock)
    from appliance.store.calls import Calls

    Calls(database).begin("play", "", "", clock.now(), {})
    yield Rehearsal(session, lambda command: fetch(command, diary, messages))
    database.close()


@pytest.mark.parametrize("play", PLAYS, ids=lambda path: path.stem)
def test_play(play, rehearsal):
    perform(play.read_text(encoding="utf-8"), rehearsal)


def test_there_are_plays():
    assert len(PLAYS) >= 8


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("agent: Something else.", "wanted: Something else."),
        ("agent: ...\nagent: and more", "nothing was said"),
        ("agent: ...\ncaller: i need an oil change", "the agent also said"),
        ("agent: ...\nwhistle: loudly", "nobody knows how to play"),
        ("agent: ...\nhang up:\nexpect disposition: booked", "wanted 'booked', found 'abandoned'"),
    ],
)
def test_a_play_that_goes_wrong_says_where(text, complaint, rehearsal):
    with pytest.raises(PlayFailed, match=complaint):
        perform(text, rehearsal)
