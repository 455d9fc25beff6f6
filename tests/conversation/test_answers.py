"""Short answers and plain wishes, as sayings: what is meant, and what only sounds like it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.answers import (
    is_backchannel,
    is_emergency,
    is_goodbye,
    wants_human,
    wants_message,
    wants_repeat,
    yes_or_no,
)


def sayings(table: str) -> list[str]:
    return [saying.strip() for saying in table.split("|")]


YES = sayings(
    "yes | yeah | yep | sure | that's right | correct | sounds good | please do | uh huh | mm hm | ok"
    " | okay | no problem | why not | of course | go ahead | yes please | yes i would | that works"
    " | that works for me | i think so | perfect | great | that would be great | no that's right"
    " | no that's correct | right | absolutely | book it | yeah that's fine | that is correct"
    " | sure why not | i guess so | yes it is | yeah go ahead and book it | it is | all right | exactly"
    " | fine by me | you bet | nine thirty works | i think that would work so yes i will"
    " | Yeah, let's do that instead. | it's ok | agree it is ok | if you could | yes i said no onions"
    " | i'd like that | uh yes please | the first one is fine | no yeah that works | let's do it"
    " | that'll work | that would be fine | that's good | mhm | please | yes this is jane"
    " | yes i'd like to know when you open"
)
NO = sayings(
    "no | nope | nah | not really | that's wrong | no thank you | no thanks | i don't think so"
    " | that's not right | that's not correct | not quite | it isn't | wrong | incorrect | not today"
    " | i'm good | i'm fine thanks | never mind | no the time is wrong | no it's miller"
    " | no but thursday works | yeah no | please don't | i'd rather not | no i said the fourth of july"
    " | I don't thing so. no. | I said NO not yes! | disagree, it is not ok | agree, it is not ok"
    " | it's not ok | uh uh | no that's fine | no i don't | absolutely not | definitely not"
    " | of course not | no no no | i'm all set | that doesn't work | it doesn't suit me"
    " | that won't work | sorry no | actually no | no sorry | the time is wrong | tuesday is no good"
    " | yeah that's not right | i can't do that | no that's okay"
)
NEITHER = sayings(
    "maybe | i'm not sure | what | when do you open | yes but make it ten | jane miller | three oh three"
    " | tuesday | i need an oil change | do you work on hybrids | i don't know | right now"
    " | okay what time | correct except the name | do you have no coffee | let me think"
    " | yes except the time | could you say that again | i have no idea | yeah but not tuesday"
    " | my car is making a noise | what day works"
)
GOODBYES = sayings(
    "that's all thanks | no that's it | goodbye | bye | bye bye | no that's all goodbye | that'll be all"
    " | nothing else thank you | have a good day | thanks bye | i'm done | that's all i needed"
    " | no that is everything thank you | see you tomorrow | talk to you later | okay that's it thanks"
    " | good night | okay bye | no i'm all set thank you | no thank you that's all"
)
NOT_GOODBYES = sayings(
    "is that all | that's all wrong | yes | i need to say goodbye to my old car"
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
)
NOT_MESSAGES = sayings(
    "i left a message yesterday | did you get my message | i'm calling you back"
    " | somebody called me back | you can call me at three oh three | call me jane"
    " | i'll call back later | can you tell me the price | can i call you tomorrow | what is the message"
    " | let me know | can you tell me when you open | you never called me back"
    " | could you tell me what it costs"
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


@pytest.mark.parametrize("text", YES)
def test_yes(text):
    assert yes_or_no(text) is True


@pytest.mark.parametrize("text", NO)
def test_no(text):
    assert yes_or_no(text) is False


@pytest.mark.parametrize("text", ["", *NEITHER])
def test_neither_yes_nor_no(text):
    assert yes_or_no(text) is None


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


@given(st.sampled_from(["uh", "um", "well", "oh", "uh well"]), st.sampled_from([*YES, *NO]))
def test_fillers_change_no_answer(filler, text):
    assert yes_or_no(f"{filler} {text}") is yes_or_no(text)


@given(st.sampled_from([*YES, *NO, *NEITHER]))
def test_typed_is_like_spoken(text):
    assert yes_or_no(f"{text.capitalize()}!") is yes_or_no(text)


@given(st.text(max_size=80))
def test_any_text_is_survived(text):
    assert yes_or_no(text) in {True, False, None}
    for asks in (is_goodbye, wants_human, wants_repeat, wants_message, is_backchannel, is_emergency):
        assert asks(text) in {True, False}


@given(st.text("0123456789 ", max_size=20))
def test_a_number_answers_nothing(text):
    assert yes_or_no(text) is None


def test_yes_and_no_of_the_recognizers_table(data_dir):
    """Choice_BooleanModel without its thumbs: 19 of 19 when this was written."""
    table = data_dir / "text_normalization" / "recognizers" / "Choice_BooleanModel.json"
    cases = [case for case in json.loads(table.read_text(encoding="utf-8")) if case["Input"].isascii()]
    right = sum(yes_or_no(case["Input"]) is case["Results"][0]["Resolution"]["value"] for case in cases)
    assert right / len(cases) >= 0.9
