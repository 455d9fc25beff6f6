"""Times of day in English."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import ClockWords

_DAY_MARK = "@"
_MERIDIAN = r"(?: ?(?P<meridian>am|pm)\b)?"
_HOUR = r"(?P<hour>[01]?\d|2[0-4])(?:-?ish\b|\b|(?=[ap]m\b))"
_CLOCK = r"(?P<hour>[01]?\d|2[0-4])(?:[:.h] ?| h )(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d%])"
_CLOCK_SPOKEN = r"(?P<hour>[01]?\d|2[0-4]) (?P<minute>[0-5]\d)(?![\d%])"
_MINUTES = r"(?P<minutes>half|(?:a )?quarter|3 quarters|[1-5]?\d(?= min| past| after| to| till| before))"
_UNITS = (
    r"(?! ?(?:cars?|trucks?|people|persons?|of|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?"
    r"|dollars?|bucks?|miles?|thousand|hundred|percent|%|times?|tires?|kids?|children|appointments?|services?"
    r"|things?|or \d+ (?:days|weeks)|st|nd|rd|th)\b)"
)
_BEFORE_HOUR = (
    r"(?:\b(?:at|around|about|by|after|before|by|until|till|til|from|between|past|since|(?<!i'd )(?<!would )like"
    r"|say|maybe|approximately|roughly|how about|what about|make it|make that|do|for|than|near|its|it's|morning"
    rf"|afternoon|evening|night|tonight)|{_DAY_MARK})"
)
_POLITE = (
    r"(?:uh|um|er|well|so|oh|okay|ok|yes|yeah|no|please|thanks|thank you|let's|let us|i'd|i'll|like"
    r"|take|prefer|want|the|say|do|maybe|works?|for|me|is|fine|good|great|would|be|better|best|perfect|sounds"
    r"|then|i|think|can|we|could|it|a|and|sharp|ish|about|is|possible|free|available)"
)
_HOUR_RANGE = r"(?P<range> ?(?:-|to|until|till|til) ?\d{1,2}(?::\d\d)?\b(?: ?(?P<range_meridian>am|pm)\b)?)?"

CLOCK: Final = ClockWords(
    patterns=(
        rf"(?<![\d:/$.]){_HOUR} ?oclock{_MERIDIAN} (?P<named_beside>midnight|lunch ?time|noon)",
        rf"(?P<named_beside>lunch ?time|noon) (?:at )?{_HOUR} ?oclock",
        rf"\b(?<!from )(?:an? )?{_MINUTES}(?: minutes?)? (?P<side>past|after|to|till|of|before)"
        r" (?P<named>noon|midday|midnight)\b",
        r"\b(?P<named>(?:the )?middle of the (?:day|night)|noon|midday|mid day|midnight|mid night|lunch ?time"
        r"|mid ?morning|mid ?afternoon)(?:ish)?\b",
        rf"\b(?<!from )(?<!between )(?:an? )?{_MINUTES}(?: minutes?| mins?| min)? (?P<side>past|after"
        rf"|to|till|of|before) {_HOUR}(?::(?P<minute>\d\d)| (?P<minute2>[0-5]\d)\b)?(?: ?oclock)?{_MERIDIAN}",
        rf"\b(?P<minutes>half) (?P<side>){_HOUR}{_MERIDIAN}(?! ?(?:hours?|an?)\b)",
        rf"(?<![\d:/$.]){_CLOCK}{_MERIDIAN}",
        rf"(?<![\d:/$.]){_CLOCK_SPOKEN}{_MERIDIAN}{_UNITS}",
        rf"(?<![\d:/$.]){_HOUR} ?oclock{_MERIDIAN}",
        rf"(?<![\d:/$.]){_HOUR} ?(?:-|to|until|till) ?\d{{1,2}}(?::\d\d)? ?(?P<range_meridian>am|pm)\b",
        r"(?<![\d:/$.])(?P<hour>1?\d)(?P<minute>[0-5]\d)? ?(?P<meridian>am|pm)\b",
        r"(?<=at )(?P<hour>1[0-2]|[1-9])(?P<minute>[0-5]\d)\b",
        r"(?<=at )(?P<hour>1[0-2]|[1-9]) (?P<minute>\d)$",
        r"\b(?P<hour>1[0-2]|[1-9])-?ish\b",
        rf"{_BEFORE_HOUR} ?(?:the )?{_HOUR}(?![:/.]\d){_HOUR_RANGE}{_UNITS}",
        rf"^{_POLITE}?(?: {_POLITE})* ?(?<![\d:/$.]){_HOUR}(?: {_POLITE})*(?= or so$|$)",
        # "the one on tuesday" is no hour
        rf"(?<![\d:/$.])(?!(?<=the )1\b|(?<=that )1\b){_HOUR}(?= (?:on )?(?:{_DAY_MARK}|in the|sharp|this|or \d))",
    ),
    parts=(
        (
            r"\b(?:(?:mid ?)?mornings?|(?:first|1st) thing|before (?:lunch|noon)|before work|early doors)\b",
            "morning",
        ),
        (
            r"\b(?:(?:mid ?)?afternoons?|after lunch|after school|(?:the )?end of (?:the |this )?day|eod"
            r"|end of @|close of business)",
            "afternoon",
        ),
        (r"\b(?:evenings?|tonight|night|after work)\b", "evening"),
    ),
    relatives_before=(
        (r"\b(?:before|by|until|till|til|no later than|not later than|earlier than)(?: the)? ?$", "before"),
        (
            r"\b(?:after|from|since|between|later than|not before|no earlier than|any ?time after)(?: the)? ?$",
            "after",
        ),
        (r"\b(?:around|about|approximately|roughly|near|like|close to|towards?|-?ish)(?: the)? ?$", "around"),
    ),
    relatives_after=(
        (r"^ ?(?:or so|ish|-ish|roughly|approximately|thereabouts|or thereabouts|give or take)\b", "around"),
        (r"^ ?(?:or (?:later|after)|onwards?|and later|or any ?time after)\b", "after"),
        (r"^ ?(?:or (?:earlier|before)|at the latest)\b", "before"),
    ),
    named={
        "noon": 720,
        "midday": 720,
        "mid day": 720,
        "middle of the day": 720,
        "the middle of the day": 720,
        "midnight": 0,
        "mid night": 0,
        "middle of the night": 0,
        "the middle of the night": 0,
        "lunchtime": 720,
        "lunch time": 720,
        "midmorning": 600,
        "mid morning": 600,
        "midafternoon": 840,
        "mid afternoon": 840,
    },
    minutes={"half": 30, "quarter": 15, "a quarter": 15, "3 quarters": 45},
    to_the_hour=frozenset({"to", "till", "of", "before"}),
    meridians={"am": "am", "pm": "pm"},
    about=r"ish|mid ?(?:morning|afternoon)|middle",
)
