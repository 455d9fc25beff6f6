"""A call and what is remembered of it: the record (CDR), its turns, its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Speaker(StrEnum):
    """Who said a turn."""

    CALLER = "caller"
    AGENT = "agent"


class TurnClass(StrEnum):
    """What kind of answer a turn is; their limits differ, so they are reported apart (measure.md)."""

    PHRASE = "phrase"  # prepared: greeting, confirmation, apology
    FLOW = "flow"  # a question or step of a flow
    FACT = "fact"  # answered from what the business says of itself
    OPEN = "open"  # composed by the language model


class Disposition(StrEnum):
    """How a call ended, as the office wants to know it."""

    OPEN = "open"  # still going on, or the box died: repaired at the next start
    ANSWERED = "answered"  # questions were answered, nothing else was wanted
    BOOKED = "booked"
    MOVED = "moved"  # an appointment the caller had
    CANCELLED = "cancelled"
    MESSAGE = "message"
    TRANSFERRED = "transferred"  # with a colleague, or on the emergency line
    ABANDONED = "abandoned"  # the caller hung up in the middle of something
    SILENT = "silent"  # nobody ever spoke
    TURNED_AWAY = "turned_away"  # never answered: every line was taken, or nobody was there to answer
    MISSED = "missed"  # never answered: the caller gave up while it rang
    SYSTEM_FAILURE = "system_failure"


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Where the time of one response went, in ms since the call was answered; None where a step was not needed.

    speech_ended -> turn_decided (waiting) -> final_text (recogniser) -> reply_decided (understanding, model)
    -> first_audio (voice) -> first_packet (playout). `first_sound` is the first sound of any kind: an
    acknowledgement ("let me see") comes before the answer's first packet and does not count as the answer.
    `prepared`: the answer's voice was made while the caller still had the turn.
    """

    speech_ended_ms: int | None = None
    turn_decided_ms: int | None = None
    final_text_ms: int | None = None
    reply_decided_ms: int | None = None
    first_audio_ms: int | None = None
    first_packet_ms: int | None = None
    first_sound_ms: int | None = None
    prepared: bool | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said by one side. Times are ms since the call was answered.

    For the agent, `text` holds only the words that were really played; `response_gap_ms` is measured inside
    the box (caller's last speech tick to our first speech tick) and None when no caller speech preceded.
    """

    number: int
    speaker: Speaker
    text: str
    started_ms: int
    ended_ms: int
    turn_class: TurnClass | None = None
    response_gap_ms: int | None = None
    interrupted: bool = False
    confidence: float | None = None
    waterfall: Waterfall | None = None


@dataclass(frozen=True, slots=True)
class CallEvent:
    """Something that happened in a call and is worth keeping: a state change, a key, a fault."""

    at_ms: int
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LineQuality:
    """What the network did to a call, from RTCP and the jitter buffer, and what the canceller reached.

    `tick_late_*_ms`: how late our 20 ms ticks, and with them our packets, were sent. `mos` is how well the caller
    could be heard, 1 to 4.5, as the E-model estimates it (audio/emodel.py); None where no packets came.
    """

    codec: str = ""
    packets_received: int = 0
    packets_lost: int = 0
    jitter_ms: float = 0.0
    erle_db: float = 0.0
    frames_dropped: int = 0
    tick_late_p50_ms: float = 0.0
    tick_late_p99_ms: float = 0.0
    tick_late_worst_ms: float = 0.0
    mos: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A call in two sentences, for the office: `text` is `wish` and then `next_step`.

    `by` says who worded it: "template", or "model" where a language model put the wish into words; the next
    step is never left to a model.
    """

    text: str
    wish: str
    next_step: str
    by: str = "template"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """The record of one call (CDR), with everything that was said.

    `slots` is what flows captured, "flow.slot" to its value; what is private is never among them.
    """

    call_id: str
    caller: str
    called: str
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    disposition: Disposition
    recording: str | None
    versions: dict[str, str] = field(default_factory=dict)
    quality: LineQuality | None = None
    turns: tuple[Turn, ...] = ()
    events: tuple[CallEvent, ...] = ()
    summary: Summary | None = None
    slots: dict[str, str] = field(default_factory=dict)
