"""Where a sentence ends, and that nothing is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.mind.sentences import SentenceSplitter


def split(pieces: list[str], longest: int = 220) -> list[str]:
    splitter = SentenceSplitter(longest)
    sentences = [sentence for piece in pieces for sentence in splitter.feed(piece)]
    return sentences + splitter.finish()


@pytest.mark.parametrize(
    "sentences",
    [
        ["We do. ", "Anything else?"],
        ["Dr. Smith is in. ", "Mrs. O'Neil is not."],
        ["It takes 3.5 hours. ", "We charge $1.50 a mile."],
        ["We open at 8 a.m. on Monday. ", "Come by."],
        ["Visit hilltop.com for more. ", "Goodbye!"],
        ["Really?! ", "Yes."],
        ['He said "Stop." ', "So I did."],
        ['"Stop." he said. ', "I did."],
        ["It costs 49. ", "Cash only."],
        ["1. Oil change. ", "2. Brakes."],
        ["Oil change\n", "Brakes\n"],
        ["Well... let me see. ", "Yes."],
        ["So do I. ", "Bye."],
        ["We're on Main St. near the bank. ", "See you."],
        ["U.S. cars are fine. ", "German ones too."],
        ["これは。", "本当？"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    whole = "".join(sentences)
    assert split([whole]) == sentences
    assert split(list(whole)) == sentences


def test_a_sentence_is_handed_out_as_soon_as_the_next_begins() -> None:
    splitter = SentenceSplitter()
    assert splitter.feed("Yes, we") == []
    assert splitter.feed(" do.") == []
    assert splitter.feed(" It") == ["Yes, we do. "]


def test_a_question_mark_waits_only_for_the_space_behind_it() -> None:
    splitter = SentenceSplitter()
    assert splitter.feed("Do you? ") == ["Do you? "]


def test_a_long_sentence_is_cut_behind_a_comma() -> None:
    assert split(["we fix brakes, lights and doors and seats"], 20) == [
        "we fix brakes, ",
        "lights and doors ",
        "and seats",
    ]


def test_a_word_without_end_is_cut_too() -> None:
    assert split(["a" * 25], 10) == ["a" * 10, "a" * 10, "a" * 5]


_TEXT = st.text(st.sampled_from("ab .,!?\n\"')1。éñ😀A"), max_size=80) | st.text(max_size=80)


@given(st.lists(_TEXT, max_size=6), st.integers(5, 60))
def test_the_sentences_together_are_the_text(pieces: list[str], longest: int) -> None:
    sentences = split(pieces, longest)
    assert "".join(sentences) == "".join(pieces)
    assert all(sentences)


@given(_TEXT)
def test_the_ends_do_not_depend_on_the_pieces(text: str) -> None:
    """White space may fall on either side of an end, as it comes."""
    by_character = [one.strip() for one in split(list(text), 1000)]
    at_once = [one.strip() for one in split([text], 1000)]
    assert [one for one in by_character if one] == [one for one in at_once if one]
