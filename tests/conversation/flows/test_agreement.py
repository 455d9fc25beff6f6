"""What changes something is agreed to first: the moves of the question, one by one. Whole plays: test_model_tools."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance.business.flows import Ending
from appliance.conversation.flows.agreement import Agreement
from appliance.conversation.flows.step import NeedTool, Step
from appliance.conversation.phrases import Phrases
from appliance.domain.events import ToolAnswered
from appliance.domain.expectation import Expectation
from tests.conversation.test_model_tools import SHOP

NOW = datetime(2026, 11, 19, 10, 0, tzinfo=SHOP.zone)
USE = NeedTool("cancel_order", (("order", "4711"),))


@pytest.fixture
def agreement() -> Agreement:
    return Agreement(USE.tool, USE.arguments, SHOP, Phrases())


def test_it_asks_in_the_words_of_the_business(agreement: Agreement) -> None:
    assert agreement.begin(NOW) == Step("Shall I cancel order 4711?", Expectation.YES_NO)


@pytest.mark.parametrize("said", ["yes", "yes please", "sure go ahead"])
def test_only_a_yes_lets_it_be_used(agreement: Agreement, said: str) -> None:
    step = agreement.heard(said, NOW)
    assert step is not None
    assert step.need == USE


@pytest.mark.parametrize(
    "said", ["no", "no thanks", "what", "yes but that is not at all what i wanted from you"]
)
def test_nothing_else_does(agreement: Agreement, said: str) -> None:
    step = agreement.heard(said, NOW)
    assert step is None or step.need is None


def test_agreed_twice_is_used_once(agreement: Agreement) -> None:
    agreement.heard("yes", NOW)
    assert agreement.heard("yes", NOW) is None
    assert agreement.ask_again() == Step()


def test_three_misses_are_no_yes(agreement: Agreement) -> None:
    steps = [agreement.missed() for _ in range(3)]
    assert [one.outcome for one in steps] == [None, None, Ending.DROPPED]


def test_what_was_not_done_becomes_the_offer_of_a_message(agreement: Agreement) -> None:
    agreement.heard("yes", NOW)
    assert agreement.told(ToolAnswered("call", 1, "cancel_order", "failed"), NOW).offers == "message"
    done = agreement.told(ToolAnswered("call", 1, "cancel_order", "done", (("state", "gone"),)), NOW)
    assert done.say == "Order 4711 is cancelled. Is there anything else I can help with?"
    assert done.outcome is Ending.ANSWERED
