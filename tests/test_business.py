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


STAFFED = (
    SMALLEST
    + """
[[services]]
id = "cut"
spoken = "a cut"
minutes = 45
words = ["cut"]
staff = ["ann"]
resources = ["chair"]
[[staff]]
id = "ann"
spoken = "Ann"
[[staff]]
id = "bob"
spoken = "Bob"
[[services]]
id = "talk"
spoken = "a talk"
minutes = 15
words = ["talk"]
[[resources]]
id = "window_seat"
kind = "chair"
[staff.hours]
monday = [{ opens = 09:00:00, closes = 11:00:00 }]
"""
)


def test_staff_and_resources_are_known_by_their_ids():
    shop = of(STAFFED)
    assert shop.staff_member("ann").works_on(date(2026, 11, 23)) is None
    assert [span.closes for span in shop.staff_member("bob").works_on(date(2026, 11, 23))] == [time(11)]
    assert shop.staff_member("cid") is None


@pytest.mark.parametrize(
    ("before", "after", "place", "what"),
    [
        ('staff = ["ann"]', 'staff = ["anne"]', "services.0.staff.0", 'no member of staff is called "anne"'),
        ('["chair"]', '["sofa"]', "services.0.resources.0", 'no kind of resource is called "sofa"'),
        ("minutes = 45", "minutes = 300", "services.0.minutes", "works at most 240 at a stretch"),
        ('kind = "chair"', 'kind = "staff"', "resources.0.kind", "means something to the diary"),
        ('id = "bob"', 'id = "anybody"', "staff.1.id", "means something to the diary"),
        ("minutes = 15", 'minutes = 15\nstaff = ["ann"]', "staff.1", '"bob" can do no service'),
        ("closes = 11:00:00", "closes = 08:00:00", "staff.1.hours.monday.0", "swap them"),
        (
            "closes = 11:00:00 }",
            "closes = 11:00:00 }, { opens = 10:00:00, closes = 12:00:00 }",
            "staff.1.hours.monday",
            "10:00 begins before 11:00 ends",
        ),
        (
            'spoken = "Bob"',
            'spoken = "Bob"\naway = [{ first = 2026-12-24, last = 2026-12-20 }]',
            "staff.1.away.0",
            "begins on 2026-12-24 but ends on 2026-12-20",
        ),
    ],
)
def test_a_diary_that_does_not_fit_together_is_refused_with_its_line(before, after, place, what):
    text = STAFFED.replace(before, after)
    with pytest.raises(ConfigError) as caught:
        of(text)
    said = str(caught.value)
    assert f": {place}: " in said
    assert what in said
    line = int(said.split(":")[1])
    assert text.splitlines()[line - 1].split("=")[0].strip() in (*place.split("."), "[[staff]]")


def test_each_fault_of_a_diary_is_told():
    text = STAFFED.replace('staff = ["ann"]', 'staff = ["x", "y"]').replace('["chair"]', '["z"]')
    with pytest.raises(ConfigError) as caught:
        of(text)
    assert [line.split(": ")[1] for line in str(caught.value).splitlines()[:3]] == [
        "services.0.staff.0",
        "services.0.staff.1",
        "services.0.resources.0",
    ]
