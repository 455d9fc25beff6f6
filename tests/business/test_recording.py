"""The rule of a business about recording: read, and refused with a place and a remedy when it makes no sense."""

from __future__ import annotations

import pytest

from appliance import configfile
from appliance.business import Business, Consent, RecordingRule
from appliance.errors import ConfigError
from appliance.settings import shipped
from tests.conversation.test_recording_rules import FOLDER

SHOP = shipped("config/businesses/auto_repair.toml").read_text(encoding="utf-8")
PAYMENT = (FOLDER / "payment.toml").read_text(encoding="utf-8")


def office(*lines: str) -> Business:
    return configfile.parse("\n".join([SHOP, *lines]), Business, name="shop.toml")


def test_without_a_word_calls_are_recorded_and_nothing_is_said() -> None:
    assert office().recording == RecordingRule(record=True, consent=Consent.NONE)


def test_a_rule_is_read() -> None:
    rule = office("[recording]", 'consent = "ask"', "transcribe_without_consent = true").recording
    assert rule == RecordingRule(consent=Consent.ASK, transcribe_without_consent=True)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (['consent = "maybe"'], r"recording\.consent: .*'none', 'announce' or 'ask'"),
        (
            ["record = false", 'consent = "announce"'],
            r"recording\.consent: nothing is recorded.*record = true",
        ),
        (["announce = true"], r"recording\.announce: no such key"),
        (["record = 1"], r"recording\.record: .*boolean"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(lines: list[str], complaint: str) -> None:
    with pytest.raises(ConfigError, match=rf"shop\.toml:\d+: {complaint}"):
        office("[recording]", *lines)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (
            "private = true",
            "private = true\nremembered = true",
            r"slots\.card: is private, so it cannot be remembered",
        ),
        ('kind = "reference"', 'kind = "phone"', r'slots\.card: a "phone" cannot be private'),
        ("Would you like a receipt?", "That was {card}. Receipt?", r'"ask_receipt" would say \{card\} aloud'),
    ],
)
def test_a_private_slot_that_could_not_stay_so_is_refused(before: str, after: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        office(PAYMENT.replace(before, after))
