"""What may be kept of a call's sound and words: the orders to the recording and the record, and what they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from appliance.domain.sound import ms, ticks

PRIVATE: Final = "[private]"
"""Stands on record where words stood that are nobody's business: a card number, an answer to a private question."""
NOT_KEPT: Final = "[not kept]"
"""Stands on record for a whole turn of a caller who does not want to be recorded."""


@dataclass(frozen=True, slots=True)
class PauseRecording:
    """From here on both sides are silent in the recording; its times stay true. Twice is once.

    `private`: because something is being said that is nobody's business; onlookers are not shown it either.
    """

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class GoOnRecording:
    """From here on both sides are recorded, again or for the first time."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str


@dataclass(frozen=True, slots=True)
class BlankRecording:
    """What was recorded from `from_tick` up to, and without, `to_tick` becomes silence on disk."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    from_tick: int
    to_tick: int


@dataclass(frozen=True, slots=True)
class DiscardRecording:
    """What was recorded of this call is deleted, and nothing more of it is until `GoOnRecording` says so."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str


@dataclass(frozen=True, slots=True)
class HideTurns:
    """The words of turns on record give way to `mark`: of these numbers, or, with none named, of all so far."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    mark: str
    numbers: tuple[int, ...] = ()


RecordingCommand = PauseRecording | GoOnRecording | BlankRecording | DiscardRecording | HideTurns

ALLOWED: Final = "recording_allowed"
REFUSED: Final = "recording_refused"
DISCARDED: Final = "recording_discarded"
BLANKED: Final = "recording_blanked"
PAUSED: Final = "recording_paused"
TAKEN_UP: Final = "recording_taken_up"
"""Kinds of events (CallEvent) that tell what became of a recording. `BLANKED` has the span in its detail."""


def span_text(from_tick: int, to_tick: int) -> str:
    """A span of ticks as an event tells it, in ms: "12340-15680"."""
    return f"{ms(from_tick)}-{ms(to_tick)}"


def span_of(detail: str) -> tuple[int, int]:
    """What `span_text` told, in ticks."""
    first, _, end = detail.partition("-")
    return ticks(int(first)), ticks(int(end))


def is_allowed(kinds: Sequence[str], *, asked: bool) -> bool:
    """Whether a caller of whom these kinds of events are known may be recorded; `asked`: not before they agree."""
    told = [kind for kind in kinds if kind in {ALLOWED, REFUSED, DISCARDED}]
    return told[-1] == ALLOWED if told else not asked
