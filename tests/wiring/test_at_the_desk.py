"""The desk process as it is built: none where none is wanted, and the telephone that rings."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from appliance import settings
from appliance.business import load
from appliance.ops.notify import Notifier
from appliance.settings import Desk, Settings
from appliance.wiring.at_the_desk import run_desk, telephone_of
from appliance.wiring.processes import children

OFFICE = load("auto_repair")


def test_a_desk_that_is_not_wanted_ends_at_once_and_well() -> None:
    run_desk(Settings(), Notifier(), threading.Event())
    assert "desk" not in [child.name for child in children(Settings(), None)]


def test_a_desk_that_is_wanted_is_a_process_that_may_be_lost() -> None:
    (desk,) = [one for one in children(Settings(desk=Desk(enabled=True)), None) if one.name == "desk"]
    assert desk.optional


@pytest.mark.parametrize(("named", "rings"), [("107", "107"), ("", "100")])
def test_the_telephone_that_rings(named: str, rings: str) -> None:
    assert telephone_of(Settings(desk=Desk(telephone=named)), OFFICE) == rings


def test_an_operator_who_is_several_people() -> None:
    several = OFFICE.model_copy(
        update={"connecting": OFFICE.connecting.model_copy(update={"operator": "workshop"})}
    )
    assert telephone_of(Settings(), several) == "111"


def test_without_an_operator_there_is_none() -> None:
    nobody = OFFICE.model_copy(update={"connecting": OFFICE.connecting.model_copy(update={"operator": ""})})
    assert telephone_of(Settings(), nobody) == ""


def test_its_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "appliance.toml"
    file.write_text('[desk]\nenabled = true\ntelephone = "101"\n', encoding="utf-8")
    assert settings.load(file).desk.telephone == "101"
