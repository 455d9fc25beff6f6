"""The simple slots: whom a message is for, and what it says."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.business.flows import SlotKind, SlotTable, shipped_flows
from appliance.conversation.flows.frame import Frame
from appliance.conversation.flows.slots import PersonSlot, TextSlot, people_of
from appliance.conversation.phrases import Phrases

PRACTICE = business.load("dental_practice")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=PRACTICE.zone)


@pytest.mark.parametrize(
    ("said", "whom"),
    [
        ("please tell doctor okafor that i am late", "Doctor Okafor"),
        ("please tell doctor oakafor that i am late", "Doctor Okafor"),
        ("please tell roza that i am late", "Rosa Marin"),
        ("could you ask doctor linden to call me", "Doctor Lindgren"),
        ("please tell wilhelmina that i am late", "Wilhelmina"),
        ("please tell me what it costs", None),
    ],
)
def test_a_misheard_name_is_whoever_works_there(said, whom):
    slot = PersonSlot("whom", SlotTable(kind=SlotKind.PERSON))
    found = slot.volunteered(said, Frame(shipped_flows()["message"], PRACTICE, Phrases(), now=NOW))
    assert (found.value if found else None) == whom


def test_everybody_is_known_once_and_departments_are_nobody():
    assert people_of(PRACTICE) == ["Doctor Okafor", "Doctor Lindgren", "Rosa Marin"]
    assert people_of(business.load("hair_salon")) == ["Marlene Fischer", "Dario", "Yuki"]


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("could you tell maria that i'll bring my own oil", "i'll bring my own oil"),
        ("please let doctor okafor know that the crown fell out", "the crown fell out"),
        ("tell rosa i'm running late today", "i'm running late today"),
        ("a message for doctor okafor that my tooth hurts again", "my tooth hurts again"),
        ("could you tell me that there is parking", None),
        ("tell maria that he", None),
        ("can you ask maria to call me back", None),
        ("i need to leave a message for rosa", None),
    ],
)
def test_what_stands_after_that_is_the_matter(said, matter):
    slot = TextSlot("matter", SlotTable(kind=SlotKind.TEXT, ask=("ask_matter",)))
    found = slot.volunteered(said, Frame(shipped_flows()["message"], PRACTICE, Phrases(), now=NOW))
    assert (found.value if found else None) == matter


def test_where_nobody_can_be_told_no_words_are_a_message():
    slot = TextSlot("matter", SlotTable(kind=SlotKind.TEXT, ask=("ask_matter",)))
    frame = Frame(shipped_flows()["booking"], PRACTICE, Phrases(), now=NOW)
    assert slot.volunteered("tell maria that i'll bring my own oil", frame) is None
