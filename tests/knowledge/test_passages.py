"""A document's Markdown becomes passages a caller's question can find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.knowledge.passages import CHARACTERS_MAX, Piece, passages_of
from appliance.knowledge.words import ENGLISH


def passages(markdown: str) -> list[Piece]:
    return passages_of(markdown, ENGLISH)


def test_a_passage_knows_the_headings_above_it() -> None:
    found = passages("# Handbook\n\n## Warranty\n\nTwelve months.\n\n# Parking\n\nBehind the house.")
    assert found == [
        Piece("Twelve months.", ("Handbook", "Warranty")),
        Piece("Behind the house.", ("Parking",)),
    ]


def test_a_heading_that_asks_is_the_question_of_what_follows() -> None:
    assert passages("## Do you take Cigna?\n\nYes, and Delta.") == [
        Piece("Yes, and Delta.", ("Do you take Cigna?",), "Do you take Cigna?")
    ]


def test_question_and_answer_in_two_paragraphs_or_in_one() -> None:
    in_two = passages("**Q: Is parking free?**\n\nA: Yes, for two hours.")
    in_one = passages("Q: Is parking free?\nA: Yes, for two hours.")
    assert in_two == in_one == [Piece("Yes, for two hours.", (), "Is parking free?")]


def test_columns_of_questions_and_answers_are_pairs() -> None:
    table = "| id | Question | Answer |\n|---|---|---|\n| 1 | Do you cut curls? | Yes, Nadia does. |"
    assert passages(table) == [Piece("Yes, Nadia does.", (), "Do you cut curls?", is_row=True)]


def test_a_row_names_its_columns() -> None:
    table = "## Prices\n\n| Service | Price |\n|---|---|\n| Oil change | $49 |\n| Tires | $25 |"
    assert [one.text for one in passages(table)] == ["Oil change: Price $49.", "Service Tires: Price $25."]


def test_a_title_across_a_table_is_its_heading() -> None:
    table = "| Prices 2026 |  |\n|---|---|\n| Service | Price |\n| Oil change | $49 |"
    assert passages(table) == [Piece("Oil change: Price $49.", ("Prices 2026",), is_row=True)]


def test_a_list_of_a_few_words_each_is_one_sentence() -> None:
    assert passages("We accept:\n\n- Delta\n- Aetna\n- Cigna")[0].text.endswith("Delta, Aetna and Cigna.")


def test_the_way_about_a_web_site_is_passed_over() -> None:
    found = passages("- [Home](/)\n- [Contact](/contact)\n\nWe open at nine. See [prices](/prices).")
    assert [one.text for one in found] == ["We open at nine. See prices."]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    found = passages(" ".join(f"This is sentence number {number} of it." for number in range(100)))
    assert len(found) > 2
    assert all(one.text.endswith(".") and len(one.text) <= CHARACTERS_MAX for one in found)


def test_short_paragraphs_under_one_heading_are_one_passage() -> None:
    assert passages("# Pay\n\nWe take cash.\n\nWe take cards.") == [
        Piece("We take cash.\nWe take cards.", ("Pay",))
    ]


@given(st.text(alphabet="abcdefg .?#|-*\n:Q", max_size=400))
def test_whatever_stands_in_a_document_no_passage_is_empty_or_endless(markdown: str) -> None:
    for one in passages(markdown):
        assert one.text.strip()
        assert len(one.text) <= CHARACTERS_MAX
