"""What is said to the shipped businesses: fair (never taught), labelled with what exists, heard once and kept."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.bench.understanding_spoken import FIRST, OTHERS_MOST, Hearing, Utterance, spread, utterances
from appliance.business.callers import callers
from appliance.conversation.lessons import lessons, sentences_of
from appliance.engines.ports import Heard
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

SAID = utterances()


@pytest.mark.parametrize("name", sorted({one.business for one in SAID}))
def test_no_utterance_was_taught_and_each_means_what_the_business_knows(name):
    office = business.load(name)
    taught = lessons(office, callers(office.language))
    mine = [one for one in SAID if one.business == name]
    assert not {one.text for one in mine} & {one.text for one in taught}
    assert {one.means for one in mine if one.means} <= set(sentences_of(taught))
    assert sum(one.means is None for one in mine) >= 20


class Loads:
    """Counts what is loaded."""

    def __init__(self, make):
        self.make, self.count = make, 0

    def __call__(self):
        self.count += 1
        return self.make()


def hearing(tmp_path):
    voice, recogniser = Loads(FakeVoice), Loads(FakeRecogniserModel)
    return Hearing(tmp_path / "heard.json", {"fake": voice}, recogniser, "fake"), voice, recogniser


def test_what_was_heard_once_needs_no_voice_again(tmp_path):
    said = [Utterance("shop", "when are you open", "fact:hours"), Utterance("shop", "tell me a joke", None)]
    first, voice, recogniser = hearing(tmp_path)
    heard = first.heard(said, lambda _: None)
    assert [(one.utterance, one.voice) for one in heard] == [(one, "fake") for one in said]
    assert (voice.count, recogniser.count) == (1, 1)
    again, voice, recogniser = hearing(tmp_path)
    assert again.heard(said, lambda _: None) == heard
    assert (voice.count, recogniser.count) == (0, 0)


class Echoes:
    """Hears the first of the words it was opened with, and "openly" without any."""

    name = "echoes"

    def __init__(self, words=()):
        self.words, self.fed = words, 0

    def open(self, words=()):
        return Echoes(words)

    def feed(self, pcm):
        self.fed += len(pcm)

    def partial(self):
        return self.words[0] if self.fed else ""

    def finish(self):
        return Heard("openly" if self.fed else "")


def test_who_knows_what_is_said_to_a_business_hears_it_a_second_time(tmp_path):
    voice, recogniser = Loads(FakeVoice), Loads(Echoes)
    said = [Utterance("shop", "when are you open", "fact:hours"), Utterance("other", "hello", None)]

    def heard(*sayings):
        ear = Hearing(tmp_path / "heard.json", {"fake": voice}, recogniser, "fake", {"shop": sayings})
        return [(one.heard, one.again) for one in ear.heard(said, lambda _: None)]

    assert heard("are you open") == [("openly", "are you open"), ("openly", "")]
    assert heard("are you open") == [("openly", "are you open"), ("openly", "")]
    assert (voice.count, recogniser.count) == (1, 1)
    assert heard("something else is said here")[0] == ("openly", "something else is said here")


def test_fewer_are_spread_over_all():
    few = spread(SAID, 9)
    assert len(few) == 9
    assert {one.business for one in few} == {one.business for one in SAID}
    assert spread(SAID, None) == spread(SAID, len(SAID)) == SAID


def test_the_first_voice_says_everything_and_others_some(tmp_path):
    said = [Utterance("shop", f"sentence {number}", None) for number in range(OTHERS_MOST + 50)]
    voices = {"own": FakeVoice, "other": FakeVoice}
    heard = Hearing(tmp_path / "heard.json", voices, FakeRecogniserModel, "fake").heard(said, lambda _: None)
    assert [one.utterance for one in heard if one.voice == "own"] == said
    assert [one.utterance for one in heard if one.voice == "other"] == spread(said, OTHERS_MOST)


def test_a_folder_of_utterances_is_a_set_of_its_own():
    assert {one.collection for one in SAID} == {FIRST, "second"}
    assert not {one.text for one in SAID if one.collection == FIRST} & {
        one.text for one in SAID if one.collection != FIRST
    }
