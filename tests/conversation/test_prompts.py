"""What the model is told, and how its refusals are recognised."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.business import Business, Fact
from appliance.conversation.prompts import DECLINE, declines, question_prompt, system_prompt


@pytest.fixture(scope="module")
def shop() -> Business:
    return business.load("auto_repair")


def test_the_system_prompt_holds_what_the_business_says_of_itself(shop: Business) -> None:
    prompt = system_prompt(shop)
    assert shop.name in prompt
    assert shop.address in prompt
    assert all(line in prompt for line in shop.about.strip().splitlines())
    assert "Monday to Friday" in prompt
    assert DECLINE in prompt


def test_facts_stand_in_it_but_for_prices_and_blanks(shop: Business) -> None:
    prompt = system_prompt(shop)
    assert "no checks" in prompt
    assert "forty nine dollars" not in prompt
    assert "{" not in prompt
    assert "You do not know any prices" in prompt


def test_a_business_that_tells_its_prices_is_not_said_to_know_none(shop: Business) -> None:
    open_about_it = shop.model_copy(update={"about": "A haircut costs thirty dollars."})
    prompt = system_prompt(open_about_it)
    assert "thirty dollars" in prompt
    assert "You do not know any prices" not in prompt


def test_a_business_without_services_or_facts_has_a_prompt_too(shop: Business) -> None:
    bare = shop.model_copy(update={"services": (), "facts": ()})
    assert "Appointments" not in system_prompt(bare)


@pytest.mark.parametrize("answer", ["It is $5.", "Nine euros.", "Two pounds a visit.", "It's 40 cents"])
def test_a_price_is_known_by_its_money(answer: str, shop: Business) -> None:
    priced = shop.model_copy(update={"facts": (Fact(id="one", questions=("q",), answer=answer),)})
    assert answer not in system_prompt(priced)


def test_its_examples_answer_more_often_than_they_refuse(shop: Business) -> None:
    told = shop.model_copy(update={"about": "We bake bread and rolls. Ann leads us. We do not bake cakes."})
    examples = system_prompt(told).partition("\n\n")[2]
    assert examples.count(DECLINE) == 1
    assert "Caller: Do you bake bread and rolls?\nYou: Yes, we bake bread and rolls." in examples
    assert examples.endswith("Caller: Do you bake cakes?\nYou: No, we do not bake cakes.")


def test_what_a_business_has_or_may_is_no_pattern_of_a_yes(shop: Business) -> None:
    told = shop.model_copy(update={"about": "We are a bakery. We have two ovens.", "facts": ()})
    assert "You: Yes" not in system_prompt(told)


def test_the_system_prompt_is_the_same_every_time(shop: Business) -> None:
    assert system_prompt(shop) == system_prompt(business.load("auto_repair"))


def test_a_question_alone() -> None:
    assert question_prompt("do you fix hybrids", []) == "The caller asks: do you fix hybrids"


def test_a_question_that_leans_on_others_carries_the_last_two_turns() -> None:
    recent = [("agent", "Hello."), ("caller", "do you fix cars"), ("agent", "Yes, we do.")]
    assert question_prompt("and hybrids", recent) == (
        "Caller: do you fix cars\nYou: Yes, we do.\nThe caller asks: and hybrids"
    )


def test_a_question_that_stands_on_its_own_comes_alone() -> None:
    recent = [("caller", "do you fix cars"), ("agent", "Yes, we do.")]
    assert question_prompt("do you take cash", recent) == "The caller asks: do you take cash"


def test_the_question_itself_is_not_repeated() -> None:
    recent = [("agent", "Hello."), ("caller", "and hybrids")]
    assert question_prompt("and hybrids", recent) == "You: Hello.\nThe caller asks: and hybrids"


@pytest.mark.parametrize(
    "sentence",
    [
        DECLINE,
        "I do not know.",
        "I'm not sure about that.",
        "The cost is not specified in the given facts.",
        "We don't have that information.",
    ],
)
def test_refusals_are_recognised(sentence: str) -> None:
    assert declines(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Yes, we do repair hybrid cars.",
        "No, we do not sell tires.",
        "In fact, we open at nine.",
        "You know it.",
    ],
)
def test_answers_are_not_taken_for_refusals(sentence: str) -> None:
    assert not declines(sentence)


def test_what_is_known_of_the_call_stands_before_what_was_said() -> None:
    recent = [("caller", "do you fix cars"), ("agent", "Yes, we do.")]
    assert question_prompt("and that one", recent, about="The caller is Alice Miller.") == (
        "About this call: The caller is Alice Miller.\nCaller: do you fix cars\nYou: Yes, we do.\n"
        "The caller asks: and that one"
    )
