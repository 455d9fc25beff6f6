"""A number that names something, said digit by digit or in pairs: an order, a customer, a claim."""

from __future__ import annotations

from appliance.conversation.flows.frame import Answer, Filled, Frame
from appliance.conversation.flows.slots import Slot
from appliance.conversation.numbers import digits_heard
from appliance.domain.expectation import Expectation

_DIGITS_MAX = 20


class ReferenceSlot(Slot):
    """Its digits, as a text: noughts in front count, and nobody reckons with it."""

    expectation = Expectation.PHONE  # dictated digits: wait longer, and keys are an answer
    is_doubtful = True
    keys = "keys_reference"  # nobody can tell by its length when it is whole

    def heard(self, text: str, frame: Frame) -> Answer:
        """All digits of the answer, in the order they were said."""
        digits = digits_heard(text, frame.language)
        return Filled(digits, ", ".join(digits)) if 0 < len(digits) <= _DIGITS_MAX else None
