"""Reading back what `ops/logs.py` writes: from the journal or from a file, line by line as it comes.

Fields of people's words (`pii...`) are left out here as well, whatever the box was told to log, and of a line that
is none of ours (a library's, the interpreter's) only the length is told: nobody knows what is in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from appliance.errors import NoAnswer

LEVELS: Final = ("debug", "info", "warning", "error", "critical")
BEFORE_LINES: Final = 500
"""What was last before is read as well."""
_EVERY_S: Final = 0.5
_READ_BYTES: Final = 1 << 18
_JOURNAL: Final = (
    *("journalctl", "--follow", "--output=cat", "--unit=attendant*", f"--lines={BEFORE_LINES}", "--no-pager"),
)
_OWN: Final = frozenset({"at", "level", "process", "logger", "message"})
_VALUE_CHARACTERS_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line; `fields` as they stood in it, less whose words they are. `at` is None for what is not ours."""

    at: datetime | None
    level: str
    process: str
    message: str
    call_id: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def read(text: str) -> LogLine:
    """A line of the log; of what is none only the length is told."""
    try:
        entry: Any = json.loads(text)
        at = datetime.fromisoformat(entry["at"])
        level, process, message = (str(entry[name]) for name in ("level", "process", "message"))
    except (ValueError, KeyError, TypeError):
        return LogLine(None, "info", "", f"(not of our log, {len(text)} characters)")
    known = level if level in LEVELS else "info"
    return LogLine(at, known, process, message, str(entry.get("call_id", "")), tuple(_fields(entry)))


def _fields(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """What varies. Of a traceback its last line without what it says: an exception may quote a caller."""
    told = {name: entry[name] for name in entry if name not in _OWN and not _is_personal(name)}
    if trace := told.pop("traceback", None):
        told["raised"] = str(trace).rstrip().rpartition("\n")[2].partition(":")[0]
    return [(name, str(value)[:_VALUE_CHARACTERS_MAX]) for name, value in told.items()]


def _is_personal(name: str) -> bool:
    return name == "pii" or name.startswith(("pii_", "pii."))


def follow(file: Path | None) -> AsyncGenerator[list[LogLine], None]:
    """What comes, some lines at a time, from `file` or, without one, from the journal. NoAnswer: there is none."""
    return _follow_journal() if file is None else _follow_file(file)


async def _follow_journal() -> AsyncGenerator[list[LogLine], None]:
    try:
        reader = await asyncio.create_subprocess_exec(
            *_JOURNAL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError as error:
        raise NoAnswer(
            "The journal cannot be read: there is no journalctl here.",
            remedy="A box in the foreground: `appliance run 2>box.log`, then `appliance tui --log box.log`.",
        ) from error
    try:
        assert reader.stdout is not None  # noqa: S101  asked for above
        rest = b""
        while some := await reader.stdout.read(_READ_BYTES):
            *whole, rest = (rest + some).split(b"\n")
            yield [read(line.decode(errors="replace")) for line in whole if line]
    finally:
        with contextlib.suppress(ProcessLookupError):
            reader.kill()
        await reader.wait()
    raise NoAnswer("The journal ended.", remedy="See `journalctl -u 'attendant*'`; are you in its group?")


async def _follow_file(file: Path) -> AsyncGenerator[list[LogLine], None]:
    """The end of the file and what is written to it; begins anew where it was rotated."""
    place, inode = max(0, _stands(file).st_size - _READ_BYTES), _stands(file).st_ino
    is_whole, rest = place == 0, b""
    while True:
        stands = _stands(file)
        if stands.st_ino != inode or stands.st_size < place:
            place, inode, is_whole, rest = 0, stands.st_ino, True, b""
        some = await asyncio.to_thread(_from, file, place)
        place += len(some)
        *lines, rest = (rest + some).split(b"\n")
        if lines:
            yield [read(line.decode(errors="replace")) for line in lines[0 if is_whole else 1 :] if line]
            is_whole = True
        if len(some) < _READ_BYTES:
            await asyncio.sleep(_EVERY_S)


def _stands(file: Path) -> os.stat_result:
    try:
        return file.stat()
    except OSError as error:
        raise NoAnswer(
            f"{file}: cannot be read ({error.strerror}).",
            remedy="Have the box write it: `appliance run 2>FILE`.",
        ) from error


def _from(file: Path, place: int) -> bytes:
    with file.open("rb") as opened:
        opened.seek(place)
        return opened.read(_READ_BYTES)
