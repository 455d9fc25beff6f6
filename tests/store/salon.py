"""A hair salon with two chairs and two people, for tests that need staff and resources."""

from __future__ import annotations

from appliance.business import Business
from appliance.configfile import parse

FILE = """
name = "Salon"
timezone = "America/Denver"
address = "1 Main Street"
greeting = "Hello."
about = "A salon."
holidays = [2026-11-26]

[hours]
monday = [{ opens = 09:00:00, closes = 18:00:00 }]
tuesday = [{ opens = 09:00:00, closes = 18:00:00 }]
wednesday = [{ opens = 09:00:00, closes = 18:00:00 }]
thursday = [{ opens = 09:00:00, closes = 18:00:00 }]
friday = [{ opens = 09:00:00, closes = 18:00:00 }]

[booking]
grid_minutes = 15
lead_minutes = 30

[[services]]
id = "cut"
spoken = "a cut"
minutes = 60
words = ["cut"]
resources = ["chair"]
after_minutes = 10

[[services]]
id = "colour"
spoken = "a colour"
minutes = 90
words = ["colour"]
staff = ["ann"]
resources = ["chair"]
before_minutes = 15

[[services]]
id = "talk"
spoken = "a talk"
minutes = 30
words = ["talk"]
staff = ["ann"]

[[staff]]
id = "ann"
spoken = "Ann"
days_off = [2026-11-27]

[[staff]]
id = "bea"
spoken = "Bea"
words = ["beatrice"]
[staff.hours]
monday = [{ opens = 10:00:00, closes = 16:00:00 }]

[[resources]]
id = "left"
kind = "chair"
days_off = [2026-11-25]

[[resources]]
id = "right"
kind = "chair"
away = [{ first = 2026-11-25, last = 2026-11-25 }]
"""

SALON = parse(FILE, Business, name="salon.toml")
CUT, COLOUR, TALK = SALON.services
