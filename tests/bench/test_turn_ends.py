"""The instrument for ends of turns: what is cut, what is waited for, what was heard before is not heard again."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.agent.hearing import Ear
from appliance.agent.recognition import Listener
from appliance.agent.turn_words import TurnWords
from appliance.bench.recordings import speech_bounds
from appliance.bench.turn_ends import ending, findings, measure, row
from appliance.bench.turn_material import Said, dictated, over_telephone, recorded
from appliance.bench.turn_tracks import Library, Rerun, Track
from appliance.conversation.interruption import Interruption
from appliance.conversation.turns import TurnTaker
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, SILENCE, ms, ticks
from appliance.errors import NotFound
from appliance.settings import Turns
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniserModel

LIMITS = Turns()


def make_ear(detector, recogniser) -> Ear:
    return Ear(
        "bench",
        detector,
        TurnWords("bench", Listener(recogniser), None),
        TurnTaker(LIMITS),
        Interruption(),
        speech_threshold=0.5,
        now_tick=lambda: 0,
    )


def played(pattern: str, *words: tuple[int, str], ends_tick: int | None = None, dictated=False, **asked):
    """One character a tick, '#' speech; from which tick on the recogniser believes what."""
    believed = ["" for _ in pattern]
    for tick, text in words:
        believed[tick:] = [text] * (len(pattern) - tick)
    ends = pattern.rindex("#") + 1 if ends_tick is None else ends_tick
    expectation = asked.get("expectation", Expectation.ANYTHING)
    said = Said("set", "one", "it", expectation, SILENCE * len(pattern), 0.0, float(ms(ends)), dictated)
    return ending(said, Track([float(mark == "#") for mark in pattern], believed), make_ear)


def test_the_wait_is_counted_from_the_true_end():
    quiet = "." * ticks(LIMITS.end_silence_ms + 200)
    one = played("." * 10 + "#" * 40 + quiet, (45, "i was there"), ends_tick=47)
    assert (one.pieces, one.is_cut) == (1, False)
    assert one.detector_ms == ms(50 - 47)
    assert one.wait_ms == ms(50 + ticks(LIMITS.end_silence_ms) - 47)
    assert one.words_ms == ms(46 - 47)


def test_an_utterance_in_two_pieces_is_a_false_ending():
    pause = "." * ticks(LIMITS.end_silence_ms + 100)
    one = played("#" * 40 + pause + "#" * 40 + "." * 100, (30, "i was there"), (100, "i was there yesterday"))
    assert (one.pieces, one.is_cut) == (2, True)
    assert one.wait_ms is not None


def test_a_turn_in_the_noise_after_the_end_is_no_piece():
    quiet = "." * ticks(LIMITS.end_silence_ms + 100)
    one = played("#" * 40 + quiet + "#" * 20 + quiet, (30, "i was there"), ends_tick=80)
    assert (one.pieces, one.is_cut) == (1, False)


def test_where_it_never_ended_there_is_no_wait():
    one = played("#" * 40)
    assert one.wait_ms is None
    assert row(one)["wait_ms"] is None


def test_findings_tell_dictation_apart_and_keep_no_words():
    quiet = "." * ticks(2 * LIMITS.end_silence_ms)
    whole = played("#" * 40 + quiet, (30, "i was there"))
    cut = played("#" * 40 + quiet + "#" * 40 + quiet, (30, "i was there"), dictated=True)
    found = findings([whole, whole, cut], "appliance bench turns", {})
    assert found.summary["false_endings_percent"] == pytest.approx(33.3)
    assert found.summary["dictation_false_endings_percent"] == 100
    assert found.summary["set"]["n"] == 3
    assert len(found.rows) == 3
    assert not any("there" in str(value) for line in found.rows for value in line.values())


# --- what is played -----------------------------------------------------------------------------


def tone(duration_ms: int) -> bytes:
    at = np.arange(16 * duration_ms)
    return (8000 * np.sin(at * 2 * np.pi * 500 / 16_000)).astype(np.int16).tobytes()


def test_over_the_telephone_the_speech_stands_where_it_is_said_to_stand():
    said = over_telephone(
        bytes(3200) + tone(400) + bytes(32_000),
        group="g",
        speaker="s",
        name="n",
        expectation=Expectation.NAME,
    )
    first, last = speech_bounds(said.pcm)
    assert first / 16 == pytest.approx(said.begins_ms, abs=20)
    assert last / 16 == pytest.approx(said.ends_ms, abs=20)
    assert all(len(frame) == FRAME_BYTES for frame in said.frames)


def test_numbers_are_dictated_with_pauses_and_the_same_every_time(data_dir):
    first, again = (next(dictated(data_dir, count=1)) for _ in range(2))
    assert first == again
    assert first.dictated
    assert first.expectation is Expectation.PHONE
    loud = np.abs(np.frombuffer(b"".join(first.frames), np.int16)).reshape(-1, 160).max(axis=1) > 300
    inside = loud[np.flatnonzero(loud)[0] : np.flatnonzero(loud)[-1]]
    runs = "".join("#" if one else "." for one in inside).split("#")
    assert sum(len(run) >= 25 for run in runs) >= 2


def test_a_folder_with_a_table_is_a_set_of_its_own(tmp_path, data_dir):
    (tmp_path / "a.flac").write_bytes((data_dir / "speech_clips_misc" / "book_a_room.flac").read_bytes())
    (tmp_path / "refs.tsv").write_text("path\tspeaker\tref\na.flac\tx\tbook a room\n")
    assert [(said.group, said.name, said.speaker) for said in recorded(tmp_path)] == [
        (tmp_path.name, "a.flac", "x")
    ]


def test_without_recordings_there_is_nothing_to_measure(tmp_path):
    with pytest.raises(NotFound):
        measure(
            tmp_path,
            tmp_path / "kept",
            FakeRecogniserModel(),
            FakeDetector,
            make_ear,
            command="",
            conditions={},
        )


# --- engines that remember ----------------------------------------------------------------------


class CountingModel(FakeRecogniserModel):
    opened = 0

    def open(self, words=()):
        self.opened += 1
        return super().open(words)


def test_a_recording_is_heard_once(tmp_path):
    said = over_telephone(tone(300), group="g", speaker="s", name="n", expectation=Expectation.PHONE)
    model = CountingModel()
    library = Library(tmp_path, model, FakeDetector)
    first = library.track(said.frames, ("one",))
    assert (model.opened, len(first.chances)) == (2, len(said.frames))
    again = library.track(said.frames, ("one",))
    assert model.opened == 2
    assert list(again.words) == list(first.words)
    library.track(said.frames, ())
    assert model.opened == 3


def test_heard_again_the_words_come_when_they_came_and_a_turn_takes_its_own_along():
    rerun = Rerun(Track([0.0, 0.9, 0.9], ["", "one", "one two"]))
    stream = rerun.open()
    rerun.tick = 1
    assert stream.partial() == "one"
    assert stream.finish().text == "one"
    rerun.tick = 2
    assert rerun.speech_probability(SILENCE) == 0.9
    assert stream.partial() == "two"
