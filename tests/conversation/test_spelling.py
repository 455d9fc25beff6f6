"""Spelled letters, with and without an alphabet."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.languages.en.letters import LETTERS
from appliance.conversation.spelling import run_at, spelled

ICAO = {letter: word for word, letter in LETTERS.alphabets.items()}


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("m i l l e r", "miller"),
        ("m i double l e r", "miller"),
        ("k as in kilo a s e y", "kasey"),
        ("kilo india lima oscar", "kilo"),
        ("k kilo i india m", "kim"),
        ("b for boy e n", "ben"),
        ("s like sugar m i t aitch", "smith"),
        ("double u e s t", "west"),
        ("o apostrophe b r i e n", "o'brien"),
        ("a n n dash m a r i e", "ann-marie"),
        ("capital d e e", "dee"),
        ("it's spelled m i l uh l e r", "miller"),
        ("t r i p l e double x", "triplexx"),
    ],
)
def test_letters(text, letters):
    assert spelled(text) == letters


@pytest.mark.parametrize(
    "text",
    ["oscar romeo", "mike victor", "see you later", "are you open", "why", "", "i am a dentist", "charlie"],
)
def test_words_are_no_letters(text):
    assert spelled(text) is None


@given(st.text(string.ascii_lowercase, min_size=3, max_size=12))
def test_letter_by_letter_any_word_comes_back(word):
    assert spelled(" ".join(word)) == word


@given(st.text(string.ascii_lowercase, min_size=1, max_size=8))
def test_with_a_word_for_each_letter_too(word):
    assert spelled(" ".join(f"{letter} as in {ICAO[letter]}" for letter in word)) == word


@given(
    st.lists(
        st.sampled_from(["m", "as", "in", "double", "kilo", "see", "dash", "why", "the", "for"]), max_size=9
    )
)
def test_a_run_never_takes_more_words_than_there_are(words):
    for at in range(len(words)):
        run = run_at(words, at)
        assert 0 <= run.words <= len(words) - at
        assert (run.words == 0) == (run.letters == "")
