"""Recordings become sets, sets are heard under conditions, and errors are counted; with ears that are scripted."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from appliance.agent.recognition import Listener
from appliance.bench import recognition as bench
from appliance.bench.telephone_sound import Impairment
from appliance.domain.expectation import Expectation
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.engines.ports import Heard
from appliance.errors import NotFound
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.tones import tone


class Ear:
    """Hears the same words whatever is said; believes in them from the third tick on."""

    def __init__(self, text: str, confidence: float = 0.9) -> None:
        self.text, self.confidence = text, confidence
        self.asked: Expectation | None = None
        self.ticks = 0

    def expect(self, expectation: Expectation) -> None:
        """Remember it."""
        self.asked = expectation

    def feed(self, pcm: bytes) -> None:
        """Count."""
        self.ticks += 1

    def believed(self) -> str:
        """The words, after a while."""
        return self.text if self.ticks > 2 else ""

    def finish(self) -> Heard:
        """The words."""
        self.ticks = 0
        return Heard(self.text, self.confidence)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sets: words, digits, and one whose table tells clean from noisy."""
    tables = {
        "words/refs.tsv": "path\tref\na.wav\tTwo cars, 30 minutes.\nb.wav\t[noise]\nc.wav\tgood morning\n",
        "digits/phone_refs.tsv": "path\tdigits\na.wav\t303\n",
        "mixed/refs.tsv": "path\tcondition\tref\na.wav\tclean\thello\nb.wav\tcar_5dB\thello\nc.wav\tbabble\thello\n",
    }
    for name, table in tables.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(table, encoding="utf-8")
    for one in ("words/a.wav", "words/c.wav", "digits/a.wav", "mixed/a.wav"):
        soundfile.write(tmp_path / one, _samples(), SAMPLE_RATE_HZ)
    return tmp_path


def _samples():
    import numpy as np

    return np.frombuffer(tone(440, 400), "<i2")


def test_sets_are_found_by_their_tables(folder: Path) -> None:
    sets = bench.sets_in(folder)
    assert {name: [one.said for one in listed] for name, listed in sets.items()} == {
        "words": ["two cars thirty minutes", "good morning"],
        "digits_phone": ["303"],
        "mixed/clean": ["hello"],
        "mixed/noisy": ["hello", "hello"],
    }
    assert sets["digits_phone"][0].digits


def test_a_sample_is_spread_over_the_set(folder: Path) -> None:
    assert len(bench.sets_in(folder, most=1)["mixed/noisy"]) == 1


def test_a_folder_may_be_a_set_itself(folder: Path) -> None:
    assert list(bench.sets_in(folder / "words")) == ["words"]


def test_no_recordings_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"refs\.tsv"):
        bench.sets_in(tmp_path)


def test_digits_are_asked_for_and_words_are_also_heard_where_they_are_no_answer(folder: Path) -> None:
    sets = bench.sets_in(folder)
    digits = {one.name: one for one in bench.conditions_for("digits_phone", sets["digits_phone"])}
    words = {one.name: one for one in bench.conditions_for("words", sets["words"])}
    assert digits["mu_law"].asked is Expectation.PHONE
    assert digits["open"].asked is Expectation.ANYTHING
    assert words["mu_law"].asked is Expectation.ANYTHING
    assert words["asked_yes_no"].asked is Expectation.YES_NO
    assert words["noise_5db"].way.noise_db == 5


def test_what_is_noisy_already_gets_no_more_noise(folder: Path) -> None:
    noisy = bench.sets_in(folder)["mixed/noisy"]
    assert all(one.way.noise_db is None for one in bench.conditions_for("mixed/noisy", noisy))


def test_words_and_digits_are_counted_apart(folder: Path) -> None:
    sets, plain = bench.sets_in(folder), bench.Condition("mu_law", believed_too=True)
    words = bench.heard_under(plain, "words", sets["words"], [], lambda: Ear("two cars for thirty minutes"))
    assert [(row.units, row.errors, row.exact) for row in words] == [(4, 1, False), (2, 5, False)]
    asked = bench.Condition("mu_law", asked=Expectation.PHONE)
    digits = bench.heard_under(asked, "digits", sets["digits_phone"], [], lambda: Ear("it's three oh four"))
    assert [(row.units, row.errors) for row in digits] == [(3, 1)]


def test_when_the_words_settle_is_counted_from_the_last_sample_of_speech(folder: Path) -> None:
    sets = bench.sets_in(folder)
    (row, *_) = bench.heard_under(
        bench.Condition("mu_law", believed_too=True), "w", sets["words"], [], lambda: Ear("good morning")
    )
    assert row.settled_ms == 3 * 20 - 400


def test_the_ear_of_the_product_can_be_measured(folder: Path) -> None:
    sets = bench.sets_in(folder)
    condition = bench.Condition("asked_phone", Impairment(), Expectation.PHONE)
    rows = bench.heard_under(condition, "w", sets["words"], [], lambda: Listener(FakeRecogniserModel()))
    assert [row.errors for row in rows] == [4, 2]  # a tone is no words


def test_findings_hold_no_words_and_a_word_error_per_set_and_condition(folder: Path) -> None:
    sets = bench.sets_in(folder)
    rows = [
        row
        for condition in bench.conditions_for("words", sets["words"])
        if condition.way.noise_db is None
        for row in bench.heard_under(condition, "words", sets["words"], [], lambda: Ear("good morning"))
    ]
    found = bench.findings(rows, "appliance bench recognition", {"speech": "a tone"})
    assert found.summary["sets"]["words"]["mu_law"]["word_error"] == round(4 / 6, 4)
    assert found.summary["sets"]["words"]["mu_law"]["exact_share"] == 0.5
    assert {one.name for one in found.figures} >= {"words mu_law", "words loss_5pc", "words asked_day"}
    assert "morning" not in str(found.rows)
    assert found.summary["by_confidence"] == [{"from": 0.9, "n": len(rows), "wrong_share": 0.5}]
