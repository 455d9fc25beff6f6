"""The sound card, with PortAudio's part played by a fake."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ, SILENCE
from appliance.engines import sound_card
from appliance.engines.sound_card import Device, SoundCard
from appliance.errors import EngineFault


class PortAudioError(Exception):
    pass


class FakeStream:
    """One direction of a card."""

    latency = 0.1

    def __init__(
        self, card: FakePortAudio, *, callback: Callable[..., None] | None = None, **how: Any
    ) -> None:
        if how["device"] in card.refused:
            raise ValueError("No input device matching")
        self.how, self.callback, self.written, self.is_open = how, callback, b"", False
        self._card = card
        card.streams.append(self)

    def start(self) -> None:
        self.is_open = True

    def write(self, pcm: bytes) -> None:
        if self._card.unplugged:
            raise PortAudioError("device unavailable")
        self.written += pcm

    def abort(self) -> None:
        if self._card.unplugged:
            raise PortAudioError("device unavailable")

    def close(self) -> None:
        self.is_open = False


class FakePortAudio(SimpleNamespace):
    """The library."""

    def __init__(self) -> None:
        self.streams: list[FakeStream] = []
        self.refused: set[str] = set()
        self.unplugged = False
        self.PortAudioError = PortAudioError

    def RawInputStream(self, **how: Any) -> FakeStream:  # noqa: N802  the library's name
        return FakeStream(self, **how)

    RawOutputStream = RawInputStream

    def query_devices(self) -> list[dict[str, Any]]:
        return [{"name": "USB", "max_input_channels": 1, "max_output_channels": 0}]

    def _terminate(self) -> None: ...

    def _initialize(self) -> None: ...


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    made = FakePortAudio()
    monkeypatch.setitem(sys.modules, "sounddevice", made)
    return made


def test_it_hears_in_frames_and_speaks_as_the_house_does(library: FakePortAudio) -> None:
    heard: list[bytes] = []
    with SoundCard("USB", "", heard.append) as card:
        speaker, microphone = library.streams
        assert microphone.how["blocksize"] == FRAME_SAMPLES
        assert {one.how["samplerate"] for one in library.streams} == {SAMPLE_RATE_HZ}
        assert (microphone.how["device"], speaker.how["device"]) == ("USB", None)
        assert microphone.callback is not None
        microphone.callback(memoryview(SILENCE), FRAME_SAMPLES, None, None)
        card.play(SILENCE * 7)
        assert card.latency_s == 0.1
    assert heard == [SILENCE]
    assert len(speaker.written) == 7 * FRAME_BYTES
    assert not any(one.is_open for one in library.streams)


def test_a_device_that_is_not_there(library: FakePortAudio) -> None:
    library.refused.add("USB")
    with pytest.raises(EngineFault, match="no sound device") as caught:
        SoundCard("USB", "", lambda _: None)
    assert "appliance desk devices" in caught.value.remedy
    assert not any(one.is_open for one in library.streams)


def test_a_loudspeaker_that_is_unplugged(library: FakePortAudio) -> None:
    with SoundCard("", "", lambda _: None) as card:
        library.unplugged = True
        with pytest.raises(EngineFault, match="loudspeaker is gone"):
            card.play(SILENCE)


def test_what_there_is(library: FakePortAudio) -> None:
    assert sound_card.devices() == [Device("USB", hears=True, speaks=False)]
