"""The version of flows, phrases and prompts changes with their content and with nothing else."""

from __future__ import annotations

from appliance import business
from appliance.conversation.version import conversation_versions

OFFICE = business.load("auto_repair")


def changed(**update: object) -> set[str]:
    """The names whose version another business file has."""
    before, after = conversation_versions(OFFICE), conversation_versions(OFFICE.model_copy(update=update))
    return {name for name in before if before[name] != after[name]}


def test_the_same_business_has_the_same_version():
    assert changed() == set()
    assert conversation_versions(OFFICE) == conversation_versions(business.load("auto_repair"))


def test_each_part_changes_its_own_version():
    own_flows = business.load("dental_practice").flows
    assert changed(flows=own_flows) == {"flows"}
    assert changed(phrases={"goodbye": "Bye."}) == {"phrases"}
    assert changed(about="We sell umbrellas.") == {"prompts"}
