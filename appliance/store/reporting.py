"""What happened in many calls, counted where they lie: each table is walked once, by its indexes, for all spans.

A span is a stretch of time, (begin, end) with timezone-aware moments; what is counted carries the number of its
span, so whoever asks decides what an hour or a day is (reports/periods.py knows the business's clock). A call
belongs to the span in which it rang, and whatever came of it belongs there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from appliance.store.database import Database
from appliance.store.moments import moment_text

Spans = Sequence[tuple[datetime, datetime]]
C = TypeVar("C")

MOS_POOR: Final = 3.6
"""Below it many callers are dissatisfied (ITU-T G.107, table B.1)."""


@dataclass(frozen=True, slots=True)
class CallsCounted:
    """The calls of a span that ended alike and began at the same level. Sums; seconds, packets, milliseconds."""

    span: int
    disposition: str
    level: str  # of degradation, when the call began
    calls: int
    answered: int
    talk_s: float
    packets_received: int
    packets_lost: int
    jitter_ms_sum: float
    jitter_calls: int
    mos_sum: float
    mos_calls: int
    mos_poor: int
    words_again: int  # listened to a second time (store.second_pass)
    words_otherwise: int  # of these, heard otherwise in the call


@dataclass(frozen=True, slots=True)
class EventsCounted:
    """How often an event happened in a span: in so many calls, so many times."""

    span: int
    kind: str
    detail: str
    calls: int
    times: int


@dataclass(frozen=True, slots=True)
class ChangesCounted:
    """Appointments agreed, moved or cancelled in the calls of a span."""

    span: int
    kind: str
    times: int


@dataclass(frozen=True, slots=True)
class MessagesCounted:
    """Messages taken in the calls of a span, and how many nobody has seen to."""

    span: int
    messages: int
    waiting: int


@dataclass(frozen=True, slots=True)
class GapsCounted:
    """How many answers of a class (domain.call.TurnClass) came after `gap_ms`."""

    span: int
    turn_class: str
    gap_ms: int
    answers: int


@dataclass(frozen=True, slots=True)
class LevelChanged:
    """A call went on at another level (conversation/degradation.py) `at_s` after it was answered.

    Those of one call stand one after the other; `from_level` is how it began, `talk_s` how long it was.
    """

    span: int
    call_id: str
    at_s: float
    level: str
    from_level: str
    talk_s: float


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything a report is made of. `gaps` are by the spans of `rows`, everything else by those of `hours`."""

    calls: Sequence[CallsCounted]
    events: Sequence[EventsCounted]
    changes: Sequence[ChangesCounted]
    messages: Sequence[MessagesCounted]
    gaps: Sequence[GapsCounted]
    levels: Sequence[LevelChanged]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question to which there was no answer, in the caller's words as they were understood."""

    call_id: str
    asked_at: str  # when the call rang, as the tables keep moments
    question: str
    disposition: str


class Reporting:
    """What a report asks of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, hours: Spans, rows: Spans) -> Counted:
        """What happened in each of `hours`, and how quick answers were in each of `rows`."""
        by_hour, by_row = _as_json(hours), _as_json(rows)
        with self._database.reading() as tables:

            def ask(sql: str, spans: str, kind: type[C]) -> list[C]:
                return [kind(**row) for row in tables.query(sql, [spans])]

            return Counted(
                calls=ask(CALLS, by_hour, CallsCounted),
                events=ask(EVENTS, by_hour, EventsCounted),
                changes=ask(CHANGES, by_hour, ChangesCounted),
                messages=ask(MESSAGES, by_hour, MessagesCounted),
                gaps=ask(GAPS, by_row, GapsCounted),
                levels=ask(LEVELS, by_hour, LevelChanged),
            )

    def unanswered(self, since: datetime, until: datetime) -> list[Unanswered]:
        """The questions of calls between two moments that were not answered, oldest first, each once."""
        rows = self._database.rows(UNANSWERED, [_as_json([(since, until)])])
        return [Unanswered(**row) for row in rows]

    def has_calls_before(self, at: datetime) -> bool:
        """Whether there was any call before a moment."""
        return bool(self._database.rows(CALLED_BEFORE, [moment_text(at)]))

    def mailed(self, what: str) -> bool:
        """Whether the report called so was sent."""
        return bool(self._database.rows("SELECT 1 FROM reports_mailed WHERE report = ?", [what]))

    def was_mailed(self, what: str, at: datetime) -> None:
        """It was: it is not sent again."""
        with self._database.writing() as tables:
            tables.execute(
                "INSERT INTO reports_mailed (report, mailed_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [what, moment_text(at)],
            )


def _as_json(spans: Spans) -> str:
    """Spans as one parameter of a statement that never changes."""
    return msgspec.json.encode([[moment_text(begins), moment_text(ends)] for begins, ends in spans]).decode()


# CROSS JOIN keeps the order in SQLite: span by span, the calls of each by their index, and what belongs to a call
# by its own. (https://www.sqlite.org/optoverview.html#crossjoin)
_CALLS_OF_SPANS: Final = """
    FROM json_each(?) AS span CROSS JOIN calls INDEXED BY calls_offered_at
        ON calls.offered_at >= (span.value ->> 0) AND calls.offered_at < (span.value ->> 1)
