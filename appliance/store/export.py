"""A call as the outside sees it: one JSON object or a page of text, the same wherever a call is shown."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec

from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import CallRecord, Turn, Waterfall


def as_json(
    record: CallRecord, appointment: Appointment | None = None, message: Message | None = None
) -> dict[str, Any]:
    """Strings, numbers, lists and dicts only; moments are ISO 8601 with offset, absent things are None."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    plain["turns"] = [_turn(turn) for turn in record.turns]
    return plain | {
        "appointment": None if appointment is None else _appointment(appointment),
        "message": None if message is None else msgspec.to_builtins(message),
    }


def transcript(record: CallRecord) -> str:
    """Who said what, a line each, with the time since the call was answered: `00:03.2  caller  ...`."""
    return "".join(f"{clock(turn.started_ms)}  {turn.speaker:<6}  {_said(turn)}\n" for turn in record.turns)


def clock(ms: int) -> str:
    """Milliseconds since answer as mm:ss.t."""
    return f"{ms // 60_000:02}:{ms % 60_000 // 1000:02}.{ms % 1000 // 100}"


def steps(waterfall: Waterfall) -> str:
    """What each step of a response took, in ms: `turn 320, text 24, reply 3, voice 90, packet 20`.

    `(prepared)` follows when the voice was made while the caller still had the turn.
    """
    moments = [
        ("", waterfall.speech_ended_ms),
        ("turn", waterfall.turn_decided_ms),
        ("text", waterfall.final_text_ms),
        ("reply", waterfall.reply_decided_ms),
        ("voice", waterfall.first_audio_ms),
        ("packet", waterfall.first_packet_ms),
    ]
    known = [(name, at_ms) for name, at_ms in moments if at_ms is not None]
    told = ", ".join(f"{name} {at_ms - before_ms}" for (_, before_ms), (name, at_ms) in pairwise(known))
    return f"{told} (prepared)" if waterfall.prepared else told


def _said(turn: Turn) -> str:
    return f"{turn.text} --" if turn.interrupted else turn.text


def _appointment(appointment: Appointment) -> dict[str, Any]:
    """Moments keep the office's offset: that is the time that was agreed."""
    plain: dict[str, Any] = msgspec.to_builtins(appointment)
    return plain | {
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(turn)
    plain["class"] = plain.pop("turn_class")
    return plain
