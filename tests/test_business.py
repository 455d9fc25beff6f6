"""A business is a file: what it may say, and what is refused with a reason."""

from __future__ import annotations

from datetime import date, time

import pytest

from appliance import business, settings
from appliance.business import Business
from appliance.configfile import parse
from appliance.errors import ConfigError

SMALLEST = """
name = "Corner Shop"
timezone = "America/Denver"
address = "1 Main Street"
greeting = "Hello, this is the machine of the corner shop."
about = "A shop."
[hours]
monday = [{ opens = 09:00:00, closes = 12:00:00 }, { opens = 13:00:00, closes = 17:00:00 }]
"""


def of(text: str) -> Business:
    return parse(text, Business, name="shop.toml")


@pytest.mark.parametrize(
    "path", sorted(settings.shipped("config/businesses").glob("*.toml")), ids=lambda p: p.stem
)
def test_every_shipped_business_loads_by_name_and_by_path(path):
    shop = business.load(path.stem)
    assert shop == business.load(str(path))
    assert shop.services
    assert shop.facts
    assert any(shop.hours.on(date(2026, 11, day)) for day in range(23, 30))


def test_the_smallest_business_is_open_as_it_says():
    shop = of(SMALLEST)
    assert [span.opens for span in shop.open_on(date(2026, 11, 23))] == [time(9), time(13)]
    assert shop.open_on(date(2026, 11, 24)) == ()
    assert str(shop.zone) == "America/Denver"
    assert shop.service("oil_change") is None


def test_a_holiday_closes_whatever_the_weekday():
    shop = of("holidays = [2026-11-23]\n" + SMALLEST)
    assert shop.open_on(date(2026, 11, 23)) == ()
    assert shop.open_on(date(2026, 11, 30)) != ()


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("opens = 13:00:00", "opens = 11:30:00", "11:30 begins before 12:00 ends"),
        ("opens = 09:00:00", "opens = 12:00:00", "opens at 12:00 but closes at 12:00; swap them."),
        ("opens = 13:00:00, closes = 17:00:00", "opens = 07:00:00, closes = 08:00:00", "07:00 begins before"),
        ("America/Denver", "America/Nowhere", 'no time zone is called "America/Nowhere"'),
        ("America/Denver", "America", 'no time zone is called "America"'),
        ("America/Denver", "../../etc/passwd", "no time zone is called"),
        ("America/Denver", "", "no time zone is called"),
        ("monday", "mondey", "Did you mean `monday`?"),
        ('name = "Corner Shop"\n', "", "name: is missing"),
    ],
)
def test_a_business_that_cannot_be_is_refused(before, after, what):
    with pytest.raises(ConfigError) as caught:
        of(SMALLEST.replace(before, after))
    assert what in str(caught.value)


@pytest.mark.parametrize("kind", ["services", "facts"])
def test_an_id_that_stands_twice_is_refused(kind):
    one = {
        "services": '[[services]]\nid = "oil"\nspoken = "oil"\nminutes = 30\nwords = ["oil"]\n',
        "facts": '[[facts]]\nid = "oil"\nquestions = ["oil?"]\nanswer = "Oil."\n',
    }[kind]
    assert len(getattr(of(SMALLEST + one), kind)) == 1
    with pytest.raises(ConfigError, match=f'{kind}: the id "oil" stands twice'):
        of(SMALLEST + one + one)


def test_an_unknown_business_names_the_known_ones():
    with pytest.raises(ConfigError, match="auto_repair"):
        business.load("florist")
    with pytest.raises(ConfigError, match="cannot be read"):
        business.load("florist.toml")
