"""Recordings: aligned to ticks whatever is lost, playable whatever is killed, never in the way of a call."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ, SILENCE
from appliance.errors import StoreFault
from appliance.store import recordings
from appliance.store.recordings import WAITING_TICKS_MAX, Recorder, blank_file, is_blank

BLOCK = 4096  # samples in libFLAC's frame: what a kill may cost

RECORD_AND_DIE = """
import os, signal, sys
import numpy as np
from pathlib import Path
from appliance.store.recordings import Recorder

first, count = int(sys.argv[2]), int(sys.argv[3])
recorder = Recorder(Path(sys.argv[1]))
for tick in range(first, first + count):
    sound = np.full(320, tick + 1, np.int16).tobytes()
    recorder.write(sound, sound, tick)
    if tick % 25 == 0:
        print(tick, flush=True)
print("all handed in", flush=True)
sys.stdin.readline()
"""

FULL_DISK = """
import resource, sys
import numpy as np
from pathlib import Path
from appliance.store.recordings import Recorder

resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
recorder = Recorder(Path(sys.argv[1]), lambda fault: print(fault, flush=True))
noise = np.random.default_rng(0).normal(0, 3000, (1000, 320)).astype(np.int16)
for tick in range(1000):
    recorder.write(noise[tick].tobytes(), bytes(640), tick)
