"""The estimate of how well a call could be heard, against the published curves of the E-model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.audio.emodel import estimated_mos, mos_of_rating, rating


@pytest.mark.parametrize(
    ("r", "mos"), [(93.2, 4.41), (90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)]
)
def test_the_scores_of_g_107_annex_b(r: float, mos: float) -> None:
    assert mos_of_rating(r) == pytest.approx(mos, abs=0.01)


def test_a_clean_call_of_an_office() -> None:
    assert estimated_mos("PCMU", 3000, 0, 1.0) == pytest.approx(4.38, abs=0.02)


def test_loss_and_a_thrifty_codec_cost() -> None:
    assert estimated_mos("PCMU", 950, 50, 5.0) == pytest.approx(3.7, abs=0.2)
    assert estimated_mos("GSM", 3000, 0, 1.0) == pytest.approx(3.7, abs=0.1)


def test_of_what_never_came_nothing_is_said() -> None:
    assert estimated_mos("PCMU", 0, 0, 0.0) is None


def test_a_second_of_delay_is_no_conversation() -> None:
    assert mos_of_rating(rating("PCMU", 0.0, 1000)) < 1.5


@given(
    st.sampled_from(["PCMU", "GSM", "unheard of", ""]),
    st.integers(1, 100_000),
    st.integers(-5, 100_000),
    st.floats(0, 2000),
)
def test_it_is_a_score_and_more_loss_never_helps(
    codec: str, received: int, lost: int, jitter_ms: float
) -> None:
    mos = estimated_mos(codec, received, lost, jitter_ms)
    worse = estimated_mos(codec, received, max(lost, 0) + 100, jitter_ms)
    assert mos is not None and worse is not None
    assert 1.0 <= worse <= mos <= 4.5
