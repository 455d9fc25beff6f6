"""An example business is a start for somebody else's: nothing that only the example can promise is left in force."""

from __future__ import annotations

import pytest

from appliance import configfile
from appliance.business import Business
from appliance.settings import shipped
from appliance.setup import examples
from appliance.setup.questions import KINDS


def example(kind: str) -> str:
    return shipped(f"config/businesses/{kind}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_is_true_of_any_such_business(kind):
    before = configfile.parse(example(kind), Business, name=kind)
    office = configfile.parse(examples.start_from(example(kind), kind), Business, name=kind)
    assert office.services
    assert {one.id for one in office.services} == {one.id for one in before.services}
    assert (office.staff, office.resources, office.directory, office.holidays) == ((), (), (), ())
    assert {fact.id for fact in office.facts} == {"hours", "address"}
    assert all(intent.flow for intent in office.intents)
    assert office.flows == before.flows


@pytest.mark.parametrize("kind", KINDS)
def test_the_rest_is_there_to_be_taken_up(kind):
    text = examples.start_from(example(kind), kind)
    for line in filter(None, map(str.strip, example(kind).splitlines()[1:])):
        assert line in text


def test_what_stood_behind_a_hash_can_be_taken_up_again():
    text = examples.start_from(example("auto_repair"), "auto_repair")
    payment = text[text.index('# [[facts]]\n# id = "payment"') :].split("\n\n")[0]
    taken_up = text + "\n" + payment.replace("# ", "")
    assert configfile.parse(taken_up, Business, name="x").facts[-1].id == "payment"
