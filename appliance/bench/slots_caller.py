"""Callers who dictate a telephone number, hear it read back, and do not give in until it is right.

Two kinds: people, whose digits were recorded one by one and are joined as numbers are dictated, another take each
time they say one again; and our own second voice, which also says doubles, tens and corrections.
"""

from __future__ import annotations

import csv
import random
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from appliance.bench.recordings import load
from appliance.conversation.languages.en.numbers import SMALL, TENS
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import NotFound

NUMBERS_TABLE: Final = Path("digits_fsdd_8k") / "phone10_refs.tsv"
DIGITS_TABLE: Final = Path("digits_fsdd_8k") / "refs.tsv"

_LEAD_MS: Final = 300
_DIGIT_GAP_MS: Final = (40, 110)
_GROUP_GAP_MS: Final = (250, 420)
_SLOW_GAP_MS: Final = (200, 320)
_GROUPS: Final = (3, 6)

Sound = bytes


class Caller(Protocol):
    """Somebody with a number to give. Each method is what they say, as 16 kHz int16 samples."""

    @property
    def number(self) -> str:
        """The right one, digits only."""
        ...

    def dictates(self, digits: str, *, slowly: bool, attempt: int) -> Sound:
        """The digits, as they come to mind; `slowly` one by one."""
        ...

    def answers(self, *, right: bool, attempt: int) -> Sound:
        """Yes or no, to the number as it was read back."""
        ...

    def corrects(self, attempt: int) -> Sound | None:
        """No, and the number in the same breath; None for one who waits to be asked."""
        ...


# --- people -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordedCaller:
    """A person whose digits are on file: first the number as it was recorded, then other takes of its digits.

    Yes and no, which nobody recorded, are said by `voice`.
    """

    number: str
    recording: Path
    takes: Mapping[str, Sequence[Path]]
    voice: Callable[[str], Sound]

    def dictates(self, digits: str, *, slowly: bool, attempt: int) -> Sound:
        if attempt == 0 and digits == self.number:
            return load(self.recording)
        if not all(self.takes.get(digit) for digit in digits):
            return load(self.recording)  # nothing else of this speaker: the same again
        chance = random.Random(zlib.crc32(f"{self.recording.name} {attempt}".encode()))
        sound = _silence(_LEAD_MS)
        for at, digit in enumerate(digits):
            gap = _SLOW_GAP_MS if slowly else _GROUP_GAP_MS if at in _GROUPS else _DIGIT_GAP_MS
            sound += (_silence(chance.randint(*gap)) if at else b"") + load(chance.choice(self.takes[digit]))
        return sound

    def answers(self, *, right: bool, attempt: int) -> Sound:
        return self.voice(_answer(right=right, attempt=attempt))

    def corrects(self, attempt: int) -> Sound | None:
        return None


