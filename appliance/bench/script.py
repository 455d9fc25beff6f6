"""What the demo's caller says: a call to the auto-repair shop, with a day that is open whenever it is run."""

from __future__ import annotations

from datetime import date, timedelta

from appliance.business import WEEKDAYS, Business

OPEN_QUESTION = "Do you work on hybrid cars?"
"""Known to no rule and no fact: the language model answers it from what the business says of itself."""


def caller_lines(business: Business, today: date) -> list[str]:
    """The caller's sentences, in order. The agent is expected to have said its part before each."""
    day = open_weekday(business, today)
    return [
        "Hello, what time do you open on Saturday?",
        OPEN_QUESTION,
        "I'd like to book an oil change, please.",
        f"{day} morning.",
        "Nine thirty, please.",
        "My name is Alice Miller.",
        "Three oh three, five five five, oh one seven two.",
        "Yes, please.",
        "No, that's all. Goodbye.",
    ]


def open_weekday(business: Business, today: date) -> str:
    """The first open weekday from the day after tomorrow on: never "tomorrow", never a holiday."""
    days = (today + timedelta(days=ahead) for ahead in range(2, 7))
    day = next(day for day in days if business.open_on(day) and day.weekday() < 5)
    return WEEKDAYS[day.weekday()].capitalize()
