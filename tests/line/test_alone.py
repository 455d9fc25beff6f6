"""One caller served by the line itself: what is played and dialled, what is kept for the agent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.clock import SetClock, SystemClock
from appliance.conversation import key_menu as km
from appliance.domain import commands as do
from appliance.domain.call import Disposition, LineQuality
from appliance.domain.sound import FRAME_SAMPLES, SILENCE
from appliance.line.alone import Alone, AloneStep, PlayMenu
from appliance.line.tap import Tick
from appliance.ops.prepared import PreparedSounds
from appliance.sip.words import Rang
from appliance.store.left_behind import LeftBehind, LeftCall
from tests.fakes.menu_sounds import MENU, names_in

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
RANG = Rang("c", "+13035550123", "100")
VOICE = (3000 * np.sin(np.arange(FRAME_SAMPLES) / 5)).astype(np.int16).tobytes()


class Line:
    """The line's side of one call."""

    def __init__(self, folder: Path) -> None:
        PreparedSounds(folder).write(*MENU)
        self.folder = folder
        self.clock = SetClock(NOW)
        self.left = LeftBehind(folder)
        self.alone = Alone(PreparedSounds(folder), self.left, self.clock)
        self.at = 0
        assert self.alone.ready()

    def hears(self, heard: bytes, count: int) -> list[AloneStep]:
        done: list[AloneStep] = []
        for _ in range(count):
            done += self.alone.ticked(Tick("c", self.at, heard, SILENCE, []), plays=False)
            self.at += 1
        return done

    def kept(self) -> LeftCall:
        """What is on disk in the end."""
        self.left.close()
        [call] = LeftBehind(self.folder).calls()
        return call


@pytest.fixture
def line(folder: Path) -> Iterator[Line]:
    """A caller has been welcomed."""
    line = Line(folder)
    [welcome] = line.alone.begin(RANG, 0, resumed=False)
    assert isinstance(welcome, PlayMenu)
    assert names_in(welcome.pcm)[0] == "menu_welcome"
    yield line
    line.left.close()
    for thread in threading.enumerate():
        if thread.name == "recorder":
            thread.join(10)  # before its folder goes


def test_nobody_is_served_before_an_agent_has_prepared_the_sounds(folder: Path) -> None:
    alone = Alone(PreparedSounds(folder), LeftBehind(folder), SetClock(NOW))
    assert not alone.ready()
    assert alone.begin(RANG, 0, resumed=False) == []
    assert not alone.serves("c")


def test_a_message_is_recorded_and_left_behind_with_its_place(line: Line) -> None:
    line.alone.pressed("c", "2")
    line.hears(SILENCE, 10)
    line.hears(VOICE, 100)
    steps = line.alone.pressed("c", "#")
    assert isinstance(steps[0], PlayMenu)
    assert names_in(steps[0].pcm) == ["menu_recorded"]
    assert steps[1:] == [do.HangUp("c")]
    line.clock.advance(30)
    line.alone.ended("c", LineQuality(codec="PCMU"))
    kept = line.kept()
    assert (kept.disposition, kept.recorded) == (Disposition.MESSAGE, True)
    assert (kept.began_at, kept.ended_at) == (NOW, NOW + timedelta(seconds=30))
    assert (kept.message_from_ms, kept.message_to_ms) == (0, 2180)
    assert kept.quality == LineQuality(codec="PCMU")
    path = wait_for_recording(line, kept)
    sound, rate = soundfile.read(path, dtype="int16")
    assert rate == 16_000
    caller = sound[:, 0]
    assert np.abs(caller).max() > 2500


def wait_for_recording(line: Line, kept: LeftCall) -> Path:
    """The recorder's thread finishes by itself."""
    path = line.left.recording(kept)
    deadline = SystemClock().monotonic_s() + 10
    while path is None or soundfile.info(path).frames < 100 * FRAME_SAMPLES:
        assert SystemClock().monotonic_s() < deadline
        path = line.left.recording(kept)
    return path


def test_the_message_is_on_disk_before_the_call_is_over(line: Line) -> None:
    line.alone.pressed("c", "2")
    line.hears(SILENCE, 1)
    line.hears(VOICE, 50)
    line.alone.pressed("c", "#")
    kept = line.kept()
    assert kept.ended_at is None
    assert kept.message_to_ms is not None


def test_hanging_up_while_dictating_keeps_the_message(line: Line) -> None:
    line.alone.pressed("c", "2")
    line.hears(SILENCE, 1)
    line.hears(VOICE, 50)
    assert line.alone.busy == {"c"}
    line.alone.ended("c", LineQuality())
    assert line.kept().disposition is Disposition.MESSAGE
    assert not line.alone.serves("c")


def test_a_person_is_dialled_when_the_caller_has_heard_so(line: Line) -> None:
    line.alone.pressed("c", "3")
    assert line.hears(SILENCE, 2) == [do.Refer("c", "101")]
    assert line.alone.refer_answered("c", 200, final=True) == [do.HangUp("c")]
    line.alone.ended("c", LineQuality())
    assert line.kept().disposition is Disposition.TRANSFERRED


def test_an_agent_gets_back_who_is_not_busy(line: Line) -> None:
    line.alone.begin(Rang("d", "", ""), 0, resumed=True)
    line.alone.pressed("c", "2")
    assert line.alone.give_back() == ["d"]
    assert line.alone.serves("c")


def test_what_was_silent_is_no_message(line: Line) -> None:
    line.alone.pressed("c", "2")
    steps = line.hears(SILENCE, km.FIRST_WORD_TICKS + 2)
    assert isinstance(steps[0], PlayMenu)
    assert names_in(steps[0].pcm)[0] == "menu_not_recorded"
    line.alone.ended("c", LineQuality())
    kept = line.kept()
    assert (kept.disposition, kept.recorded) == (Disposition.ABANDONED, False)
