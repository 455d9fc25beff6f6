"""The desk as it runs on a box, in a room of PipeWire null devices: spoken to, and listened to.

What it says comes back to its own microphone, as in any room.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.domain.appointment import Message
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from tests.engines.models import kokoro, vosk
from tests.fakes.sound_room import SoundRoom, missing, sound_of
from tests.fakes.waiting import wait_for

REPOSITORY = Path(__file__).parent.parent.parent
ASKED_MOST, PATIENCE_S = 12, 8.0
MATTER = "hey jarvis, any messages?"
"""A message that would wake the desk, were it to listen to itself."""


def spoken(text: str, file: Path) -> Path:
    """A recording of somebody saying `text`, with the quiet around it that a room has."""
    said = np.frombuffer(b"".join(kokoro().speak(text)), "<i2")
    quiet = np.zeros(SAMPLE_RATE_HZ, "<i2")
    soundfile.write(file, np.concatenate((quiet, said, quiet)), SAMPLE_RATE_HZ)
    return file


def words_in(recording: Path) -> str:
    """What was said in it."""
    stream = vosk().open()
    stream.feed(sound_of(recording))
    return stream.finish().text


@pytest.mark.real
def test_staff_ask_for_messages_and_it_does_not_wake_itself(folder: Path) -> None:
    assert missing() == [], "./install.sh test brings them"
    with Database(folder / FILE_NAME) as database:
        Messages(database).take(Message("m1", "c1", "Anna Jones", "+13035550123", MATTER))
    config = folder / "appliance.toml"
    config.write_text(f'[desk]\nenabled = true\n[store]\ndirectory = "{folder}"\n', encoding="utf-8")
    question = spoken("Hey Jarvis! Any messages?", folder / "question.wav")
    log, asked = folder / "desk.log", 0
    with SoundRoom(folder) as room:
        room.echo()
        with log.open("wb") as stderr:
            command = [sys.executable, "-m", "appliance.wiring", "desk", "--config", str(config)]
            desk = subprocess.Popen(command, cwd=REPOSITORY, env=room.environment, stderr=stderr)
        try:
            wait_for(room.is_heard, "the desk to listen")
            for answers in (1, 2):
                with room.listening(folder / f"answer{answers}.wav"):
                    asked += ask_until(room, question, lambda nth=answers: count("desk request", log) >= nth)
                    wait_for(lambda nth=answers: count('"asleep"', log) >= nth, "the desk to sleep again")
        finally:
            desk.terminate()
            assert desk.wait(60) == 0
    assert count('"awake"', log) <= asked
    assert "message" in words_in(folder / "answer2.wav")


def ask_until(room: SoundRoom, question: Path, answered: Callable[[], bool]) -> int:
    """Ask, and again as people do when a busy machine swallowed a word; how many times."""
    for asked in range(1, ASKED_MOST + 1):
        room.say(question)
        with contextlib.suppress(AssertionError):
            wait_for(answered, "an answer", limit_s=PATIENCE_S)
            return asked
    raise AssertionError("asked in vain")


def count(words: str, log: Path) -> int:
    """How many lines of a log have `words`."""
    return sum(words in line for line in log.read_text(encoding="utf-8").splitlines())
