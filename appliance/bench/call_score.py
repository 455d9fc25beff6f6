"""How good a test call was: each aspect is rated good, fair or bad against what callers notice. Pure.

Thresholds: loss and jitter as ITU-T Y.1541 class 0 and the usual practice of telephone networks; MOS by ITU-T G.107,
table B.1; delay by G.114 (150 ms one way, so 300 ms there and back, is not noticed).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Final

ANSWERED: Final = 200


class Grade(StrEnum):
    """How an aspect of a call is."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class CallReport:
    """What came back from one call. Times in ms since it was dialled, but `first_sound_ms`, which is since the answer;
    None for what never came. `heard` are the recogniser's words; `echo_ms`: how late our own sound came back, None
    where it did not; `echo_word_error`: of our own words in it. `ended_by`: us or them."""

    to: str
    status: int
    reason: str = ""
    codec: str = ""
    ringing_ms: int | None = None
    answered_ms: int | None = None
    first_sound_ms: int | None = None
    lasted_s: float = 0.0
    packets_received: int = 0
    packets_lost: int = 0
    jitter_ms: float = 0.0
    mos: float | None = None
    gaps_ms: tuple[int, ...] = ()
    said: str = ""
    heard: str = ""
    echo_ms: int | None = None
    echo_word_error: float | None = None
    ended_by: str = ""

    @property
    def was_answered(self) -> bool:
        """Whether somebody took the call."""
        return self.answered_ms is not None

    @property
    def loss_percent(self) -> float:
        """Of the packets that were sent to us."""
        expected = self.packets_received + max(0, self.packets_lost)
        return round(100 * max(0, self.packets_lost) / expected, 2) if expected else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """`points`: 0 to 100, the mean of all aspects; `grade` is that of the worst."""

    points: int
    grade: Grade
    aspects: Mapping[str, Grade] = field(default_factory=dict)


_POINTS: Final = {Grade.GOOD: 100, Grade.FAIR: 50, Grade.BAD: 0}


def score(report: CallReport) -> Score:
    """Rate a call; one that nobody took is bad, and that is all there is to say."""
    if not report.was_answered:
        return Score(0, Grade.BAD, {"answered": Grade.BAD})
    aspects = dict(_aspects(report))
    worst = next(one for one in (Grade.BAD, Grade.FAIR, Grade.GOOD) if one in aspects.values())
    return Score(round(sum(_POINTS[one] for one in aspects.values()) / len(aspects)), worst, aspects)


def _aspects(report: CallReport) -> Iterator[tuple[str, Grade]]:
    yield "answered", _at_most(report.answered_ms or 0, 4_000, 15_000)
    if not report.packets_received:
        yield "sound", Grade.BAD
        return
    yield "loss", _at_most(report.loss_percent, 1.0, 3.0)
    yield "jitter", _at_most(report.jitter_ms, 20.0, 50.0)
    if report.mos is not None:
        yield "mos", _at_most(-report.mos, -4.0, -3.6)
    if report.echo_ms is not None:
        yield "delay", _at_most(report.echo_ms, 300, 500)
    elif report.gaps_ms:
        yield "response", _at_most(median(report.gaps_ms), 600, 1_500)
    if report.echo_word_error is not None:
        yield "words", _at_most(report.echo_word_error, 0.2, 0.5)
    elif report.first_sound_ms is None:
        yield "sound", Grade.BAD


def _at_most(value: float, good: float, fair: float) -> Grade:
    if value <= good:
        return Grade.GOOD
    return Grade.FAIR if value <= fair else Grade.BAD


# --- a call that failed ---------------------------------------------------------------------------

_REMEDIES: Final[Mapping[int, str]] = {
    401: "The phone system wants a password: --account calls as this box's extension.",
    403: "The phone system does not let this caller call there: try --account, or look at its dial plan.",
    404: "There is no such number or address there.",
    407: "The phone system wants a password: --account calls as this box's extension.",
    408: "Nobody answers at that address: compare host and port, and let UDP through (firewall, VLAN).",
    480: "The other side is there but takes no call at present.",
    486: "It is busy: every line is taken.",
    487: "It rang, and nobody took the call in time.",
    488: "The two sides share no codec: offer another with --codec.",
    503: "Nothing takes SIP at that address: compare host and port; or there is no line left.",
    603: "The other side declined the call.",
}
_OTHER: Final = "Look into the other side's log for what it minds."


def remedy_of(report: CallReport) -> str:
    """What to do about a call that nobody took, or in which nothing came; empty where all is well."""
    if not report.was_answered:
        return _REMEDIES.get(report.status, _OTHER)
    if not report.packets_received:
        return (
            "Answered, but no sound came: RTP is kept out (firewall, NAT). `appliance doctor --only nat`; let UDP"
            " through in both directions."
        )
    return ""
