"""The words of the menu: everything it plays has a text, for every business, and nobody is made up."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.business import Business
from appliance.conversation.key_menu import PHRASES
from appliance.conversation.menu_words import menu_texts, offers_of, operator_number
from appliance.conversation.phrases import Phrases

OFFICES = ("auto_repair", "dental_practice", "hair_salon")


@pytest.mark.parametrize("name", OFFICES)
def test_every_sound_has_its_words(name: str) -> None:
    office = business.load(name)
    texts = menu_texts(office, Phrases(office.language, office.phrases))
    assert set(texts) == set(PHRASES)
    assert office.name in texts["menu_welcome"]
    assert office.address in texts["menu_hours"]
    assert not any("{" in text for text in texts.values())


def with_directory(directory: list[dict[str, object]], operator: str = "") -> Business:
    plain = business.load("auto_repair").model_dump(mode="json")
    plain |= {"directory": directory, "connecting": {"operator": operator}, "intents": []}
    return Business.model_validate(plain)


MARIA = {"id": "maria", "spoken": "Maria", "extension": "101"}
ALL = {"id": "all", "spoken": "the workshop", "ring": ["maria"]}


def test_the_settings_number_comes_first_then_the_operators() -> None:
    office = with_directory([MARIA, ALL], operator="all")
    assert operator_number(office) == "101"
    assert offers_of(office).person == "101"
    assert offers_of(office, "199").person == "199"


def test_without_an_operator_nobody_is_offered() -> None:
    assert offers_of(with_directory([MARIA])).person == ""
