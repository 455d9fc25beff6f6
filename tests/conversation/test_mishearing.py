"""Words as a recogniser hears them: how much, the same for the same seed, and never nothing."""

from __future__ import annotations

from random import Random

import pytest

from appliance.conversation.mishearing import misheard
from appliance.conversation.mishearing_words import ENGLISH

SAID = "i'd like to book an oil change for alice miller on monday at nine " * 20


def test_without_noise_all_is_heard():
    assert misheard(SAID.strip(), Random(1), 0.0) == SAID.strip()


def test_the_same_seed_mishears_the_same_words():
    assert misheard(SAID, Random(1), 0.3) == misheard(SAID, Random(1), 0.3)
    assert misheard(SAID, Random(1), 0.3) != misheard(SAID, Random(2), 0.3)


def test_about_as_many_words_are_touched_as_the_rate_says():
    said = "alice booked nine brakes at nine " * 200
    heard = misheard(said, Random(3), 0.2)
    kept = sum(word in {"alice", "booked", "nine", "brakes", "at"} for word in heard.split())
    assert 0.1 < 1 - kept / len(said.split()) < 0.3


@pytest.mark.parametrize(
    ("said", "ways"),
    [
        ("four", {"for", "fore", "uh four", "um four", "the four", "huh four"}),
        ("to", {"two", "the", "to", "uh to", "um to", "the to", "huh to"}),
    ],
)
def test_a_word_is_heard_as_what_sounds_like_it(said, ways):
    assert {misheard(said, Random(seed), 1.0) for seed in range(60)} <= ways


def test_a_name_keeps_its_first_sound():
    heard = {misheard("miller", Random(seed), 1.0).split()[-1] for seed in range(40)}
    assert len(heard) > 1
    assert all(name.startswith("m") for name in heard)


def test_what_is_swallowed_whole_is_heard_after_all():
    assert all(misheard("a", Random(seed), 1.0) for seed in range(40))


def test_no_word_sounds_like_itself():
    assert [said for said, heard in ENGLISH.sounds_like.items() if said in heard] == []
