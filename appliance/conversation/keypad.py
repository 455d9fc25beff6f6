"""What a key means: a digit of the number that is asked for, a yes or no, or a choice from the menu.

Keys are for callers who cannot be heard, so they mean something in every state in which they are offered.
"""

from __future__ import annotations

from appliance.conversation.languages import language_named
from appliance.conversation.understand import Intent
from appliance.domain.expectation import Expectation

_NUMBER_DIGITS = 10
_MENU = {"1": Intent.BOOK, "2": Intent.MESSAGE, "0": Intent.HUMAN}
_OFFERS = {Expectation.PHONE: "keys_phone", Expectation.YES_NO: "keys_yes_no"}


class Keypad:
    """The keys of one call."""

    def __init__(self, language: str = "en") -> None:
        self._digits = ""
        self._yes_no = dict(zip("12", language_named(language).assent.plain, strict=True))

    def press(self, digit: str, expectation: Expectation) -> str | Intent | None:
        """What this key completes: words said by keys, a wish from the menu, or nothing yet."""
        match expectation:
            case Expectation.PHONE:
                return self._gather(digit)
            case Expectation.YES_NO if digit in self._yes_no:
                return self._yes_no[digit]
            case _:
                return _MENU.get(digit)

    def _gather(self, digit: str) -> str | None:
        """A number is whole with its tenth digit, or when pound says so."""
        self._digits += digit.strip("#*")
        if digit != "#" and len(self._digits) < _NUMBER_DIGITS:
            return None
        number, self._digits = self._digits, ""
        return number or None


def offer_of_keys(expectation: Expectation, *, in_flow: bool, books: bool) -> str:
    """The name of the phrase that says which keys may be pressed now; `books`: appointments can be made.

    A day or a name cannot be pressed: then it only asks whether anybody is there.
    """
    menu = "keys_menu" if books else "keys_message"
    return _OFFERS.get(expectation, "still_there" if in_flow else menu)
