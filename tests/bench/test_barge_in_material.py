"""What is said over the agent: from a folder with its words, at its first packet; nods and noises by kind."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.bench import barge_in_material as material
from appliance.bench.recordings import load
from appliance.domain.sound import FRAME_BYTES
from appliance.errors import NotFound


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """Two recordings: half a second of room, then speech."""
    chance = np.random.default_rng(1)
    rows = ["path\tspeaker\tref"]
    for name in ("a.wav", "b.wav"):
        sound = np.concatenate([np.zeros(8000), chance.normal(0, 0.1, 32_000)])
        soundfile.write(tmp_path / name, sound, 16_000)
        rows.append(f"{name}\tsomebody\tBook a room")
    (tmp_path / "refs.tsv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def _interruptions(spoken: Path, heard: str, most: int = 5) -> list[material.Words]:
    return material.interruptions(spoken / "made", spoken, most, random.Random(1), lambda _: heard)


def test_an_interruption_begins_with_its_first_packet(spoken):
    first, _ = _interruptions(spoken, "")
    pcm = first.path.read_bytes()
    assert len(pcm) % FRAME_BYTES == 0
    assert np.abs(np.frombuffer(pcm[:FRAME_BYTES], np.int16).astype(int)).max() > 100
    assert first.source == material.RECORDED


def test_no_more_are_made_than_asked_for(spoken):
    assert len(_interruptions(spoken, "", most=1)) == 1


def test_a_first_word_is_lost_only_if_it_can_be_heard_alone(spoken):
    known = _interruptions(spoken, "book the room")[0]
    assert known.first_word == "book"
    assert known.first_word_lost("a room") is True
    assert known.first_word_lost("um book a room") is False
    misheard = _interruptions(spoken, "look a room")[0]
    assert misheard.first_word_lost("a room") is None


def test_a_folder_without_a_list_is_said_so(tmp_path):
    with pytest.raises(NotFound, match=r"no refs\.tsv"):
        material.interruptions(tmp_path / "made", tmp_path, 3, random.Random(1), lambda _: "")


def test_distractors_of_ones_own_keep_their_kind(tmp_path):
    (tmp_path / "own" / "door").mkdir(parents=True)
    soundfile.write(tmp_path / "own" / "door" / "1.wav", np.full(1700, 0.1), 16_000)
    (one,) = material.sounds(tmp_path / "made", tmp_path / "own", 10, 1)
    assert (one.kind, one.source) == ("door", material.RECORDED)
    assert len(load(one.path)) % FRAME_BYTES == 0


def test_the_room_is_never_silent_and_always_the_same():
    assert material.room_noise(1) == material.room_noise(1)
    samples = np.frombuffer(material.room_noise(1), np.int16).reshape(-1, 1600).astype(float)
    assert (samples**2).mean(axis=1).min() > 0
