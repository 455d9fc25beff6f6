"""A report that may leave the box: what callers asked, without their numbers. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from appliance.conversation.digits import in_figures
from appliance.reports.alike import Group
from appliance.reports.figures import Report

MASK: Final = "#"
_NUMBER: Final = re.compile(
    r"\d(?:[\s\-./()]*\d)+"
)  # two digits or more; one is a count ("2 cars"), no number


def masked(report: Report) -> Report:
    """The same report; numbers in questions, in figures or in words, are masked."""
    return replace(report, unanswered=tuple(_group(group, report.language) for group in report.unanswered))


def without_numbers(text: str, language: str) -> str:
    """`text` with each number of two digits or more as one #: "call five five five one two" -> "call #"."""
    figures = in_figures(text, language)  # without capitals and apostrophes: only where there is a number
    return _NUMBER.sub(MASK, figures if _NUMBER.search(figures) else text)


def _group(group: Group, language: str) -> Group:
    wordings = (without_numbers(wording, language) for wording in group.wordings)
    return replace(group, wordings=tuple(dict.fromkeys(wordings)))
