"""Postal addresses as they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.addresses import AddressHeard, address_heard, address_put_right, spoken_address


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "twenty seven eighty eight san tomas expressway santa clara california nine five zero five one",
            "2788 San Tomas Expressway, Santa Clara, CA 95051",
        ),
        ("my address is one twenty three main street apartment four b", "123 Main Street, Apartment 4B"),
        ("42 north fifth avenue denver colorado 80301", "42 North 5th Avenue, Denver, CO 80301"),
        (
            "we're at five oh five elm street suite two hundred in boulder colorado eight oh three oh one",
            "505 Elm Street, Suite 200, Boulder, CO 80301",
        ),
        ("forty two broadway new york new york", "42 Broadway, New York, NY"),
        ("nine hundred oak lane", "900 Oak Lane"),
        ("uh yes nine hundred oak lane", "900 Oak Lane"),
        ("eleven main street and the zip is eight oh three oh one", "11 Main Street, 80301"),
    ],
)
def test_lines(text, line):
    heard = address_heard(text)
    assert heard is not None
    assert heard.line == line


@pytest.mark.parametrize("text", ["i live on main street", "", "three oh three", "tuesday at nine", "no"])
def test_no_address(text):
    assert address_heard(text) is None


HOME = AddressHeard("505", "Elm Street", "", "Boulder", "CO", "80301")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("no five oh six elm street", "506 Elm Street, Boulder, CO 80301"),
        ("five oh five oak lane in denver colorado", "505 Oak Lane, Denver, CO"),
        ("it's apartment four b", "505 Elm Street, Apartment 4B, Boulder, CO 80301"),
        ("the zip is eight oh three oh two", "505 Elm Street, Boulder, CO 80302"),
    ],
)
def test_a_part_is_put_right_and_the_rest_stays(text, line):
    right = address_put_right(HOME, text)
    assert right is not None
    assert right.line == line


@pytest.mark.parametrize("text", ["no", "", "three oh three five five five oh one seven three", "kate bell"])
def test_words_that_put_no_part_right(text):
    assert address_put_right(HOME, text) is None


def test_the_region_is_read_by_its_name():
    assert spoken_address(HOME) == "505 Elm Street, Boulder, Colorado 80301"


@given(st.text(max_size=60))
def test_any_text_is_survived_when_putting_right(text):
    right = address_put_right(HOME, text)
    assert right is None or right.number.isdecimal()


@given(st.text(max_size=60))
def test_any_text_is_survived(text):
    heard = address_heard(text)
    assert heard is None or heard.number.isdecimal()
