"""Postal addresses as people say them: "twenty seven eighty eight san tomas expressway apartment four b".

usaddress and libpostal need what speech does not have (commas, capitals) or half a gigabyte; a spoken line has an
order of its own, and that is all that is read here. What was not said is "". Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from appliance.conversation.digits import reader_of, without_accents
from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import AddressWords
from appliance.conversation.numerals import numerals

_POSTCODE_DIGITS: Final = 5
_REGION_WORDS_MAX: Final = 3
_HOUSE_DIGITS_MAX: Final = 6
_LEAD_IN_WORDS_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class AddressHeard:
    """The parts of an address as they are written; `line` is all of them in order, as on an envelope."""

    number: str = ""
    street: str = ""
    unit: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""

    @property
    def line(self) -> str:
        """ "2788 San Tomas Expressway, Unit 4B, Santa Clara, CA 95051"."""
        place = " ".join(part for part in (self.region, self.postcode) if part)
        parts = (f"{self.number} {self.street}".strip(), self.unit, self.city, place)
        return ", ".join(part for part in parts if part)


def address_heard(text: str, language: str = "en") -> AddressHeard | None:
    """The address in `text`; None when it names no street with a house number."""
    words = language_named(language).addresses
    said = re.sub(r"[^\w\s'-]", " ", without_accents(text))
    said = re.sub(
        words.joints, " ", re.sub(words.lead_in, " ", said) if _has_number_after(said, words) else said
    )
    tokens = _from_number(said.split(), words, language)
    number, used = _leading_number(tokens, language)
    kind = next(
        (at for at, word in enumerate(tokens[used:], used) if word in words.streets and at > used - 1), None
    )
    if not number or kind is None:
        return None
    street = _street(tokens[used : kind + 1], words, language)
    unit, rest = _unit(tokens[kind + 1 :], words, language)
    city, region, postcode = _place(rest, words, language)
    return AddressHeard(number, street, unit, city, region, postcode)


def address_put_right(before: AddressHeard, text: str, language: str = "en") -> AddressHeard | None:
    """`before` with what `text` puts right: the street, the apartment, or the postcode and what stands before it.

    What is not said again stays: "no 505 oak street" is in the same city. None when `text` holds no part of one.
    """
    if (whole := address_heard(text, language)) is not None:
        return whole if whole.city else replace(whole, **_place_of(whole, before))
    words = language_named(language).addresses
    tokens = re.sub(words.joints, " ", re.sub(r"[^\w\s'-]", " ", without_accents(text))).split()
    unit_at = next((at for at, word in enumerate(tokens) if word in words.units), None)
    unit, rest = _unit(tokens[unit_at:], words, language) if unit_at is not None else ("", tokens)
    _, region, postcode = _place(rest, words, language)
    if not (postcode or (unit and unit not in words.units.values())):
        return None
    return replace(
        before,
        unit=unit or before.unit,
        region=region or before.region,
        postcode=postcode or before.postcode,
    )


def _place_of(heard: AddressHeard, before: AddressHeard) -> dict[str, str]:
    """The place of `before` as far as `heard` names none."""
    return {
        "city": before.city,
        "region": heard.region or before.region,
        "postcode": heard.postcode or before.postcode,
    }


def spoken_address(heard: AddressHeard, language: str = "en") -> str:
    """As it is read back: the region by its name, not by its letters."""
    regions = language_named(language).addresses.regions
    names = {code: name for name, code in reversed(list(regions.items()))}  # the first name of a region
    region = names.get(heard.region, heard.region)
    return replace(heard, region=" ".join(word.capitalize() for word in region.split())).line


def _has_number_after(text: str, words: AddressWords) -> bool:
    return re.search(words.lead_in, text) is not None


def _from_number(tokens: list[str], words: AddressWords, language: str) -> list[str]:
    """Without the one or two words before the house number: "no sorry five oh six elm street"."""
    begins = next((at for at in range(len(tokens)) if _is_digits(tokens, at, language)), 0)
    is_led_in = begins <= _LEAD_IN_WORDS_MAX and not words.units.keys() & {*tokens[:begins]}
    return tokens[begins:] if is_led_in else tokens


def _leading_number(tokens: Sequence[str], language: str) -> tuple[str, int]:
    """The house number that `tokens` begin with ("twenty seven eighty eight"), and the words it takes."""
    number, at = "", 0
    while at < len(tokens) and len(number) < _HOUSE_DIGITS_MAX:
        digits, used = reader_of(language).digits_at(tokens, at)
        if not digits:
            break
        number, at = number + digits, at + used
    return number, at


def _street(tokens: Sequence[str], words: AddressWords, language: str) -> str:
    """ "north fifth street" -> "North 5th Street"."""
    *name, kind = tokens
    named = numerals(" ".join(name), language).split()
    written = [words.directions.get(word, _written(word)) for word in named]
    return " ".join([*written, words.streets[kind]])


def _written(word: str) -> str:
    return word if word[:1].isdigit() else word.capitalize()


def _unit(tokens: Sequence[str], words: AddressWords, language: str) -> tuple[str, list[str]]:
    """ "apartment four b", and what comes after it."""
    rest = list(tokens)
    while rest and rest[0] in words.directions:  # "main street north"
        rest.pop(0)
    if not rest or rest[0] not in words.units:
        return "", list(tokens)
    kind, at = words.units[rest[0]], 1
    number, used = _leading_number(rest[at : at + 3], language)
    at += used
    letter = rest[at] if at < len(rest) and len(rest[at]) == 1 and rest[at].isalpha() else ""
    return f"{kind} {number}{letter.upper()}".strip(), rest[at + bool(letter) :]


def _place(tokens: list[str], words: AddressWords, language: str) -> tuple[str, str, str]:
    """City, region and postcode: the digits at the end, the region before them, the rest is the city."""
    at, postcode = _trailing_digits(tokens, language)
    rest, region = tokens[:at], ""
    for size in range(_REGION_WORDS_MAX, 0, -1):
        name = " ".join(rest[-size:])
        if len(rest) >= size and (name in words.regions or name.upper() in words.regions.values()):
            region, rest = words.regions.get(name, name.upper()), rest[:-size]
            break
    return " ".join(word.capitalize() for word in rest), region, postcode


def _trailing_digits(tokens: Sequence[str], language: str) -> tuple[int, str]:
    """Where the postcode begins, and its digits; the end and "" without one."""
    for start in range(len(tokens)):
        number, used = "", start
        while used < len(tokens):
            digits, taken = reader_of(language).digits_at(tokens, used)
            if not digits:
                break
            number, used = number + digits, used + taken
        if (
            used == len(tokens)
            and len(number) == _POSTCODE_DIGITS
            and not _is_digits(tokens, start - 1, language)
        ):
            return start, number
    return len(tokens), ""


def _is_digits(tokens: Sequence[str], at: int, language: str) -> bool:
    """Whether a digit stands at `at`: the last five of a longer number are no postcode."""
    return at >= 0 and bool(reader_of(language).digits_at(tokens, at)[0])
