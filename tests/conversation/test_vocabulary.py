"""One turn heard twice: which of the two texts to believe, and which words are listened for."""

from __future__ import annotations

from itertools import pairwise

import pytest

from appliance.conversation.names import name_heard
from appliance.conversation.vocabulary import UNKNOWN, believed, better_of, words_for
from appliance.domain.expectation import Expectation
from appliance.engines.ports import WordHeard

WORD_MS = 300


def said(text: str, confidence: float = 1.0) -> list[WordHeard]:
    """Words one after the other; "four:0.4" is an unsure one, "[unk]*5" an unknown stretch of five words."""
    words, at_ms = [], 0
    for entry in text.split():
        word, _, length = entry.partition("*")
        word, _, sure = word.partition(":")
        ends_ms = at_ms + int(length or 1) * WORD_MS
        known = 0.0 if word == UNKNOWN else float(sure or confidence)
        words.append(WordHeard(word, known, at_ms, ends_ms))
        at_ms = ends_ms
    return words


def chosen(heard: str, narrow: str, asked: Expectation) -> str:
    return " ".join(word.word for word in better_of(said(heard), said(narrow), asked))


@pytest.mark.parametrize(
    ("heard", "narrow", "words"),
    [
        (
            "three or:0.5 three five five five oh one seven to",
            "three oh three five five five oh one seven two",
            "three oh three five five five oh one seven two",
        ),
        ("what do you need that for", "[unk]*5 four:0.6", "what do you need that for"),
        (
            "why it might have been in the workhouse",
            "five it [unk]*6",
            "why it might have been in the workhouse",
        ),
        ("yes it's three oh three", "yes it's three oh three", "yes it's three oh three"),
        ("no", "no", "no"),
        ("", "", ""),
        ("", "five", "five"),
        ("", "five:0.3", ""),
    ],
)
def test_a_number_is_believed_where_it_was_dictated(heard, narrow, words):
    assert chosen(heard, narrow, Expectation.PHONE) == words


@pytest.mark.parametrize(
    ("heard", "narrow", "words"),
    [
        ("yeah:0.6", "yep", "yep"),
        ("that's write:0.5", "that's right", "that's right"),
        ("no:0.6 and:0.6", "nope:0.8*2", "nope"),
        ("no and", "nope:0.8*2", "no and"),
        ("what's the weather", "neither", "what's the weather"),
        ("yes but can we make it ten", "yes [unk]*6", "yes but can we make it ten"),
        ("what's the date", "would today:0.7", "what's the date"),
        ("actually what time do you close", "[unk]*2 [unk]*4", "actually what time do you close"),
    ],
)
def test_a_yes_is_no_question(heard, narrow, words):
    assert chosen(heard, narrow, Expectation.YES_NO) == words


@pytest.mark.parametrize(
    ("heard", "narrow", "words"),
    [
        (
            "next thirst:0.5 day:0.5 at nine thirty",
            "next thursday at nine thirty",
            "next thursday at nine thirty",
        ),
        ("no wait what about saturday", "no eight would about saturday", "no wait what about saturday"),
        ("no wait what about saturday", "no eight what about saturday", "no wait what about saturday"),
        ("do you take credit cards", "do you [unk]*3", "do you take credit cards"),
        ("timer", "", "timer"),
    ],
)
@pytest.mark.parametrize("asked", [Expectation.DAY, Expectation.TIME])
def test_a_day_is_believed_where_one_was_named(heard, narrow, words, asked):
    assert chosen(heard, narrow, asked) == words


def test_spelled_letters_stand_where_they_were_spelled():
    heard = "my name is john miller am:0.4 eye:0.4 double:0.9 and:0.5 yeah:0.3 are:0.6"
    narrow = "[unk]*5 m i double l e r"
    words = chosen(heard, narrow, Expectation.NAME)
    assert words == "my name is john miller m i double l e r"
    assert name_heard(words) == "John Miller"


def test_a_name_alone_is_heard_openly():
    assert chosen("john miller", "[unk] m:0.6", Expectation.NAME) == "john miller"


@pytest.mark.parametrize(
    ("heard", "narrow", "asked", "words"),
    [
        ("three or three five", "three oh three five", Expectation.PHONE, "three oh three five"),
        ("what do you need that for", "[unk] four", Expectation.PHONE, "what do you need that for"),
        ("you know", "no", Expectation.YES_NO, "you know"),
        ("yep", "yep", Expectation.YES_NO, "yep"),
        ("", "tuesday", Expectation.DAY, "tuesday"),
        ("em i double l e r", "m i double l e r", Expectation.NAME, "m i double l e r"),
        ("hello there", "[unk]", Expectation.YES_NO, "hello there"),
    ],
)
def test_the_words_so_far(heard, narrow, asked, words):
    assert believed(heard, narrow, asked) == words


def test_only_what_is_said_in_few_words_is_listened_for_narrowly():
    assert not words_for(Expectation.ANYTHING)
    assert not words_for(Expectation.MESSAGE)
    assert not words_for(Expectation.ANYTHING, ("maria ortega",))


def test_names_are_listened_for_beside_the_words():
    assert words_for(Expectation.YES_NO, ("maria ortega",))[-1] == "maria ortega"


def test_every_digit_may_follow_every_digit():
    digits = "oh zero one two three four five six seven eight nine".split()
    follows = {pair for entry in words_for(Expectation.PHONE) for pair in pairwise(entry.split())}
    assert {(one, other) for one in digits for other in digits} <= follows


@pytest.mark.parametrize(
    "asked",
    [Expectation.PHONE, Expectation.YES_NO, Expectation.DAY, Expectation.TIME, Expectation.NAME],
)
def test_something_else_is_always_possible(asked):
    assert any(UNKNOWN in entry for entry in words_for(asked))