"""
_TALK_S: Final = "max(0.0, (julianday(calls.ended_at) - julianday(calls.answered_at)) * 86400.0)"
_LEVEL: Final = "coalesce(calls.versions ->> 'level', 'full')"

CALLS: Final = f"""
    SELECT span.key AS span, calls.disposition, {_LEVEL} AS level,
        count(*) AS calls, count(calls.answered_at) AS answered,
        coalesce(sum({_TALK_S}), 0.0) AS talk_s,
        coalesce(sum(calls.quality ->> 'packets_received'), 0) AS packets_received,
        coalesce(sum(calls.quality ->> 'packets_lost'), 0) AS packets_lost,
        coalesce(sum(calls.quality ->> 'jitter_ms'), 0.0) AS jitter_ms_sum,
        count(calls.quality ->> 'jitter_ms') AS jitter_calls,
        coalesce(sum(calls.quality ->> 'mos'), 0.0) AS mos_sum,
        count(calls.quality ->> 'mos') AS mos_calls,
        coalesce(sum((calls.quality ->> 'mos') < {MOS_POOR}), 0) AS mos_poor,
        coalesce(sum(second_passes.words), 0) AS words_again,
        coalesce(sum(second_passes.errors), 0) AS words_otherwise
    {_CALLS_OF_SPANS} LEFT JOIN second_passes ON second_passes.call_id = calls.call_id
    GROUP BY span.key, calls.disposition, level ORDER BY span.key
"""
EVENTS: Final = f"""
    SELECT span.key AS span, events.kind, events.detail,
        count(DISTINCT events.call_id) AS calls, count(*) AS times
    {_CALLS_OF_SPANS} CROSS JOIN events ON events.call_id = calls.call_id
    WHERE events.kind IN ('fact', 'source', 'unanswered', 'barge_in', 'emergency')
    GROUP BY span.key, events.kind, events.detail
"""
CHANGES: Final = f"""
    SELECT span.key AS span, appointment_changes.kind, count(*) AS times
    {_CALLS_OF_SPANS} CROSS JOIN appointment_changes ON appointment_changes.call_id = calls.call_id
    GROUP BY span.key, appointment_changes.kind
"""
MESSAGES: Final = f"""
    SELECT span.key AS span, count(*) AS messages, count(*) - count(messages.read_at) AS waiting
    {_CALLS_OF_SPANS} CROSS JOIN messages ON messages.call_id = calls.call_id GROUP BY span.key
"""
GAPS: Final = f"""
    SELECT span.key AS span, coalesce(turns.class, '') AS turn_class, turns.response_gap_ms AS gap_ms,
        count(*) AS answers
    {_CALLS_OF_SPANS} CROSS JOIN turns ON turns.call_id = calls.call_id
    WHERE turns.response_gap_ms IS NOT NULL
    GROUP BY span.key, turns.class, turns.response_gap_ms
"""
LEVELS: Final = f"""
    SELECT span.key AS span, calls.call_id, events.at_ms / 1000.0 AS at_s, events.detail AS level,
        {_LEVEL} AS from_level, coalesce({_TALK_S}, 0.0) AS talk_s
    {_CALLS_OF_SPANS} CROSS JOIN events ON events.call_id = calls.call_id
    WHERE events.kind = 'level' ORDER BY calls.offered_at, calls.call_id, events.at_ms, events.event_id
"""
# The caller's last turn before it showed that there was no answer. A question that was put twice in one turn
# (second_thoughts takes an answer back) is one question; one whose words were erased is none.
UNANSWERED: Final = f"""
    SELECT DISTINCT calls.call_id, calls.offered_at AS asked_at, turns.text AS question, calls.disposition
    {_CALLS_OF_SPANS} CROSS JOIN events ON events.call_id = calls.call_id
    JOIN turns ON turns.call_id = calls.call_id AND turns.number = (
        SELECT number FROM turns AS earlier
        WHERE earlier.call_id = calls.call_id AND earlier.speaker = 'caller' AND earlier.started_ms <= events.at_ms
        ORDER BY earlier.started_ms DESC, earlier.number DESC LIMIT 1
    )
    WHERE events.kind = 'unanswered' AND turns.text <> '' ORDER BY calls.offered_at, turns.number
"""  # noqa: S608  our own words

CALLED_BEFORE: Final = "SELECT 1 FROM calls WHERE offered_at < ? LIMIT 1"
STATEMENTS: Final = (CALLS, EVENTS, CHANGES, MESSAGES, GAPS, LEVELS, UNANSWERED)
