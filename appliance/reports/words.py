"""What a report is written in, one table a language. Braces are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The headings, labels and sentences of a report."""

    titles: Mapping[str, str]
    """By length (day, week, month): how the report is called."""
    span: str
    so_far: str
    no_calls: str
    no_calls_before: str
    weekdays: tuple[str, ...]
    """Short, Monday first."""
    summary: str
    now_column: str
    before_column: str
    change_column: str
    points: str
    labels: Mapping[str, str]
    """By the name of a line of the summary."""
    gaps: str
    gap_columns: tuple[str, ...]
    classes: Mapping[str, str]
    rows: Mapping[str, str]
    """By length: how the table of its rows is called."""
    row_columns: tuple[str, ...]
    hours: str
    hour_columns: tuple[str, ...]
    questions: str
    question_columns: tuple[str, ...]
    kinds: Mapping[str, str]
    unanswered: str
    unanswered_columns: tuple[str, ...]
    how_to_answer: tuple[str, ...]
    levels: str
    level_columns: tuple[str, ...]
    level_names: Mapping[str, str]
    plots: Mapping[str, str]
    """By name: titles, axes and parts of the pictures."""
    footer: str


ENGLISH: Final = ReportWords(
    titles={"day": "Report of the day", "week": "Report of the week", "month": "Report of the month"},
    span="{first} to {last}",
    so_far="{span}, so far; compared with the same part of the {every} before",
    no_calls="No calls.",
    no_calls_before="No calls in the {every} before.",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    summary="In short",
    now_column="this {every}",
    before_column="before",
    change_column="change",
    points="{points:+.1f} points",
    labels={
        "calls": "Calls",
        "answered": "Answered",
        "turned_away": "Turned away",
        "missed": "Hung up while it rang",
        "contained": "Ended without a human",
        "transferred": "Put through",
        "abandoned": "Hung up in the middle",
        "silent": "Nobody spoke",
        "failures": "The box failed",
        "booked": "Appointments booked",
        "moved": "Appointments moved",
        "cancelled": "Appointments cancelled",
        "messages": "Messages",
        "messages_waiting": "Messages nobody has seen to",
        "unanswered": "Questions without an answer",
        "emergencies": "Emergencies",
        "barge_ins": "Callers who interrupted",
        "talk": "Talk time",
        "mean_talk": "Talk time of a call",
        "loss": "Packets lost",
        "jitter": "Jitter",
        "mos": "Line quality (MOS)",
        "mos_poor": "Calls on a poor line",
        "misheard": "Words heard otherwise again",
    },
    gaps="How long callers wait for an answer",
    gap_columns=("answer", "how many", "half in", "95 % in", "99 % in", "half before"),
    classes={
        "phrase": "prepared",
        "flow": "booking step",
        "fact": "fact",
        "open": "composed",
        "": "all",
    },
    rows={"day": "Hour by hour", "week": "Day by day", "month": "Day by day"},
    row_columns=("", "calls", "no human", "through", "booked", "messages", "unknown", "wait ms"),
    hours="By hour of the day",
    hour_columns=("hour", "calls", "no human", "through", "messages", "unknown"),
    questions="What callers asked most",
    question_columns=("asked", "from", "calls", "before"),
    kinds={"fact": "facts", "source": "documents"},
    unanswered="Questions without an answer",
    unanswered_columns=("asked", "times", "messages", "newest call"),
    how_to_answer=(
        "To have one answered: write the answer into a document and run `appliance kb add FILE`,"
        " or add it to the business file:",
        '[[facts]]\nid = "a_name"\nquestions = ["{question}"]\nanswer = "..."',
        "`appliance calls show CALL` shows how it was asked.",
    ),
    levels="Talk time while not everything worked",
    level_columns=("what the box could do", "minutes"),
    level_names={
        "full": "everything",
        "rules": "no composed answers",
        "keys": "menu by keys",
        "prepared": "prepared sound only",
        "alone": "the line by itself",
    },
    plots={
        "rows": "Calls",
        "hours": "Calls by hour of the day",
        "gaps": "Wait for an answer",
        "calls": "calls",
        "contained": "without a human",
        "transferred": "put through",
        "other": "other",
        "p50": "half within",
        "p95": "95 % within",
        "ms": "ms",
        "day": "hour",
        "week": "day of the week",
        "month": "day of the month",
    },
    footer="Made {made_at} by the automated receptionist of {business}.",
)
LANGUAGES: Final[Mapping[str, ReportWords]] = {"en": ENGLISH}


def words_of(language: str) -> ReportWords:
    """The table of `language` (ISO 639-1); English where a language has none: figures are better than nothing."""
    return LANGUAGES.get(language, ENGLISH)
