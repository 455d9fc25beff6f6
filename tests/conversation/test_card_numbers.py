"""Card numbers are found however they are said; telephone numbers, prices and dates are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.card_numbers import CardWatch, is_card, without_cards
from appliance.conversation.numerals import SMALL
from appliance.domain.recording import PRIVATE

VISA = "4242424242424242"


def spoken(digits: str) -> str:
    return " ".join(SMALL[int(one)] for one in digits)


def with_check_digit(digits: str) -> str:
    return next(f"{digits}{last}" for last in "0123456789" if is_card(f"{digits}{last}"))


@pytest.mark.parametrize(
    "number",
    ["4242424242424242", "4000056655665556", "5555555555554444", "2223003122003222", "378282246310005",
     "6011111111111117", "30569309025904", "3566002020360505", "6205500000000000004", "4222222222222"],
)  # fmt: skip
def test_the_numbers_of_every_scheme_pass(number: str) -> None:
    assert is_card(number)
    assert without_cards(f"it is {spoken(number)} okay", "en") == "it is [private] okay"


@pytest.mark.parametrize(
    "number", ["4242424242424241", "424242424242", "42424242424242424242", "0000000000000000"]
)
def test_others_do_not(number: str) -> None:
    assert not is_card(number)


@given(st.from_regex(r"[2-6][0-9]{14}", fullmatch=True), st.integers(0, 14))
def test_a_digit_that_is_wrong_fails_the_check(digits: str, at: int) -> None:
    number = with_check_digit(digits)
    other = str((int(number[at]) + 1) % 10)
    assert not is_card(f"{number[:at]}{other}{number[at + 1 :]}")


@given(st.from_regex(r"[2-6][0-9]{14}", fullmatch=True))
def test_no_digit_of_a_card_is_left(digits: str) -> None:
    words = spoken(with_check_digit(digits))
    assert without_cards(f"please take {words}", "en") == "please take [private]"


@pytest.mark.parametrize(
    "text",
    [
        "four two four two, four two four two, four two four two, four two four two",
        "4242 4242 4242 4242",
        "4242424242424242",
        "forty two forty two forty two forty two forty two forty two forty two forty two",
        "4242-4242-4242-4242",
    ],
)
def test_every_way_of_saying_it(text: str) -> None:
    assert without_cards(f"my number is {text}", "en") == "my number is [private]"


@pytest.mark.parametrize(
    "text",
    [
        "you can reach me at three oh three five five five oh one four oh",
        "plus four nine one seven one five five five oh one two three",
        "three oh three five five five oh one four oh until five thirty on november twenty first",
        "my card is blue",
        "do you take credit cards",
        "",
        "on the twenty fourth at nine fifteen for forty nine dollars",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert without_cards(text, "en") == text
    assert CardWatch("en").heard(text) is None


def test_beside_talk_of_a_card_it_need_not_pass() -> None:
    """The recogniser took one digit for another, or swallowed it."""
    assert without_cards(f"my visa is {spoken('424242424242424')}", "en") == "my visa is [private]"
    watch = CardWatch("en")
    assert watch.heard("i'd like to pay with my visa card one moment") is None
    assert watch.heard("424 two") is None


def heard(*texts: str, **options: bool) -> list[tuple[str, tuple[int, ...]] | None]:
    watch = CardWatch("en")
    found = [watch.heard(text, **options) for text in texts]
    return [None if one is None else (one.text, one.earlier) for one in found]


def test_a_number_in_pieces_is_found_with_its_last_one() -> None:
    four = "four two four two"
    assert heard(four, four, f"um {four}", four) == [None, None, None, ("[private]", (-3, -2, -1))]
    assert heard(f"sure it is {four} {four}", f"{four} {four}") == [None, ("[private]", (-1,))]


def test_other_words_between_make_other_numbers_of_it() -> None:
    four = "four two four two"
    assert heard(four, four, "what are your hours", four, four) == [None] * 5


def test_what_stands_beside_the_number_goes_as_well() -> None:
    card = f"my card number is {spoken(VISA)}"
    assert heard(card, "the code is one two three", "nine oh two") == [
        ("my card number is [private]", ()),
        ("the code is [private]", ()),
        ("[private]", ()),
    ]
    assert heard(card, "thank you", "hello", "at nine")[1:] == [None, None, None]
    assert heard(card, "tomorrow at ten in the morning please")[1] is None


def test_digits_that_were_asked_for_make_no_card_out_of_pieces() -> None:
    assert heard("four two four two four two four", "two four two four two four two four two",
                 asked_for_digits=True) == [None, None]  # fmt: skip
    assert heard(spoken(VISA), asked_for_digits=True) == [("[private]", ())]


def test_accents_that_take_more_room_do_not_move_the_mark() -> None:
    assert "4242" not in without_cards(f"ﬁne cafe\u0301 {VISA}", "en")
    assert "4242" not in without_cards(f"İstanbul {VISA}", "en")


@given(st.lists(st.text(max_size=60), max_size=6), st.booleans())
def test_whatever_is_said_is_no_trouble(texts: list[str], asked: bool) -> None:
    watch = CardWatch("en")
    for text in texts:
        without_cards(text, "en")
        watch.heard(text, asked_for_digits=asked)


@given(
    st.from_regex(r"[2-6][0-9]{14}", fullmatch=True),
    st.lists(st.sampled_from(["um", "and then", "uh", "", "okay"]), min_size=4, max_size=4),
    st.lists(st.integers(1, 15), min_size=3, max_size=3, unique=True),
)
def test_a_card_in_any_pieces_is_found_with_the_last(
    digits: str, fillers: list[str], cuts: list[int]
) -> None:
    number = with_check_digit(digits)
    first, second, third = sorted(cuts)
    parts = [number[:first], number[first:second], number[second:third], number[third:]]
    told = heard(*(f"{filler} {spoken(part)}" for filler, part in zip(fillers, parts, strict=True)))
    assert told[-1] is not None
    assert PRIVATE in told[-1][0]
    assert spoken(parts[-1]) not in told[-1][0] or len(parts[-1]) < 2
