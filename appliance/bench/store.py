"""How quickly what happened is found again, and counted, when there is much of it: a seeded year of calls.

The year is written in bulk (many_calls), then a call is written as the agent writes one, turn by turn, into that
same database; then words are looked for as people type them, and reports are made of days, weeks and months. One
query after the other in one process on a file just written, so from memory: a box that has been on for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from appliance.bench import many_calls
from appliance.bench.figures import Distribution, Figure, Findings
from appliance.bench.many_calls import Setting
from appliance.business import Business
from appliance.domain.call import CallEvent, Disposition, Speaker, Turn, TurnClass
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.search import Search

SEARCH_AIM_MS: Final = 50.0
_CALLS_LIVE: Final = 20
_TURNS_LIVE: Final = 8
_REPORTS: Final = 6
_WARM_UP: Final = 3 * len(many_calls.KINDS)  # each kind with each filter

Tell = Callable[[str], None]
ReportOf = Callable[[Database, str, datetime], object]
"""Makes the report of this length (day, week, month) that holds the moment."""


@dataclass(frozen=True, slots=True)
class Took:
    """One thing that was done, and how long it took: by the clock, and of the processor alone. No words."""

    what: str  # search, commit, report
    kind: str
    wall_ms: float
    cpu_ms: float
    found: int


def measure(
    folder: Path,
    business: Business,
    setting: Setting,
    queries: int,
    report_of: ReportOf,
    *,
    command: str,
    conditions: Mapping[str, str],
    tell: Tell,
) -> Findings:
    """Fill a database in `folder`, which is empty, and measure."""
    path = folder / FILE_NAME
    tell(f"writing {setting.calls} calls, seed {setting.seed}")
    with Database(path) as database:
        begun_s = time.perf_counter()
        vocabulary = many_calls.fill(database, business, setting)
        insert_s = time.perf_counter() - begun_s
        rows = list(_commits(database, setting))
    size_mb = sum(file.stat().st_size for file in folder.glob(f"{FILE_NAME}*")) / 1e6
    with Database(path, read_only=True) as database:
        tell(f"looking for {queries} things")
        wanted = many_calls.queries(vocabulary.words, np.random.default_rng(setting.seed), queries + _WARM_UP)
        rows += list(_searches(Search(database), wanted, setting))[_WARM_UP:]
        tell("making reports")
        rows += list(_reports(database, report_of, setting))
    return _findings(rows, setting, insert_s, size_mb, command=command, conditions=conditions)


# --- what is done ---------------------------------------------------------------------------------


def _timed(what: str, kind: str, do: Callable[[], object]) -> Took:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    done = do()
    cpu_ms = (time.process_time() - cpu_s) * 1000
    wall_ms = (time.perf_counter() - wall_s) * 1000
    return Took(what, kind, wall_ms, cpu_ms, len(done) if isinstance(done, Sized) else 0)


def _commits(database: Database, setting: Setting) -> Iterator[Took]:
    """Calls as the agent writes them: every turn a transaction that is on disk when it returns."""
    calls = Calls(database)
    at = _noon(setting) - timedelta(days=1)
    for number in range(_CALLS_LIVE):
        call_id = f"live-{number}"
        calls.begin(call_id, "+13035550100", "100", at, {"attendant": "bench"})
        calls.answered(call_id, at)
        for turn in map(_turn, range(1, _TURNS_LIVE + 1)):
            yield _timed("commit", "turn", partial(calls.add_turn, call_id, turn))
        calls.add_event(call_id, CallEvent(1000, "fact", "hours"))
        ended_at = at + timedelta(minutes=1)
        yield _timed("commit", "close", partial(calls.close, call_id, Disposition.ANSWERED, ended_at))


def _noon(setting: Setting) -> datetime:
    day = setting.last_day
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _turn(number: int) -> Turn:
    speaker = Speaker.AGENT if number % 2 else Speaker.CALLER
    turn_class = TurnClass.FACT if number % 2 else None
    text = "we are open from eight in the morning until six in the evening on weekdays"
    return Turn(number, speaker, text, number * 3000, number * 3000 + 2500, turn_class, 300)


def _searches(search: Search, wanted: Sequence[tuple[str, str]], setting: Setting) -> Iterator[Took]:
    """Each query with no filter, since 30 days ago, or of booked calls, by turns."""
    filters: dict[str, dict[str, Any]] = {
        "": {},
        ", since": {"since": _noon(setting) - timedelta(days=30)},
        ", disposition": {"disposition": Disposition.BOOKED},
    }
    names = [name for name in filters for _ in many_calls.KINDS]
    for number, (kind, words) in enumerate(wanted):
        name = names[number % len(names)]
        yield _timed("search", kind + name, partial(search.find, words, limit=20, **filters[name]))


def _reports(database: Database, report_of: ReportOf, setting: Setting) -> Iterator[Took]:
    """Reports of several times, a month apart, so that no two are of the same."""
    for back in range(min(_REPORTS, max(1, setting.days // 31))):
        at = _noon(setting) - timedelta(days=31 * back)
        for every in ("day", "week", "month"):
            yield _timed("report", every, partial(report_of, database, every, at))


# --- what it amounts to ---------------------------------------------------------------------------


def _findings(
    rows: Sequence[Took],
    setting: Setting,
    insert_s: float,
    size_mb: float,
    *,
    command: str,
    conditions: Mapping[str, str],
) -> Findings:
    searches = [one.wall_ms for one in rows if one.what == "search"]
    figures = [
        _figure("search p50", searches, 50, SEARCH_AIM_MS),
        _figure("search p99", searches, 99, SEARCH_AIM_MS),
        *(
            _figure(f"report {every} p50", _of(rows, "report", every), 50)
            for every in ("day", "week", "month")
        ),
        _figure("commit of a turn p50", _of(rows, "commit", "turn"), 50),
        _figure("commit of a turn p99", _of(rows, "commit", "turn"), 99),
        _figure("end of a call p50", _of(rows, "commit", "close"), 50),
        Figure("database", round(size_mb, 1), "MB"),
        Figure("written in bulk", round(insert_s, 1), "s", 120.0, n=setting.calls),
    ]
    kinds = list(dict.fromkeys(one.kind for one in rows if one.what == "search"))
    return Findings(
        bench="store",
        command=command,
        summary={
            "calls": setting.calls,
            "seed": setting.seed,
            "search": {"n": len(searches), **_percentiles(searches)},
            "search_processor": _percentiles([one.cpu_ms for one in rows if one.what == "search"]),
            "search_by_kind": {kind: _summed(_of(rows, "search", kind)) for kind in kinds},
            "search_without_hits": sum(1 for one in rows if one.what == "search" and not one.found),
            "report": {every: _summed(_of(rows, "report", every)) for every in ("day", "week", "month")},
            "commit": {kind: _summed(_of(rows, "commit", kind)) for kind in ("turn", "close")},
            "database_mb": round(size_mb, 1),
            "insert_s": round(insert_s, 1),
        },
        figures=figures,
        rows=[
            {
                "what": one.what,
                "kind": one.kind,
                "ms": _ms(one.wall_ms),
                "cpu_ms": _ms(one.cpu_ms),
                "found": one.found,
            }
            for one in rows
        ],
        plots=[
            Distribution("Search", "ms", {kind: _of(rows, "search", kind) for kind in kinds}),
            Distribution(
                "Report", "ms", {every: _of(rows, "report", every) for every in ("day", "week", "month")}
            ),
        ],
        conditions={
            **conditions,
            "calls": f"{setting.calls} over {setting.days} days, made up, seed {setting.seed}",
        },
        notes=[
            "Words and calls are made up: lengths and frequencies are those of a language, meanings are not."
        ],
    )


def _of(rows: Sequence[Took], what: str, kind: str) -> list[float]:
    return [one.wall_ms for one in rows if one.what == what and one.kind == kind]


def _figure(name: str, values: Sequence[float], percent: int, aim_ms: float | None = None) -> Figure:
    value = _ms(float(np.percentile(values, percent))) if values else None
    return Figure(name, value, "ms", aim_ms, n=len(values))


def _summed(values: Sequence[float]) -> dict[str, Any]:
    return {"n": len(values), **_percentiles(values)}


def _percentiles(values: Sequence[float]) -> dict[str, float | None]:
    if not values:
        return {"p50_ms": None, "p99_ms": None, "worst_ms": None}
    middle, late = np.percentile(values, [50, 99]).tolist()
    return {"p50_ms": _ms(middle), "p99_ms": _ms(late), "worst_ms": _ms(max(values))}


def _ms(value: float) -> float:
    return round(value, 2)
