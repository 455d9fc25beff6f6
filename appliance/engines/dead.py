"""Engines that could not be loaded: they fail at whatever they are asked, so that the rest of the box can serve.

An agent that comes back with a broken model still has its prepared sounds and its cache; callers get those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appliance.engines.ports import Recogniser
from appliance.errors import ApplianceError, EngineFault


class DeadRecogniser:
    """A recogniser that opens no stream; `fault` is why."""

    name = "none"

    def __init__(self, fault: ApplianceError) -> None:
        self._fault = fault

    def open(self, words: Sequence[str] = ()) -> Recogniser:
        """EngineFault."""
        raise EngineFault("recogniser: could not be loaded.", remedy=self._fault.remedy) from self._fault


class DeadVoice:
    """A voice that says nothing; `fault` is why."""

    name = "none"

    def __init__(self, fault: ApplianceError) -> None:
        self._fault = fault

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        """EngineFault."""
        raise EngineFault("voice: could not be loaded.", remedy=self._fault.remedy) from self._fault
