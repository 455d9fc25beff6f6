"""The loudspeaker: plays what it is given, or says what is missing."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from appliance.engines import loudspeaker
from appliance.errors import EngineFault, NotFound


class PortAudioError(Exception):
    pass


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[tuple[np.ndarray, int]]:
    """What a machine with a sound card would have played."""
    calls: list[tuple[np.ndarray, int]] = []
    card = SimpleNamespace(
        PortAudioError=PortAudioError,
        play=lambda samples, rate_hz, blocking: calls.append((samples, rate_hz)),
    )
    monkeypatch.setitem(sys.modules, "sounddevice", card)
    return calls


def test_a_stereo_recording_is_played_as_it_is(played: list[Any], tmp_path: Path) -> None:
    both = np.arange(2000, dtype=np.int16).reshape(-1, 2)
    soundfile.write(tmp_path / "call.wav", both, 16000)
    loudspeaker.play(tmp_path / "call.wav")
    ((samples, rate_hz),) = played
    assert rate_hz == 16000
    np.testing.assert_array_equal(samples, both)


def test_samples_are_played_too(played: list[Any]) -> None:
    loudspeaker.play(np.zeros(160, dtype=np.int16), 8000)
    assert played[0][1] == 8000


def test_no_such_file(played: list[Any], tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        loudspeaker.play(tmp_path / "none.wav")
    assert played == []


def test_not_a_recording(played: list[Any], tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("hello")
    with pytest.raises(EngineFault, match="not a recording"):
        loudspeaker.play(tmp_path / "text.wav")
    assert played == []


def test_a_machine_without_a_sound_card_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PortAudioError("Error querying device -1")

    monkeypatch.setitem(
        sys.modules, "sounddevice", SimpleNamespace(PortAudioError=PortAudioError, play=refuse)
    )
    with pytest.raises(EngineFault) as caught:
        loudspeaker.play(np.zeros(160, dtype=np.int16))
    assert "Attach" in caught.value.remedy


def test_a_machine_without_portaudio_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real_import(name, *rest, **named)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EngineFault) as caught:
        loudspeaker.play(np.zeros(160, dtype=np.int16))
    assert "libportaudio2" in caught.value.remedy
