"""Names as callers give them, and everything that is no name."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.names import NAME_WORDS_MAX, name_heard, name_known

SURNAMES = st.sampled_from("miller ortega nguyen okafor smith garcia lee schwarz o'brien mcdonald".split())
FIRST_NAMES = st.sampled_from("jane tom maria ahmed li olga bill anne-marie".split())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my name is jane miller", "Jane Miller"),
        ("this is jane", "Jane"),
        ("it's miller m i double l e r", "Miller"),
        ("jane miller", "Jane Miller"),
        ("alice miller", "Alice Miller"),
        ("yeah it's jane", "Jane"),
        ("miller m as in mike i l l e r", "Miller"),
        ("jane miller that's m u e l l e r", "Jane Mueller"),
        ("my first name is jane and my last name is miller", "Jane Miller"),
        ("last name miller first name jane", "Jane Miller"),
        ("i'm bob from hilltop", "Bob"),
        ("this is jane miller calling", "Jane Miller"),
        ("jane miller and my number is three oh three", "Jane Miller"),
        ("uh it's o'brien", "O'Brien"),
        ("m i l l e r", "Miller"),
        ("you can put it under smith", "Smith"),
        ("maria del carmen lopez", "Maria Del Carmen Lopez"),
        ("call me jane", "Jane"),
        ("jane", "Jane"),
        ("mary-jane watson", "Mary-Jane Watson"),
        ("Jane Miller.", "Jane Miller"),
        ("my name's mcdonald", "McDonald"),
        ("the name is bond", "Bond"),
        ("sure jane miller", "Jane Miller"),
        ("jane no sorry jean miller", "Jean Miller"),
        ("hi this is tom w i l k e s", "Tom Wilkes"),
        ("smith with a y s m y t h e", "Smythe"),
        ("josé garcía", "José García"),
        ("s m i t h", "Smith"),
        ("doctor lee", "Doctor Lee"),
        ("mister miller", "Miller"),
        ("under the name of parker", "Parker"),
        ("william", "William"),
        ("w i double l i a m s", "Williams"),
        ("double u e s t", "West"),
        ("that would be jane", "Jane"),
        ("jane here", "Jane"),
        ("that's jane miller", "Jane Miller"),
        ("name nora blake", "Nora Blake"),  # the recogniser swallows small words
        ("my name is mark keane sorry", "Mark Keane"),
        ("sam price", "Sam Price"),
        ("names nora blake", "Nora Blake"),
        ("may names is alice miller", "Alice Miller"),
        ("huh zoe hill", "Zoe Hill"),
        ("it would be under jane", "Jane"),
    ],
)
def test_names(text, name):
    assert name_heard(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my name is kilo india lima oscar", "Kilo"),
        ("it's d as in dog o u g", "Doug"),
        ("jane smith s m y t h e", "Jane Smythe"),
        ("last name is smith s for sugar m i t aitch", "Smith"),
        ("o'brien o apostrophe b r i e n", "O'Brien"),
        ("oscar romeo", "Oscar Romeo"),
    ],
)
def test_spelled_by_any_alphabet(text, name):
    assert name_heard(text) == name


KNOWN = ["Jane Maier", "Kathryn Weiss", "John Smith", "Hope Grant", "Shaun O'Brien", "Tom Ortega"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("jane meyer", "Jane Maier"),
        ("this is jane mayor", "Jane Maier"),
        ("my name is john smyth", "John Smith"),
        ("katherine", "Kathryn Weiss"),
        ("it's tom or tega", "Tom Ortega"),
        ("hope grant", "Hope Grant"),  # hope is no name, unless somebody is called so
        ("alice miller", "Alice Miller"),  # nobody of these
    ],
)
def test_who_is_known_is_believed_before_what_was_heard(text, name):
    assert name_heard(text, KNOWN) == name


def test_between_two_that_sound_alike_neither_is_believed():
    assert name_known("jon", ["John Lee", "Jon Weber", "Jone Ray"]) == "Jon Weber"
    assert name_known("katherine", ["Kathryn Weiss", "Catherine Lee"]) is None
    assert name_known("anybody", []) is None


@pytest.mark.parametrize(
    "text",
    [
        "i don't want to say",
        "what do you need that for",
        "yes",
        "no",
        "yeah sure",
        "three oh three",
        "",
        "why",
        "it's none of your business",
        "i'm not sure",
        "i'm calling about my car",
        "this is urgent",
        "do you need my name",
        "i need an oil change",
        "tell me about your prices first",
        "that's private",
        "can you repeat that",
        "it's about my car",
        "jane?",
        "no thanks",
        "one two three four",
        "i'm in a hurry",
        "i'd rather not",
        "never mind",
        "tomorrow at nine",
        "i am driving right now",
        "what's your name",
        "it's complicated",
        "it's for my wife",
        "just a moment",
        "hold on",
        "bye",
        "good price",
        "price",
    ],
)
def test_no_names(text):
    assert name_heard(text) is None


@given(
    FIRST_NAMES,
    SURNAMES,
    st.sampled_from(["my name is {}", "this is {}", "it's {}", "{}", "yes it's {} calling"]),
)
def test_introduced_in_any_way_it_is_the_same_name(first, last, sentence):
    heard = name_heard(sentence.format(f"{first} {last}"))
    assert heard is not None
    assert heard.lower() == f"{first} {last}"


@given(st.text(string.ascii_lowercase, min_size=3, max_size=10))
def test_spelled_letters_are_the_name(word):
    heard = name_heard(" ".join(word))
    assert heard is not None
    assert heard.lower() == word


@given(st.text(string.ascii_lowercase, min_size=3, max_size=10))
def test_spelled_letters_win_over_the_heard_word(word):
    heard = name_heard(f"{word[:-1]}x {' '.join(word)}")
    assert heard is not None
    assert heard.lower().split()[-1] == word


@given(st.text(max_size=60))
def test_any_text_is_survived(text):
    heard = name_heard(text)
    assert heard is None or (0 < len(heard.split()) <= NAME_WORDS_MAX and not any(map(str.isdigit, heard)))
