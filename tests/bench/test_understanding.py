"""The bench of understanding on a small office: what is acted on is compared with what was meant."""

from __future__ import annotations

from appliance import business
from appliance.bench.understanding import Office, judged, measure, own_scores
from appliance.bench.understanding_scores import Judged
from appliance.bench.understanding_sets import LabelledSet, Sentence
from appliance.bench.understanding_spoken import Spoken, Utterance
from appliance.bench.understanding_vectors import KeptVectors
from appliance.domain.events import IntentScore
from tests.fakes.vectors import FakeVectors


class Knows:
    """Finds the hours in whatever has "open" in it."""

    def likely(self, text):
        return (IntentScore("fact:hours", 0.9 if "open" in text else 0.1),)


OFFICE = Office(business.load("auto_repair"), Knows())
HOURS = Utterance("auto_repair", "when do you open", "fact:hours")
JOKE = Utterance("auto_repair", "tell me a joke", None)


def test_an_utterance_is_judged_by_what_would_be_done():
    assert judged(HOURS, HOURS.text, OFFICE) == Judged(is_known=True, declined=False, right=True)
    assert judged(HOURS, "when do you hope and", OFFICE) == Judged(is_known=True, declined=True, right=False)
    assert judged(HOURS, "i'd like to book", OFFICE) == Judged(is_known=True, declined=False, right=False)
    assert judged(JOKE, JOKE.text, OFFICE).declined


def test_what_was_heard_a_second_time_counts_half():
    assert judged(HOURS, "when do you hope and", OFFICE, "when do you open").right
    assert not judged(HOURS, "when do you hope and", OFFICE, "when do you open").declined
    assert judged(HOURS, "when do you hope and", OFFICE, "when do [unk] open").declined


def test_both_hearings_and_the_first_alone_are_told():
    spoken = [Spoken(HOURS, "joe", "when do you hope and", "when do you open")]
    found = own_scores({"auto_repair": OFFICE}, [], spoken)
    assert {name: one.accuracy for name, one in found.items()} == {
        "heard joe": 1.0,
        "heard once": 0.0,
        "heard twice": 1.0,
    }


def test_findings_hold_every_condition_and_set_and_no_words(tmp_path):
    one, two = Sentence("turn it on", frozenset({"on"})), Sentence("turn it off", frozenset({"off"}))
    both = Sentence("on and off", frozenset({"on", "off"}))
    foreign = Sentence("who are they", frozenset())
    findings = measure(
        {"auto_repair": OFFICE},
        [HOURS, JOKE],
        [Spoken(HOURS, "joe", "when do you open"), Spoken(JOKE, "joe", "tell me open joke")],
        [
            LabelledSet("single", [one, two, foreign], [one, two, foreign]),
            LabelledSet("several", [one, two, both], [one, both]),
        ],
        KeptVectors(FakeVectors(), tmp_path / "kept.npz"),
        command="appliance bench understanding",
        conditions={},
        tell=lambda _: None,
    )
    summary = findings.summary
    assert summary["own"]["typed"]["accuracy"] == summary["own"]["typed"]["foreign_recall"] == 1
    assert summary["own"]["heard joe"]["foreign_recall"] == 0
    assert (
        summary["sets"]["single"] | {"n": 3, "accuracy": 1.0, "foreign_recall": 1.0}
        == summary["sets"]["single"]
    )
    assert summary["sets"]["several"]["micro_f1"] > 0.5
    assert not any("open" in str(row) for row in findings.rows)


def test_a_second_set_is_told_apart():
    again = Utterance("auto_repair", "are you open", "fact:hours", "second")
    found = own_scores({"auto_repair": OFFICE}, [HOURS, again, JOKE], [Spoken(again, "joe", "are you")])
    assert {name: (one.known, one.accuracy) for name, one in found.items()} == {
        "typed": (1, 1.0),
        "second set typed": (1, 1.0),
        "second set heard joe": (1, 0.0),
    }
