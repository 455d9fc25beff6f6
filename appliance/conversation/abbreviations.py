"""Short forms and the words they stand for, as tables; speakable applies them.

Keys of ABBREVIATIONS and UNITS are regular expressions; a unit maps to its singular and its plural.
"""

from __future__ import annotations

from typing import Final

CURRENCIES: Final = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
}

PERIODS: Final = {"mo": "month", "yr": "year", "wk": "week", "hr": "hour", "h": "hour", "d": "day"}

STREETS: Final = {
    "st": "Street",
    "rd": "Road",
    "ave": "Avenue",
    "blvd": "Boulevard",
    "dr": "Drive",
    "ln": "Lane",
    "ct": "Court",
    "hwy": "Highway",
    "pkwy": "Parkway",
    "expy": "Expressway",
    "pl": "Place",
    "sq": "Square",
}

ABBREVIATIONS: Final = {
    r"mr\.": "Mister",
    r"mrs\.": "Missus",
    r"ms\.": "Miz",
    r"dr\.(?= ?(?-i:[A-Z&]))": "Doctor",
    r"st\.(?= ?(?-i:[A-Z]))": "Saint",
    r"prof\.": "Professor",
    r"jr\.": "Junior",
    r"sr\.": "Senior",
    r"inc\.": "Incorporated",
    r"co\.": "Company",
    r"apt\.?(?= ?\d)": "apartment",
    r"ste\.?(?= ?\d)": "suite",
    r"ext\.?(?= ?\d)": "extension",
    r"no\.(?= ?\d)": "number",
    r"approx\.": "approximately",
    r"appt\.?": "appointment",
    r"appts\.?": "appointments",
    r"vs\.?": "versus",
    r"e\.g\.": "for example",
    r"i\.e\.": "that is",
    r"etc\.?": "and so on",
    r"w/o": "without",
    r"w/(?= )": "with",
    r"a\.?s\.?a\.?p\.?": "as soon as possible",
    r"24/7": "twenty four seven",
    r"and/or": "and or",
    r"c/o": "care of",
}

UNITS: Final = {
    r"mi": ("mile", "miles"),
    r"km": ("kilometer", "kilometers"),
    r"mph": ("mile per hour", "miles per hour"),
    r"ft": ("foot", "feet"),
    r"lbs?": ("pound", "pounds"),
    r"oz": ("ounce", "ounces"),
    r"kg": ("kilogram", "kilograms"),
    r"gal": ("gallon", "gallons"),
    r"qts?": ("quart", "quarts"),
    r"hrs?": ("hour", "hours"),
    r"mins?": ("minute", "minutes"),
    r"secs?": ("second", "seconds"),
    r"yrs?": ("year", "years"),
    r"cm": ("centimeter", "centimeters"),
    r"mm": ("millimeter", "millimeters"),
    r"psi": ("P S I", "P S I"),
    r"°? ?F": ("degree Fahrenheit", "degrees Fahrenheit"),
    r"°? ?C": ("degree Celsius", "degrees Celsius"),
    r"°": ("degree", "degrees"),
    r"%": ("percent", "percent"),
}

# Alone, and after a whole number.
FRACTIONS: Final = {
    "1/2": ("one half", "a half"),
    "1/4": ("one quarter", "a quarter"),
    "3/4": ("three quarters", "three quarters"),
    "1/3": ("one third", "a third"),
    "2/3": ("two thirds", "two thirds"),
}

DIRECTIONS: Final = {"n": "North", "s": "South", "e": "East", "w": "West"}
SIGNS: Final = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}
