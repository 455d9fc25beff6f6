"""Where somebody is to come, or to send something: a postal address, dictated, read back, put right in parts."""

from __future__ import annotations

from appliance.business.flows import SlotTable
from appliance.conversation.addresses import AddressHeard, address_heard, address_put_right, spoken_address
from appliance.conversation.flows.frame import Answer, Filled, Frame
from appliance.conversation.flows.slots import Slot
from appliance.domain.expectation import Expectation


class AddressSlot(Slot):
    """A house number and a street, and what else of the address is said: unit, city, region, postcode."""

    expectation = Expectation.MESSAGE  # dictated: people pause between the street and the city
    is_doubtful = True

    def __init__(self, name: str, table: SlotTable) -> None:
        super().__init__(name, table)
        self._taken: AddressHeard | None = None

    def heard(self, text: str, frame: Frame) -> Answer:
        """An address that names a street with a house number."""
        return self._filled(address_heard(text, frame.language), frame)

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """One that is called an address, or where the caller lives."""
        told = frame.sayings.lives_at.search(text.lower())
        return self._filled(address_heard(text[told.end() :], frame.language), frame) if told else None

    def corrected(self, text: str, frame: Frame) -> Answer:
        """The part that is said anew: "no, apartment five"; else, where they speak of it, it is asked for."""
        if self._taken is not None:
            right = address_put_right(self._taken, text, frame.language)
            if right is not None and right != self._taken:
                return self._filled(right, frame)
        elif (found := self.heard(text, frame)) is not None:  # it was a gap so far
            return found
        return super().corrected(text, frame)

    def forget(self) -> None:
        """It is asked for again, whole."""
        self._taken = None

    def _filled(self, heard: AddressHeard | None, frame: Frame) -> Filled | None:
        if heard is None:
            return None
        self._taken = heard
        return Filled(heard.line, spoken_address(heard, frame.language))
