"""What has been seen of each call under way, from the lines of the watch socket. Pure.

offered -> listens; partial -> hears; heard -> thinks; speak -> speaks; said -> listens; closed -> gone
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from appliance.domain.call import Speaker, Turn

_LINES_KEPT: Final = 60
_GAPS_KEPT: Final = 40


class Phase(StrEnum):
    """What goes on in a call at this moment."""

    LISTENS = "listens"
    HEARS = "hears"
    THINKS = "thinks"
    SPEAKS = "speaks"
    KEYS = "by keys"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the transcript. `who` is a letter: C the caller, A us, - something that happened."""

    who: str
    text: str
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class CallSeen:
    """One call. `under_way`: words that are still growing, of whoever the phase says; times in ms."""

    call_id: str
    caller: str = ""
    phase: Phase = Phase.LISTENS
    lines: tuple[Spoken, ...] = ()
    under_way: str = ""
    gaps_ms: tuple[int, ...] = ()
    waterfall: dict[str, Any] | None = None

    def with_line(self, line: Spoken) -> CallSeen:
        """One more line; the oldest gives way."""
        return replace(self, lines=(*self.lines, line)[-_LINES_KEPT:])


def seen(call: CallSeen, told: dict[str, Any]) -> CallSeen:
    """The call after one more line of the watch socket."""
    match told:
        case {"kind": "partial", "text": str(text)}:
            return replace(call, phase=Phase.HEARS, under_way=text)
        case {"kind": "heard", "text": str(text)}:
            heard = call.with_line(Spoken("C", text)) if text else call
            return replace(heard, phase=Phase.THINKS if text else Phase.LISTENS, under_way="")
        case {"kind": "speak", "text": str(text)}:
            words = f"{call.under_way} {text}".strip() if call.phase is Phase.SPEAKS else text
            return replace(call, phase=Phase.SPEAKS, under_way=words)
        case {"kind": "said", "text": str(text)}:
            return _said(call, told, text)
        case {"kind": "note", "what": str(what)}:
            return call.with_line(Spoken("-", f"{what} {told.get('detail', '')}".strip()))
        case {"kind": "menu"}:
            return replace(call, phase=Phase.KEYS, under_way="")
        case _:
            return call


def _said(call: CallSeen, told: dict[str, Any], text: str) -> CallSeen:
    gap_ms = told.get("response_gap_ms")
    said = call.with_line(Spoken("A", text, bool(told.get("interrupted")))) if text else call
    return replace(
        said,
        phase=Phase.LISTENS if call.phase is Phase.SPEAKS else call.phase,
        under_way="" if call.phase is Phase.SPEAKS else call.under_way,
        gaps_ms=call.gaps_ms if gap_ms is None else (*call.gaps_ms, int(gap_ms))[-_GAPS_KEPT:],
        waterfall=told.get("waterfall") or call.waterfall,
    )


def from_record(call_id: str, caller: str, turns: Iterable[Turn]) -> CallSeen:
    """A call that was there before we came to look."""
    kept = tuple(turns)
    gaps = tuple(turn.response_gap_ms for turn in kept if turn.response_gap_ms is not None)
    lines = tuple(
        Spoken("C" if turn.speaker is Speaker.CALLER else "A", turn.text, turn.interrupted) for turn in kept
    )
    return CallSeen(call_id, caller, lines=lines[-_LINES_KEPT:], gaps_ms=gaps[-_GAPS_KEPT:])
