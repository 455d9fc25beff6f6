"""How days, hours and lists are said in English."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import SpokenWords

SPOKEN: Final = SpokenWords(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    near=("yesterday", "today", "tomorrow"),
    on_day="on {day}",
    date="{weekday}, {month} {day}",
    date_with_year="{weekday}, {month} {day}, {year}",
    moment="{day} at {clock}",
    parts={"morning": "in the morning", "afternoon": "in the afternoon", "evening": "in the evening"},
    noon="noon",
    midnight="midnight",
    full_hour="{hour} o'clock",
    few_minutes="{hour} oh {minutes}",
    minutes="{hour} {minutes}",
    open_from="from {opens} to {closes}",
    both="{first} and {last}",
    days="{first} to {last}",
    several="{before}, and {last}",
    abroad="plus {number}",
)
