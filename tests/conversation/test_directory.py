"""Names as a recogniser really wrote them, and whom they lead to."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance import business
from appliance.business import Business, Entry
from appliance.conversation.directory import Directory

MISHEARD = Path(__file__).parent / "names_misheard.tsv"


def office(*entries: Entry) -> Business:
    return business.load("auto_repair").model_copy(update={"directory": entries})


def entry(entry_id: str, spoken: str, extension: str = "101", **more: object) -> Entry:
    return Entry.model_validate({"id": entry_id, "spoken": spoken, "extension": extension, **more})


@pytest.fixture(scope="module")
def shop() -> Directory:
    return Directory(
        office(
            entry("maria", "Maria Ortega", "101", words=("the owner", "the boss")),
            entry("maria_l", "Maria Lopez", "102"),
            entry("luis", "Luis Fernandez", "103", sounds_like=("lewis for nandos",)),
            entry("okonkwo", "Dr. Okonkwo", "104", sounds_like=("a conqueror",)),
            entry("workshop", "the workshop", "200", words=("service department", "mechanics")),
        )
    )


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("can i speak to maria ortega please", "maria"),
        ("ortega", "maria"),
        ("is the boss in today", "maria"),
        ("put me through to louis fernandez", "luis"),
        ("i need to talk to lewis for nandos", "luis"),
        ("is doctor a conqueror there", "okonkwo"),
        ("connect me with the workshop", "workshop"),
        ("the service department please", "workshop"),
        ("extension one oh three", "luis"),
        ("could i have extension 200", "workshop"),
    ],
)
def test_whoever_is_plainly_asked_for(shop, said, who):
    found = shop.find(said)
    assert [one.id for one in found.entries] == [who]
    assert found.is_sure


def test_a_name_two_people_have_must_be_asked_about(shop):
    found = shop.find("is maria there")
    assert {one.id for one in found.entries} == {"maria", "maria_l"}
    assert not found.is_sure


@pytest.mark.parametrize(
    "said", ["", "please", "can i speak to somebody", "i need an oil change", "extension nine nine nine", "?"]
)
def test_nobody_is_asked_for(shop, said):
    assert shop.find(said).entries == ()


def test_an_empty_directory_knows_nobody():
    assert Directory(office()).find("can i speak to maria").entries == ()


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("can i speak to maria", True),
        ("put me through to the workshop", True),
        ("is luis there", True),
        ("extension one oh one", True),
        ("maria fixed my car last week", False),
        ("i need an oil change", False),
        ("what time do you close", False),
        ("i'll talk to you later", False),
    ],
)
def test_a_name_in_passing_is_no_request(shop, said, asks):
    assert shop.asks_for_somebody(said) is asks


def misheard() -> list[tuple[str, str]]:
    lines = MISHEARD.read_text(encoding="utf-8").splitlines()
    return [(who, heard) for who, heard in (line.split("\t") for line in lines if not line.startswith("#"))]


def test_misheard_names_lead_to_their_owners():
    """32 names nobody would call easy: most are found, hardly any leads to somebody else, no stranger is certain."""
    rows = misheard()
    people = sorted({who for who, _ in rows} - {"-"})
    directory = Directory(office(*(entry(f"p{n}", who, str(100 + n)) for n, who in enumerate(people))))
    asked = [(who, directory.find(heard)) for who, heard in rows]
    ours = [(who, found) for who, found in asked if who != "-"]
    right = sum(who in [one.spoken for one in found.entries] for who, found in ours)
    wrong = sum(
        bool(found.entries) and who not in [one.spoken for one in found.entries] for who, found in ours
    )
    assert right / len(ours) >= 0.8
    assert wrong / len(ours) <= 0.03
    assert not any(found.is_sure for who, found in asked if who == "-")


def test_a_callers_words_are_retold_to_a_colleague(shop):
    assert shop.matter_in("can i speak to maria about my oil light please") == "their oil light"
    assert shop.retold("i think we left our keys with you") == "they think they left their keys with you"
    assert len(shop.retold("word " * 40).split()) == 15
    assert shop.matter_in("can i speak to maria") == ""
