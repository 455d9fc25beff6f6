"""Lines read back from a log: what `ops/logs.py` wrote comes back, whose words they are does not."""

from __future__ import annotations

import asyncio
import io
import logging
from contextlib import aclosing
from pathlib import Path

import pytest

from appliance.errors import NoAnswer
from appliance.ops import log_lines
from appliance.ops.log_lines import LogLine, follow, read
from appliance.ops.logs import formatter


def written(**fields: object) -> str:
    """A line of a box that was told to log people's words as well."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter("agent", with_pii=True))
    logger = logging.Logger("appliance.agent")
    logger.addHandler(handler)
    logger.warning("part failed", extra=fields)
    return stream.getvalue()


def test_what_was_written_comes_back_less_whose_words_they_are() -> None:
    line = read(written(call_id="c1", took_ms=12, pii_text="my oil light", pii={"name": "Bo"}))
    assert (line.level, line.process, line.message, line.call_id) == ("warning", "agent", "part failed", "c1")
    assert line.fields == (("call_id", "c1"), ("took_ms", "12"))


def test_of_a_traceback_only_what_was_raised() -> None:
    text = '{"at": "2026-11-20T10:00:00+00:00", "level": "error", "process": "a", "message": "m", "traceback": %s}'
    line = read(text % "\"Traceback (most recent call last):\\n  File x\\nKeyError: 'my oil light'\\n\"")
    assert line.fields == (("raised", "KeyError"),)


@pytest.mark.parametrize("text", ["Bo rang", "{}", "[1]", '{"at": "then"}', '"text"', '{"at": 5}'])
def test_of_any_other_line_only_the_length(text: str) -> None:
    assert read(text) == LogLine(None, "info", "", f"(not of our log, {len(text)} characters)")


def test_only_the_end_of_a_long_file_and_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, one = tmp_path / "box.log", written(number=1)
    monkeypatch.setattr(log_lines, "_READ_BYTES", 3 * len(one) - 5)
    file.write_text(one * 9)

    async def first() -> list[LogLine]:
        async with aclosing(follow(file)) as lines:
            async for some in lines:
                return some
        raise AssertionError("nothing came")

    assert [line.message for line in asyncio.run(first())] == ["part failed"] * 2


def test_a_machine_without_a_journal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_lines, "_JOURNAL", ("no-such-program-of-ours",))

    async def first() -> None:
        async with aclosing(follow(None)) as lines:
            async for _ in lines:
                pass

    with pytest.raises(NoAnswer, match="journalctl") as fault:
        asyncio.run(first())
    assert "--log" in fault.value.remedy


def test_the_journal_is_followed_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    line = written(number=1)
    monkeypatch.setattr(log_lines, "_JOURNAL", ("printf", "%s", line))
    came: list[LogLine] = []

    async def all_of_it() -> None:
        async with aclosing(follow(None)) as lines:
            async for some in lines:
                came.extend(some)

    with pytest.raises(NoAnswer, match="The journal ended"):
        asyncio.run(all_of_it())
    assert [one.message for one in came] == ["part failed"]
