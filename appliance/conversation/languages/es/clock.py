"""Times of day in Spanish."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import ClockWords

_HOUR = r"(?P<hour>[01]?\d|2[0-4])\b"
_PART = r"(?: de la (?P<meridian>manana|tarde|noche)| ?(?P<range_meridian>am|pm)\b)?"
_MINUTES = r"(?P<minutes>media|cuarto|4º|[1-5]?\d)\b"

CLOCK: Final = ClockWords(
    patterns=(
        r"\b(?P<named>mediodia|medianoche)\b",
        rf"\b(?:las?|sobre las?) {_HOUR} (?P<side>y|menos) {_MINUTES}{_PART}",
        rf"(?<![\d:/.]){_HOUR}[:.h] ?(?P<minute>[0-5]\d)(?!\d){_PART}",
        rf"\blas? {_HOUR} (?P<minute>[0-5]\d)\b{_PART}",
        rf"\b(?:a|sobre|hacia|antes de|despues de|hasta|para|desde|de) las? {_HOUR}(?: en punto)?{_PART}",
        rf"\blas? {_HOUR}(?: en punto)?{_PART}",
    ),
    parts=(
        (r"\b(?:por|de|en) la manana\b|\ba primera hora\b|\besta manana\b", "morning"),
        (r"\b(?:por|de|en|esta) la tarde\b|\besta tarde\b|\bdespues de comer\b", "afternoon"),
        (r"\b(?:por|de|en) la noche\b|\besta noche\b", "evening"),
    ),
    relatives_before=(
        (r"\b(?:antes de|hasta|para)(?: las?)? ?$", "before"),
        (r"\b(?:despues de|desde|a partir de)(?: las?)? ?$", "after"),
        (r"\b(?:sobre|hacia|alrededor de|como a|mas o menos a)(?: las?)? ?$", "around"),
    ),
    relatives_after=((r"^ ?(?:mas o menos|o asi)\b", "around"), (r"^ ?(?:en adelante)\b", "after")),
    named={"mediodia": 720, "medianoche": 0},
    minutes={"media": 30, "cuarto": 15, "4º": 15},
    to_the_hour=frozenset({"menos"}),
    meridians={"manana": "am", "tarde": "pm", "noche": "pm"},
    about=r"(?!)",
)
