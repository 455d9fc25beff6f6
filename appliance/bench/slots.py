"""What the product takes down right: days, times, lengths, answers, and telephone numbers until they are stored.

Sayings are read from other people's tables (slots_text); numbers are dictated over G.711 to the product's own
recogniser, read back, refused and corrected (slots_phone), by people's recorded digits and by synthetic voices,
which are never mixed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from appliance.bench import slots_text
from appliance.bench.figures import Figure, Findings
from appliance.bench.slots_caller import Sound, recorded_callers, spoken_callers
from appliance.bench.slots_phone import Ears, PhoneCall, calls
from appliance.bench.slots_text import DATES_AND_TIMES, Check
from appliance.conversation.dates import when_heard

REGION: Final = "US"
READ_RIGHT_AIM: Final = 0.97
STORED_RIGHT_AIM: Final = 0.99
SPOKEN_CALLERS: Final = 40
_PEOPLE: Final = "recorded digits"
_VOICES: Final = "synthetic voices"
_AIMED: Final = frozenset(
    {*DATES_AND_TIMES, "booked days", "booked times", "telephone numbers", "yes and no", "durations"}
)
_TIMED_SAYINGS_MAX: Final = 200
_NOW: Final = datetime.fromisoformat("2026-11-19T09:00")

Voice = Callable[[str], Sound]


def measure(
    folder: Path,
    ears: Ears,
    voices: Sequence[Voice],
    *,
    command: str,
    conditions: Mapping[str, str],
    most: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Findings:
    """Every table of `folder`, then a call for each of its numbers and for as many made-up ones; at most `most`
    calls of a kind. NotFound when the folder has no numbers."""
    tables = slots_text.sayings(folder)
    tell(f"{sum(map(len, tables.values()))} sayings read")
    people = calls(_PEOPLE, recorded_callers(folder, voices[0], most), ears, REGION, tell)
    spoken = calls(
        _VOICES, spoken_callers(voices, min(most or SPOKEN_CALLERS, SPOKEN_CALLERS)), ears, REGION, tell
    )
    return findings(tables, [*people, *spoken], command, conditions)


def findings(
    tables: Mapping[str, Sequence[Check]],
    phone_calls: Sequence[PhoneCall],
    command: str,
    conditions: Mapping[str, str],
) -> Findings:
    """What the sayings and the calls come to."""
    by_kind = {kind: [call for call in phone_calls if call.set == kind] for kind in (_PEOPLE, _VOICES)}
    summed = [check for name in DATES_AND_TIMES for check in tables.get(name, ())]
    figures = [
        Figure("dates and times", _share(summed), "share", READ_RIGHT_AIM, at_most=False, n=len(summed)),
        *(_of_table(name, checks) for name, checks in tables.items()),
        *(figure for kind, made in by_kind.items() if made for figure in _of_calls(kind, made)),
        Figure("a saying read", _reading_ms(tables), "ms", n=_TIMED_SAYINGS_MAX),
    ]
    return Findings(
        bench="slots",
        command=command,
        summary=_summary(figures, conditions),
        figures=figures,
        rows=[
            *(
                {"table": name, "row": at, "right": right}
                for name in tables
                for at, (_, right) in _rows(tables, name)
            ),
            *(asdict(call) for call in phone_calls),
        ],
        conditions=conditions,
        notes=[
            "A caller refuses every wrong number that is read back and says it again; people's digits in another"
            " take, joined as the first ones were. After two refusals the number comes by the telephone's keys.",
            "Yes and no are spoken and recognised too. Synthetic voices say doubles, tens and corrections.",
        ],
    )


def _rows(tables: Mapping[str, Sequence[Check]], name: str) -> enumerate[Check]:
    return enumerate(tables[name])


def _share(checks: Sequence[Check]) -> float | None:
    return round(sum(right for _, right in checks) / len(checks), 4) if checks else None


def _of_table(name: str, checks: Sequence[Check]) -> Figure:
    aim = READ_RIGHT_AIM if name in _AIMED else None
    return Figure(name, _share(checks), "share", aim, at_most=False, n=len(checks))


def _of_calls(kind: str, made: Sequence[PhoneCall]) -> list[Figure]:
    def share(of: Callable[[PhoneCall], bool]) -> float:
        return round(sum(map(of, made)) / len(made), 4)

    return [
        Figure(
            f"{kind}, the right number stored",
            share(lambda call: call.stored_right),
            "share",
            STORED_RIGHT_AIM,
            at_most=False,
            n=len(made),
        ),
        Figure(f"{kind}, right as first heard", share(lambda call: call.first_right), "share", n=len(made)),
        Figure(
            f"{kind}, right without keys",
            share(lambda call: call.stored_right and not call.keys),
            "share",
            n=len(made),
        ),
        Figure(f"{kind}, a gap was left", share(lambda call: call.gap), "share", n=len(made)),
        Figure(
            f"{kind}, turns", round(sum(call.turns for call in made) / len(made), 2), "turns", n=len(made)
        ),
    ]


def _reading_ms(tables: Mapping[str, Sequence[Check]]) -> float | None:
    """Processor time that reading one saying for its moment takes."""
    texts = [text for name in DATES_AND_TIMES for text, _ in tables.get(name, ())][:_TIMED_SAYINGS_MAX]
    began_s = time.process_time()
    for text in texts:
        when_heard(text, _NOW)
    return round((time.process_time() - began_s) * 1000 / len(texts), 3) if texts else None


def _summary(figures: Sequence[Figure], conditions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "bench": "slots",
        "figures": {
            one.name: {"value": one.value, "aim": one.aim, "met": one.met, "n": one.n} for one in figures
        },
        "conditions": dict(conditions),
    }
