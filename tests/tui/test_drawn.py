"""Numbers as characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.trace import SipMessage
from appliance.tui import drawn
from tests.tui.busy import MESSAGES

_ALL = [SipMessage(**one) for one in MESSAGES]


@pytest.mark.parametrize(
    ("dbfs", "shown"), [(-96.0, "····"), (-60.0, "····"), (-30.0, "■■··"), (0.0, "■■■■"), (6.0, "■■■■")]
)
def test_a_meter(dbfs: float, shown: str) -> None:
    assert drawn.meter(dbfs, 4) == shown


@given(st.lists(st.integers(-500, 60_000), max_size=60), st.integers(1, 40))
def test_a_sparkline_has_a_bar_for_each_of_the_last_gaps(gaps: list[int], cells: int) -> None:
    assert len(drawn.sparkline(gaps, cells)) == min(len(gaps), cells)


def test_gaps_in_words() -> None:
    assert drawn.gaps_told([]) == "no answer yet"
    assert drawn.gaps_told([100, 900, 300]) == "300 last, 300 median, 900 worst"


def test_a_waterfall_leaves_out_what_was_not_needed() -> None:
    rows = list(drawn.waterfall_rows({"speech_ended_ms": 0, "turn_decided_ms": 300, "final_text_ms": 400}, 8))
    assert rows == ["waits  ██████     300 ms", "hears        ██   100 ms"]
    assert list(drawn.waterfall_rows(None, 8)) == []


@given(st.lists(st.integers(0, 5000), min_size=6, max_size=6), st.integers(4, 40))
def test_every_row_of_a_waterfall_is_as_long_as_the_others(moments: list[int], cells: int) -> None:
    names = ("speech_ended", "turn_decided", "final_text", "reply_decided", "first_audio", "first_packet")
    known = {f"{name}_ms": at for name, at in zip(names, sorted(moments), strict=True)}
    rows = list(drawn.waterfall_rows(known, cells))
    assert [row.split()[0] for row in rows] == ["waits", "hears", "thinks", "voices", "sends"]
    assert sum(int(row.split()[-2]) for row in rows) == max(moments) - min(moments)


def test_dialogs_begin_with_the_newest_and_know_how_they_ended() -> None:
    found = drawn.dialogs(_ALL)
    assert list(found) == ["c", "r"]
    assert [drawn.outcome(messages) for messages in found.values()] == ["200 OK", "200 OK"]
    assert drawn.outcome(_ALL[:2]) == "401 Unauthorized"
    assert drawn.outcome(_ALL[4:7]) == ""


def test_a_ladder_points_the_way_a_message_went() -> None:
    rows = list(drawn.ladder(drawn.dialogs(_ALL)["c"], 60))
    assert "INVITE (SDP)" in rows[1]
    assert rows[1].endswith(">|")
    assert "180 Ringing" in rows[3]
    assert "|<-" in rows[3]
    assert rows[3].startswith("  0.240")
    assert len({len(row) for row in rows[1:]}) == 1
    assert list(drawn.ladder([], 60)) == []


def test_how_long_the_steps_took() -> None:
    steps = drawn.steps_ms(
        [{"speech_ended_ms": 0, "turn_decided_ms": 200}, {"turn_decided_ms": 5, "final_text_ms": 9}]
    )
    assert (steps["waits"], steps["hears"], steps["sends"]) == ([200], [4], [])
