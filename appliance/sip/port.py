"""The fixed pool of sound ports between pjsua2's bridge and our taps.

Ports live as long as the library: one that is destroyed with its call races with the clock thread that is
inside its callback (parts.md). A free port is simply one without a tap.
"""

from __future__ import annotations

import logging
from typing import Any

import pjsua2 as pj

from appliance.domain.sound import FRAME_BYTES, SAMPLE_RATE_HZ, SILENCE, TICK_MS
from appliance.sip import vectors
from appliance.sip.words import SoundTap

_log = logging.getLogger(__name__)


class SoundPort(pj.AudioMediaPort):  # type: ignore[misc]
    """One place in the bridge. `tap` is set and cleared by the telephone's thread, read by the clock's."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.tap: SoundTap | None = None
        self.createPort(f"tap-{number}", _format())

    def onFrameRequested(self, frame: Any) -> None:  # noqa: N802  pjsua2's name
        """The bridge wants what we say."""
        try:
            tap = self.tap
            vectors.write(frame, tap.next_spoken() if tap else SILENCE)
        except Exception:  # noqa: BLE001  a foreign thread: nothing may escape (parts.md)
            _log.exception("sound could not be played")

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802
        """The bridge brings what the far end says; empty while nothing is connected."""
        try:
            tap = self.tap
            if tap is None:
                return
            heard = vectors.read(frame.buf)
            tap.put_heard(heard if len(heard) == FRAME_BYTES else SILENCE)
        except Exception:  # noqa: BLE001  a foreign thread: nothing may escape (parts.md)
            _log.exception("sound could not be taken")


def _format() -> Any:
    chosen = pj.MediaFormatAudio()
    chosen.type = pj.PJMEDIA_TYPE_AUDIO
    chosen.clockRate = SAMPLE_RATE_HZ
    chosen.channelCount = 1
    chosen.bitsPerSample = 16
    chosen.frameTimeUsec = TICK_MS * 1000
    return chosen


class PortPool:
    """All ports of a telephone, taken at ring and given back at the end of the call."""

    def __init__(self, size: int) -> None:
        self._ports = [SoundPort(number) for number in range(size)]
        self._free = list(self._ports)

    def take(self) -> SoundPort | None:
        """A free port, or None when every one is in a call."""
        return self._free.pop() if self._free else None

    def give_back(self, port: SoundPort) -> None:
        """The call is over; whoever rings next may have it."""
        port.tap = None
        self._free.append(port)
