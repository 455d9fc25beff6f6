"""A call that was recorded is heard again by the real model, in the process that does it on a box."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import settings
from appliance.audio.framing import Framer
from appliance.domain.call import Disposition, Speaker, Turn
from appliance.domain.sound import FRAME_BYTES, SILENCE
from appliance.engines.piper_tts import PiperVoice
from appliance.secondpass.comparing import edits
from appliance.store.calls import Calls, recording_path
from appliance.store.database import FILE_NAME, Database
from appliance.store.recordings import Recorder
from appliance.store.second_texts import SecondTexts
from appliance.weights.place import resolve

SAID = {2: "I would like an oil change on Tuesday morning.", 4: "Please call me back this afternoon."}
HEARD = {2: "i would like an oil chain on tuesday morning", 4: "[private]"}


def record(recorder: Recorder, calls: Calls) -> None:
    """Two turns of a caller, who is Piper; the second is private, though its sound is there."""
    voice = PiperVoice(resolve(settings.Settings(), "voice") or Path())
    tick = 50
    for number, text in SAID.items():
        sound = b"".join(voice.speak(text))
        began, framer = tick, Framer(1)
        for frame in (*framer.put(sound), framer.flush()):
            recorder.write(frame.ljust(FRAME_BYTES, b"\0"), SILENCE, tick)
            tick += 1
        calls.add_turn("c1", Turn(number, Speaker.CALLER, HEARD[number], 20 * began, 20 * tick))
        tick += 50
    assert recorder.close(timeout_s=20)


@pytest.mark.real
def test_a_recorded_call_is_heard_again(tmp_path: Path) -> None:
    config, now = tmp_path / "box.toml", datetime.now(UTC) - timedelta(minutes=5)
    config.write_text(f'[store]\ndirectory = "{tmp_path}"\nsecond_pass = true\n')
    with Database(tmp_path / FILE_NAME) as database:
        calls, recorder = Calls(database), Recorder(recording_path(tmp_path, "c1"))
        calls.begin("c1", "+13035550123", "100", now, {})
        record(recorder, calls)
        calls.close("c1", Disposition.ANSWERED, now, recording=str(recorder.path))
        command = (sys.executable, "-m", "appliance.wiring", "second_pass", "--config", str(config))
        done = subprocess.run(command, timeout=240, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found = SecondTexts(database).get("c1")
    assert found is not None
    assert list(found.texts) == [2]
    words, errors = edits(found.texts[2], SAID[2], "en")
    assert errors <= 0.25 * words
    assert found.errors >= 1
    assert found.summary is not None
    assert found.model == "faster-whisper-base"
