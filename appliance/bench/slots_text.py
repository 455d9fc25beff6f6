"""Other people's tables of sayings and what they mean, read by the product's own parsers.

Each table is a kind of file found again by its name in the data folder, so that another folder of the same layout
is measured the same way. Where a table's world is not an office's, the difference is a rule here, in the open:
an hour without a.m. or p.m. is right on a twelve-hour clock; a today or a now that nobody said need not be heard;
a length may be 2 % off, for half a year is six months here; "now" and "as soon as possible" are right when the
caller is understood to take anything, soon; "the end of the day" (23:59:59 there) when it is that day's afternoon.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from appliance.conversation.assent import yes_or_no
from appliance.conversation.dates import DayPart, WhenHeard, when_heard
from appliance.conversation.digits import digits_heard
from appliance.conversation.durations import duration_heard
from appliance.conversation.numerals import numerals

_RECOGNIZERS: Final = Path("text_normalization") / "recognizers"
_NEMO: Final = Path("text_normalization") / "nemo"
_CHRONO: Final = Path("text_normalization") / "chrono_cases.json"
_DIALOGS: Final = Path("text_dialogs_booking") / "sgd"
_DIALOGS_TODAY: Final = datetime.fromisoformat("2019-03-01T09:00")
_NO_DAY: Final = "0001-01-01"
_DEFAULT_NOW: Final = "2016-11-07T00:00:00"
_LENGTH_OFF: Final = 0.02
_END_OF_DAY: Final = time(23, 59, 59)
_PAST = re.compile(
    r"\b(?:ago|went|came|left|were|was|had|met|last|past|previous|did|yesterday|earlier|before)\b"
)


@dataclass(frozen=True, slots=True)
class Saying:
    """One row: which table, which row of it, whether we read it as the table does. No words: rows are published."""

    table: str
    row: int
    right: bool


Check = tuple[str, bool]  # what was said, whether it was read right


def sayings(folder: Path) -> dict[str, list[Check]]:
    """Every table of `folder` that is there, by its name."""
    found = {name: list(read(folder)) for name, read in _TABLES.items()}
    return {name: rows for name, rows in found.items() if rows}


# --- Microsoft's Recognizers-Text ---------------------------------------------------------------


def _cases(folder: Path, name: str) -> list[Mapping[str, Any]]:
    path = folder / _RECOGNIZERS / f"{name}.json"
    if not path.is_file():
        return []
    return [case for case in json.loads(path.read_text(encoding="utf-8-sig")) if case["Results"]]


def _resolved(folder: Path, name: str, value: str) -> Iterator[tuple[str, datetime, str]]:
    """Input, reference moment, and what is meant if it lies ahead."""
    for case in _cases(folder, f"DateTime_{name}"):
        now = case.get("Context", {}).get("ReferenceDateTime", _DEFAULT_NOW)[:19]
        meant = case["Results"][0]["Value"]["FutureResolution"].get(value)
        if meant is not None:
            yield case["Input"], datetime.fromisoformat(now), meant


def _days(folder: Path) -> Iterator[Check]:
    for text, now, meant in _resolved(folder, "DateParser", "date"):
        heard = when_heard(text, now) or WhenHeard()
        yield text, heard.impossible if meant == _NO_DAY else heard.day == date.fromisoformat(meant)


def _times(folder: Path) -> Iterator[Check]:
    for text, now, meant in _resolved(folder, "TimeParser", "time"):
        heard = when_heard(text, now) or WhenHeard()
        yield text, _same_hour(heard.at, time.fromisoformat(meant))


def _moments(folder: Path) -> Iterator[Check]:
    for text, now, meant in _resolved(folder, "DateTimeParser", "dateTime"):
        heard, wanted = when_heard(text, now) or WhenHeard(), datetime.fromisoformat(meant)
        if wanted == now and heard.soonest:
            yield text, True
        elif wanted.time() == _END_OF_DAY:
            yield text, heard.day == wanted.date() and heard.part is DayPart.AFTERNOON
        else:
            yield text, heard.day == wanted.date() and _same_hour(heard.at, wanted.time())


def _period_starts(folder: Path) -> Iterator[Check]:
    """The first day of a stretch; what begins before today begins today for us."""
    for text, now, meant in _resolved(folder, "DatePeriodParser", "startDate"):
        heard = when_heard(text, now) or WhenHeard()
        starts = date.fromisoformat(meant)
        yield text, heard.day in {starts, max(starts, now.date())}


def _durations(folder: Path) -> Iterator[Check]:
    for text, _, meant in _resolved(folder, "DurationParser", "duration"):
        heard = duration_heard(text)
        yield text, heard is not None and abs(heard.about_s - float(meant)) <= _LENGTH_OFF * float(meant)


def _answers(folder: Path) -> Iterator[Check]:
    for case in _cases(folder, "Choice_BooleanModel"):
        if case["Input"].isascii():
            yield case["Input"], yes_or_no(case["Input"]) is case["Results"][0]["Resolution"]["value"]


def _same_hour(at: time | None, wanted: time) -> bool:
    return at is not None and (at.hour % 12, at.minute) == (wanted.hour % 12, wanted.minute)


# --- NeMo's normaliser --------------------------------------------------------------------------


def _pairs(path: Path) -> list[tuple[str, str]]:
    """Written and spoken, as the table has them."""
    if not path.is_file():
        return []
    rows = [line.split("~") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[0], row[1]) for row in rows if len(row) == 2]


def _telephones(folder: Path) -> Iterator[Check]:
    for written, spoken in _pairs(folder / _NEMO / "data_text_normalization" / "test_cases_telephone.txt"):
        yield spoken, digits_heard(spoken) == "".join(filter(str.isdecimal, written))


def _cardinals(folder: Path) -> Iterator[Check]:
    for spoken, written in _pairs(
        folder / _NEMO / "data_inverse_text_normalization" / "test_cases_cardinal.txt"
    ):
        if written.isdecimal():
            yield spoken, numerals(spoken) == written


# --- chrono ------------------------------------------------------------------------------------


def _chrono(folder: Path) -> Iterator[Check]:
    """Only what lies ahead and has a day or an hour: chrono takes the nearest date, an office the next."""
    path = folder / _CHRONO
    for case in json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []:
        now = _js_moment(case.get("ref"))
        day, at = _chrono_day(case), _chrono_hour(case)
        text = case["text"]
        if now is None or (day is None and at is None) or _PAST.search(text.lower()):
            continue
        if day is None or day >= now.date():
            heard = when_heard(text, now) or WhenHeard()
            yield text, _is_chrono_s(heard, day, at, now)


def _is_chrono_s(heard: WhenHeard, day: date | None, at: time | None, now: datetime) -> bool:
    """Today and the hour it is now are chrono's where none was said."""
    same_day = day in {None, heard.day, heard.until} or (heard.day is None and day == now.date())
    unsaid = heard.at is None and at is not None and (at.hour, at.minute) in {(now.hour, now.minute), (12, 0)}
    return same_day and (at is None or unsaid or _same_hour(heard.at, at))


