"""Sound as the house counts it: 20 ms ticks of 16 kHz mono 16-bit samples.

`heard` is what came from the caller, `spoken` what we played, `cleaned` what is left of `heard` when our own
echo and the noise are taken out. A tick is the number of 20 ms steps since the call was answered.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SAMPLE_RATE_HZ = 16_000
TICK_MS = 20
TICKS_PER_S = 1000 // TICK_MS
FRAME_SAMPLES = SAMPLE_RATE_HZ * TICK_MS // 1000
FRAME_BYTES = FRAME_SAMPLES * 2
SILENCE = bytes(FRAME_BYTES)


def ticks(ms: float) -> int:
    """How many whole ticks last at least `ms` milliseconds."""
    return math.ceil(ms / TICK_MS)


def ms(tick_count: int) -> int:
    """How many milliseconds `tick_count` ticks last."""
    return tick_count * TICK_MS


def frames_in(pcm: bytes) -> int:
    """How many ticks `pcm` (16 kHz mono int16) lasts, the last one counted even if it is partly filled."""
    return -(-len(pcm) // FRAME_BYTES)


@dataclass(frozen=True, slots=True)
class FrameHeard:
    """One tick of a call as the line saw it; may be dropped (oldest first, counted) when the agent is slow.

    `heard` is the caller untouched, `cleaned` the same without our echo (the same object when nothing was
    being said by us), `spoken` what was handed to the network in this tick. Each is FRAME_BYTES long.
    """

    call_id: str
    tick: int
    heard: bytes
    cleaned: bytes
    spoken: bytes
    erle_db: float = 0.0
