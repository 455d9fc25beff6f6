"""The bench of moods: reads the sets as they lie, counts what is found, says what it cannot measure."""

from __future__ import annotations

import json

import pytest

from appliance.bench import mood as bench
from appliance.bench.mood import Labelled, emotions_in, found_in, measure, ordinary_in
from appliance.errors import NotFound


@pytest.fixture
def data(tmp_path):
    for folder in ("goemotions", "meld", "reccon"):
        (tmp_path / "text_emotion" / folder).mkdir(parents=True)
    emotions = tmp_path / "text_emotion"
    (emotions / "goemotions" / "dev.tsv").write_text(
        "This is ridiculous, nobody ever called me\t2,27\tid1\nWhat a fine morning\t17\tid2\n",
        encoding="utf-8",
    )
    (emotions / "meld" / "dev.csv").write_text(
        'Sr No.,Utterance,Emotion\n1,You are not listening!,anger\n2,"Well, hello",neutral\n',
        encoding="utf-8",
    )
    (emotions / "reccon" / "valid.txt").write_text(
        "7 2\n (1, 2),\n1,null,null,Good day .\n2,anger,x,I ' ve already told you .\n", encoding="utf-8"
    )
    dialogue = [
        {"turns": [{"speaker": "USER", "utterance": "a haircut"}, {"speaker": "SYSTEM", "utterance": "no"}]}
    ]
    (tmp_path / "text_dialogs_booking" / "sgd" / "train").mkdir(parents=True)
    (tmp_path / "text_dialogs_booking" / "sgd" / "train" / "one.json").write_text(json.dumps(dialogue))
    (tmp_path / "text_intents").mkdir()
    intents = {"val": [["shut the fuck up", "x"], ["book a table", "y"]], "oos_val": [["this sucks", "oos"]]}
    (tmp_path / "text_intents" / "clinc150.json").write_text(json.dumps(intents))
    return tmp_path


def test_the_sets_are_read_with_their_labels(data):
    assert emotions_in(data) == {
        "goemotions": [
            Labelled("This is ridiculous, nobody ever called me", True),
            Labelled("What a fine morning", False),
        ],
        "meld": [Labelled("You are not listening!", True), Labelled("Well, hello", False)],
        "reccon": [Labelled("Good day .", False), Labelled("I've already told you .", True)],
    }


def test_ordinary_sentences_are_the_callers_and_in_scope(data):
    found = ordinary_in(data)
    assert [one.text for one in found["booking dialogues"]] == ["a haircut"]
    assert [one.text for one in found["intents"]] == ["shut the fuck up", "book a table"]


def test_figures_count_what_was_found(data):
    findings = measure(data, command="test", conditions={})
    summary = findings.summary
    assert summary["goemotions precision"] == summary["meld recall"] == summary["reccon precision"] == 100.0
    assert summary["false abuse"] == pytest.approx(33.333)
    assert summary["false complaint"] == 0.0
    assert {figure.name: figure.met for figure in findings.figures}["false abuse"] is False


def test_rows_hold_no_words(data):
    rows = measure(data, command="test", conditions={}).rows
    assert len(rows) == 4
    assert "ridiculous" not in json.dumps([dict(row) for row in rows])


def test_a_folder_without_sets_is_said_to_hold_none(tmp_path):
    with pytest.raises(NotFound, match="no data"):
        measure(tmp_path, command="test", conditions={})


def test_without_anything_found_there_is_no_precision():
    assert [one.signs for one in found_in("x", [Labelled("a fine morning", True)])] == [()]
    figures = {
        one.name: one.value for one in bench._precisions(found_in("x", [Labelled("fine", True)]), {"x": []})
    }
    assert figures["x precision"] is None
    assert figures["x recall"] == 0.0


def test_hardly_anybody_is_taken_for_cross_who_is_not(data_dir):
    calls = [one for name, rows in ordinary_in(data_dir).items() for one in found_in(name, rows)]
    met = {figure.name: figure.met for figure in bench._alarms(calls)}
    assert [name for name, is_met in met.items() if not is_met] == []
