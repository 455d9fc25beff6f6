"""How likely a passage answers, and which of its sentences does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.knowledge.deciding import (
    BY_MEANING,
    BY_WORDS_ONLY,
    LIKELIHOOD_MIN,
    Sentence,
    answer_of,
    rarity,
    sentences_with,
)
from appliance.knowledge.words import ENGLISH


def test_near_and_with_the_same_words_is_likely() -> None:
    assert BY_MEANING.likelihood(0.7, 0.8) > 0.9
    assert BY_MEANING.likelihood(0.2, 0.0) < 0.1
    assert BY_WORDS_ONLY.likelihood(0.0, 1.0) > LIKELIHOOD_MIN > BY_WORDS_ONLY.likelihood(0.0, 0.4)


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_nearer_is_never_less_likely(nearness: float, share: float, more: float) -> None:
    assert BY_MEANING.likelihood(nearness + more, share) >= BY_MEANING.likelihood(nearness, share)


@given(st.integers(0, 999), st.integers(1000, 100_000))
def test_a_word_weighs_less_the_oftener_it_stands(count: int, passages: int) -> None:
    assert 0 < rarity(count + 1, passages) < rarity(count, passages)


def said(question: str, *sentences: tuple[str, float, float], asked_so: float = 0.0) -> str:
    return answer_of(question, [Sentence(*one) for one in sentences], ENGLISH, asked_so=asked_so)


def test_the_nearest_sentence_answers() -> None:
    assert said("do you tow", ("We repair cars.", 0.2, 0.0), ("Towing is not covered.", 0.7, 1.0)) == (
        "Towing is not covered."
    )


def test_of_two_near_ones_that_which_holds_what_was_asked_for() -> None:
    near = ("The price of a crown depends on you.", 0.62, 1.0)
    assert (
        said("price of a crown", near, ("A crown is 1,100 dollars.", 0.60, 0.9))
        == "A crown is 1,100 dollars."
    )


def test_a_sentence_that_leans_back_brings_the_one_before() -> None:
    assert said("is parking free", ("There are six spots.", 0.4, 0.2), ("They are free.", 0.6, 0.9)) == (
        "There are six spots. They are free."
    )


def test_no_sentence_near_enough_answers_nothing() -> None:
    assert said("do you paint cars", ("We service hybrids.", 0.3, 0.2)) == ""
    assert said("do you paint cars") == ""


def test_the_answer_to_the_same_question_is_told_from_its_beginning_as_long_as_one_listens() -> None:
    sentences = (("Yes.", 0.1, 0.0), ("You may bring it.", 0.3, 0.0), ("Long " * 40, 0.4, 0.0))
    assert said("may I bring my dog", *sentences, asked_so=0.9) == "Yes. You may bring it."


def test_two_sentences_about_as_fit_are_both_said() -> None:
    women, men = ("Women pay 55.", 0.6, 0.5), ("Men pay 35.", 0.58, 0.5)
    assert said("what is a cut", women, ("We love hair.", 0.2, 0.0), men) == "Women pay 55. Men pay 35."


def test_what_is_too_long_to_listen_to_is_not_read_out() -> None:
    assert said("what", (" ".join(["word"] * 80), 0.9, 1.0)) == ""


def test_sentences_know_how_much_of_the_question_they_hold() -> None:
    found = sentences_with("We tow. Tires cost 25.", ["tire"], {"tire": 2.0}, (0.1, 0.8), ENGLISH)
    assert found == [Sentence("We tow.", 0.1, 0.0), Sentence("Tires cost 25.", 0.8, 1.0)]
