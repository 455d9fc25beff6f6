"""Yes, no, and neither: the sayings, laws, and what callers of other people's dialogs said."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.assent import behind_yes, condition_in, wants_change, yes_or_no


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
    " | yes i'd like to know when you open | nice | terrific"
    " | all good | everything looks right | you got it right"
    " | i certainly do | everything sounds good | seems right | very good"
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
    " | yeah that's not right | i can't do that | no that's okay | not at this time"
    " | not just now | not right now thanks"
)
NEITHER = sayings(
    "maybe | i'm not sure | what | when do you open | yes but make it ten | jane miller | three oh three"
    " | tuesday | i need an oil change | do you work on hybrids | i don't know | right now"
    " | okay what time | correct except the name | do you have no coffee | let me think"
    " | yes except the time | could you say that again | i have no idea | yeah but not tuesday"
    " | my car is making a noise | what day works"
)


@pytest.mark.parametrize("text", YES)
def test_yes(text):
    assert yes_or_no(text) is True


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("yes but make it ten", "make it ten"),
        ("correct except the name", "except the name"),
        ("sure however i'd need it by noon", "i'd need it by noon"),
        ("yes", ""),
        ("no but thursday works", ""),
        ("but why", ""),
    ],
)
def test_what_a_yes_hangs_on(text, condition):
    assert condition_in(text) == condition


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("yes please at eleven", "at eleven"),
        ("yes and how much is it", "how much is it"),
        ("yes", ""),
        ("no at eleven", ""),
        ("at eleven", ""),
        ("", ""),
    ],
)
def test_what_is_said_after_a_yes(text, more):
    assert behind_yes(text) == more


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("i need to change something", True),
        ("make it a different one", True),
        ("what does it cost", False),
        ("i will be late", False),
        ("", False),
    ],
)
def test_something_is_to_be_otherwise(condition, wanted):
    assert wants_change(condition) is wanted


@pytest.mark.parametrize("text", NO)
def test_no(text):
    assert yes_or_no(text) is False


@pytest.mark.parametrize("text", ["", *NEITHER])
def test_neither_yes_nor_no(text):
    assert yes_or_no(text) is None


@given(st.sampled_from(["uh", "um", "well", "oh", "uh well"]), st.sampled_from([*YES, *NO]))
def test_fillers_change_no_answer(filler, text):
    assert yes_or_no(f"{filler} {text}") is yes_or_no(text)


@given(st.sampled_from([*YES, *NO, *NEITHER]))
def test_typed_is_like_spoken(text):
    assert yes_or_no(f"{text.capitalize()}!") is yes_or_no(text)


@given(st.text(max_size=80))
def test_any_text_is_survived(text):
    assert yes_or_no(text) in {True, False, None}


@given(st.text("0123456789 ", max_size=20))
def test_a_number_answers_nothing(text):
    assert yes_or_no(text) is None


def test_yes_and_no_of_the_recognizers_table(data_dir):
    """Choice_BooleanModel without its thumbs: 19 of 19 when this was written."""
    table = data_dir / "text_normalization" / "recognizers" / "Choice_BooleanModel.json"
    cases = [case for case in json.loads(table.read_text(encoding="utf-8")) if case["Input"].isascii()]
    right = sum(yes_or_no(case["Input"]) is case["Results"][0]["Resolution"]["value"] for case in cases)
    assert right / len(cases) >= 0.9


def _turns(data_dir):
    """Every turn of a caller in the dialogs about appointments, with the acts it was labelled with."""
    for path in sorted((data_dir / "text_dialogs_booking" / "sgd").glob("train_*.json")):
        for dialog in json.loads(path.read_text(encoding="utf-8")):
            for turn in dialog["turns"]:
                if turn["speaker"] == "USER":
                    yield turn["utterance"], {act[0] for act in turn["acts"]}


def test_answers_of_the_booking_dialogs(data_dir):
    """What was labelled as agreement or refusal: 970 of 1,117 right, 2 the opposite, the rest left open."""
    agreed = refused = opposite = total = 0
    for text, acts in _turns(data_dir):
        if acts & {"AFFIRM", "NEGATE"}:
            wanted, answer = "NEGATE" not in acts, yes_or_no(text)
            total += 1
            agreed += wanted and answer is True
            refused += not wanted and answer is False
            opposite += answer is not None and answer is not wanted
    assert (agreed + refused) / total >= 0.8
    assert opposite / total <= 0.01


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("know that's fine then", False),
        ("know", False),
        ("uh know thank you", False),
        ("know that's right", True),
        ("you know that's fine", True),
        ("i know that's right", True),
        ("know what time do you open", None),
        ("know if you are open", None),
    ],
)
def test_a_no_that_was_heard_as_know_is_one_only_where_an_answer_stands_behind_it(text, answer):
    assert yes_or_no(text) is answer
