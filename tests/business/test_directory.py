"""The directory of a business file: who can be reached when, and what is refused, with its line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from appliance import configfile
from appliance.business import Business
from appliance.business.directory import Entry
from appliance.errors import ConfigError

HEAD = """name = "Shop"
timezone = "America/Denver"
address = "here"
greeting = "hello"
about = "a shop"
[hours]
monday = [{ opens = 08:00:00, closes = 17:00:00 }]
"""
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONDAY_NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)


def business(tables: str) -> Business:
    return configfile.parse(HEAD + tables, Business, name="shop.toml")


def entry(**more: object) -> Entry:
    return Entry.model_validate({"id": "maria", "spoken": "Maria", "extension": "101", **more})


GOOD = """
[connecting]
operator = "desk"
emergency = "owner"
[[directory]]
id = "owner"
spoken = "Maria Ortega"
words = ["the owner"]
extension = "101"
otherwise = "desk"
[[directory]]
id = "desk"
spoken = "the front desk"
ring = ["owner", "luis"]
order = "together"
[[directory]]
id = "luis"
spoken = "Luis"
extension = "+13035550141"
"""


def test_a_directory_is_read():
    shop = business(GOOD)
    assert [one.id for one in shop.directory] == ["owner", "desk", "luis"]
    assert shop.connecting.emergency == "owner"
    assert shop.entry("desk").ring == ("owner", "luis")
    assert shop.entry("nobody") is None


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ('[[directory]]\nid = "a"\nspoken = "A"\n', r"shop.toml:8: .*neither of extension and ring"),
        ('[[directory]]\nid = "a"\nspoken = "A"\nring = []\n', r"shop.toml:11: .*rings nobody"),
        ('[[directory]]\nid = "a"\nspoken = "A"\nring = ["b"]\n', r'shop.toml:11: .*called "b"'),
        ('[[directory]]\nid = "a"\nspoken = "A"\nextension = "1 0 1"\n', r"shop.toml:11: .*extension"),
        ('[[directory]]\nid = "a"\nspoken = "A"\nextension = "1?x"\n', r"shop.toml:11: .*extension"),
        ('[connecting]\noperator = "desk"\n', r'shop.toml:9: .*called "desk"; known are: nobody'),
        ('[connecting]\nemergency = "911"\n', r"shop.toml:9: .*known are: nobody"),
        (
            '[[directory]]\nid = "a"\nspoken = "A"\nextension = "1"\notherwise = "z"\n',
            r'shop.toml:12: .*called "z"; known are: a',
        ),
        (
            '[[directory]]\nid = "a"\nspoken = "A"\nextension = "1"\n'
            '[[directory]]\nid = "b"\nspoken = "a"\nextension = "2"\n',
            r'shop.toml:14: .*also how "a" is said',
        ),
        (
            '[[directory]]\nid = "a"\nspoken = "A"\nring = ["b"]\n'
            '[[directory]]\nid = "b"\nspoken = "B"\nring = ["a"]\n',
            r"shop.toml:11: .*never ends: a -> b -> a",
        ),
        (
            '[[directory]]\nid = "a"\nspoken = "A"\nextension = "1"\notherwise = "a"\n',
            r"shop.toml:12: .*never ends: a -> a",
        ),
        (
            '[[directory]]\nid = "a"\nspoken = "A"\nring = ["a"]\nblind = true\n',
            r"cannot be handed over blindly",
        ),
        (
            '[[intents]]\nid = "sale"\nexamples = ["i want to buy", "buying a car"]\ntransfer = "sales"\n',
            r'shop.toml:11: .*called "sales"',
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(tables, complaint):
    with pytest.raises(ConfigError, match=complaint):
        business(tables)


@pytest.mark.parametrize(
    ("more", "now", "office_open", "reachable"),
    [
        ({}, MONDAY_NOON, True, True),
        ({}, MONDAY_NIGHT, False, False),
        ({"around_the_clock": True}, MONDAY_NIGHT, False, True),
        ({"hours": {"monday": ({"opens": "20:00", "closes": "23:00"},)}}, MONDAY_NIGHT, False, True),
        ({"hours": {"monday": ({"opens": "20:00", "closes": "23:00"},)}}, MONDAY_NOON, True, False),
        ({"days_off": ("2026-11-23",)}, MONDAY_NOON, True, False),
        ({"away": ({"first": "2026-11-20", "last": "2026-11-30"},)}, MONDAY_NOON, True, False),
        ({"away": ({"first": "2026-11-24", "last": "2026-11-30"},)}, MONDAY_NOON, True, True),
        ({"around_the_clock": True, "days_off": ("2026-11-23",)}, MONDAY_NOON, True, False),
    ],
)
def test_when_somebody_can_be_reached(more, now, office_open, reachable):
    assert entry(**more).reachable_at(now, office_open=office_open) is reachable
