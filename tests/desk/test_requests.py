"""What staff say, and the wish that is heard in it."""

from __future__ import annotations

import pytest

from appliance.desk.requests import understood
from appliance.desk.sayings import LANGUAGES, sayings_of
from appliance.desk.words import Request, Wish
from appliance.domain.call import Disposition
from appliance.errors import ConfigError

ENGLISH = sayings_of("en")

SAID = [
    ("any messages", Wish.MESSAGES),
    ("hey jarvis any messages", Wish.MESSAGES),
    ("Do I have any new messages?", Wish.MESSAGES),
    ("read me my messages", Wish.MESSAGES),
    ("is there a voicemail", Wish.MESSAGES),
    ("anything urgent", Wish.URGENT),
    ("any urgent messages", Wish.URGENT),
    ("who called while i was out", Wish.CALLS),
    ("who called", Wish.CALLS),
    ("did anyone call this morning", Wish.CALLS),
    ("who called since ten", Wish.CALLS),
    ("how many calls today", Wish.CALLS),
    ("any missed calls", Wish.CALLS),
    ("has anybody rang yesterday", Wish.CALLS),
    ("who was the last caller", Wish.CALLS),
    ("what is on at three", Wish.DIARY),
    ("what's on today", Wish.DIARY),
    ("what's on tomorrow morning", Wish.DIARY),
    ("do we have any appointments on friday", Wish.DIARY),
    ("who is coming in at half past nine", Wish.DIARY),
    ("what does the diary say", Wish.DIARY),
    ("what's next", Wish.NEXT),
    ("who is next", Wish.NEXT),
    ("when is the next appointment", Wish.NEXT),
    ("call the last caller back", Wish.CALL_BACK),
    ("please ring the last caller", Wish.CALL_BACK),
    ("call them back", Wish.CALL_BACK),
    ("call back the last number", Wish.CALL_BACK),
    ("could you call anna jones back", Wish.CALL_BACK),
    ("return the last call", Wish.CALL_BACK),
    ("say that again", Wish.AGAIN),
    ("what", Wish.AGAIN),
    ("help", Wish.HELP),
    ("what can you do", Wish.HELP),
    ("never mind", Wish.STOP),
    ("stop", Wish.STOP),
    ("thank you", Wish.STOP),
    ("hang up", Wish.STOP),
    ("don't call", Wish.STOP),
]


@pytest.mark.parametrize(("said", "wish"), SAID)
def test_a_wish_is_heard(said: str, wish: Wish) -> None:
    request = understood(said, ENGLISH)
    assert request is not None
    assert request.wish is wish


@pytest.mark.parametrize(
    "said",
    ["", "huh", "hey jarvis", "the weather is nice", "turn on the light", "i had lunch with my brother"],
)
def test_other_talk_is_no_wish(said: str) -> None:
    assert understood(said, ENGLISH) is None


@pytest.mark.parametrize(
    "said", ["who called back", "did the last caller call again", "when did she call back"]
)
def test_a_question_about_calls_places_none(said: str) -> None:
    request = understood(said, ENGLISH)
    assert request is None or request.wish is not Wish.CALL_BACK


def test_the_words_are_kept_for_what_they_name() -> None:
    assert understood("Hey Jarvis, what is on at three?", ENGLISH) == Request(
        Wish.DIARY, "what is on at three"
    )


def test_every_language_has_every_phrase_and_wish() -> None:
    for sayings in LANGUAGES.values():
        assert set(ENGLISH.phrases) == set(sayings.phrases)
        assert {wish for wish, _ in sayings.patterns} == set(Wish)
        outcomes = {"message_left" if one is Disposition.MESSAGE else one.value for one in Disposition}
        assert outcomes <= set(sayings.phrases)


def test_a_language_that_is_not_spoken() -> None:
    with pytest.raises(ConfigError, match="not spoken"):
        sayings_of("tlh")
