"""E-mail addresses as they are said, and said back."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.emails import email_heard, spoken_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("john dot smith at gmail dot com", "john.smith@gmail.com"),
        ("my email is j smith forty two at hot male dot com", "jsmith42@hotmail.com"),
        ("it's k as in kilo a t e underscore jones at yahoo dot com please", "kate_jones@yahoo.com"),
        ("info at miller auto dot net", "info@millerauto.net"),
        ("j o h n at g mail dot calm", "john@gmail.com"),
        ("jane smith at outlook", "janesmith@outlook.com"),
        ("anna dash maria at acme dot co dot u k", "anna-maria@acme.co.uk"),
        ("m i double l e r seven seven at comcast dot net", "miller77@comcast.net"),
        ("you can reach me at tom at aol dot com", "tom@aol.com"),
        ("Bob.Lee@Example.com", "bob.lee@example.com"),
        ("sure it's tom at a o l dot com", "tom@aol.com"),
        ("smith double seven at web dot de", "smith77@web.de"),
    ],
)
def test_addresses(text, address):
    heard = email_heard(text)
    assert heard is not None
    assert (heard.address, heard.valid) == (address, True)


def test_the_rest_comes_later():
    first = email_heard("john dot smith")
    assert first is not None
    assert (first.address, first.valid) == ("john.smith", False)
    whole = email_heard("at gmail dot com", first.address)
    assert whole is not None
    assert (whole.address, whole.valid) == ("john.smith@gmail.com", True)


def test_half_an_address_is_not_valid():
    heard = email_heard("john at smith")
    assert heard is not None
    assert not heard.valid


@pytest.mark.parametrize("text", ["i don't have one", "", "no", "what for"])
def test_no_address(text):
    assert email_heard(text) is None


def test_said_back_short_parts_are_spelled():
    assert spoken_email("jd.smith7@gmail.com") == "j d dot smith 7 at gmail dot com"


WORDS = st.text(string.ascii_lowercase, min_size=4, max_size=9).filter(
    lambda word: (
        spoken_email(word) == word and word not in {"minus", "plus", "period", "point", "dash", "underscore"}
    )
)


@given(st.text(string.ascii_lowercase, min_size=1, max_size=3), st.text(string.digits, max_size=4))
def test_what_we_say_is_heard_as_itself(letters, digits):
    address = f"{letters}{digits}@gmail.com"
    heard = email_heard(spoken_email(address))
    assert heard is not None
    assert heard.address == address


@given(st.text(max_size=60), st.text("ab.@", max_size=8))
def test_any_text_is_survived(text, so_far):
    heard = email_heard(text, so_far)
    assert heard is None or not heard.valid or "@" in heard.address
