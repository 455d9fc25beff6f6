"""Plain wishes, as sayings: what is meant, and what only sounds like it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.answers import (
    asks_what_we_are,
    is_backchannel,
    is_emergency,
    is_goodbye,
    wants_human,
    wants_message,
    wants_repeat,
)


def sayings(table: str) -> list[str]:
    return [saying.strip() for saying in table.split("|")]


GOODBYES = sayings(
    "that's all thanks | no that's it | goodbye | bye | bye bye | no that's all goodbye | that'll be all"
    " | nothing else thank you | have a good day | thanks bye | i'm done | that's all i needed"
    " | no that everything thank you | now that's everything thank you | no that all thanks"
    " | no that is everything thank you | see you tomorrow | talk to you later | okay that's it thanks"
    " | good night | okay bye | no i'm all set thank you | no thank you that's all"
)
NOT_GOODBYES = sayings(
    "is that all | that's all wrong | now that's a good price | that everything costs more | yes"
    " | i need to say goodbye to my old car"
    " | that's it i want to speak to a manager | what is that | no | thank you"
    " | see you have openings tomorrow | have a good look | bye the way do you do brakes"
    " | that's all the money i have"
)
HUMANS = sayings(
    "can i talk to a person | operator | representative | speak to somebody"
    " | can i speak to maria please | put me through to the manager | a human please | real person"
    " | i want to talk to a human being | is there a person i can talk to | transfer me"
    " | let me speak with the owner | agent please | connect me with someone | get me a manager"
    " | could i talk to one of the mechanics | i'd like to speak to someone about my bill"
)
NOT_HUMANS = sayings(
    "are you a real person | are you a robot | talk to you later | can somebody call me back"
    " | i want to talk about my car | i spoke to someone yesterday | the person before was nice"
    " | do you have a loaner car | can someone look at my brakes | i need a mechanic | who is the owner"
    " | is maria there | i need someone to change my oil"
)
REPEATS = sayings(
    "say that again | pardon | what was that | can you repeat that | sorry what | i didn't catch that"
    " | come again | could you say it again please | one more time | huh | what | what did you say"
    " | pardon me | excuse me | i couldn't hear you | repeat that please | can you say that again"
    " | what was the time again | could you speak up please | sorry"
)
NOT_REPEATS = sayings(
    "what was that noise my car makes | what time is it | say hello to maria | sorry i'm late"
    " | i don't understand why my car is loud | is it open again"
)
MESSAGES = sayings(
    "can you have someone call me back | leave a message | pass on a message | can somebody call me back"
    " | i want to leave a message | please tell her i called | take a message please"
    " | could you ask maria to call me | call me back | i'd like a call back"
    " | can you let them know i'm running late | have him call me | tell them that i'll be late"
    " | could someone give me a call | can someone call me when it's ready | please return my call"
    " | could you tell maria the parts for the truck are here | can you please tell doctor okafor my crown is off"
)
NOT_MESSAGES = sayings(
    "i left a message yesterday | did you get my message | i'm calling you back"
    " | somebody called me back | you can call me at three oh three | call me jane"
    " | i'll call back later | can you tell me the price | can i call you tomorrow | what is the message"
    " | let me know | can you tell me when you open | you never called me back"
    " | could you tell me what it costs | could you tell me the price | can you tell if the brakes are worn"
    " | could you tell when my car is ready | will you tell us the hours"
)
BACKCHANNELS = sayings(
    "uh huh | okay | mm hm | right | mhm | yeah | i see | got it | okay right | oh okay | sure"
)
NOT_BACKCHANNELS = sayings(
    "okay what time | right now | no | stop | yeah i need an oil change | tuesday | okay thanks wait"
)
EMERGENCIES = sayings(
    "call nine one one | call 911 | there's a fire | somebody is hurt | please call an ambulance"
    " | i can't breathe | she's having a heart attack | my house is on fire | my car is on fire"
    " | someone's been hurt | he is unconscious | get an ambulance | nine one one | there is a gas leak"
    " | help help me | this is an emergency | i think he's having a stroke | my husband is not breathing"
    " | a man just collapsed | someone has a gun | i want to kill myself | call the police"
    " | he's bleeding badly | somebody got hurt"
)
NOT_EMERGENCIES = sayings(
    "next to the fire station | do you sell fire extinguishers | emergency brake | my back hurts"
    " | my number is three oh three nine one one oh one two three | i drive a porsche nine one one"
    " | my car is dying | it's not an emergency | dental emergency appointment"
    " | there's a fire station next door | there was a fire last year | my tooth hurts"
    " | the engine is choking | do you take emergencies | my car got hurt | can you fire the mechanic"
    " | nobody was hurt | i was in an accident last week | my gums are bleeding | i need help"
    " | police car repair | is there a fire place"
)


@pytest.mark.parametrize("text", GOODBYES)
def test_is_goodbye(text):
    assert is_goodbye(text)


@pytest.mark.parametrize("text", ["", *NOT_GOODBYES])
def test_not_is_goodbye(text):
    assert not is_goodbye(text)


@pytest.mark.parametrize("text", HUMANS)
def test_wants_human(text):
    assert wants_human(text)


@pytest.mark.parametrize("text", ["", *NOT_HUMANS])
def test_not_wants_human(text):
    assert not wants_human(text)


@pytest.mark.parametrize("text", REPEATS)
def test_wants_repeat(text):
    assert wants_repeat(text)


@pytest.mark.parametrize("text", ["", *NOT_REPEATS])
def test_not_wants_repeat(text):
    assert not wants_repeat(text)


@pytest.mark.parametrize("text", MESSAGES)
def test_wants_message(text):
    assert wants_message(text)


@pytest.mark.parametrize("text", ["", *NOT_MESSAGES])
def test_not_wants_message(text):
    assert not wants_message(text)


@pytest.mark.parametrize("text", BACKCHANNELS)
def test_is_backchannel(text):
    assert is_backchannel(text)


@pytest.mark.parametrize("text", ["", *NOT_BACKCHANNELS])
def test_not_is_backchannel(text):
    assert not is_backchannel(text)


@pytest.mark.parametrize("text", EMERGENCIES)
def test_is_emergency(text):
    assert is_emergency(text)


@pytest.mark.parametrize("text", ["", *NOT_EMERGENCIES])
def test_not_is_emergency(text):
    assert not is_emergency(text)


@given(st.text(max_size=80))
def test_any_text_is_survived(text):
    for asks in (is_goodbye, wants_human, wants_repeat, wants_message, is_backchannel, is_emergency):
        assert asks(text) in {True, False}


def _turns(data_dir):
    """Every turn of a caller in the dialogs about appointments, with the acts it was labelled with."""
    for path in sorted((data_dir / "text_dialogs_booking" / "sgd").glob("train_*.json")):
        for dialog in json.loads(path.read_text(encoding="utf-8")):
            for turn in dialog["turns"]:
                if turn["speaker"] == "USER":
                    yield turn["utterance"], {act[0] for act in turn["acts"]}


def test_nobody_in_the_booking_dialogs_is_in_danger(data_dir):
    """5,200 turns of callers to salons, dentists and doctors: no false alarm, and nobody asks for a person."""
    texts = [text for text, _ in _turns(data_dir)]
    assert not any(is_emergency(text) for text in texts)
    assert sum(wants_human(text) for text in texts) <= 2
    assert sum(wants_message(text) for text in texts) <= 10


def test_good_byes_of_the_booking_dialogs(data_dir):
    """Of all turns, those that say so: 203 of 326, the others being "thank you"; 98 more said "no, that's all"."""
    turns = [(is_goodbye(text), acts) for text, acts in _turns(data_dir)]
    wanted = [heard for heard, acts in turns if "GOODBYE" in acts]
    others = [heard for heard, acts in turns if not acts & {"GOODBYE", "NEGATE", "AFFIRM", "THANK_YOU"}]
    assert sum(wanted) / len(wanted) >= 0.5
    assert sum(others) / len(others) <= 0.01


@pytest.mark.parametrize(
    "text",
    [
        "are you a real person",
        "wait are you a robot or a human",
        "am i talking to a machine",
        "is this a recording",
        "am i speaking with a real person",
        "are you a computer or something",
        "so who am i talking to",
    ],
)
def test_asks_what_we_are(text):
    assert asks_what_we_are(text.removesuffix(" or something"))
    assert not wants_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "are you open on saturday",
        "is this a good time to come in",
        "am i speaking to the right department",
        "are you a family business",
        "can i talk to a real person",
        "is that a man i know",
    ],
)
def test_not_asks_what_we_are(text):
    assert not asks_what_we_are(text)


def test_who_cannot_see_us_takes_no_leave():
    assert not is_goodbye("i looked on the map but i can't see you")
    assert is_goodbye("see you")
    assert is_goodbye("thanks see you on monday")
