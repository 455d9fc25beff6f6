"""Who spoke when, on the caller's own clock: agent speech by energy, response gaps, premature replies.

Pure. Times are ms of sound since the media began, counted in samples, as measure.md wants them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from appliance.domain.sound import FRAME_SAMPLES, SAMPLE_RATE_HZ, TICK_MS, ticks

SPEECH_LEVEL = 200  # of 32767; the silence of G.711 and comfort noise stay far below
_SPEECH_SAMPLES_MIN = 8  # a lone click is not speech
_ENDED_AFTER_TICKS = ticks(200)

Event = dict[str, Any]


def ms_of_sample(sample: int) -> int:
    """Milliseconds at which `sample` of 16 kHz sound lies."""
    return sample * 1000 // SAMPLE_RATE_HZ


@dataclass(slots=True)
class _Said:
    first_ms: int
    last_ms: int
    over_agent: bool
    answered: bool = False
    premature: bool = False


@dataclass(slots=True)
class Stopwatch:
    """Fed every tick from the agent, told of everything that is said; returns what it noticed."""

    speaking: bool = False
    spoke_since_said: bool = False
    quiet_ticks: int = 0
    gaps_ms: list[int] = field(default_factory=list)
    premature: int = 0
    _last_speech_ms: int = 0
    _said: _Said | None = None

    @property
    def quiet_ms(self) -> int:
        """For how long the agent has been quiet."""
        return self.quiet_ticks * TICK_MS

    def say(self, first_ms: int, last_ms: int) -> None:
        """We begin to say something whose speech lies between these moments."""
        self._said = _Said(first_ms, last_ms, over_agent=self.speaking)
        self.spoke_since_said = False

    def heard(self, tick: int, frame: bytes) -> list[Event]:
        """One tick from the agent."""
        loud = np.flatnonzero(np.abs(np.frombuffer(frame, np.int16).astype(np.int32)) > SPEECH_LEVEL)
        if len(loud) < _SPEECH_SAMPLES_MIN:
            return self._quiet()
        first_ms = ms_of_sample(tick * FRAME_SAMPLES + int(loud[0]))
        self._last_speech_ms = ms_of_sample(tick * FRAME_SAMPLES + int(loud[-1]))
        self.quiet_ticks = 0
        self.spoke_since_said = self.spoke_since_said or self._said is None or first_ms > self._said.last_ms
        if self.speaking:
            return []
        self.speaking = True
        return [{"event": "agent_speech_began", "at_ms": first_ms}, *self._answer(first_ms)]

    def _answer(self, first_ms: int) -> list[Event]:
        """The agent began: is it an answer to what we said, and did it wait for the end?"""
        said = self._said
        if said is None or said.answered or said.premature:
            return []
        if first_ms <= said.last_ms:
            if first_ms <= said.first_ms:
                return []
            said.premature = True
            self.premature += 1
            return [{"event": "premature", "at_ms": first_ms, "early_ms": said.last_ms - first_ms}]
        said.answered = True
        gap_ms = first_ms - said.last_ms
        self.gaps_ms.append(gap_ms)
        return [{"event": "response_gap", "at_ms": said.last_ms, "response_gap_ms": gap_ms}]

    def _quiet(self) -> list[Event]:
        self.quiet_ticks += 1
        if not self.speaking or self.quiet_ticks < _ENDED_AFTER_TICKS:
            return []
        self.speaking = False
        return [{"event": "agent_speech_ended", "at_ms": self._last_speech_ms}, *self._stopped()]

    def _stopped(self) -> list[Event]:
        """We had begun to speak over the agent, and now it is quiet."""
        said = self._said
        if said is None or not said.over_agent:
            return []
        said.over_agent = False
        return [{"event": "stopped", "stop_ms": max(0, self._last_speech_ms - said.first_ms)}]
