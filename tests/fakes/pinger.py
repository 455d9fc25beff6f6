"""A caller that throws a burst of sound at the line and counts the samples until one comes back.

    python -m tests.fakes.pinger sip:box@127.0.0.1:5060 10   ->   {"turnaround_samples": [853, ...]}

A burst is said in a tick and looked for in every tick after it: the figure is counted in the caller's audio.
"""

from __future__ import annotations

import json
import sys
import threading
from queue import SimpleQueue

import numpy as np

from appliance.domain.sound import FRAME_SAMPLES, SILENCE, TICK_MS, ticks
from appliance.sip import words
from appliance.sip.telephone import Telephone
from tests.fakes.tones import tone

BURST = tone(1000, TICK_MS)
LOUD = 1500
_FIRST_AT_TICK = ticks(1500)
_PAUSE_TICKS = 21  # no multiple of anybody's period
_LOST_TICKS = ticks(2000)


class PingTap:
    """Says bursts, hears them; `done` once enough came back."""

    def __init__(self, wanted: int) -> None:
        self.turnaround_samples: list[int] = []
        self.lost = 0
        self.done = threading.Event()
        self._wanted = wanted
        self._tick = -1
        self._said_at: int | None = None
        self._next_at = _FIRST_AT_TICK

    def next_spoken(self) -> bytes:
        """A burst when it is time for one."""
        self._tick += 1
        if self._said_at is None and self._tick >= self._next_at:
            self._said_at = self._tick
            return BURST
        return SILENCE

    def put_heard(self, heard: bytes) -> None:
        """Look for the answer."""
        if self._said_at is None:
            return
        loud = np.flatnonzero(np.abs(np.frombuffer(heard, np.int16).astype(np.int32)) > LOUD)
        waited = self._tick - self._said_at
        if len(loud):
            self.turnaround_samples.append(waited * FRAME_SAMPLES + int(loud[0]))
        elif waited > _LOST_TICKS:
            self.lost += 1
        else:
            return
        self._said_at, self._next_at = None, self._tick + _PAUSE_TICKS
        if len(self.turnaround_samples) + self.lost >= self._wanted:
            self.done.set()


def main() -> None:
    """Call, throw, count, print one JSON object."""
    uri, wanted = sys.argv[1], int(sys.argv[2])
    tap = PingTap(wanted)
    events: SimpleQueue[words.SipEvent] = SimpleQueue()
    phone = Telephone(
        words.Station(codecs=("PCMU",)),
        on_event=events.put,
        new_tap=lambda _: tap,
        new_call_id=lambda: "uninvited",
    )
    phone.start()
    phone.dial("ping", uri)
    tap.done.wait(10 + wanted * 2)
    phone.hang_up("ping")
    phone.close()
    print(json.dumps({"turnaround_samples": tap.turnaround_samples, "lost": tap.lost}))


if __name__ == "__main__":
    main()
