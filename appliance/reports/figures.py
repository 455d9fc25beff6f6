"""What a report says, made from what was counted. Pure: the same counts make the same report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from appliance.domain.call import Disposition, TurnClass
from appliance.reports.alike import Group
from appliance.reports.periods import Every, Period, Span
from appliance.store.reporting import CallsCounted, Counted, GapsCounted, LevelChanged

Sums = defaultdict[str, Any]
"""Whole numbers and seconds by the name of their field in `Totals`."""
CONTAINED: Final = frozenset(
    {
        Disposition.ANSWERED,
        Disposition.BOOKED,
        Disposition.MOVED,
        Disposition.CANCELLED,
        Disposition.MESSAGE,
    }
)
"""Ended well, and without a human on the line."""
_FIELD_OF_DISPOSITION: Final = {
    Disposition.TRANSFERRED: "transferred",
    Disposition.ABANDONED: "abandoned",
    Disposition.SILENT: "silent",
    Disposition.TURNED_AWAY: "turned_away",
    Disposition.MISSED: "missed",
    Disposition.SYSTEM_FAILURE: "failures",
}
_FIELD_OF_CHANGE: Final = {"agreed": "booked", "moved": "moved", "cancelled": "cancelled"}
_FIELD_OF_EVENT: Final = {"barge_in": "barge_ins", "unanswered": "unanswered", "emergency": "emergencies"}


@dataclass(frozen=True, slots=True)
class Totals:
    """The counts of some time; they can be added. Rates are None where there is nothing to divide by."""

    calls: int = 0
    answered: int = 0
    contained: int = 0
    transferred: int = 0
    abandoned: int = 0
    silent: int = 0
    failures: int = 0
    turned_away: int = 0
    missed: int = 0
    booked: int = 0
    moved: int = 0
    cancelled: int = 0
    messages: int = 0
    messages_waiting: int = 0
    talk_s: float = 0.0
    barge_ins: int = 0
    unanswered: int = 0
    emergencies: int = 0
    packets_received: int = 0
    packets_lost: int = 0
    jitter_ms_sum: float = 0.0
    jitter_calls: int = 0
    mos_sum: float = 0.0
    mos_calls: int = 0
    mos_poor: int = 0
    words_again: int = 0
    words_otherwise: int = 0

    @property
    def answer_rate(self) -> float | None:
        """Calls that were answered, of all that rang."""
        return _share(self.answered, self.calls)

    @property
    def containment(self) -> float | None:
        """Calls that ended well without a human, of all that were answered."""
        return _share(self.contained, self.answered)

    @property
    def mean_talk_s(self) -> float | None:
        """How long a call lasted."""
        return _share(self.talk_s, self.answered)

    @property
    def loss(self) -> float | None:
        """Packets lost, of all that were sent to us."""
        return _share(self.packets_lost, self.packets_lost + self.packets_received)

    @property
    def jitter_ms(self) -> float | None:
        """The mean over calls."""
        return _share(self.jitter_ms_sum, self.jitter_calls)

    @property
    def mos(self) -> float | None:
        """The mean over calls of the estimate (ITU-T G.107), 1 to 4.5."""
        return _share(self.mos_sum, self.mos_calls)

    @property
    def misheard(self) -> float | None:
        """Words that a better recogniser heard otherwise, of all it listened to: an estimate (docs/recording.md)."""
        return _share(self.words_otherwise, self.words_again)


@dataclass(frozen=True, slots=True)
class Gaps:
    """How long callers waited for answers, inside the box: nearest-rank percentiles; None for none."""

    answers: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None
    p99_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An hour of a day's report, a day of a longer one. `hour` is None for a day. `gaps` by class, "" for all."""

    day: date
    hour: int | None
    totals: Totals
    gaps: Mapping[str, Gaps]


@dataclass(frozen=True, slots=True)
class Question:
    """What callers asked and were told: a fact of the business, or a document. In so many calls."""

    kind: str  # fact, source
    what: str
    calls: int
    calls_before: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says. `by_hour` has 24 entries; `rows` those of which there is something to say yet."""

    business: str
    language: str
    period: Period
    made_at: datetime
    totals: Totals
    before: Totals
    rows: tuple[Row, ...]
    by_hour: tuple[Totals, ...]
    gaps: Mapping[str, Gaps]
    gaps_before: Mapping[str, Gaps]
    questions: tuple[Question, ...]
    unanswered: tuple[Group, ...]
    level_s: Mapping[str, float]
    """Seconds of talk at each level of degradation."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """The spans that are counted: first those of the period before, then the period's own."""

    hours: Sequence[Span]
    hours_before: int
    rows: Sequence[Span]
    rows_before: int


def cuts(period: Period) -> Cuts:
    """How to count `period` and the one before in one go: by hours, and in a day's report nothing else."""
    before, hours = period.before().hours(), period.hours()
    by_hour = Cuts([*before, *hours], len(before), [*before, *hours], len(before))
    if period.every is Every.DAY:
        return by_hour
    days_before, days = period.before().whole_days(), period.whole_days()
    return replace(by_hour, rows=[*days_before, *days], rows_before=len(days_before))


