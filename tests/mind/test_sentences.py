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


def clauses(text: str) -> list[str]:
    splitter = SentenceSplitter(clause_first=True)
    pieces = [piece for character in text for piece in splitter.feed(character)]
    return pieces + splitter.finish()


@pytest.mark.parametrize(
    "pieces",
    [
        ["We repair all makes of cars, ", "including hybrids. ", "Come by."],
        ["Yes, we repair all makes of cars, ", "and you may wait here."],
        ["We open at 7:30 a.m. on weekdays, ", "and at 9:00 on Saturday."],
        ["A wash costs $1,200 for a bus, ", "and it takes a day."],
        ["Mr. Smith is in today, ", "so you can come by."],
        ["You can wait in the lounge; ", "it has coffee."],
        ["You can wait in the lounge — ", "it has coffee."],
        ["Please come to No. 4, ", "which is next to the bank."],
    ],
)
def test_the_first_piece_may_be_a_clause(pieces: list[str]) -> None:
    assert clauses("".join(pieces)) == pieces


@pytest.mark.parametrize(
    "sentence",
    [
        "Yes, we do, and gladly.",  # nothing said yet that is worth a start
        "Yes, we can do that for you, but only on Mondays.",
        "We can do that for you, unless it rains.",
        "We do that for everybody, except on Sundays.",
        "We repair that kind of car, if you book it.",
        "We do that on every day, only not on Sunday.",
        "We do not do body work, paint or tires.",  # a list is one breath
        "On Saturday and Sunday mornings, we close at one.",  # the claim comes later
        "If you have an appointment, you go first.",
        "When the shop is closed, you use the drop box.",
        "Unfortunately we have no room, and you must wait.",
        "We are the ones who, and this is sure, help.",
        "It will cost you 1,200 dollars and 10,000 miles.",
        "Our number is 303, 555, 0140, and we answer it.",
        "We are at 12 Main Street, Denver, and open.",
    ],
)
def test_what_a_limit_could_follow_or_what_promises_is_waited_out(sentence: str) -> None:
    assert clauses(sentence) == [sentence]


def test_a_clause_waits_for_the_whole_word_behind_its_comma() -> None:
    splitter = SentenceSplitter(clause_first=True)
    assert splitter.feed("You may wait in the lounge, i") == []
    assert splitter.feed("t") == []
    assert splitter.feed(" has") == ["You may wait in the lounge, "]


def test_only_the_first_piece_is_a_clause() -> None:
    text = "We do. We repair all makes of cars, and we like it. So do they, and you will too."
    assert clauses(text) == [
        "We do. ",
        "We repair all makes of cars, and we like it. ",
        "So do they, and you will too.",
    ]


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