def _js_moment(source: str | None) -> datetime | None:
    """ "new Date(2012, 8 - 1, 10, 12)"; None for anything else."""
    match = re.match(r"new Date\((\d{4}), (\d+) - 1((?:, \d+)*)\)$", source or "")
    if match is None:
        return None
    day, hour, minute = _three([int(part) for part in match[3].split(",")[1:]])
    return datetime.combine(date(int(match[1]), int(match[2]), day), time(hour, minute))


def _three(said: list[int]) -> tuple[int, int, int]:
    """Day, hour and minute, of which the last may be missing."""
    return (said[0] if said else 1), (said[1] if len(said) > 1 else 0), (said[2] if len(said) > 2 else 0)


def _chrono_day(case: Mapping[str, Any]) -> date | None:
    if all(f"start.{part}" in case for part in ("year", "month", "day")):
        return date(case["start.year"], case["start.month"], case["start.day"])
    start = _js_moment(case.get("start"))
    return start.date() if start else None


def _chrono_hour(case: Mapping[str, Any]) -> time | None:
    return time(case["start.hour"], case.get("start.minute", 0)) if "start.hour" in case else None


# --- booking dialogs (Schema-Guided Dialogue) ---------------------------------------------------


def _told_and_booked(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The sentence in which something was last told, its slot, and what was then booked for it."""
    for path in sorted((folder / _DIALOGS).glob("*.json")):
        dialogs = json.loads(path.read_text(encoding="utf-8"))
        for dialog in dialogs:
            if isinstance(dialog, dict) and "turns" in dialog:
                yield from told_and_booked(dialog["turns"])


def told_and_booked(turns: list[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """The same of one dialog's turns."""
    told: dict[str, str] = {}
    for turn in turns:
        for act, slot, _ in turn["acts"]:
            if turn["speaker"] == "USER" and act == "INFORM" and slot.endswith(("date", "time")):
                told[slot] = turn["utterance"]
        for slot, value in turn.get("call", {}).get("parameters", {}).items():
            if slot in told:
                yield told.pop(slot), slot, value


def _booked_days(folder: Path) -> Iterator[Check]:
    for text, slot, value in _told_and_booked(folder):
        if slot.endswith("date"):
            heard = when_heard(text, _DIALOGS_TODAY) or WhenHeard()
            yield text, heard.day == date.fromisoformat(value)


def _booked_times(folder: Path) -> Iterator[Check]:
    for text, slot, value in _told_and_booked(folder):
        if slot.endswith("time"):
            heard = when_heard(text, _DIALOGS_TODAY) or WhenHeard()
            yield text, heard.at == time.fromisoformat(value.zfill(5))


_TABLES: Final[dict[str, Callable[[Path], Iterator[Check]]]] = {
    "days": _days,
    "times": _times,
    "days with times": _moments,
    "first days of stretches": _period_starts,
    "durations": _durations,
    "yes and no": _answers,
    "telephone numbers": _telephones,
    "cardinals": _cardinals,
    "chrono, ahead": _chrono,
    "booked days": _booked_days,
    "booked times": _booked_times,
}
DATES_AND_TIMES: Final = ("days", "times", "days with times")
"""The tables that one figure sums up."""
