"""What may not be kept is taken out, also after a crash in between; the rest stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from appliance.domain import recording as rec
from appliance.domain.appointment import Message
from appliance.domain.call import CallEvent, Disposition, Speaker, Turn
from appliance.domain.sound import FRAME_SAMPLES
from appliance.errors import StoreFault
from appliance.store.calls import Calls, recording_path
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.recordings import Recorder, is_blank
from appliance.store.taken_back import TakenBack

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOUND = np.full(FRAME_SAMPLES, 500, np.int16).tobytes()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / FILE_NAME) as database:
        Calls(database).begin("c1", "+13035550123", "100", NOW, {})
        yield database


def record(folder: Path, call_id: str = "c1", ticks: int = 100) -> Path:
    recorder = Recorder(recording_path(folder, call_id))
    for tick in range(ticks):
        recorder.write(SOUND, SOUND, tick)
    assert recorder.close()
    return recorder.path


def texts(database: Database) -> list[str]:
    return [one.text for one in Calls(database).get("c1").turns]


def say(database: Database, *words: str) -> None:
    for number, text in enumerate(words, start=1):
        Calls(database).add_turn("c1", Turn(number, Speaker.CALLER, text, number, number))


def test_some_turns_or_all_so_far_lose_their_words(database: Database) -> None:
    say(database, "four two four two", "four two four two", "hello")
    back = TakenBack(database)
    back.hide_turns("c1", rec.PRIVATE, (1, 2))
    assert texts(database) == ["[private]", "[private]", "hello"]
    back.hide_turns("c1", rec.NOT_KEPT)
    assert texts(database) == ["[not kept]"] * 3
    back.hide_turns("nobody", rec.NOT_KEPT)


@pytest.mark.parametrize("kind", [rec.BLANKED, rec.DISCARDED])
def test_what_a_crash_left_undone_is_done_at_the_next_start_once(
    database: Database, tmp_path: Path, kind: str
) -> None:
    path, calls, back = record(tmp_path), Calls(database), TakenBack(database)
    calls.add_event("c1", CallEvent(900, kind, rec.span_text(10, 20) if kind == rec.BLANKED else ""))
    half_done = path.with_suffix(".blanked.flac")
    half_done.write_bytes(b"fLaC")
    calls.repair()
    assert [back.repair(tmp_path), back.repair(tmp_path)] == [1, 0]
    assert not half_done.exists()
    assert not path.exists() if kind == rec.DISCARDED else is_blank(path, (10, 20))


def test_what_ended_as_it_should_is_left_alone(database: Database, tmp_path: Path) -> None:
    path, calls = record(tmp_path), Calls(database)
    calls.add_event("c1", CallEvent(900, rec.BLANKED, rec.span_text(10, 20)))
    calls.close("c1", Disposition.ANSWERED, NOW)
    assert TakenBack(database).repair(tmp_path) == 0
    assert not is_blank(path, (10, 20))


def test_a_message_spoken_after_a_withdrawal_is_kept(database: Database, tmp_path: Path) -> None:
    path, calls = record(tmp_path), Calls(database)
    calls.add_event("c1", CallEvent(900, rec.DISCARDED))
    Messages(database).take(Message("m1", "c1", "", "", "spoken"))
    calls.repair()
    assert TakenBack(database).repair(tmp_path) == 0
    assert path.exists()


def test_a_recording_that_refuses_is_named(database: Database, tmp_path: Path) -> None:
    path = record(tmp_path)
    path.write_bytes(b"no sound at all")
    Calls(database).add_event("c1", CallEvent(900, rec.BLANKED, rec.span_text(10, 20)))
    Calls(database).repair()
    with pytest.raises(StoreFault, match=r"c1\.flac: what may not be kept"):
        TakenBack(database).repair(tmp_path)


def test_the_calls_that_are_open_count_too(database: Database, tmp_path: Path) -> None:
    """A call that outlived the agent is open when the next one starts."""
    path = record(tmp_path)
    Calls(database).add_event("c1", CallEvent(900, rec.BLANKED, rec.span_text(0, 5)))
    assert TakenBack(database).repair(tmp_path) == 1
    assert is_blank(path, (0, 5))
    assert not is_blank(path, (5, 6))


def test_a_turn_keeps_everything_but_its_words(database: Database) -> None:
    turn = Turn(1, Speaker.AGENT, "your card ends in two", 10, 20, response_gap_ms=300, interrupted=True)
    Calls(database).add_turn("c1", turn)
    TakenBack(database).hide_turns("c1", rec.PRIVATE, [1])
    assert Calls(database).get("c1").turns == (replace(turn, text=rec.PRIVATE),)