print(recorder.close())
"""


def level(value: int) -> bytes:
    """A tick of sound that can be told from others."""
    return np.full(FRAME_SAMPLES, value, np.int16).tobytes()


def heard_and_spoken(path: Path) -> list[tuple[int, int]]:
    """The level of both sides in each tick of a recording."""
    sound, rate = soundfile.read(path, dtype="int16", always_2d=True)
    assert (rate, sound.shape[1]) == (SAMPLE_RATE_HZ, 2)
    ticks = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES, 2)
    return [(int(left), int(right)) for left, right in ticks[:, 0, :]]


def kill_once_written(process, path: Path, ticks: int) -> None:
    """Wait until every whole FLAC block of `ticks` is counted in the growing file, then kill its writer."""
    whole = (ticks * FRAME_SAMPLES - 1) // BLOCK * BLOCK
    deadline = time.monotonic() + 30
    while whole and not (path.exists() and counted(path) == whole):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "the blocks never came"
        threading.Event().wait(0.02)
    process.kill()
    process.communicate()


def counted(path: Path) -> int:
    """The number of samples the header claims (RFC 9639)."""
    return int.from_bytes(path.read_bytes()[18:26], "big") & (1 << 36) - 1


def test_caller_left_agent_right(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "recordings" / "c1.flac")
    recorder.write(level(100), level(-100), 0)
    recorder.write(level(200), SILENCE, 1)
    assert recorder.close()
    assert heard_and_spoken(recorder.path) == [(100, -100), (200, 0)]
    assert soundfile.info(str(recorder.path)).format == "FLAC"
    assert recorder.path.stat().st_mode & 0o077 == 0


@given(st.lists(st.integers(0, 60), max_size=40))
@settings(deadline=None, max_examples=30)
def test_every_tick_lies_where_it_belongs(tmp_path_factory, order: list[int]) -> None:
    """Ticks that are lost are silent, ticks that come twice or late change nothing."""
    recorder = Recorder(tmp_path_factory.mktemp("rec") / "c1.flac")
    expected: list[tuple[int, int]] = []
    for tick in order:
        recorder.write(level(tick + 1), level(-tick - 1), tick)
        if tick >= len(expected):
            expected += [(0, 0)] * (tick - len(expected)) + [(tick + 1, -tick - 1)]
    assert recorder.close()
    assert (heard_and_spoken(recorder.path) if order else []) == expected


def test_without_a_tick_it_follows_the_one_before(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c1.flac")
    recorder.write(level(1), SILENCE, 2)
    recorder.write(level(2), SILENCE)
    assert recorder.close()
    assert heard_and_spoken(recorder.path) == [(0, 0), (0, 0), (1, 0), (2, 0)]


def test_a_piece_of_the_wrong_length_does_not_shift_the_rest(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c1.flac")
    recorder.write(b"", level(1)[: FRAME_BYTES // 2], 0)
    recorder.write(level(5) * 3, level(6), 1)
    assert recorder.close()
    sound, _ = soundfile.read(recorder.path, dtype="int16")
    assert sound.shape == (2 * FRAME_SAMPLES, 2)
    assert (sound[FRAME_SAMPLES:] == [5, 6]).all()


def test_no_sound_no_file(tmp_path: Path) -> None:
    assert Recorder(tmp_path / "c1.flac").close()
    assert list(tmp_path.iterdir()) == []


def test_after_close_nothing_is_taken(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c1.flac")
    recorder.write(level(1), level(1), 0)
    assert recorder.close()
    recorder.write(level(2), level(2), 1)
    assert recorder.close()
    assert heard_and_spoken(recorder.path) == [(1, 1)]


@pytest.mark.parametrize("ticks", [13, 100, 777])
def test_kill_9_leaves_a_file_that_plays(tmp_path: Path, start, ticks: int) -> None:
    """All but the last, unfinished block of a quarter second is there, and the header is true."""
    path = tmp_path / "c1.flac"
    kill_once_written(start(RECORD_AND_DIE, str(path), "0", str(ticks)), path, ticks)
    levels = heard_and_spoken(path)
    assert ticks * FRAME_SAMPLES - BLOCK - 1 <= soundfile.info(str(path)).frames <= ticks * FRAME_SAMPLES
    assert levels == [(tick + 1, tick + 1) for tick in range(len(levels))]


def test_kill_9_at_any_moment_leaves_a_file_that_plays(tmp_path: Path, start) -> None:
    for number in range(4):
        path = tmp_path / f"c{number}.flac"
        process = start(RECORD_AND_DIE, str(path), "0", str(WAITING_TICKS_MAX))  # more could be dropped
        for _ in range(1 + 12 * number):
            process.stdout.readline()
        process.kill()
        process.communicate()
        if path.exists() and counted(path):
            levels = heard_and_spoken(path)
            assert levels == [(tick + 1, tick + 1) for tick in range(len(levels))]
        again = Recorder(path)  # the call may go on whatever was left
        again.write(level(7), level(7), 5000)
        assert again.close(timeout_s=20)
        assert heard_and_spoken(path)[-1] == (7, 7)


def test_a_call_that_outlives_a_crash_is_one_recording(tmp_path: Path, start) -> None:
    path = tmp_path / "c1.flac"
    for first in (0, 400):
        process = start(RECORD_AND_DIE, str(path), str(first), "200")
        kill_once_written(process, path, first + 200)
    recorder = Recorder(path)
    recorder.write(level(900), level(901), 899)
    assert recorder.close(timeout_s=20)
    levels = heard_and_spoken(path)
    assert len(levels) == 900
    assert levels[:180] == [(tick + 1, tick + 1) for tick in range(180)]
    assert levels[220:400] == [(0, 0)] * 180
    assert levels[400:580] == [(tick + 1, tick + 1) for tick in range(400, 580)]
    assert levels[620:899] == [(0, 0)] * 279
    assert levels[899] == (900, 901)
    assert list(tmp_path.iterdir()) == [path]


def test_a_crash_while_the_old_part_is_copied_loses_nothing(tmp_path: Path) -> None:
    """The copy that was not finished is dropped, what was set aside is taken."""
    path = tmp_path / "c1.flac"
    first = Recorder(path)
    first.write(level(1), level(1), 0)
    assert first.close()
    path.rename(tmp_path / "c1.before.flac")
    path.write_bytes(b"half a copy")
    second = Recorder(path)
    second.write(level(2), level(2), 1)
    assert second.close()
    assert heard_and_spoken(path) == [(1, 1), (2, 2)]


def test_a_full_disk_is_said_once_and_what_was_written_plays(tmp_path: Path, start) -> None:
    path = tmp_path / "c1.flac"
    out, err = start(FULL_DISK, str(path)).communicate(timeout=60)
    assert err == ""
    said, closed = out.splitlines()
    assert "cannot be written" in said
    assert "the call itself goes on" in said
    assert closed == "False"
    assert soundfile.info(str(path)).duration > 1
    sound, _ = soundfile.read(path)
    assert len(sound) == soundfile.info(str(path)).frames


def test_a_folder_that_cannot_be_made_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    faults: list[StoreFault] = []
    told = threading.Event()
    recorder = Recorder(tmp_path / "file" / "c1.flac", lambda fault: (faults.append(fault), told.set()))
    recorder.write(level(1), level(1), 0)
    assert told.wait(10)
    recorder.write(level(1), level(1), 1)
    assert not recorder.close()
    assert len(faults) == 1
    assert isinstance(faults[0].__cause__, OSError)


def test_a_slow_disk_drops_the_oldest_and_counts(tmp_path: Path, monkeypatch) -> None:
    """The disk hangs while sound is handed in: nobody waits, what is lost is counted, the rest is aligned."""
    hangs, goes_on = threading.Event(), threading.Event()
    opened = os.open

    def slow(*arguments, **options):
        hangs.set()
        goes_on.wait(10)
        return opened(*arguments, **options)

    monkeypatch.setattr(recordings, "WAITING_TICKS_MAX", 100)
    monkeypatch.setattr(recordings.os, "open", slow)
    recorder = Recorder(tmp_path / "c1.flac")
    recorder.write(level(1), level(1), 0)
    assert hangs.wait(10)
    for tick in range(1, 301):
        recorder.write(level(tick + 1), level(tick + 1), tick)
    goes_on.set()
    assert recorder.close()
    assert recorder.dropped_ticks == 200
    assert heard_and_spoken(recorder.path) == [(1, 1)] + [(0, 0)] * 200 + [
        (tick + 1, tick + 1) for tick in range(201, 301)
    ]


# --- taking back ----------------------------------------------------------------------------------

BLANK_AND_DIE = """
import os, signal, sys
from pathlib import Path
import soundfile
from appliance.store import recordings

