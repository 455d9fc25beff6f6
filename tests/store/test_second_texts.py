"""Second texts stand beside the first ones, survive an interrupted pass, and go with their call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.domain.call import Disposition, Speaker, Summary, Turn
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.second_texts import SecondPass, SecondTexts

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DONE = SecondPass("c1", NOW, "whisper", 10, 3, Summary("a b", "a", "b"), {1: "hello", 3: ""})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / FILE_NAME) as database:
        for number, call_id in enumerate(("c1", "c2", "c3", "c4")):
            calls = Calls(database)
            calls.begin(call_id, "+1", "100", NOW + timedelta(minutes=number), {})
            for turn in (1, 3):
                calls.add_turn(call_id, Turn(turn, Speaker.CALLER, "hallo", 0, 900))
        Calls(database).close("c1", Disposition.ANSWERED, NOW, recording="c1.flac")
        Calls(database).close("c2", Disposition.ANSWERED, NOW, recording="c2.flac")
        Calls(database).close("c3", Disposition.ANSWERED, NOW)
        yield database


def test_calls_with_a_recording_wait_the_newest_first_and_no_others(database: Database) -> None:
    second = SecondTexts(database)
    assert second.waiting(NOW - DAY, limit=9) == ["c2", "c1"]
    assert second.waiting(NOW - DAY) == ["c2"]
    assert second.waiting(NOW + DAY) == []
    second.finish(replace(DONE, call_id="c2"))
    assert second.waiting(NOW - DAY, limit=9) == ["c1"]


def test_what_is_kept_is_found_again_and_the_first_text_stands(database: Database) -> None:
    second = SecondTexts(database)
    assert second.get("c1") is None
    for number, text in DONE.texts.items():
        second.keep_text("c1", number, text)
    assert second.texts("c1") == DONE.texts
    second.finish(DONE)
    assert second.get("c1") == DONE
    assert DONE.error_percent == pytest.approx(30)
    assert replace(DONE, words=0, errors=0).error_percent is None
    assert [one.text for one in Calls(database).get("c1").turns] == ["hallo", "hallo"]


def test_twice_is_once_and_the_last_counts(database: Database) -> None:
    second = SecondTexts(database)
    second.keep_text("c1", 1, "first")
    second.keep_text("c1", 1, "hello")
    second.finish(DONE)
    second.finish(replace(DONE, errors=4, summary=None, texts={1: "hello"}))
    assert second.get("c1") == replace(DONE, errors=4, summary=None, texts={1: "hello"})


def test_what_is_gone_meanwhile_is_not_brought_back(database: Database) -> None:
    second = SecondTexts(database)
    second.keep_text("nobody", 1, "hello")
    second.keep_text("c1", 77, "hello")
    second.finish(replace(DONE, call_id="nobody"))
    second.keep_text("c3", 1, "hello")  # its recording went: erased, or too old
    second.finish(replace(DONE, call_id="c3"))
    assert second.get("c3") is None
    assert second.texts("c3") == {}
    assert second.texts("c1") == {}
    assert second.get("nobody") is None
    second.keep_text("c1", 1, "hello")
    second.finish(DONE)
    with database.writing() as tables:
        tables.execute("DELETE FROM calls WHERE call_id = 'c1'")
    assert second.get("c1") is None
    assert second.texts("c1") == {}


def test_a_day_s_estimate(database: Database) -> None:
    second = SecondTexts(database)
    second.finish(DONE)
    second.finish(replace(DONE, call_id="c2", words=30, errors=1))
    assert second.word_errors(NOW, NOW + DAY) == (40, 4)
    assert second.word_errors(NOW + timedelta(seconds=30), NOW + DAY) == (30, 1)
    assert second.word_errors(NOW - DAY, NOW) == (0, 0)
