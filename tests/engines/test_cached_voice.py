"""The remembering voice: what is kept, what never is, and a folder that is broken, full or read-only."""

from __future__ import annotations

import errno
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from appliance.engines.cached_voice import CachedVoice
from tests.contracts.voice import VoiceContract
from tests.fakes.voice import FakeVoice

GREETING = "Thank you for calling. How can I help?"


class TestCached(VoiceContract):
    @pytest.fixture
    def voice(self, tmp_path: Path) -> CachedVoice:
        return CachedVoice(FakeVoice(), tmp_path)


def sound(voice: CachedVoice | FakeVoice, text: str = GREETING) -> bytes:
    return b"".join(voice.speak(text))


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def test_a_prepared_text_is_synthesised_once_and_sounds_the_same(tmp_path: Path) -> None:
    inner = FakeVoice()
    voice = CachedVoice(inner, tmp_path)
    assert not voice.has(GREETING)
    assert voice.prepare([GREETING, GREETING]) == 1
    assert voice.has(GREETING)
    assert sound(voice) == sound(voice) == sound(FakeVoice())
    assert inner.spoken == [GREETING]


def test_it_is_still_there_after_a_restart(tmp_path: Path) -> None:
    CachedVoice(FakeVoice(), tmp_path).prepare([GREETING])
    inner = FakeVoice()
    voice = CachedVoice(inner, tmp_path)
    assert voice.prepare([GREETING]) == 0
    assert sound(voice) == sound(FakeVoice())
    assert inner.spoken == []


def test_another_voice_does_not_find_it(tmp_path: Path) -> None:
    CachedVoice(FakeVoice("one"), tmp_path).prepare([GREETING])
    assert not CachedVoice(FakeVoice("two"), tmp_path).has(GREETING)


def test_another_pace_is_another_sound_and_kept_from_the_first_time_it_is_said(tmp_path: Path) -> None:
    inner = FakeVoice()
    voice = CachedVoice(inner, tmp_path)
    voice.prepare([GREETING])
    slow = [b"".join(voice.speak(GREETING, 50)) for _ in range(2)]
    assert slow[0] == slow[1] == b"".join(FakeVoice().speak(GREETING, 50))
    assert len(slow[0]) > len(sound(voice))
    assert inner.spoken == [GREETING] * 2
    assert list(voice.speak("Good bye, Mister Miller.", 50))
    assert len(files(tmp_path)) == 2


def test_what_was_not_prepared_is_spoken_and_not_kept(tmp_path: Path) -> None:
    voice = CachedVoice(FakeVoice(), tmp_path)
    assert sound(voice, "Good bye, Mister Miller.")
    assert not voice.has("Good bye, Mister Miller.")
    assert files(tmp_path) == []


def test_no_words_stand_in_the_folder(tmp_path: Path) -> None:
    CachedVoice(FakeVoice(), tmp_path).prepare([GREETING])
    (only,) = files(tmp_path)
    assert b"calling" not in only.read_bytes()[:64]
    assert "thank" not in only.name.lower()


@pytest.mark.parametrize("harm", [b"", b"short", b"\0" * 5000])
def test_a_broken_file_is_made_again(tmp_path: Path, harm: bytes) -> None:
    voice = CachedVoice(FakeVoice(), tmp_path)
    voice.prepare([GREETING])
    (only,) = files(tmp_path)
    only.write_bytes(harm)
    assert not voice.has(GREETING)
    assert sound(voice) == sound(FakeVoice())
    assert voice.has(GREETING)


def test_a_file_cut_short_is_made_again_by_preparing(tmp_path: Path) -> None:
    CachedVoice(FakeVoice(), tmp_path).prepare([GREETING])
    (only,) = files(tmp_path)
    only.write_bytes(only.read_bytes()[:-2])
    voice = CachedVoice(FakeVoice(), tmp_path)
    assert voice.prepare([GREETING]) == 1
    assert sound(voice) == sound(FakeVoice())


def test_a_speech_broken_off_is_not_kept_as_if_whole(tmp_path: Path) -> None:
    voice = CachedVoice(FakeVoice(), tmp_path)
    voice.prepare([GREETING])
    files(tmp_path)[0].unlink()
    speaking = voice.speak(GREETING)
    next(speaking)
    speaking.close()  # type: ignore[attr-defined]  # a generator
    assert files(tmp_path) == []


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    texts = ["one two three", "four five six", "seven eight nine"]
    size = len(sound(FakeVoice(), texts[0])) + 32
    roomy = CachedVoice(FakeVoice(), tmp_path)
    roomy.prepare(texts[:2])
    for age, file in enumerate(files(tmp_path)):
        os.utime(file, ns=(age, age))
    assert sound(roomy, texts[0])  # used just now
    CachedVoice(FakeVoice(), tmp_path, limit_bytes=2 * size + 2000).prepare(texts[2:])
    assert [roomy.has(text) for text in texts] == [True, False, True]


def test_a_folder_that_cannot_be_written_is_said_once_and_costs_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    voice = CachedVoice(FakeVoice(), tmp_path / "file" / "cache")
    with caplog.at_level(logging.ERROR):
        voice.prepare([GREETING, "Please hold."])
        assert sound(voice) == sound(FakeVoice())
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert GREETING not in caplog.text


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(part: Path, content: bytes) -> int:
        with part.open("wb") as file:
            file.write(content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    voice = CachedVoice(FakeVoice(), tmp_path)
    voice.prepare([GREETING])
    assert files(tmp_path) == []
    assert sound(voice) == sound(FakeVoice())
    assert len(caplog.records) == 1


def test_several_threads_may_prepare_the_same(tmp_path: Path) -> None:
    voices = [CachedVoice(FakeVoice(), tmp_path) for _ in range(4)]
    texts = [GREETING, "One moment please.", "Good bye."]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda voice: voice.prepare(texts), voices))
    assert len(files(tmp_path)) == 3
    assert all(sound(voice, text) == sound(FakeVoice(), text) for voice in voices for text in texts)


def test_every_use_is_told_whether_it_was_kept(tmp_path: Path) -> None:
    uses: list[bool] = []
    voice = CachedVoice(FakeVoice(), tmp_path, on_use=uses.append)
    voice.prepare([GREETING])
    assert uses == []
    sound(voice)
    sound(voice, "Something new.")
    assert uses == [True, False]
