"""Telephone numbers as they are said: tables of sayings, and laws about any number in any pieces."""

from __future__ import annotations

import csv

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appliance.conversation.numbers import digits_heard, phone_heard, spoken_phone
from appliance.conversation.numerals import digits_in_words

WORDS = {str(value): word for value, word in enumerate(digits_in_words("0123456789").split())}
DIGITS = st.text("0123456789", min_size=1, max_size=16)
REAL_NUMBERS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["303", "720", "212", "415", "800"]),
    st.just("555"),
    st.integers(0, 9999).map("{:04}".format),
)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("my number is three oh three five five five oh one two three", "3035550123"),
        ("double five triple four", "55444"),
        ("double oh seven", "007"),
        ("treble two one", "2221"),
        ("double five five", "555"),
        ("eight hundred five five five", "800555"),  # text2num reads 805
        ("eight hundred and twenty three", "823"),
        ("one eight hundred", "1800"),
        ("fifty five hundred", "5500"),
        ("two thousand", "2000"),
        ("twenty three forty five", "2345"),
        ("twelve thirty four", "1234"),
        ("three o three", "303"),  # text2num reads 3 03
        ("oh one two", "012"),
        ("oh it's three oh three", "303"),
        ("nought zero naught", "000"),
        ("five five to zero", "5520"),
        ("303-555-0123", "3035550123"),
        ("(303) 555 0123", "3035550123"),
        ("Three OH Three", "303"),
        ("the one i gave you is three oh three", "303"),
        ("one moment", ""),
        ("oh i see", ""),
        ("my number two is no number to me", "2"),
        ("i want to talk to somebody for a minute", ""),
        ("", ""),
    ],
)
def test_digits(text, digits):
    assert digits_heard(text) == digits


@pytest.mark.parametrize(
    ("text", "so_far", "national"),
    [
        ("three oh three five five five oh one two three", "", "3035550123"),
        ("it's three oh three uh five five five and then oh one two three", "", "3035550123"),
        ("one three oh three five five five oh one two three", "", "3035550123"),
        ("oh three oh three five five five oh one seven two", "", "3035550172"),
        ("five five five oh one two three", "303", "3035550123"),
        ("five five five oh one two three", "303555", "3035550123"),
        ("three oh three five five five oh one two three", "303555", "3035550123"),
        ("three oh three", "5550123", "3035550123"),
        ("five five five oh one two three area code three oh three", "", "3035550123"),
        (
            "the area code is three oh three and the number is five five five oh one two three",
            "",
            "3035550123",
        ),
        ("call me at 303 555 0172 extension 12", "", "3035550172"),
        ("you can reach me at 303-555-0172 after five", "", "3035550172"),
        ("+1 303 555 0140", "", "3035550140"),
        ("+44 20 7946 0123", "", "+442079460123"),
    ],
)
def test_a_number_in_pieces(text, so_far, national):
    heard = phone_heard(text, "US", so_far)
    assert heard is not None
    assert (heard.national, heard.valid, heard.complete) == (national, True, True)


@pytest.mark.parametrize(
    ("text", "so_far", "national"),
    [
        ("no four at the end", "3035550123", "3035550124"),
        ("it ends in four", "3035550123", "3035550124"),
        ("sorry that's oh one two four", "3035550123", "3035550124"),
        ("sorry that's 0124", "3035550123", "3035550124"),
        ("the last four are oh one two four", "3035550123", "3035550124"),
        ("the last four digits are 0124", "3035550123", "3035550124"),
        ("no the area code is seven two oh", "3035550123", "7205550123"),
        ("three oh three five five five oh one two three sorry oh one two four", "", "3035550124"),
        ("three oh three five five six sorry five five five oh one two three", "", "3035550123"),
        (
            "three oh four five five five no wait three oh three five five five oh one two three",
            "",
            "3035550123",
        ),
        ("no it's seven two oh five five five oh one two three", "3035550123", "7205550123"),
    ],
)
def test_a_number_corrected(text, so_far, national):
    heard = phone_heard(text, "US", so_far)
    assert heard is not None
    assert (heard.national, heard.valid) == (national, True)


@pytest.mark.parametrize(
    ("text", "so_far", "national"),
    [
        ("six not five", "3035550123", "3035560123"),
        ("no it's six not five", "3034150123", "3034160123"),
        ("not a four a nine", "3035550143", "3035550193"),
        ("the four should be a seven", "3035550143", "3035550173"),
        ("change the nine to a zero", "3035550943", "3035550043"),
        ("that's a four instead of a three", "2125550143", "2125550144"),
        ("three oh three five five five oh one two three sorry six not five", "", "3035560123"),
    ],
)
def test_one_digit_taken_back(text, so_far, national):
    heard = phone_heard(text, "US", so_far)
    assert heard is not None
    assert heard.national == national


@pytest.mark.parametrize(
    ("text", "national", "extension"),
    [
        ("three oh three five five five oh one two three extension twelve", "3035550123", "12"),
        ("303-555-0123 ext. 4 0 7", "3035550123", "407"),
        ("plus four four two oh seven nine four six oh one two three", "+442079460123", ""),
        ("oh one one four four two oh seven nine four six oh one two three", "+442079460123", ""),
    ],
)
def test_extensions_and_abroad(text, national, extension):
    heard = phone_heard(text, "US")
    assert heard is not None
    assert (heard.national, heard.extension, heard.valid) == (national, extension, True)


