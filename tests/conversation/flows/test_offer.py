"""What is offered: a yes begins it, and a long sentence is a wish of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from appliance.conversation.flows.offer import Offer
from appliance.conversation.flows.step import Step
from appliance.conversation.phrases import Phrases

NOW = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("yes", "message"),
        ("that would be fine", "message"),
        ("yes please tell them that i am going to be late", "message"),
        ("i need a blow dry any day is fine", None),
        ("i'd like to book a cleaning on monday at nine", None),
        ("an oil change on monday at nine is okay", None),
    ],
)
def test_a_yes_begins_what_is_offered(text, begins):
    step = Offer("Shall I take a message?", "message", Phrases()).heard(text, NOW)
    assert (step.begins if step else None) == begins


def test_a_no_leaves_it_for_good():
    step = Offer("Shall I take a message?", "message", Phrases()).heard("no thank you", NOW)
    assert step is not None and step.outcome is not None


class FoundNothing:
    """A flow that looked in vain, and looks again for any number."""

    name = "cancel"

    def heard(self, text, now, *, sure=True):
        return Step("I'll look again.") if "five" in text else None


def test_what_was_looked_for_in_vain_is_put_right_even_with_a_no():
    offer = Offer("Shall I take a message?", "message", Phrases(), FoundNothing(), in_vain=True)
    step = offer.heard("no try three oh three five five five", NOW)
    assert step is not None and step.say == "I'll look again."
    assert offer.resumed is not None


def test_after_looking_in_vain_a_bare_no_leaves_it_and_a_yes_begins():
    offer = Offer("Shall I take a message?", "message", Phrases(), FoundNothing(), in_vain=True)
    assert offer.heard("no thank you", NOW).outcome is not None
    assert offer.heard("yes please", NOW).begins == "message"
    assert offer.resumed is None
