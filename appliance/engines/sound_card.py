"""The sound card: the desk's microphone and loudspeaker through PortAudio. The only file that imports sounddevice.

Everything is 16 kHz mono int16, as the house has it: ALSA's `default`, PipeWire and PulseAudio resample for a card that
cannot. The microphone's callback, in PortAudio's thread, only hands a frame on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ
from appliance.errors import EngineFault

_log = logging.getLogger(__name__)
_LATENCY_S: Final = 0.1  # PipeWire underruns with less (parts.md)
_PIECE_BYTES: Final = 5 * FRAME_BYTES  # between two looks at whether to stop


@dataclass(frozen=True, slots=True)
class Device:
    """A device of this machine, as `desk.microphone` and `desk.speaker` name it."""

    name: str
    hears: bool
    speaks: bool


def devices() -> list[Device]:
    """Every sound device there is now; EngineFault without PortAudio."""
    found = sounddevice().query_devices()
    return [
        Device(one["name"], one["max_input_channels"] > 0, one["max_output_channels"] > 0) for one in found
    ]


class SoundCard:
    """Hears and speaks until it is closed. `on_frame` gets each FRAME_BYTES frame, in a thread of PortAudio's."""

    def __init__(self, microphone: str, speaker: str, on_frame: Callable[[bytes], None]) -> None:
        """Names or parts of names; empty: the system's own. Opens both; EngineFault when one cannot be had."""
        self._card = sounddevice()
        self._card._terminate()  # devices are looked for once: this looks again, for one that was plugged in
        self._card._initialize()
        self._on_frame = on_frame
        self._silenced = threading.Event()
        self._streams: list[Any] = []
        try:
            self._speaker = self._opened(self._card.RawOutputStream, speaker)
            self._opened(self._card.RawInputStream, microphone, blocksize=FRAME_SAMPLES, callback=self._heard)
        except (
            self._card.PortAudioError,
            ValueError,
        ) as error:  # a name that fits none or several: ValueError
            self.close()
            raise EngineFault(
                "desk: no sound device hears and speaks here as [desk] says.",
                remedy="`appliance desk devices` shows what there is; set desk.microphone and desk.speaker.",
            ) from error

    def _opened(self, kind: Callable[..., Any], device: str, **how: Any) -> Any:
        stream = kind(
            device=device or None,
            samplerate=SAMPLE_RATE_HZ,
            channels=1,
            dtype="int16",
            latency=_LATENCY_S,
            **how,
        )
        self._streams.append(stream)
        stream.start()
        return stream

    def _heard(self, pcm: Any, frames: int, time: Any, status: Any) -> None:
        self._on_frame(bytes(pcm))

    def play(self, pcm: bytes) -> None:
        """Play samples; returns when they are handed to the card, which still plays for `latency_s`. EngineFault."""
        self._silenced.clear()
        for at in range(0, len(pcm), _PIECE_BYTES):
            if self._silenced.is_set():
                return
            try:
                self._speaker.write(pcm[at : at + _PIECE_BYTES])
            except self._card.PortAudioError as error:
                raise EngineFault("desk: the loudspeaker is gone.", remedy="Attach it again.") from error

    @property
    def latency_s(self) -> float:
        """How long after `play` the last sample is heard."""
        return float(self._speaker.latency)

    def close(self) -> None:
        """Let go of both devices."""
        self._silenced.set()
        for stream in self._streams:
            try:
                stream.abort()
                stream.close()
            except self._card.PortAudioError:
                _log.info("sound device was gone")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sounddevice() -> Any:
    """The library, loaded only now: importing it fails on a box without PortAudio. EngineFault."""
    try:
        import sounddevice  # noqa: PLC0415
    except OSError as error:
        raise EngineFault(
            "sound card: the PortAudio library is not installed.",
            remedy="Run `apt-get install libportaudio2`.",
        ) from error
    return sounddevice