path, after = Path(sys.argv[1]), int(sys.argv[2])
real = recordings._GrowingFlac._write
written = 0

def write_and_die(self, samples, ticks):
    global written
    real(self, samples, ticks)
    written += ticks
    if written >= after:
        os.kill(os.getpid(), signal.SIGKILL)

recordings._GrowingFlac._write = write_and_die
recordings._COPIED_TICKS = 50
recordings.blank_file(path, [(100, 200)])
"""


def recorded(path: Path, ticks: int) -> None:
    recorder = Recorder(path)
    for tick in range(ticks):
        recorder.write(level(tick + 1), level(-tick - 1), tick)
    assert recorder.close(timeout_s=20)


@given(
    st.lists(st.tuples(st.integers(0, 320), st.integers(0, 320)), max_size=4),
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
)
@settings(deadline=None, max_examples=25)
def test_what_is_blanked_while_it_grows_is_silent_and_nothing_else_is(
    tmp_path_factory, spans: list[tuple[int, int]], order: list[int]
) -> None:
    """Sound, blanks and sound again: each tick is there unless it was blanked after it was handed in."""
    recorder = Recorder(tmp_path_factory.mktemp("rec") / "c1.flac")
    waiting, expected = list(spans), []
    for step in order:
        for _ in range(40 * step + 1):
            recorder.write(level(len(expected) + 1), level(7), len(expected))
            expected.append((len(expected) + 1, 7))
        if waiting:
            first, end = waiting.pop()
            recorder.blank(first, end)
            expected = [(0, 0) if first <= at < end else one for at, one in enumerate(expected)]
    assert recorder.close(timeout_s=20)
    assert heard_and_spoken(recorder.path) == expected
    assert list(recorder.path.parent.iterdir()) == [recorder.path]


def test_a_finished_recording_is_blanked(tmp_path: Path) -> None:
    path = tmp_path / "c1.flac"
    recorded(path, 700)
    blank_file(path, [(10, 20), (690, 800)])
    assert heard_and_spoken(path) == [
        (0, 0) if 10 <= tick < 20 or tick >= 690 else (tick + 1, -tick - 1) for tick in range(700)
    ]
    assert is_blank(path, (10, 20))
    assert is_blank(path, (5000, 6000))
    assert not is_blank(path, (9, 20))
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("after_ticks", [1, 150, 299])
def test_kill_9_while_blanking_leaves_the_recording_as_it_was(tmp_path: Path, start, after_ticks) -> None:
    path = tmp_path / "c1.flac"
    recorded(path, 300)
    process = start(BLANK_AND_DIE, str(path), str(after_ticks))
    process.communicate(timeout=60)
    assert process.returncode == -9
    assert heard_and_spoken(path) == [(tick + 1, -tick - 1) for tick in range(300)]
    blank_file(path, [(100, 200)])  # whatever it left beside it is in nobody's way
    assert is_blank(path, (100, 200))
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_blanked_is_not_kept(tmp_path: Path, monkeypatch) -> None:
    faults: list[StoreFault] = []
    recorder = Recorder(tmp_path / "c1.flac", faults.append)
    recorder.write(level(1), level(1), 0)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recordings._GrowingFlac, "copy", fails)
    recorder.blank(0, 1)
    assert not recorder.close()
    assert [fault.code for fault in faults] == ["store_fault"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_discarded_is_gone_and_what_comes_later_begins_anew(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c1.flac")
    recorder.write(level(1), level(1), 0)
    recorder.discard()
    recorder.discard()
    recorder.write(level(3), level(3), 2)
    assert recorder.close()
    assert heard_and_spoken(recorder.path) == [(0, 0), (0, 0), (3, 3)]
    again = Recorder(recorder.path)
    again.discard()
    assert again.close()
    assert list(tmp_path.iterdir()) == []


def test_orders_are_never_dropped_however_slow_the_disk(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(recordings, "WAITING_TICKS_MAX", 3)
    hangs, goes_on = threading.Event(), threading.Event()
    opened = os.open

    def slow(*arguments, **options):
        hangs.set()
        goes_on.wait(10)
        return opened(*arguments, **options)

    monkeypatch.setattr(recordings.os, "open", slow)
    recorder = Recorder(tmp_path / "c1.flac")
    recorder.write(level(1), level(1), 0)
    assert hangs.wait(10)
    recorder.blank(0, 1)
    for tick in range(1, 30):
        recorder.write(level(tick + 1), level(1), tick)
    goes_on.set()
    assert recorder.close(timeout_s=10)
    levels = heard_and_spoken(recorder.path)
    assert levels[0] == (0, 0)
    assert levels[-1] == (30, 1)
