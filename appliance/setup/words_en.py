"""What setting up says and understands in English: days, times, and the sentences a new business begins with."""

from __future__ import annotations

from typing import Final

DAYS: Final = {
    "monday": ("mon", "monday", "mo"),
    "tuesday": ("tue", "tues", "tuesday", "tu"),
    "wednesday": ("wed", "wednesday", "we"),
    "thursday": ("thu", "thur", "thurs", "thursday", "th"),
    "friday": ("fri", "friday", "fr"),
    "saturday": ("sat", "saturday", "sa"),
    "sunday": ("sun", "sunday", "su"),
}
SHORT_DAYS: Final = {name: words[0] for name, words in DAYS.items()}
EVERY_DAY: Final = ("daily", "every day")
FOLDED: Final = {
    " to ": "-",
    " until ": "-",
    " through ": "-",
    "–": "-",
    "—": "-",
    " and ": "+",
    "&": "+",
    "noon": "12:00",
}
"""What is written otherwise and means the same."""
FORENOON: Final = ("am", "a.m.")
AFTERNOON: Final = ("pm", "p.m.")

GREETING: Final = "Thank you for calling {name}. I'm the automated assistant. How can I help?"
ABOUT: Final = "{name} is at {address}."
DESK: Final = {"id": "desk", "spoken": "the front desk", "words": ["front desk", "reception", "the office"]}

HOURS_EXAMPLE: Final = "mon-fri 8-17:30, sat 9-13"
NO_DAY: Final = 'begin with the days, as in "{example}".'
NOT_A_DAY: Final = '"{part}" is no day of the week; write mon, tue, wed, thu, fri, sat or sun.'
NOT_A_TIME: Final = '"{part}" is no time of day; write 8, 8:30, 17:00 or 5pm.'
NOT_A_SPAN: Final = '"{part}" does not say from when to when; write it like 8-17:30.'

FILE_HEAD: Final = """\
# One business: everything the box knows and says for it stands in this file. Written by `appliance init`.
# It began as the example "{kind}". Look through [[services]]: they are what callers can book. What stands behind
# a # was true of the example business only: make it yours and take the # away, or leave it.
# `appliance config check` says what is wrong in it; docs/business.md says what everything means.
"""
SETTINGS_HEAD: Final = """\
# Settings of this box, written by `appliance init`: only what differs from the defaults stands here.
# `appliance config show` prints everything that is in force, docs/configuration.md says what it means,
# `appliance config set KEY VALUE` changes it. Secrets do not belong here.
"""
