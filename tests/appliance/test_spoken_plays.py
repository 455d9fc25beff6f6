"""A sample of the plays, spoken: real SIP calls by a caller with a voice of their own, judged by the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.bench.spoken_plays import Play, SpokenPlay, SpokenPlays, read_play
from appliance.bench.spoken_report import told_of

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # the first run makes the caller's sounds

PLAYS = Path(__file__).parent.parent / "plays"
SAMPLE = (
    "auto_repair/booking",
    "auto_repair/message_for_luis_not_urgent",
    "auto_repair/when_is_my_appointment",
    "dental_practice/price_then_booking",
    "dental_practice/find_own",
    "dental_practice/cancel_own",
    "hair_salon/cut_with_marlene",
    "hair_salon/gift_card_question",
    "hair_salon/cancel_and_goodbye",
)
"""Of each business a booking, something about an appointment that stands, and a message or questions."""


@pytest.fixture(scope="module")
def held() -> Iterator[dict[str, SpokenPlay]]:
    """The sample, held once: the plays of a business share a box."""
    plays: list[Play] = [read_play(PLAYS / f"{name}.call", None) for name in SAMPLE]
    yield {one.file: one for one in SpokenPlays("small").hold(plays)}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_spoken_play_comes_to_what_it_should(held, name):
    one = held[str(PLAYS / f"{name}.call")]
    assert not one.skipped
    assert one.outcome.reached, told_of(one)
    assert any(line.heard for line in one.spoken)
