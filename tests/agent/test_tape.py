"""The recording of one call follows what it is told, and its times stay true."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from appliance.agent.tape import Tape
from appliance.domain.sound import FRAME_SAMPLES, FrameHeard


def frame(tick: int) -> FrameHeard:
    sound = np.full(FRAME_SAMPLES, tick + 1, np.int16).tobytes()
    return FrameHeard("c1", tick, sound, sound, sound)


def levels(path: Path) -> list[int]:
    sound, _ = soundfile.read(path, dtype="int16", always_2d=True)
    assert (sound[:, 0] == sound[:, 1]).all()
    return [int(one) for one in sound[::FRAME_SAMPLES, 0]]


def test_a_pause_is_silent_on_both_sides_and_as_long_as_it_was(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "c1.flac", keeps_calls=True)
    for tick in range(9):
        if tick == 3:
            tape.pause()
        if tick == 6:
            tape.go_on()
        tape.record(frame(tick))
    tape.pause()
    tape.record(frame(9))
    tape.close()
    assert tape.kept is not None
    assert levels(tape.kept) == [1, 2, 3, 0, 0, 0, 7, 8, 9, 0]


def test_nothing_is_kept_before_consent(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "c1.flac", keeps_calls=True, waits=True)
    tape.record(frame(0))
    tape.record(frame(1))
    tape.go_on()
    tape.record(frame(2))
    tape.close()
    assert tape.kept is not None
    assert levels(tape.kept) == [0, 0, 3]


def test_without_consent_there_is_no_file(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "c1.flac", keeps_calls=True, waits=True)
    tape.record(frame(0))
    tape.close()
    assert tape.kept is None
    assert list(tmp_path.iterdir()) == []


def test_a_withdrawal_leaves_no_file_and_begins_none(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "c1.flac", keeps_calls=True)
    tape.record(frame(0))
    tape.discard()
    tape.record(frame(1))
    tape.close()
    assert tape.kept is None
    assert list(tmp_path.iterdir()) == []


def test_a_blank_is_silent(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "c1.flac", keeps_calls=True)
    for tick in range(6):
        tape.record(frame(tick))
    tape.blank(2, 4)
    tape.record(frame(6))
    tape.close()
    assert tape.kept is not None
    assert levels(tape.kept) == [1, 2, 0, 0, 5, 6, 7]


def test_a_message_after_the_tone_is_kept_whatever_is_kept_of_calls(tmp_path: Path) -> None:
    refused = Tape(tmp_path / "c1.flac", keeps_calls=True, waits=True)
    never = Tape(tmp_path / "c2.flac", keeps_calls=False)
    for tape in (refused, never):
        tape.record(frame(0))
        tape.begin_message()
        tape.record(frame(1))
        tape.end_message()
        tape.record(frame(2))
        tape.close()
        assert tape.kept is not None
    assert levels(tmp_path / "c1.flac") == [0, 2, 0]
    assert levels(tmp_path / "c2.flac") == [0, 2]


def test_without_a_place_nothing_is_kept() -> None:
    tape = Tape(None, keeps_calls=False)
    tape.begin_message()
    tape.record(frame(0))
    tape.blank(0, 1)
    tape.discard()
    tape.close()
    assert tape.kept is None
