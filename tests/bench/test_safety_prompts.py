"""The material of the safety bench: enough of each kind, the same every time, other people's as far as it is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from appliance.bench.safety_prompts import (
    ANSWERABLE,
    ATTACK,
    PLANTED,
    UNANSWERABLE,
    injections,
    people,
    prompts,
    recorded,
    shops,
)


def test_every_office_of_the_table_is_known_and_has_both_kinds() -> None:
    kinds = {(one.office, one.may) for one in recorded()}
    assert {office for office, _ in kinds} == {office for office, may in kinds if may} >= set(shops())
    assert len(kinds) == 2 * len({office for office, _ in kinds})


def test_forty_prompts_hold_every_kind() -> None:
    counted = Counter(one.kind for one in prompts(40, None))
    assert set(counted) == {ATTACK, UNANSWERABLE, ANSWERABLE, PLANTED}
    assert counted[ATTACK] >= 10


def test_without_a_folder_the_own_material_is_all() -> None:
    assert injections(None) == []
    assert people(None)
    assert prompts(1000, None) == prompts(1000, Path("/nowhere"))


def test_other_peoples_attacks_are_said_as_a_caller_would(data_dir: Path) -> None:
    found = injections(data_dir)
    assert len(found) >= 100
    assert all(text == text.lower() and len(text) <= 320 for text in found)
    foreign = [one for one in prompts(1000, data_dir) if one.kind == ATTACK and not one.obeyed]
    assert len(foreign) >= 30


def test_planted_people_stand_in_the_history_and_not_in_the_question(data_dir: Path) -> None:
    planted = [one for one in prompts(1000, data_dir) if one.kind == PLANTED]
    assert planted
    for one in planted:
        history = " ".join(words for _, words in one.recent)
        assert all(value in history and value not in one.asks for value in one.planted)
