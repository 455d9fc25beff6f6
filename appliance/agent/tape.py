"""One call's recording, as far as it may be kept: paused, taken up, blanked, given up; the session decides which.

While it is paused silence is written in place of both sides, so that the times of the rest stay true.
"""

from __future__ import annotations

import logging
from pathlib import Path

from appliance.domain.sound import SILENCE, FrameHeard
from appliance.errors import ApplianceError
from appliance.store.recordings import Recorder

_log = logging.getLogger(__name__)


class Tape:
    """The recording of one call at `path`.

    `keeps_calls`: calls are recorded; otherwise only a message that is left by speaking it. `waits`: nothing is
    kept before `go_on`.
    """

    def __init__(self, path: Path | None, *, keeps_calls: bool, waits: bool = False) -> None:
        self.path = path
        self._keeps_calls = keeps_calls
        self._paused = waits
        self._dictates = False
        self._has_sound = False
        self._recorder = Recorder(path, _say_fault) if path is not None and keeps_calls else None
        self._finishing: Recorder | None = None

    @property
    def kept(self) -> Path | None:
        """Where the recording is, or will be once it is closed; None when nothing was kept."""
        return self.path if self._has_sound else None

    def record(self, frame: FrameHeard) -> None:
        """Both sides of one tick."""
        if self._recorder is None:
            return
        if not self._paused or self._dictates:
            self._has_sound = True
            self._recorder.write(frame.heard, frame.spoken, frame.tick)
        elif self._has_sound:
            self._recorder.write(SILENCE, SILENCE, frame.tick)

    def pause(self) -> None:
        """Silence from here on."""
        self._paused = True

    def go_on(self) -> None:
        """Both sides from here on."""
        self._paused = False

    def blank(self, from_tick: int, to_tick: int) -> None:
        """Silence instead of what was written of these ticks."""
        if self._recorder is not None:
            self._recorder.blank(from_tick, to_tick)

    def discard(self) -> None:
        """What was written is deleted; silence from here on."""
        self._paused, self._has_sound = True, False
        if self._recorder is not None:
            self._recorder.discard()

    def begin_message(self) -> None:
        """The caller was asked to speak after the tone: that is kept, whether or not calls are."""
        self._dictates = True
        if self._recorder is None and self.path is not None:
            self._recorder = Recorder(self.path, _say_fault)

    def end_message(self) -> None:
        """From here on only what is kept of every call."""
        self._dictates = False
        if not self._keeps_calls and self._recorder is not None:
            self._recorder.close(timeout_s=0.0)  # its thread finishes by itself
            self._recorder, self._finishing = None, self._recorder

    def close(self) -> None:
        """Finish the file; blocks as long as a recorder may take."""
        for recorder in (self._recorder, self._finishing):
            if recorder is not None:
                recorder.close()


def _say_fault(fault: ApplianceError) -> None:
    _log.error("recording fault", extra={"code": fault.code, "reason": str(fault)})
