"""The example file and the manual are what the models say; `appliance config` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.business import Booking, Business, Fact, Service, Span
from appliance.configfile import parse
from appliance.ops import reference
from appliance.settings import Mind, Settings, Sip

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [
        ("config/appliance.toml", reference.example_toml(), "example"),
        ("docs/configuration.md", reference.configuration_markdown(), "reference"),
    ],
)
def test_the_file_is_what_the_models_say(path, text, command):
    written = (REPOSITORY / path).read_text(encoding="utf-8")
    assert written == text, f"run: appliance config {command} > {path}"


def test_the_example_is_the_defaults():
    assert parse(reference.example_toml(), Settings, name="example") == Settings()


def test_settings_written_as_a_file_are_the_same_settings():
    own = Settings(business='a "quoted" \\ name', sip=Sip(port=5070, codecs=()), mind=Mind(threads=3))
    assert parse(reference.settings_toml(own), Settings, name="own") == own


def test_the_manual_names_every_key_with_its_bounds():
    manual = reference.configuration_markdown()
    assert "| `port` | whole number, 0 to 65535 | `5060` | UDP port for SIP; 0 takes a free one. |" in manual
    assert "### `[[services]]`, any number of them" in manual
    for model in (Sip, Mind, Business, Service, Fact, Booking, Span):
        tables = {key for key in model.model_fields if f"[{key}]" in manual} if model is Business else set()
        for key, field in model.model_fields.items():
            assert key in tables or f"| `{key}` |" in manual or f"{key} = " in manual, key
            assert key in tables or field.description, key