def recorded_callers(folder: Path, voice: Callable[[str], Sound], most: int | None) -> list[RecordedCaller]:
    """A caller for each number of the data folder, at most `most`, evenly spread; NotFound without a table."""
    table = folder / NUMBERS_TABLE
    if not table.is_file():
        raise NotFound(f"{NUMBERS_TABLE}: there is no such table in the data folder.", remedy="Check --data.")
    takes = _takes(folder / DIGITS_TABLE)
    rows = _rows(table)
    step = max(1, len(rows) // most) if most else 1
    return [
        RecordedCaller(
            row["digits"], table.parent / row["path"], takes.get(row.get("speaker", ""), {}), voice
        )
        for row in rows[::step][:most]
    ]


def _takes(table: Path) -> dict[str, dict[str, list[Path]]]:
    """Speaker -> digit -> recordings of it."""
    takes: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(table) if table.is_file() else []:
        takes[row["speaker"]][row["digit"]].append(table.parent / row["path"])
    return takes


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def _silence(length_ms: int) -> Sound:
    return bytes(2 * SAMPLE_RATE_HZ * length_ms // 1000)


# --- our own second voice -----------------------------------------------------------------------

_LEADS: Final = (
    "",
    "it's",
    "my number is",
    "sure it's",
    "yes it's",
    "uh",
    "you can call me at",
    "the number is",
)
_YES: Final = ("yes", "yes that's right", "yeah that's correct", "correct", "yep that's it", "that's right")
_NO: Final = ("no", "no that's wrong", "no that's not right", "no it isn't", "nope", "that's not correct")


@dataclass(frozen=True, slots=True)
class SpokenCaller:
    """A made-up caller with habits: how zero is called, whether digits are doubled, whether the end is in tens."""

    number: str
    voice: Callable[[str], Sound]
    habit: int = 0

    def dictates(self, digits: str, *, slowly: bool, attempt: int) -> Sound:
        if slowly:
            return self.voice(", ".join(_one(digit, self.habit) for digit in digits))
        lead = _LEADS[(self.habit + attempt) % len(_LEADS)]
        return self.voice(f"{lead} {said_by_habit(digits, self.habit)}".strip())

    def answers(self, *, right: bool, attempt: int) -> Sound:
        return self.voice(_answer(right=right, attempt=attempt + self.habit))

    def corrects(self, attempt: int) -> Sound | None:
        if self.habit % 2:
            return None
        return self.voice(f"no, it's {said_by_habit(self.number, 0)}")


def spoken_callers(voices: Sequence[Callable[[str], Sound]], amount: int) -> list[SpokenCaller]:
    """`amount` callers with valid American numbers, voices and habits in turn; always the same ones."""
    chance = random.Random(20261121)
    areas = ("303", "720", "212", "415", "800", "617", "206", "512", "718", "312")
    numbers = [f"{areas[at % len(areas)]}555{chance.randrange(10_000):04}" for at in range(amount)]
    return [SpokenCaller(number, voices[at % len(voices)], at) for at, number in enumerate(numbers)]


def said_by_habit(digits: str, habit: int) -> str:
    """A number in words, in groups: 3, 3 and 4 digits; zero as "oh", doubles, or tens at the end, by habit."""
    groups = [digits[:3], digits[3:6], digits[6:]] if len(digits) > 7 else [digits[:3], digits[3:]]
    words = [_group(group, habit, last=group is groups[-1]) for group in groups if group]
    return ", ".join(words)


def _group(digits: str, habit: int, *, last: bool) -> str:
    way = habit % 4
    if way == 1 and last and len(digits) == 4:
        return " ".join(_pair(digits[at : at + 2], habit) for at in (0, 2))
    if way == 2 and len(digits) > 1:
        return _doubled(digits, habit)
    if way == 3 and digits.endswith("00") and digits[0] != "0" and len(digits) == 3:
        return f"{SMALL[int(digits[0])]} hundred"
    return " ".join(_one(digit, habit) for digit in digits)


def _one(digit: str, habit: int) -> str:
    return "oh" if digit == "0" and habit % 3 else SMALL[int(digit)]


def _pair(digits: str, habit: int) -> str:
    value = int(digits)
    if value < 10:
        return f"oh {SMALL[value]}" if value else "zero zero"
    if value < 20:
        return SMALL[value]
    return f"{TENS[value // 10]} {SMALL[value % 10]}" if value % 10 else TENS[value // 10]


def _doubled(digits: str, habit: int) -> str:
    words, at = [], 0
    while at < len(digits):
        run = len(digits[at:]) - len(digits[at:].lstrip(digits[at]))
        times = {2: "double ", 3: "triple "}.get(run, "")
        words += [times + _one(digits[at], habit)] if times else [_one(digits[at], habit)] * run
        at += run
    return " ".join(words)


def _answer(*, right: bool, attempt: int) -> str:
    sayings = _YES if right else _NO
    return sayings[attempt % len(sayings)]
