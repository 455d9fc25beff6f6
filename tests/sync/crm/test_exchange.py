"""What is made to fit fits; what is no answer is an outcome."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as some

from appliance.sync.attempts import Later, Refused, Sent
from appliance.sync.crm.exchange import (
    Exchange,
    Halted,
    clipped,
    fitting,
    json_in,
    json_object,
    outcome_of,
    units,
)
from appliance.web.asking import Answer, Client


def test_units_are_those_of_java() -> None:
    assert units("añ王") == 3
    assert units("🚗") == 2


@given(some.text(max_size=200), some.integers(1, 250))
def test_what_is_clipped_fits_and_is_a_beginning(text: str, most: int) -> None:
    made = clipped(text, most)
    assert units(made) <= most
    if units(text) <= most:
        assert made == text
    else:
        assert made.endswith("…")
        assert text.startswith(made[:-1])


@given(some.text(max_size=300), some.integers(0, 200))
def test_what_is_made_to_fit_fits(text: str, most: int) -> None:
    made = fitting(lambda chars: html.escape(text[:chars]), most)
    assert units(made) <= most
    if units(html.escape(text)) <= most:
        assert made == html.escape(text)
    if made != html.escape(text):
        assert units(made) > most / 12 - 12  # what grows most is a quote: six units for one


def test_an_errand_is_sent_or_what_halted_it() -> None:
    def halted(outcome: Later | Refused) -> None:
        raise Halted(outcome)

    assert outcome_of(lambda: None) == Sent()
    assert outcome_of(lambda: halted(Refused("no"))) == Refused("no")


def test_nobody_there_is_for_later() -> None:
    client = Client()
    with pytest.raises(Halted) as caught:
        Exchange(client, 1.0).ask("GET", "http://127.0.0.1:9/", {})
    client.close()
    assert isinstance(caught.value.outcome, Later)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[1]"])
def test_what_is_no_object(body: bytes) -> None:
    assert json_in(Answer(200, body)) in (None, [1])
    with pytest.raises(Halted, match="no JSON"):
        json_object(Answer(200, body))
