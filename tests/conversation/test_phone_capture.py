"""A number taken down until the caller agrees: short plays."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.numerals import digits_in_words
from appliance.conversation.phone_capture import Asking, PhoneCapture

WHOLE = "three oh three five five five oh one two three"


def played(*turns: str) -> PhoneCapture:
    """A capture after these turns; keys are written as figures behind "#"."""
    capture = PhoneCapture("US")
    for said in turns:
        capture.pressed(said[1:]) if said.startswith("#") else capture.heard(said)
    return capture


@pytest.mark.parametrize(
    ("turns", "asking", "national"),
    [
        ([WHOLE], Asking.CONFIRM, "3035550123"),
        ([WHOLE, "yes that's right"], Asking.DONE, "3035550123"),
        ([WHOLE, WHOLE], Asking.DONE, "3035550123"),  # who says it again agrees
        (["three oh three", "five five five", "oh one two three", "yes"], Asking.DONE, "3035550123"),
        ([WHOLE, "no four at the end", "yes"], Asking.DONE, "3035550124"),
        ([WHOLE, "no it's six not five", "yes"], Asking.DONE, "3035560123"),
        ([WHOLE, "no it's three oh three five five five oh one two four", "yes"], Asking.DONE, "3035550124"),
        ([WHOLE, "no"], Asking.PART, ""),
        ([WHOLE, "no", "three oh three"], Asking.PART, "303"),
        ([WHOLE, "no", "three oh four", "no three oh three"], Asking.PART, "303"),
        ([WHOLE, "no", "three oh four", "no", "three oh three"], Asking.PART, "303"),
        ([WHOLE, "no", "three oh three", "five five five", "oh one two four"], Asking.CONFIRM, "3035550124"),
        (
            [WHOLE, "no", "three oh three", "five five five", "oh one two four", "yes"],
            Asking.DONE,
            "3035550124",
        ),
        ([WHOLE, "no", "one", "no", "two", "no", "three", "no", "four", "no"], Asking.KEYS, ""),
        ([WHOLE, "no", WHOLE], Asking.KEYS, ""),  # the same again was refused before
        ([WHOLE, "no", "three oh three five five five oh one two four", "no"], Asking.KEYS, ""),
        ([WHOLE, "no", WHOLE, "#3035550124"], Asking.DONE, "3035550124"),
        ([WHOLE, "hm"], Asking.CONFIRM, "3035550123"),
        ([WHOLE, "hm", "hm"], Asking.PART, ""),
        (["i don't know"], Asking.NUMBER, ""),
        (["i don't know", "what"], Asking.PART, ""),
        (["i don't know", "what", "what", "what"], Asking.KEYS, ""),
        (["i don't know", "what", "what", "what", "what", "#12"], Asking.GAP, ""),
        ([WHOLE, "no", "three oh three", "yes", "five five five"], Asking.PART, "303555"),
        (["five five five oh one two three", "that's it", "yes"], Asking.DONE, "5550123"),
        (["five five five", "that's it"], Asking.REST, "555"),
        (["nine", "eight"], Asking.PART, ""),  # too little to go on from
        # a digit too many is asked about, once
        ([f"{WHOLE} three"], Asking.NUMBER, ""),
        ([f"{WHOLE} three", WHOLE, "yes"], Asking.DONE, "3035550123"),
        ([f"{WHOLE} three", f"{WHOLE} three", "yes"], Asking.DONE, "30355501233"),
        # an area code nobody knows yet, but the caller insists
        (["one oh three five five five oh one two three", "yes"], Asking.DONE, "1035550123"),
    ],
)
def test_plays(turns, asking, national):
    capture = played(*turns)
    assert (capture.asking, capture.national) == (asking, national)


def test_a_yes_that_is_hardly_heard_is_asked_for_again():
    capture = played(WHOLE)
    assert capture.heard("yeah", 0.5) is Asking.CONFIRM
    assert copy.deepcopy(capture).heard("yes", 0.9) is Asking.DONE
    assert capture.heard("yeah", 0.6) is Asking.PART  # a no that is heard so is heard so twice


def test_an_extension_is_kept_and_may_come_with_the_yes():
    assert played(f"{WHOLE} extension twelve", "yes").extension == "12"
    capture = played(WHOLE, "yes extension twelve")
    assert (capture.asking, capture.national, capture.extension) == (Asking.DONE, "3035550123", "12")


def test_it_is_read_back_in_groups():
    assert played(WHOLE).spoken() == "3 0 3, 5 5 5, 0 1 2 3"


def test_a_copy_goes_its_own_way():
    capture = played(WHOLE)
    copy.deepcopy(capture).heard("no")
    assert capture.asking is Asking.CONFIRM


@given(
    st.lists(
        st.sampled_from([WHOLE, "no", "hm", "three oh three", "no six not five", "", "#12"]), max_size=40
    )
)
def test_it_always_ends_and_stores_nothing_unasked(turns):
    capture = PhoneCapture("US")
    agreed = False
    for said in turns:
        if capture.asking in {Asking.DONE, Asking.GAP}:
            break
        agreed = capture.asking is Asking.CONFIRM and said == WHOLE
        capture.pressed(said[1:]) if said.startswith("#") else capture.heard(said)
    assert capture.asking is not Asking.DONE or agreed


@given(st.integers(0, 9999).map("{:04}".format), st.integers(0, 9999).map("{:04}".format))
def test_whatever_was_misheard_first_the_second_saying_and_a_yes_store_it(wrong, right):
    capture = played(f"three oh three five five five {digits_in_words(wrong)}")
    capture.heard(f"no it's three oh three five five five {digits_in_words(right)}")
    if wrong != right:
        assert capture.heard("yes") is Asking.DONE
        assert capture.national == f"303555{right}"