def report(
    cut: Cuts,
    counted: Counted,
    unanswered: tuple[Group, ...],
    *,
    business: str,
    language: str,
    period: Period,
    made_at: datetime,
) -> Report:
    """The report of `period`; `counted` is of the spans of `cut`, which are the period's `cuts`."""
    totals = _totals_by_span(counted)
    own = range(cut.hours_before, len(cut.hours))
    rows_own = range(cut.rows_before, len(cut.rows))
    return Report(
        business=business,
        language=language,
        period=period,
        made_at=made_at,
        totals=total(totals.get(number, Totals()) for number in own),
        before=total(totals.get(number, Totals()) for number in range(cut.hours_before)),
        rows=tuple(_rows(cut, totals, counted.gaps)),
        by_hour=tuple(
            total(totals.get(number, Totals()) for number in own if cut.hours[number].hour == hour)
            for hour in range(24)
        ),
        gaps=gaps_by_class(one for one in counted.gaps if one.span in rows_own),
        gaps_before=gaps_by_class(one for one in counted.gaps if one.span < cut.rows_before),
        questions=_questions(counted, cut.hours_before),
        unanswered=unanswered,
        level_s=_level_s(
            [one for one in counted.calls if one.span in own],
            [one for one in counted.levels if one.span in own],
        ),
    )


def total(several: Iterable[Totals]) -> Totals:
    """Their sum."""
    sums: Sums = defaultdict(int)
    for one in several:
        for name in _NAMES:
            sums[name] += getattr(one, name)
    return Totals(**sums)


_NAMES: Final = tuple(field.name for field in fields(Totals))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


# --- counts ---------------------------------------------------------------------------------------


def _totals_by_span(counted: Counted) -> dict[int, Totals]:
    sums: defaultdict[int, Sums] = defaultdict(lambda: defaultdict(int))
    for calls in counted.calls:
        _add_calls(sums[calls.span], calls)
    for change in counted.changes:
        if name := _FIELD_OF_CHANGE.get(change.kind):
            sums[change.span][name] += change.times
    for left in counted.messages:
        sums[left.span]["messages"] += left.messages
        sums[left.span]["messages_waiting"] += left.waiting
    for event in counted.events:
        if name := _FIELD_OF_EVENT.get(event.kind):
            sums[event.span][name] += event.times
    return {span: Totals(**sums[span]) for span in sums}


_SUMMED: Final = (
    "calls",
    "answered",
    "talk_s",
    "packets_received",
    "packets_lost",
    "jitter_ms_sum",
    "jitter_calls",
    "mos_sum",
    "mos_calls",
    "mos_poor",
    "words_again",
    "words_otherwise",
)


def _add_calls(sums: Sums, calls: CallsCounted) -> None:
    for name in _SUMMED:
        sums[name] += getattr(calls, name)
    disposition = Disposition(calls.disposition)
    if disposition in CONTAINED:
        sums["contained"] += calls.answered
    if name := _FIELD_OF_DISPOSITION.get(disposition, ""):
        sums[name] += calls.calls


def _rows(cut: Cuts, totals: Mapping[int, Totals], gaps: Sequence[GapsCounted]) -> Iterable[Row]:
    """A row a span of the period: its gaps, and the totals of the hours that lie in it."""
    of_span: defaultdict[int, list[GapsCounted]] = defaultdict(list)
    for one in gaps:
        of_span[one.span].append(one)
    within: defaultdict[tuple[date, int | None], list[Totals]] = defaultdict(list)
    for number in range(cut.hours_before, len(cut.hours)):
        hour = cut.hours[number]
        for key in ((hour.day, hour.hour), (hour.day, None)):
            within[key].append(totals.get(number, Totals()))
    for number in range(cut.rows_before, len(cut.rows)):
        span = cut.rows[number]
        yield Row(span.day, span.hour, total(within[span.day, span.hour]), gaps_by_class(of_span[number]))


def _questions(counted: Counted, hours_before: int) -> tuple[Question, ...]:
    """The facts and documents asked for, the most asked first."""
    now: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    for event in counted.events:
        if event.kind in {"fact", "source"} and event.detail:
            (before if event.span < hours_before else now)[event.kind, event.detail] += event.calls
    asked = sorted(now, key=lambda key: (-now[key], key))
    return tuple(Question(*key, now[key], before[key]) for key in asked)


# --- gaps -----------------------------------------------------------------------------------------


def gaps_by_class(counted: Iterable[GapsCounted]) -> dict[str, Gaps]:
    """The percentiles of each class, in the order of `TurnClass`, and of all as ""."""
    histograms: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for one in counted:
        histograms[one.turn_class][one.gap_ms] += one.answers
        histograms[""][one.gap_ms] += one.answers
    known = [*TurnClass, ""]
    return {str(name): _gaps(histograms[name]) for name in known if name in histograms}


def _gaps(histogram: Counter[int]) -> Gaps:
    answers = histogram.total()
    values = sorted(histogram)

    def percentile(percent: int) -> int | None:
        """The smallest value that so many percent do not exceed (nearest rank)."""
        wanted, passed = -(-answers * percent // 100), 0
        for value in values:
            passed += histogram[value]
            if passed >= wanted:
                return value
        return None

    return Gaps(answers, percentile(50), percentile(95), percentile(99))


# --- levels ---------------------------------------------------------------------------------------


def _level_s(calls: Iterable[CallsCounted], changes: Sequence[LevelChanged]) -> dict[str, float]:
    """Talk at each level: as calls began, then moved by what changed while they went on."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for one in calls:
        seconds[one.level] += one.talk_s
    earlier: LevelChanged | None = None
    for change in changes:
        goes_on = earlier is not None and earlier.call_id == change.call_id
        level = earlier.level if earlier is not None and goes_on else change.from_level
        left_s = max(0.0, change.talk_s - change.at_s)
        seconds[level] -= left_s
        seconds[change.level] += left_s
        earlier = change
    return {level: spent_s for level, spent_s in seconds.items() if spent_s > 0}
