"""Pieces of speech and the pauses between them."""

from __future__ import annotations

from pathlib import Path

from appliance.bench.voices import SyntheticVoice, joined
from tests.fakes.tones import tone


class Recorder:
    """A voice that says everything as the same tone and remembers what it was asked for."""

    name = "recorder"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def speak(self, text: str, pace_percent: int = 100):
        self.asked.append(text)
        yield tone(440, 200)


def test_a_pause_is_as_long_as_it_is_written(tmp_path: Path) -> None:
    engine = Recorder()
    voice = SyntheticVoice(tmp_path, _engine=engine)
    pcm = voice.sound("Three oh three. [450] Five five five.").read_bytes()
    assert engine.asked == ["Three oh three.", "Five five five."]
    assert len(pcm) == (200 + 450 + 200) * 32
    assert not any(pcm[200 * 32 : 650 * 32])


def test_what_was_said_once_is_kept(tmp_path: Path) -> None:
    engine = Recorder()
    voice = SyntheticVoice(tmp_path, _engine=engine)
    assert voice.sound("Hello.") == voice.sound("Hello.")
    assert SyntheticVoice(tmp_path, speed=1.2, _engine=engine).sound("Hello.") != voice.sound("Hello.")
    assert engine.asked == ["Hello.", "Hello."]


def test_the_silence_a_piece_ends_in_is_not_part_of_the_pause() -> None:
    assert len(joined([tone(440, 100) + bytes(32 * 300), tone(440, 100)], [50, 0])) == 250 * 32
