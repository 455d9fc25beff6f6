"""Postal addresses as they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.addresses import address_heard


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
    ],
)
def test_lines(text, line):
    heard = address_heard(text)
    assert heard is not None
    assert heard.line == line


@pytest.mark.parametrize("text", ["i live on main street", "", "three oh three", "tuesday at nine", "no"])
def test_no_address(text):
    assert address_heard(text) is None


@given(st.text(max_size=60))
def test_any_text_is_survived(text):
    heard = address_heard(text)
    assert heard is None or heard.number.isdecimal()
