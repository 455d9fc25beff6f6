"""Taught tables on disk: used while nothing changed, made anew when anything did, or when the file is broken."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.conversation.lessons import Lesson
from appliance.engines import intent_files
from appliance.engines.intent_files import load, name_of, save, table_for, teach
from appliance.engines.sentence_letters import with_letters
from tests.fakes.vectors import FakeVectors

LESSONS = [
    Lesson("when do you open", "hours"),
    Lesson("what time do you open", "hours"),
    Lesson("can i pay by card", "payment"),
    Lesson("do you take cards", "payment"),
    Lesson("tell me a joke", None),
]


class CountingVectors(FakeVectors):
    asked = 0

    def vectors(self, sentences):
        self.asked += len(sentences)
        return super().vectors(sentences)


def test_what_was_kept_is_what_was_taught(tmp_path):
    taught, _ = teach(LESSONS, FakeVectors(), tmp_path)
    kept = load(tmp_path / f"{name_of(LESSONS, 'fake')}.npz")
    assert kept is not None
    assert (kept.intents, kept.calibration) == (taught.intents, taught.calibration)
    asked = ["when can i pay"]
    rows = with_letters(asked, np.array(FakeVectors().vectors(asked), np.float32))
    assert kept.probabilities(rows).tolist() == taught.probabilities(rows).tolist()


def test_nothing_is_taught_twice_and_a_changed_sentence_is(tmp_path):
    vectors = CountingVectors()
    table_for(LESSONS, vectors, tmp_path)
    once = vectors.asked
    table_for(LESSONS, vectors, tmp_path)
    assert vectors.asked == once == len(LESSONS)
    table_for([*LESSONS, Lesson("how late are you open", "hours")], vectors, tmp_path)
    assert vectors.asked == once + len(LESSONS) + 1


def test_other_vectors_are_another_table():
    assert name_of(LESSONS, "one") != name_of(LESSONS, "another")


@pytest.mark.parametrize("content", [b"", b"not a table", b"PK\x03\x04 half"])
def test_a_broken_file_is_taught_anew(tmp_path, content):
    file = tmp_path / f"{name_of(LESSONS, 'fake')}.npz"
    file.write_bytes(content)
    assert load(file) is None
    assert table_for(LESSONS, FakeVectors(), tmp_path).intents == ("hours", "payment")
    assert load(file) is not None


def test_a_disk_that_cannot_be_written_costs_nothing_but_time(tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")
    assert table_for(LESSONS, FakeVectors(), tmp_path / "taken").intents == ("hours", "payment")


def test_old_tables_go(tmp_path, monkeypatch):
    monkeypatch.setattr(intent_files, "_KEPT", 2)
    table, _ = teach(LESSONS, FakeVectors(), tmp_path)
    for name in "abc":
        save(table, tmp_path / f"{name}.npz")
    assert len(list(tmp_path.glob("*.npz"))) == 2
