"""Downloads on a terminal and in a log."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from appliance.cli.progress import Bars, Lines, display
from appliance.clock import SetClock


def test_a_log_gets_a_line_at_the_start_now_and_then_and_at_the_end() -> None:
    clock = SetClock(datetime(2026, 11, 21, tzinfo=UTC))
    lines: list[str] = []
    shown = Lines(lines.append, clock)
    for done in range(0, 100_000_001, 10_000_000):
        shown.moved("thing", done, 100_000_000)
        clock.advance(1)
    assert lines == [
        "thing: 0.0 of 100.0 MB",
        "thing: 50.0 of 100.0 MB, 10.0 MB/s, 5 s left",
        "thing: 100.0 of 100.0 MB",
    ]


def test_the_end_is_written_once() -> None:
    lines: list[str] = []
    shown = Lines(lines.append, SetClock(datetime(2026, 11, 21, tzinfo=UTC)))
    shown.moved("thing", 5, 5)
    shown.moved("thing", 5, 5)
    shown.said("thing", "a word")
    assert lines == ["thing: 0.0 of 0.0 MB", "thing: a word"]


def test_no_terminal_gets_lines() -> None:
    stream = io.StringIO()
    with display(stream) as shown:
        assert isinstance(shown, Lines)
        shown.said("thing", "is silent")
    assert stream.getvalue() == "thing: is silent\n"


def test_a_terminal_gets_a_bar_with_size_and_what_was_said() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with display(stream) as shown:
        assert isinstance(shown, Bars)
        shown.moved("thing", 20_000_000, 80_000_000)
        shown.said("thing", "is silent")
    assert "thing: is silent" in stream.getvalue()
    assert "20.0/80.0 MB" in stream.getvalue()
