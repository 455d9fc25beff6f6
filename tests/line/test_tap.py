"""The tap pairs what was spoken with what was heard, tick by tick, whether or not anything came."""

from __future__ import annotations

from datetime import UTC, datetime
from queue import SimpleQueue

import numpy as np

from appliance.clock import SetClock
from appliance.domain.commands import SoundToSpeak
from appliance.domain.events import SpokenTo
from appliance.domain.sound import FRAME_BYTES, SILENCE
from appliance.line import tap as tap_module
from appliance.line.tap import CallTap, Tick
from tests.fakes.tones import share_at

CLOCK = SetClock(datetime(2026, 11, 21, tzinfo=UTC))
LOUD = b"\1" * FRAME_BYTES
CALLER = b"\2" * FRAME_BYTES


def _is_comfort_noise(frame: bytes) -> bool:
    samples = np.frombuffer(frame, np.int16)
    return 0 < np.abs(samples).max() < 200 and len(np.unique(samples)) > 10


def _fades(frame: bytes) -> bool:
    """Whether nothing is heard but the last few ms of what was being said."""
    return 0 < len(frame.rstrip(b"\0")) < FRAME_BYTES // 4


def _all(ticks: SimpleQueue[Tick]) -> list[Tick]:
    return [ticks.get_nowait() for _ in range(ticks.qsize())]


def test_heard_and_spoken_of_one_tick_travel_together() -> None:
    ticks: SimpleQueue[Tick] = SimpleQueue()
    tap = CallTap("c", ticks, CLOCK)
    tap.put(SoundToSpeak("c", 1, LOUD, last=True))
    assert tap.next_spoken() == LOUD
    tap.put_heard(CALLER)
    assert _is_comfort_noise(tap.next_spoken())
    tap.put_heard(CALLER)
    first, second = _all(ticks)
    assert (first.tick, first.heard, first.spoken) == (0, CALLER, LOUD)
    assert (second.tick, second.heard, second.spoken) == (1, CALLER, SILENCE)
    assert tap.idle


def test_a_tick_in_which_nothing_came_is_silence() -> None:
    ticks: SimpleQueue[Tick] = SimpleQueue()
    tap = CallTap("c", ticks, CLOCK)
    for _ in range(3):
        tap.next_spoken()
    assert [(one.tick, one.heard) for one in _all(ticks)] == [(0, SILENCE), (1, SILENCE)]


def test_a_flush_is_reported_with_the_next_tick() -> None:
    ticks: SimpleQueue[Tick] = SimpleQueue()
    tap = CallTap("c", ticks, CLOCK)
    tap.put(SoundToSpeak("c", 1, LOUD * 5))
    tap.next_spoken()
    tap.put_heard(CALLER)
    tap.flush()
    assert _fades(tap.next_spoken())
    tap.put_heard(CALLER)
    assert _is_comfort_noise(tap.next_spoken())
    assert _all(ticks)[-1].events == [SpokenTo("c", 1, 1, 0, over=True, flushed=True)]


def test_a_hold_is_heard_in_the_next_tick_and_what_is_heard_is_what_is_told() -> None:
    ticks: SimpleQueue[Tick] = SimpleQueue()
    tap = CallTap("c", ticks, CLOCK)
    tap.put(SoundToSpeak("c", 1, LOUD * 5, last=True))
    tap.next_spoken()
    tap.hold()
    handed = [tap.next_spoken(), tap.next_spoken()]
    tap.go_on()
    handed += [tap.next_spoken() for _ in range(6)]
    assert _fades(handed[0])
    assert _is_comfort_noise(handed[1])
    assert handed[3:7] == [LOUD] * 4, "the first tick was faded in, the word is said again from its start"
    told = [one.spoken for one in _all(ticks)][1:]
    assert told == [SILENCE if _is_comfort_noise(one) else one for one in handed[:-1]]


def test_a_loop_that_falls_behind_loses_sound_but_no_report() -> None:
    ticks: SimpleQueue[Tick] = SimpleQueue()
    tap = CallTap("c", ticks, CLOCK)
    tap.put(SoundToSpeak("c", 1, LOUD * 700, last=True))
    for _ in range(700):
        tap.next_spoken()
        tap.put_heard(CALLER)
    kept = _all(ticks)
    assert tap.dropped_ticks == 700 - len(kept) > 0
    assert len(kept) < tap_module.WAITING_TICKS_MAX + 30
    assert kept[-1].events[-1] == SpokenTo("c", 1, 700, 699, over=True)


def test_it_knows_how_late_its_ticks_were() -> None:
    clock = SetClock(CLOCK.now())
    tap = CallTap("c", SimpleQueue(), clock)
    for late_s in (0.0, 0.0, 0.007, 0.0):
        clock.advance(late_s)
        tap.next_spoken()
        clock.advance(0.02 - late_s)
    assert round(tap.lateness.worst_ms) == 7


def test_a_ringing_tone_is_heard_between_sentences_and_told_as_silence() -> None:
    ticks: SimpleQueue[Tick] = SimpleQueue()
    tap = CallTap("c", ticks, CLOCK)
    tap.ring("US")
    rung = tap.next_spoken()
    assert share_at(rung, 440) + share_at(rung, 480) > 0.9
    tap.put_heard(SILENCE)
    assert ticks.get_nowait().spoken == SILENCE
    speech = b"\1" * len(SILENCE)
    tap.put(SoundToSpeak("c", 1, speech, last=True))
    assert tap.next_spoken() == speech
    tap.ring("")
    assert _is_comfort_noise(tap.next_spoken())
