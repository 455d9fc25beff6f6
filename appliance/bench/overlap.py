"""What happens when two talk at once, read off a call's recording: who fell silent, when, for how long.

Pure. An agent pauses between its sentences too, so silences are compared with those of an undisturbed call:
only what is longer than the same pause there counts as having fallen silent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.bench.gap import SPEECH_LEVEL, ms_of_sample
from appliance.domain.sound import FRAME_SAMPLES, SAMPLE_RATE_HZ, ms, ticks

Samples = npt.NDArray[np.int16]

_LOUD_SAMPLES_MIN = 8  # as in bench.gap: a lone click is not speech
_WINDOW_SAMPLES = SAMPLE_RATE_HZ // 100
_CORE_OF_LOUD = 0.2  # -14 dB under the loud parts: certainly speech
_CORE_WINDOWS, _CORE_SPAN = 5, 8
_EDGE_OF_LOUD = 0.03  # -30 dB: the soft beginning of a first sound
_EDGE_OVER_NOISE = 2.5
_EDGE_GAP_WINDOWS = 2
_SAME_PLACE_TICKS = 12


def speech_start(samples: Samples) -> int:
    """The first sample of speech: back from the first sustained loud stretch to where it rises.

    A breath, a click or the noise of the room before the first word does not count as its first packet.
    """
    count = len(samples) // _WINDOW_SAMPLES
    if not count:
        return 0
    windows = samples[: count * _WINDOW_SAMPLES].reshape(count, -1).astype(np.float64)
    rms = np.sqrt((windows**2).mean(axis=1))
    loud, noise = np.percentile(rms, 90), np.percentile(rms, 5)
    is_core = rms > loud * _CORE_OF_LOUD
    cores = [at for at in np.flatnonzero(is_core) if is_core[at : at + _CORE_SPAN].sum() >= _CORE_WINDOWS]
    is_edge = rms > max(loud * _EDGE_OF_LOUD, min(noise * _EDGE_OVER_NOISE, loud * _CORE_OF_LOUD))
    first = at = int(cores[0]) if cores else int(np.argmax(is_core))
    while at > 0 and first - at < _EDGE_GAP_WINDOWS:
        at -= 1
        first = at if is_edge[at] else first
    return first * _WINDOW_SAMPLES


def loud_ticks(samples: Samples) -> npt.NDArray[np.bool_]:
    """Which ticks of a recorded side hold speech, by the stopwatch's rule."""
    count = len(samples) // FRAME_SAMPLES
    frames = np.abs(samples[: count * FRAME_SAMPLES].reshape(count, FRAME_SAMPLES).astype(np.int32))
    loud: npt.NDArray[np.bool_] = (frames > SPEECH_LEVEL).sum(axis=1) >= _LOUD_SAMPLES_MIN
    return loud


@dataclass(frozen=True, slots=True)
class Silence:
    """A run of quiet ticks. `place` is how many loud ticks of the same side came before: where in the text."""

    tick: int
    length: int
    place: int


def silences(loud: npt.NDArray[np.bool_]) -> list[Silence]:
    """Every silence after the first sound, the last one to the end of the recording."""
    found: list[Silence] = []
    place, began = 0, None
    for tick, is_loud in enumerate(loud):
        if is_loud:
            if began is not None:
                found.append(Silence(began, tick - began, place))
            began = None
            place += 1
        elif began is None and place:
            began = tick
    if began is not None:
        found.append(Silence(began, len(loud) - began, place))
    return found


@dataclass(frozen=True, slots=True)
class Fell:
    """The agent fell silent: when it was last heard, and how much longer than it would have paused anyway."""

    last_heard_ms: int
    held_ms: int
    tick: int


class Pauses:
    """Where an agent pauses by itself, learnt from a call in which nobody disturbed it."""

    def __init__(self, undisturbed: Samples) -> None:
        self._own = silences(loud_ticks(undisturbed))

    def fell_silent(self, agent: Samples, from_tick: int, until_tick: int, least_ms: int) -> list[Fell]:
        """Silences that began in between and lasted `least_ms` longer than the agent's own at that place."""
        fell: list[Fell] = []
        for silence in silences(loud_ticks(agent)):
            held = silence.length - self._own_length(silence.place)
            if from_tick <= silence.tick < until_tick and held >= ticks(least_ms):
                fell.append(Fell(_last_heard_ms(agent, silence.tick), ms(held), silence.tick))
        return fell

    def _own_length(self, place: int) -> int:
        near = (one.length for one in self._own if abs(one.place - place) <= _SAME_PLACE_TICKS)
        return max(near, default=0)


def _last_heard_ms(agent: Samples, silent_from: int) -> int:
    frame = agent[(silent_from - 1) * FRAME_SAMPLES : silent_from * FRAME_SAMPLES]
    loud = np.flatnonzero(np.abs(frame.astype(np.int32)) > SPEECH_LEVEL)
    last = int(loud[-1]) if len(loud) else 0
    return ms_of_sample((silent_from - 1) * FRAME_SAMPLES + last)
