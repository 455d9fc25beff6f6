"""The playout neither loses nor invents a sample, and reports every speech to its end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.commands import SoundToSpeak
from appliance.domain.events import SpeechBegan, SpokenTo
from appliance.domain.sound import FRAME_BYTES, SILENCE, frames_in
from appliance.line.playout import WAITING_BYTES_MAX, Playout, PlayoutEvent

CALL = "c"


def _sound(speech: int, pcm: bytes, *, last: bool = False) -> SoundToSpeak:
    return SoundToSpeak(CALL, speech, pcm, last)


def _drain(playout: Playout, first_tick: int = 0) -> tuple[list[bytes], list[PlayoutEvent]]:
    frames, events = [], []
    while not playout.idle:
        frame, happened = playout.next_frame(first_tick + len(frames))
        frames.append(frame)
        events += happened
    return frames, events


@given(st.lists(st.binary(min_size=0, max_size=3 * FRAME_BYTES), min_size=1, max_size=8))
def test_reframing_neither_loses_nor_invents_samples(pieces: list[bytes]) -> None:
    playout = Playout(CALL)
    for number, piece in enumerate(pieces):
        playout.put(_sound(1, piece, last=number == len(pieces) - 1))
    whole = b"".join(pieces)
    frames, events = _drain(playout)
    played = frames_in(whole)
    assert b"".join(frames[:played]) == whole.ljust(played * FRAME_BYTES, b"\0")
    assert all(frame == SILENCE for frame in frames[played:])
    assert events[-1] == SpokenTo(CALL, 1, played, max(0, played - 1), over=True)


@given(st.lists(st.integers(0, 4 * FRAME_BYTES), min_size=1, max_size=5))
def test_every_speech_ends_once_and_in_order(lengths_bytes: list[int]) -> None:
    playout = Playout(CALL)
    for speech, length in enumerate(lengths_bytes):
        playout.put(_sound(speech, b"\1" * length, last=True))
    _, events = _drain(playout)
    over = [one for one in events if isinstance(one, SpokenTo) and one.over]
    assert [one.speech for one in over] == list(range(len(lengths_bytes)))
    assert [one.played_ticks for one in over] == [frames_in(b"x" * length) for length in lengths_bytes]


def test_silence_when_there_is_nothing_to_say() -> None:
    assert Playout(CALL).next_frame(7) == (SILENCE, [])


def test_reports_the_beginning_and_every_tenth_tick() -> None:
    playout = Playout(CALL)
    playout.put(_sound(3, b"\1" * FRAME_BYTES * 25, last=True))
    _, events = _drain(playout, first_tick=100)
    assert events == [
        SpeechBegan(CALL, 3, 100),
        SpokenTo(CALL, 3, 10, 109),
        SpokenTo(CALL, 3, 20, 119),
        SpokenTo(CALL, 3, 25, 124, over=True),
    ]


def test_a_speech_that_arrives_slowly_waits_for_whole_frames() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, b"\1" * (FRAME_BYTES + 10)))
    assert playout.next_frame(0)[0] == b"\1" * FRAME_BYTES
    assert playout.next_frame(1) == (SILENCE, [])
    playout.put(_sound(1, b"\2" * 10, last=True))
    frame, events = playout.next_frame(2)
    assert frame == (b"\1" * 10 + b"\2" * 10).ljust(FRAME_BYTES, b"\0")
    assert events == [SpokenTo(CALL, 1, 2, 2, over=True)]


def test_the_next_speech_closes_one_that_was_left_open() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, b"\1" * FRAME_BYTES))
    playout.put(_sound(2, b"\2" * FRAME_BYTES, last=True))
    frames, events = _drain(playout)
    assert frames == [b"\1" * FRAME_BYTES, b"\2" * FRAME_BYTES]
    assert [one.speech for one in events if isinstance(one, SpokenTo)] == [1, 2]


def test_flush_says_how_far_each_speech_came_and_late_pieces_are_ignored() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, b"\1" * FRAME_BYTES * 5))
    playout.put(_sound(2, b"\2" * FRAME_BYTES * 5))
    playout.next_frame(0)
    assert playout.flush(1) == [
        SpokenTo(CALL, 1, 1, 1, over=True, flushed=True),
        SpokenTo(CALL, 2, 0, 1, over=True, flushed=True),
    ]
    playout.put(_sound(2, b"\2" * FRAME_BYTES, last=True))
    assert playout.idle
    playout.forget_numbers()
    playout.put(_sound(2, b"\2" * FRAME_BYTES, last=True))
    assert not playout.idle


def test_the_queue_has_a_bound() -> None:
    playout = Playout(CALL)
    for _ in range(12):
        playout.put(_sound(1, bytes(WAITING_BYTES_MAX // 10)))
    assert playout.dropped_bytes == WAITING_BYTES_MAX // 10 * 12 - WAITING_BYTES_MAX