def test_said_again_while_the_rest_was_awaited_it_is_the_whole():
    """The first hearing lacked a digit; the second does not follow it, it takes its place."""
    heard = phone_heard("six six three four seven eight six one two two", "US", "634786122")
    assert heard is not None
    assert heard.digits == "6634786122"


def test_a_correction_of_an_unfinished_number_replaces_its_tail():
    heard = phone_heard("sorry seven two oh", "US", "303")
    assert heard is not None
    assert (heard.digits, heard.valid, heard.complete) == ("720", False, False)


@pytest.mark.parametrize(
    ("text", "region", "complete"),
    [
        ("five five five", "US", False),
        ("five five five oh one two three", "US", False),  # the area code is missing
        ("one oh three five five five oh one two three", "US", True),  # long enough, but no such area
        ("oh two oh seven nine", "GB", False),
    ],
)
def test_whether_more_is_awaited(text, region, complete):
    heard = phone_heard(text, region)
    assert heard is not None
    assert (heard.valid, heard.complete) == (False, complete)


def test_other_countries():
    british = phone_heard("oh two oh seven nine four six oh one two three", "GB")
    german = phone_heard("030 12345678", "DE")
    assert british is not None
    assert german is not None
    assert (british.national, british.valid) == ("02079460123", True)
    assert (german.national, german.valid) == ("03012345678", True)


@pytest.mark.parametrize("text", ["", "i don't want to say", "no", "what number", "oh sorry"])
def test_no_digits_is_no_number(text):
    assert phone_heard(text, "US", "303") is None


@pytest.mark.parametrize(
    ("number", "region", "spoken"),
    [
        ("3035550140", "US", "3 0 3, 5 5 5, 0 1 4 0"),
        ("+13035550140", "US", "3 0 3, 5 5 5, 0 1 4 0"),
        ("+442079460123", "US", "plus 4 4, 2 0, 7 9 4 6, 0 1 2 3"),
        ("02079460123", "GB", "0 2 0, 7 9 4 6, 0 1 2 3"),
        ("5550123", "US", "5 5 5, 0 1 2 3"),
        ("123456789012", "US", "1 2 3, 4 5 6, 7 8 9, 0 1 2"),
        ("12", "US", "1 2"),
        ("", "US", ""),
    ],
)
def test_read_back_in_groups(number, region, spoken):
    assert spoken_phone(number, region) == spoken


@given(DIGITS)
def test_digit_by_digit_any_number_comes_back(digits):
    assert digits_heard(digits_in_words(digits)) == digits


@given(DIGITS)
def test_read_back_holds_the_same_digits(digits):
    assert digits_heard(spoken_phone("1" + digits, "ZZ")) == "1" + digits


@given(
    st.sampled_from(["US", "GB", "DE", "ES", "FR", "NL"]),
    st.sampled_from(["US", "GB", "DE", "ES"]),
    st.integers(0, 9999).map("{:04}".format),
)
def test_every_number_we_say_is_heard_back(country, region, tail):
    """Each country's example number with other last digits, told at home and abroad."""
    example = phonenumbers.example_number(country)
    assert example is not None
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)[:-4] + tail
    assume(phonenumbers.is_valid_number(phonenumbers.parse(e164, None)))
    told = phone_heard(spoken_phone(e164, region), region)
    assert told is not None
    assert phonenumbers.parse(told.national, region) == phonenumbers.parse(e164, None)


@given(REAL_NUMBERS, st.integers(1, 9))
def test_in_two_pieces_is_the_same_number(number, cut):
    first = phone_heard(digits_in_words(number[:cut]), "US")
    assert first is not None
    whole = phone_heard(digits_in_words(number[cut:]), "US", first.digits)
    assert whole is not None
    assert whole.national == number


@given(REAL_NUMBERS, st.integers(0, 9999).map("{:04}".format))
def test_the_last_four_can_be_taken_back(number, tail):
    heard = phone_heard(f"no the last four are {digits_in_words(tail)}", "US", number)
    assert heard is not None
    assert heard.national == number[:6] + tail


@given(st.text(max_size=60), st.text("0123456789", max_size=12))
def test_any_text_is_survived(text, so_far):
    heard = phone_heard(text, "US", so_far)
    assert heard is None or heard.digits.isdigit()


def test_ten_digit_numbers_of_the_recordings(data_dir):
    """Each of the 60 numbers of digits_fsdd_8k, as its words would be recognised: all of them."""
    with (data_dir / "digits_fsdd_8k" / "phone10_refs.tsv").open(encoding="utf-8") as table:
        numbers = [row["digits"] for row in csv.DictReader(table, delimiter="\t")]
    assert numbers
    assert all(digits_heard(" ".join(WORDS[digit] for digit in number)) == number for number in numbers)


def test_spoken_telephone_numbers_of_the_normaliser_tables(data_dir):
    """NeMo's table of telephone numbers, read from its spoken side: 20 of 20 when this was written."""
    table = data_dir / "text_normalization" / "nemo" / "data_text_normalization" / "test_cases_telephone.txt"
    rows = [line.split("~") for line in table.read_text(encoding="utf-8").splitlines() if "~" in line]
    right = sum(digits_heard(spoken) == "".join(filter(str.isdigit, written)) for written, spoken in rows)
    assert right / len(rows) >= 0.9
