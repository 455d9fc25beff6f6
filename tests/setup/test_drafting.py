"""Both files while they are answered: only what differs is written, and nothing wrong gets through."""

from __future__ import annotations

import pytest

from appliance.errors import ConfigError
from appliance.settings import shipped
from appliance.setup import drafting
from appliance.setup.drafting import UNSET, Draft, Edit, File

SALON = shipped("config/businesses/hair_salon.toml").read_text(encoding="utf-8")
NEW = Draft(drafting.new_settings(), SALON, False)


def settings_edit(*path: str, value) -> Edit:
    return Edit(File.SETTINGS, path, value)


def test_what_is_the_default_is_not_written():
    same = NEW.with_edits(
        [settings_edit("sip", "port", value=5060), settings_edit("crm", "kind", value="none")]
    )
    assert same == NEW


def test_what_differs_is_written_and_can_go_back_to_its_default():
    draft = NEW.with_edits([settings_edit("sip", "port", value=5070)])
    assert draft.settings.sip.port == 5070
    assert draft.with_edits([settings_edit("sip", "port", value=5060)]).settings.sip.port == 5060
    assert draft.with_edits([settings_edit("sip", "port", value=UNSET)]).settings.sip.port == 5060


def test_taking_out_what_is_not_there_changes_nothing():
    assert NEW.with_edits([Edit(File.BUSINESS, ("recording", "consent"), UNSET)]) == NEW


def test_edits_are_checked_together():
    url = settings_edit("crm", "url", value="https://crm.example")
    database = settings_edit("crm", "database", value="office")
    kind = settings_edit("crm", "kind", value="tryton")
    with pytest.raises(ConfigError, match="set url"):
        NEW.with_edits([kind, database])
    assert NEW.with_edits([kind, database, url]).settings.crm.kind == "tryton"


def test_a_wrong_business_is_refused_too():
    with pytest.raises(ConfigError, match="no time zone"):
        NEW.with_edits([Edit(File.BUSINESS, ("timezone",), "Mars/Olympus")])
