"""A call as a page: what each answer took is drawn in letters, and what is not known is not invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appliance.domain.call import CallRecord, Disposition, Waterfall
from appliance.tui.call_sheet import bar, lasted

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waterfall", "letters"),
    [
        (Waterfall(1000, 1100, 1140, 1140, 1200, 1220), "TTTTTHHVVVP"),
        (Waterfall(1000, 1100, None, 1160), "TTTTTRRR"),
        (Waterfall(speech_ended_ms=1000), ""),
        (Waterfall(1000, 900), ""),  # decided before the end of speech was known
        (Waterfall(0, 60_000), "T" * 59 + "…"),
    ],
)
def test_a_letter_for_each_20_ms_of_a_step(waterfall: Waterfall, letters: str) -> None:
    assert bar(waterfall).plain == letters


@pytest.mark.parametrize(
    ("answered_s", "ended_s", "told"),
    [(None, None, "rings"), (None, 9, "-"), (1, None, "open"), (1, 75.6, "1:15")],
)
def test_how_long_it_lasted(answered_s: float | None, ended_s: float | None, told: str) -> None:
    answered, ended = (None if s is None else NOON + timedelta(seconds=s) for s in (answered_s, ended_s))
    call = CallRecord("c1", "101", "100", NOON, answered, ended, Disposition.ANSWERED, None)
    assert lasted(call) == told
