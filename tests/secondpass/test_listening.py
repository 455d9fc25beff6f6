"""Recordings are listened to again turn by turn; what was taken out of them does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from appliance.clock import SetClock
from appliance.domain.call import Disposition, Speaker, Summary, Turn
from appliance.domain.sound import FRAME_SAMPLES
from appliance.errors import EngineFault
from appliance.secondpass.listening import SecondListener
from appliance.store.calls import Calls, recording_path
from appliance.store.database import FILE_NAME, Database
from appliance.store.recordings import Recorder
from appliance.store.second_texts import SecondTexts

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CARD = "4242 4242 4242 4242"


class ByLevel:
    """Hears which of the caller's turns it is given by how loud it is: turn 3 is 300."""

    name = "fake"

    def __init__(self, texts: dict[int, str]) -> None:
        self.texts = texts
        self.given: list[tuple[int, int]] = []

    def transcribe(self, pcm: bytes) -> str:
        samples = np.frombuffer(pcm, np.int16)
        number = int(samples.max()) // 100
        self.given.append((number, len(samples)))
        if number not in self.texts:
            raise EngineFault("out of words")
        return self.texts[number]


class Office:
    """A database with one call of five turns, 1 s each, recorded."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.calls, self.second = Calls(database), SecondTexts(database)
        self.calls.begin("c1", "+1", "100", NOW, {})
        self.recorder = Recorder(recording_path(folder, "c1"))

    def record(self, *turns: Turn) -> None:
        for turn in turns:
            sound = np.full(FRAME_SAMPLES, 100 * turn.number, np.int16).tobytes()
            for tick in range(turn.started_ms // 20, turn.ended_ms // 20):
                caller, agent = (sound, bytes(640)) if turn.speaker == "caller" else (bytes(640), sound)
                self.recorder.write(caller, agent, tick)
            self.calls.add_turn("c1", turn)
        assert self.recorder.close()
        made = Summary("Somebody called about x. Call back.", "Somebody called about x.", "Call back.")
        self.calls.close("c1", Disposition.ANSWERED, NOW, recording=str(self.recorder.path), summary=made)

    def listen(self, model: ByLevel) -> int:
        return SecondListener(self.calls, self.second, model, SetClock(NOW), "en").listen()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Database(tmp_path / FILE_NAME) as database:
        yield Office(tmp_path, database)


def turn(number: int, text: str, speaker: Speaker = Speaker.CALLER) -> Turn:
    return Turn(number, speaker, text, 2000 * number, 2000 * number + 1000)


def test_each_turn_of_the_caller_is_heard_again_and_compared(office: Office) -> None:
    office.record(
        turn(1, "how can i help", Speaker.AGENT), turn(2, "i need an oil chain"), turn(3, "thank you")
    )
    model = ByLevel({2: "I need an oil change.", 3: "Thank you."})
    assert office.listen(model) == 1
    assert [number for number, _ in model.given] == [2, 3]
    assert [samples for _, samples in model.given] == [16000 * 1.6, 16000 * 1.3]  # the recording ends there
    done = office.second.get("c1")
    assert done is not None
    assert done.texts == {2: "I need an oil change.", 3: "Thank you."}
    assert (done.words, done.errors, done.model) == (7, 1, "fake")
    assert done.summary is not None
    assert "oil change" in done.summary.wish
    assert done.summary.next_step == "Call back."
    assert office.calls.get("c1").turns[1].text == "i need an oil chain"
    assert office.listen(ByLevel({})) == 0


def test_private_turns_are_not_listened_to_and_a_card_number_heard_only_now_is_not_kept(
    office: Office,
) -> None:
    office.record(turn(1, "my card is [private]"), turn(2, "[not kept]"), turn(3, "for too for to"))
    model = ByLevel({3: f"It is {CARD}."})
    office.listen(model)
    assert office.second.texts("c1") == {3: "It is [private]."}
    assert [number for number, _ in model.given] == [3]


def test_an_interrupted_pass_goes_on_where_it_was(office: Office) -> None:
    office.record(turn(1, "one"), turn(2, "two"), turn(3, "three"))
    with pytest.raises(EngineFault):
        office.listen(ByLevel({1: "one", 2: "two"}))
    assert office.second.get("c1") is None
    again = ByLevel({3: "three"})
    assert office.listen(again) == 1
    assert [number for number, _ in again.given] == [3]
    done = office.second.get("c1")
    assert done is not None
    assert (done.words, done.errors) == (3, 0)


@pytest.mark.parametrize("damage", ["gone", "garbage"])
def test_a_recording_that_does_not_read_is_no_trouble_and_not_tried_for_ever(
    office: Office, damage: str
) -> None:
    office.record(turn(1, "hello"))
    office.recorder.path.unlink() if damage == "gone" else office.recorder.path.write_bytes(b"noise")
    assert office.listen(ByLevel({})) == 1
    done = office.second.get("c1")
    assert done is not None
    assert (done.words, done.texts, done.summary) == (0, {}, None)
    assert office.listen(ByLevel({})) == 0


def test_a_turn_beyond_the_end_of_the_recording_is_silent(office: Office) -> None:
    office.record(turn(1, "hello"))
    office.calls.add_turn("c1", Turn(9, Speaker.CALLER, "late", 900_000, 901_000))
    model = ByLevel({1: "Hello."})
    model.transcribe = lambda pcm: "Hello." if pcm else ""  # type: ignore[method-assign]
    office.listen(model)
    assert office.second.texts("c1") == {1: "Hello.", 9: ""}
