"""Letters beside meaning: rows stay unit vectors, likeness is the weighted mean, misheard words stay near."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.sentence_letters import PLACES, SHARE, letters, with_letters
from tests.fakes.vectors import FakeVectors

SENTENCES = ["i need new brake pads", "i need new break pads", "when are you open"]


def rows(*sentences):
    return with_letters(sentences, np.array(FakeVectors().vectors(sentences), np.float32))


@given(st.text(max_size=60))
def test_letters_are_a_unit_vector_or_nothing(sentence):
    length = np.linalg.norm(letters(sentence))
    assert np.isclose(length, 1, atol=1e-5) if sentence.split() and length else length == 0


def test_without_words_there_are_no_letters():
    assert not letters("  ").any()


def test_rows_are_unit_vectors_and_their_likeness_is_the_weighted_mean():
    found = rows(*SENTENCES)
    meant = np.array(FakeVectors().vectors(SENTENCES))
    spelt = np.array([letters(one) for one in SENTENCES])
    assert found.shape == (3, meant.shape[1] + PLACES)
    assert np.allclose(found @ found.T, (1 - SHARE) * meant @ meant.T + SHARE * spelt @ spelt.T, atol=1e-5)


def test_a_misheard_word_stays_nearer_than_another_sentence():
    said, misheard, other = rows(*SENTENCES)
    assert said @ misheard > 0.7 > said @ other


def test_case_does_not_matter():
    assert np.array_equal(letters("Oil Change"), letters("oil change"))


def test_no_sentences_no_rows():
    assert with_letters([], np.zeros((0, 4), np.float32)).shape == (0, 4 + PLACES)
