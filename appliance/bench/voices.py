"""The sound of synthetic callers: Kokoro, so that nobody sounds like the agent's Piper; made once, kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from appliance.bench.recordings import speech_bounds
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import EngineFault
from appliance.settings import Settings

if TYPE_CHECKING:
    from appliance.engines.ports import Voice

_PAUSE = re.compile(r"\[(\d+)\]")
_BYTES_PER_MS = SAMPLE_RATE_HZ * 2 // 1000


@dataclass
class SyntheticVoice:
    """One caller's voice. Loaded only when something has to be said that was never said before."""

    folder: Path
    voice: str = "af_heart"
    speed: float = 1.0
    _engine: Voice | None = None

    def sound(self, text: str) -> Path:
        """Raw 16 kHz mono int16 of `text`; "[450]" in it is a pause of so many ms."""
        key = f"{self.voice} {self.speed:g} {text}"
        path = self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.pcm"
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._spoken(text))
        return path

    def _spoken(self, text: str) -> bytes:
        pieces = _PAUSE.split(text)
        spoken = [b"".join(self._loaded().speak(piece.strip())) for piece in pieces[::2]]
        pauses_ms = [*map(int, pieces[1::2]), 0]
        return joined(spoken, pauses_ms)

    def _loaded(self) -> Voice:
        if self._engine is None:
            self._engine = _load(self.voice, self.speed)
        return self._engine


def joined(spoken: Sequence[bytes], pauses_ms: Sequence[int]) -> bytes:
    """Pieces of speech, each followed by its pause: exactly that long, whatever silence the pieces end in."""
    sound = b""
    for pcm, pause_ms in zip(spoken, pauses_ms, strict=True):
        first, last = speech_bounds(pcm)
        sound += pcm[2 * first : 2 * last] + bytes(pause_ms * _BYTES_PER_MS)
    return sound


def _load(voice: str, speed: float) -> Voice:
    from appliance.engines.kokoro_tts import KokoroVoice
    from appliance.weights.place import resolve

    model = resolve(Settings(), "caller_voice")
    if model is None:
        raise EngineFault(
            "the synthetic callers have no voice.", remedy="Run: appliance models pull --profile demo"
        )
    return KokoroVoice(model, voice, speed)
