"""A fault in a settings file is told with file, line, key and what would be right."""

from __future__ import annotations

from datetime import date, time

import pytest

from appliance import configfile
from appliance.configfile import Strict, line_of
from appliance.errors import EXIT_CONFIG, ConfigError


class Bay(Strict):
    name: str
    opens: time = time(8)


class Shop(Strict):
    name: str = "shop"
    count: int = 1
    share: float = 0.5
    founded: date = date(2009, 1, 1)
    bays: tuple[Bay, ...] = ()


class Town(Strict):
    shop: Shop = Shop()
    shops: tuple[Shop, ...] = ()


def fault(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        configfile.parse(text, Town, name="town.toml")
    assert caught.value.exit_status == EXIT_CONFIG
    return str(caught.value)


def test_a_right_file_becomes_the_model():
    text = '[shop]\ncount = 3\nfounded = 2010-02-03\nbays = [{ name = "left", opens = 07:30:00 }]\n'
    town = configfile.parse(text, Town, name="town.toml")
    assert town.shop.count == 3
    assert town.shop.founded == date(2010, 2, 3)
    assert town.shop.bays == (Bay(name="left", opens=time(7, 30)),)


def test_whole_numbers_may_stand_where_numbers_are_wanted():
    assert configfile.parse("[shop]\nshare = 1", Town, name="town.toml").shop.share == 1.0


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("# a shop\n[shop]\ncont = 3", "town.toml:3: shop.cont:", "Did you mean `count`?"),
        ("[shop]\nzzz = 3", "town.toml:2: shop.zzz:", "Remove it."),
        ("[shop]\n\ncount = 'three'", "town.toml:3: shop.count:", "(it is 'three')"),
        ("[shop]\ncount = '3'", "town.toml:2: shop.count:", "should be a valid integer"),
        ("[shop]\ncount = true", "town.toml:2: shop.count:", "should be a valid integer"),
        ("[shop]\nname = 3", "town.toml:2: shop.name:", "should be a valid string"),
        ("shop = 5", "town.toml:1: shop:", "should be a table"),
        ("shop.count = 'x'", "town.toml:1: shop.count:", "should be a valid integer"),
        ('[[shops]]\nname = "a"\n[[shops]]\nname = 2', "town.toml:4: shops.1.name:", "string"),
        ('[[shops]]\nname = "a"\n[[shops.bays]]\nname = 3', "town.toml:4: shops.0.bays.0.name:", "string"),
        (
            '[[shops]]\n[[shops.bays]]\nname = "a"\n[[shops]]\n[[shops.bays]]\nname = 3',
            "town.toml:6: shops.1.bays.0.name:",
            "string",
        ),
        ("[shop]\nbays = [{ name = 3 }]", "town.toml:2: shop.bays.0.name:", "string"),
        ("[[shop.bays]]\nopens = 07:00:00", "town.toml:1: shop.bays.0.name:", "is missing. Add it."),
        ("[shop]\ncount = = 3", "town.toml:2: not valid TOML", "toml.io"),
        ("[shop", "town.toml: not valid TOML", "end of document"),
        ("count = " + "9" * 5000, "town.toml: not valid TOML", "digits"),
        ("count = " + "[" * 5000, "town.toml: not valid TOML", "recursion"),
    ],
)
def test_a_wrong_file_is_told_by_line_key_and_remedy(text, place, what):
    message = fault(text)
    assert message.startswith(place)
    assert what in message


def test_every_fault_of_a_file_is_told_at_once():
    assert len(fault("[shop]\ncount = 'x'\nname = 3").splitlines()) == 2


def test_a_key_that_was_not_wanted_does_not_show_its_value():
    assert "hunter2" not in fault('[shop]\npassword = "hunter2"')


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"\x80\xff\x00name")
    for path, what in [
        (tmp_path / "binary.toml", "is not UTF-8 text"),
        (tmp_path / "missing.toml", "cannot be read"),
        (tmp_path, "cannot be read"),
    ]:
        with pytest.raises(ConfigError, match=what) as caught:
            configfile.read(path, Town)
        assert str(path) in str(caught.value)
        assert caught.value.remedy


def test_line_of_something_unknown_is_the_nearest_table():
    text = "a = 1\n[shop]\nname = 'x'\n"
    assert line_of(text, ("shop", "missing")) == 2
    assert line_of(text, ("elsewhere",)) == 1
