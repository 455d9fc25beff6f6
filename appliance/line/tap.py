"""A call's end of the bridge. The clock thread calls it twice a tick; it copies, queues and returns.

Our silence is sent as comfort noise, or as a ringing tone while a colleague is called, but told as silence: who
takes turns or echo out must not take it for us.

Everything that takes time - echo, noise, the link - happens in `CallLoop`'s thread, which the ticks reach
through a queue. When that thread falls behind, sound is thrown away and counted; reports never are.
"""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import Any, NamedTuple

from appliance.clock import Clock
from appliance.domain.commands import SoundToSpeak
from appliance.domain.sound import SILENCE
from appliance.line.comfort import ComfortNoise
from appliance.line.lateness import TickLateness
from appliance.line.playout import Playout, PlayoutEvent
from appliance.line.ringback import Ringback

WAITING_TICKS_MAX = 500


class Tick(NamedTuple):
    """20 ms of a call: what was heard and spoken in it, what the playout reports."""

    call_id: str
    tick: int
    heard: bytes
    spoken: bytes
    events: list[PlayoutEvent]


class CallTap:
    """Pairs heard[tick] with spoken[tick]. Tick 0 is the first one with the media active."""

    def __init__(self, call_id: str, ticks: SimpleQueue[Any], clock: Clock) -> None:
        self._call_id = call_id
        self._ticks = ticks
        self._clock = clock
        self._comfort = ComfortNoise(call_id)
        self._ringback: Ringback | None = None
        self.lateness = TickLateness()
        self._lock = threading.Lock()
        self._playout = Playout(call_id)
        self._tick = -1
        self._unpaired: Tick | None = None
        self._flush_events: list[PlayoutEvent] = []
        self.dropped_ticks = 0

    # --- the clock thread -----------------------------------------------------------------------

    def next_spoken(self) -> bytes:
        """The frame for a new tick. If nothing was heard in the last one, it is passed on as silence."""
        self.lateness.fired(self._clock.monotonic_s())
        self._pass_on(SILENCE)
        self._tick += 1
        with self._lock:
            frame, events = self._playout.next_frame(self._tick)
            events = self._flush_events + events
            self._flush_events = []
        self._unpaired = Tick(self._call_id, self._tick, SILENCE, frame, events)
        return self._background() if frame == SILENCE else frame

    def _background(self) -> bytes:
        ringback = self._ringback
        tone = ringback.frame() if ringback else SILENCE
        return self._comfort.frame() if tone == SILENCE else tone

    def put_heard(self, heard: bytes) -> None:
        """The far end's sound of this tick."""
        self._pass_on(heard)

    def _pass_on(self, heard: bytes) -> None:
        tick, self._unpaired = self._unpaired, None
        if tick is None:
            return
        if self._ticks.qsize() > WAITING_TICKS_MAX and not tick.events:
            self.dropped_ticks += 1
            return
        self._ticks.put(tick._replace(heard=heard))

    # --- the loop's thread ----------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """Whether everything that was put has been handed to the network."""
        with self._lock:
            return self._playout.idle

    @property
    def held(self) -> bool:
        """Whether it keeps silent until it is told to go on."""
        with self._lock:
            return self._playout.held

    def put(self, sound: SoundToSpeak) -> None:
        """Queue sound to be played."""
        with self._lock:
            self._playout.put(sound)

    def hold(self) -> None:
        """Fall silent from the next tick on and keep what is queued."""
        with self._lock:
            self._playout.hold()

    def go_on(self) -> None:
        """Go on from the word at which `hold` fell."""
        with self._lock:
            self._playout.go_on()

    def ring(self, region: str) -> None:
        """Let the ringing tone of `region` be heard when nothing is said; none without a region."""
        self._ringback = Ringback(region) if region else None

    def flush(self) -> None:
        """Stop at once, held or not; the report travels with the next tick."""
        with self._lock:
            self._flush_events += self._playout.flush(max(self._tick, 0))

    def new_agent(self) -> None:
        """Speeches are numbered afresh from here."""
        with self._lock:
            self._playout.forget_numbers()
