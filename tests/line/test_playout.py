"""The playout neither loses nor invents a sample, and reports every speech to its end."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.commands import SoundToSpeak
from appliance.domain.events import SpeechBegan, SpokenTo
from appliance.domain.sound import FRAME_BYTES, SILENCE, frames_in
from appliance.line.playout import HOLD_TICKS_MAX, WAITING_BYTES_MAX, Playout, PlayoutEvent
from appliance.line.seam import BACK_TICKS_MAX

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


# --- hold and go on -------------------------------------------------------------------------------

LOUD_LEVEL = 5000


def _marked(levels: list[int]) -> bytes:
    """A frame a level, each with its number (from 1) in its last sample, where no fade reaches."""
    frames = np.repeat(np.array(levels, np.int16)[:, None], FRAME_BYTES // 2, axis=1)
    frames[:, -1] = np.arange(1, len(levels) + 1)
    return frames.tobytes()


def _mark(frame: bytes) -> int:
    """The number of a marked frame; 0 in silence and in a frame that only fades out."""
    return int(np.frombuffer(frame, np.int16)[-1])


_levels = st.lists(st.sampled_from([0, 10, 300, LOUD_LEVEL, 9000]), min_size=1, max_size=120)
_orders = st.lists(st.sampled_from(["hold", "go_on", "", "", "", "", "", ""]), max_size=200)


@given(_levels, _orders)
def test_a_hold_loses_nothing_and_reorders_nothing(levels: list[int], orders: list[str]) -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, _marked(levels), last=True))
    marks: list[int] = []
    events: list[PlayoutEvent] = []
    for tick, order in enumerate(orders + [""] * (HOLD_TICKS_MAX + len(levels) + BACK_TICKS_MAX + 1)):
        if order:
            getattr(playout, order)()
        held = playout.held
        frame, happened = playout.next_frame(tick)
        marks.append(_mark(frame))
        events += happened
        assert not (held and playout.held and (marks[-1] or happened)), "silent, and nothing counts"
    played = [mark for mark in marks if mark]
    assert list(dict.fromkeys(played)) == list(range(1, len(levels) + 1)), "all of it, in order"
    steps = np.diff(played)
    assert all(step == 1 or -BACK_TICKS_MAX < step <= 0 for step in steps)
    assert playout.idle
    assert [one.speech for one in events if isinstance(one, SpeechBegan)] == [1]
    reports = [one.played_ticks for one in events if isinstance(one, SpokenTo)]
    assert reports == [*range(10, len(levels), 10), len(levels)], "a repeated word is not counted twice"


@given(_levels, st.integers(0, 60), st.integers(0, 30))
def test_flushed_while_held_it_says_how_far_it_was_heard(levels: list[int], played: int, held: int) -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, _marked(levels)))
    heard = sum(_mark(playout.next_frame(tick)[0]) > 0 for tick in range(played))
    playout.hold()
    for tick in range(held):
        playout.next_frame(played + tick)
    assert playout.flush(99) == [SpokenTo(CALL, 1, heard, 99, over=True, flushed=True)]
    assert not playout.held
    playout.put(_sound(2, _marked([LOUD_LEVEL])))
    assert _mark(playout.next_frame(100)[0]) == 1, "what is said next is not held"


def test_held_at_once_with_a_fade_of_a_few_ms() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, _marked([LOUD_LEVEL] * 20)))
    playout.next_frame(0)
    playout.hold()
    samples = np.frombuffer(playout.next_frame(1)[0], np.int16)
    assert np.all(np.diff(samples) <= 0)
    assert samples[0] > LOUD_LEVEL * 0.9
    assert not samples[80:].any()
    assert playout.next_frame(2) == (SILENCE, [])


def test_goes_on_with_the_word_that_was_cut() -> None:
    playout = Playout(CALL)
    word, pause = [LOUD_LEVEL] * 12, [0] * 7
    playout.put(_sound(1, _marked(word + pause + word), last=True))
    for tick in range(23):
        playout.next_frame(tick)
    playout.hold()
    playout.put(_sound(2, _marked(word), last=True))
    for tick in range(23, 40):
        playout.next_frame(tick)
    playout.go_on()
    frame, events = playout.next_frame(40)
    assert (_mark(frame), events) == (19, []), "the last tick of the pause before the word"
    frames, events = _drain(playout, 41)
    assert [_mark(one) for one in frames] == [*range(20, 32), *range(1, 13)]
    assert [one.tick for one in events if isinstance(one, SpokenTo) and one.over] == [52, 64]


def test_goes_on_in_a_pause_where_it_fell_silent() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, _marked([LOUD_LEVEL] * 12 + [0] * 9 + [LOUD_LEVEL] * 5), last=True))
    for tick in range(19):
        playout.next_frame(tick)
    playout.hold()
    playout.go_on()
    assert _mark(playout.next_frame(19)[0]) == 20


def test_somebody_who_hums_again_and_again_does_not_drive_us_backwards() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, _marked([LOUD_LEVEL] * 100)))
    begins = []
    for tick in range(60):
        if tick % 8 == 7:
            playout.hold()
            playout.go_on()
            begins.append(playout._speeches[0].at_tick)
        playout.next_frame(tick)
    assert begins == sorted(begins)


def test_a_hold_that_nobody_resolves_goes_on_by_itself() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, _marked([LOUD_LEVEL]), last=True))
    for again in range(10):  # who still wants it says so: the limit counts from the last time
        playout.hold()
        assert not _mark(playout.next_frame(again)[0])
    silent = 1
    while not _mark(playout.next_frame(10 + silent)[0]):
        silent += 1
    assert silent == HOLD_TICKS_MAX


def test_stopped_speech_fades_too_and_what_follows_is_whole() -> None:
    playout = Playout(CALL)
    playout.put(_sound(1, _marked([LOUD_LEVEL] * 5)))
    playout.next_frame(0)
    playout.flush(0)
    playout.put(_sound(2, b"\0" * FRAME_BYTES, last=True))
    frame, _ = playout.next_frame(1)
    assert 0 < len(frame.rstrip(b"\0")) <= FRAME_BYTES // 4
    assert playout.next_frame(2) == (SILENCE, [])
