"""What is done to a caller's sound before anybody understands it: our echo out, then the noise."""

from __future__ import annotations

from appliance.audio.echo import EchoCanceller
from appliance.audio.echo_path import REACH_MS
from appliance.audio.noise import NoiseSuppressor
from appliance.domain.sound import SILENCE, ticks
from appliance.settings import Audio

ECHO_TAIL_MS = REACH_MS
"""For so long after our last word an echo of it may still come."""


class Cleaner:
    """One call's canceller and suppressor, and the judgement when their work is wanted.

    The canceller hears every tick and so stays adapted, but its output is used only while an echo can be
    there: while we are silent the caller passes untouched, to the bit.
    """

    def __init__(self, audio: Audio) -> None:
        self._echo = EchoCanceller() if audio.echo_cancellation else None
        self._noise = NoiseSuppressor(audio.noise_suppression)
        self._silent_ticks = ticks(ECHO_TAIL_MS)

    @property
    def erle_db(self) -> float:
        """How much of our echo is taken out, where there was one."""
        return self._echo.erle_db if self._echo else 0.0

    def clean(self, heard: bytes, spoken: bytes) -> bytes:
        """The caller's frame without us; the very same object when there was nothing to take out."""
        cleaned = self._without_echo(heard, spoken)
        return self._noise.feed(cleaned)

    def _without_echo(self, heard: bytes, spoken: bytes) -> bytes:
        if self._echo is None:
            return heard
        cleaned = self._echo.feed(heard, spoken)
        self._silent_ticks = self._silent_ticks + 1 if spoken == SILENCE else 0
        return heard if self._silent_ticks > ticks(ECHO_TAIL_MS) else cleaned
