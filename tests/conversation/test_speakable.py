"""What Piper is given: words, whatever stood there."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.conversation.numbers import digits_heard
from appliance.conversation.speakable import speakable


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        # telephone numbers
        ("Call 303-555-0140.", "Call three zero three, five five five, zero one four zero."),
        ("(303) 555-0172", "three zero three, five five five, zero one seven two"),
        (
            "Your number is 3 0 3, 5 5 5, 0 1 7 2.",
            "Your number is three zero three, five five five, zero one seven two.",
        ),
        ("123-123-5678", "one two three, one two three, five six seven eight"),  # in no plan, still no count
        # times
        ("We open at 9:30.", "We open at nine thirty."),
        ("It's 9:05 now", "It's nine oh five now"),
        ("at 5 pm", "at five in the afternoon"),
        ("at 8 a.m. on Monday", "at eight in the morning on Monday"),
        ("8 am - 6 pm", "eight in the morning to six in the evening"),
        ("at 12:00 pm", "at noon"),
        ("at 17:30", "at five thirty"),
        ("We close at 5 p.m. Please come early.", "We close at five in the afternoon. Please come early."),
        # prices
        ("$49.99", "forty nine dollars and ninety nine cents"),
        ("$1", "one dollar"),
        ("It's $1,250.", "It's one thousand two hundred fifty dollars."),
        ("$2.5 million", "two point five million dollars"),
        ("$20/mo", "twenty dollars per month"),
        ("$50-$100", "fifty dollars to one hundred dollars"),
        ("€5 or £1.20", "five euros or one pound and twenty pence"),
        # years and dates
        ("Since 2009", "Since two thousand nine"),
        ("in 1998", "in nineteen ninety eight"),
        ("the 1980s", "the nineteen eighties"),
        ("11/24/2026", "November twenty fourth, twenty twenty six"),
        ("2026-11-24", "November twenty fourth, twenty twenty six"),
        ("on Nov. 24 at 9", "on November twenty fourth at nine"),
        ("24 November 2026", "November twenty fourth, twenty twenty six"),
        ("We may be open May 5.", "We may be open May fifth."),
        # streets and titles
        ("1420 Mesa Rd., next door", "fourteen twenty Mesa Road, next door"),
        ("708 N 1st St", "seven oh eight North first Street"),
        ("He lives at 1428 Elm St. It is far.", "He lives at fourteen twenty eight Elm Street. It is far."),
        ("Mr. Smith of St. Louis", "Mister Smith of Saint Louis"),
        ("Dr. & Mrs. Miller", "Doctor and Missus Miller"),
        ("Dr. Lee, 12 Main St.", "Doctor Lee, twelve Main Street."),
        # signs, units, numbers
        ("20% off", "twenty percent off"),
        ("#3 & #4", "number three and number four"),
        ("2.5 hrs, 3 mi, 12,000 miles", "two point five hours, three miles, twelve thousand miles"),
        ("4 1/2 lbs at -5°F", "four and a half pounds at minus five degrees Fahrenheit"),
        ("1/2 price", "one half price"),
        ("10-15 min", "ten to fifteen minutes"),
        ("Mon-Fri, 9-5", "Monday to Friday, nine to five"),
        ("ZIP 80301", "ZIP eight zero three zero one"),
        ("open 24/7", "open twenty four seven"),
        ("the 24th", "the twenty fourth"),
        # the net
        ("mail joe.doe@mail.com now", "mail joe dot doe at mail dot com now"),
        ("see https://www.hilltop.com/book.", "see hilltop dot com slash book."),
        # markup and marks
        ("**bold** and `code`", "bold and code"),
        ("# Hours\n- one\n- two", "Hours. one. two"),
        ("[our page](http://x.com)", "our page"),
        ("a\x00b\u200bc", "a b c"),
        ("What is it?! Really...", "What is it? Really."),
        ('I\'d say: "yes" (maybe)', "I'd say: yes, maybe"),
        ("🙂 Hello", "Hello"),
        ("", ""),
    ],
)
def test_speakable(text, spoken):
    assert speakable(text) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "That's an oil change, tomorrow at nine thirty in the morning, for Alice Miller.",
        "I have Tuesday at nine o'clock in the morning, or Thursday, November twenty sixth. Which suits you?",
        "I'm not sure about that. Shall I take a message, so that somebody calls you back?",
        "Mary-Jane O'Brien",
        "We may march on.",
    ],
)
def test_plain_sentences_stay_as_they_are(text):
    assert speakable(text) == text


def test_the_region_tells_whose_telephone_numbers_are_meant():
    assert (
        speakable("Ring 020 7946 0123.", "GB")
        == "Ring zero two zero, seven nine four six, zero one two three."
    )


# What stands in the way of a voice, and what may come of it when it is joined.
PIECES = st.sampled_from(
    [
        *"$ 49 .99 % # 9:30 5pm a.m. Mr. St. Rd. 1420 Mesa Nov. 24 2026 - / 303-555-0140 ** ` _ & @".split(),
        *"x.com 1st , . ? ! ( ) ' Dr 1/2 mi hrs * > 0 007 12,000 £ ½ am p m may Elm No. ext° Mon-Fri 24/7".split(),
        *"http://a.b [ ] yes o'clock".split(),
        "\n",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(string.printable, max_size=60),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES, max_size=12).map("".join),
)


@settings(max_examples=300)
@given(TEXTS)
def test_saying_it_twice_changes_nothing(text):
    once = speakable(text)
    assert speakable(once) == once


@settings(max_examples=300)
@given(TEXTS)
def test_no_figure_and_no_mark_is_left(text):
    assert not re.search(r"[0-9$%#&@*_`~<>\[\](){}|\\/\x00-\x1f]", speakable(text))


@given(st.integers(0, 9999).map("{:04}".format))
def test_a_telephone_number_keeps_its_digits(line):
    assert digits_heard(speakable(f"Call 303-555-{line} now.")) == f"303555{line}"


def _share(data_dir, table: str) -> float:
    """How much of a table of NeMo's text normalisation comes out in the same words, "and" and marks aside."""
    folder = data_dir / "text_normalization" / "nemo" / "data_text_normalization"
    lines = (folder / f"test_cases_{table}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("~", 1) for line in lines if "~" in line]
    return sum(_words(speakable(written)) == _words(spoken) for written, spoken in rows) / len(rows)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z']+", text.lower()) if word != "and"]


@pytest.mark.parametrize(
    ("table", "at_least"),
    [("money", 0.75), ("cardinal", 0.8), ("telephone", 0.6), ("ordinal", 0.5), ("decimal", 0.7)],
)
def test_share_of_the_normaliser_tables(data_dir, table, at_least):
    assert _share(data_dir, table) >= at_least
