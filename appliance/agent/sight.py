"""What an onlooker may ask of the calls at any moment: who, how long, how loud, how much of our echo is taken out.

Until somebody asks, a call costs one reference a tick. Belongs to the event loop.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from appliance.conversation.interruption import level_dbfs
from appliance.domain.events import CallOffered
from appliance.domain.sound import SILENCE, FrameHeard, ms

_LEVEL_TICKS: Final = 12
"""A meter shows the last 240 ms."""


@dataclass(slots=True)
class _Seen:
    offered: CallOffered
    frames: deque[FrameHeard] = field(default_factory=lambda: deque(maxlen=_LEVEL_TICKS))


class Sight:
    """Every call that is under way."""

    def __init__(self) -> None:
        self._calls: dict[str, _Seen] = {}

    def begun(self, offered: CallOffered) -> None:
        """A call is ours."""
        self._calls[offered.call_id] = _Seen(offered)

    def frame(self, frame: FrameHeard) -> None:
        """One tick of a call."""
        if seen := self._calls.get(frame.call_id):
            seen.frames.append(frame)

    def over(self, call_id: str) -> None:
        """The call is no longer ours."""
        self._calls.pop(call_id, None)

    def tick(self, call_id: str) -> int:
        """How far the call is; 0 when nothing has been heard yet."""
        seen = self._calls.get(call_id)
        return seen.frames[-1].tick if seen and seen.frames else 0

    def look(self) -> list[dict[str, Any]]:
        """Each call, as plain values; levels in dB below full scale."""
        return [_looked(seen) for seen in self._calls.values()]


def _looked(seen: _Seen) -> dict[str, Any]:
    frames = list(seen.frames)
    last = frames[-1] if frames else None
    return {
        "call_id": seen.offered.call_id,
        "caller": seen.offered.caller,
        "called": seen.offered.called,
        "lasts_ms": ms(last.tick) if last else 0,
        "heard_dbfs": round(level_dbfs(b"".join(one.heard for one in frames) or SILENCE), 1),
        "spoken_dbfs": round(level_dbfs(b"".join(one.spoken for one in frames) or SILENCE), 1),
        "erle_db": round(last.erle_db, 1) if last else 0.0,
    }
