"""Nobody speaks, or says nothing: what is said about it, and in which order."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.conversation.desk import Desk
from appliance.conversation.phrases import Phrases
from appliance.conversation.silence import Silence
from appliance.domain import commands as do
from appliance.domain import events as ev


@pytest.fixture
def desk() -> Desk:
    desk = Desk("c", business.load("auto_repair"), Phrases("en"), 1)
    desk.answered(ev.CallAnswered("c", "", "2026-11-19T10:00:00-07:00"))
    return desk


def said(orders: list[do.SessionCommand] | None) -> str:
    return " ".join(one.text for one in orders or [] if isinstance(one, do.Speak))


def test_silence_is_asked_about_then_keys_then_a_message_then_good_bye(desk):
    silence = Silence(desk)
    assert said(silence.lasts()) == "Are you still there?"
    assert "press one" in said(silence.lasts())
    assert "Shall I take a message?" in said(silence.lasts())
    assert silence.lasts() is None


def test_whoever_speaks_begins_it_anew(desk):
    silence = Silence(desk)
    silence.lasts()
    silence.broken("hello")
    assert said(silence.lasts()) == "Are you still there?"


def test_sounds_alone_are_not_answered_for_ever(desk):
    silence = Silence(desk)
    told = []
    for sound in ("mm", "okay", "uh huh"):
        silence.broken(sound)
        told.append(said(silence.only_sounds()))
    assert told[0] == "How can I help?"
    assert "press one" in told[1]
    assert "Shall I take a message?" in told[2]


def test_after_words_a_sound_only_means_that_nothing_is_missing(desk):
    silence = Silence(desk)
    silence.broken("when are you open")
    silence.broken("uh huh")
    assert said(silence.only_sounds()) == "Is there anything else I can help with?"
