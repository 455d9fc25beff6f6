"""Digits and telephone numbers in English."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import NumberWords

SMALL: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
"""The words of 0 to 19, by value."""
TENS: Final = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
"""The words of 0, 10 ... 90, by value / 10."""
SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
ODD_ORDINALS: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

_DIGITS = r"(?:digits?|numbers?|ones?|figures?)"
_BE = r"(?:is|are|was|were|should be|must be|is really|is actually)"

NUMBERS: Final = NumberWords(
    zeros=frozenset({"zero", "nought", "naught", "zeros", "zeroes"}),
    spoken_zeros=frozenset({"oh", "o", "ohs"}),
    units={word: value for value, word in enumerate(SMALL) if 1 <= value <= 9}
    | {f"{word}s": value for value, word in enumerate(SMALL) if 2 <= value <= 9 and value != 6}
    | {"sixes": 6, "niner": 9, "fife": 5},
    teens={word: value for value, word in enumerate(SMALL) if value >= 10},
    tens={word: value * 10 for value, word in enumerate(TENS) if value >= 2} | {"fourty": 40},
    hundreds=frozenset({"hundred"}),
    thousands=frozenset({"thousand"}),
    joins=frozenset({"and"}),
    times={"double": 2, "triple": 3, "treble": 3, "quadruple": 4},
    sounds_like={
        "to": "2",
        "too": "2",
        "for": "4",
        "fore": "4",
        "ate": "8",
        "won": "1",
        "tree": "3",
        "free": "3",
        "want": "1",
        "night": "9",
        "send": "7",
        "sex": "6",
        "sicks": "6",
        "sec": "6",
        "fine": "5",
        "nein": "9",
    },
    between=frozenset("uh um er eh and then dash hyphen space okay so area code".split()),
    plus=frozenset({"plus"}),
    ones=frozenset({"one"}),
    pointing=frozenset("the this that which other another same right wrong new any no".split()),
    not_counted=frozenset("second sec moment minute time thing more of".split()),
    correction=r"\b(?:sorry|no|nope|wait|i mean|i meant|actually|scratch that|correction|make that|rather|oops)\b",
    at_end=rf"\b(?:the )?(?:last|final) (?:\w+ )?(?:{_DIGITS} )?{_BE}\b|\b(?:it )?end(?:s|ing)? (?:in|on|with)\b",
    at_start=rf"\b(?:the )?area code(?: is| was)?\b|\b(?:it )?(?:starts|begins)(?: with)?\b"
    rf"|\b(?:the )?first (?:\w+ )?(?:{_DIGITS} )?{_BE}\b",
    stated_last=r"\b(?:at|in|on) the end\b",
    extension=r"\b(?:extension|ext|extention)\b(?: number)?(?: is)?",
    swaps=(
        r"\b(?P<new>\d+) (?:and )?not (?:a |an |the )?(?P<old>\d+)\b",
        r"\b(?P<new>\d+) (?:instead of|rather than|where (?:i|you) (?:said|have|had)) (?:a |an |the )?(?P<old>\d+)\b",
        r"\bnot (?:a |an |the )?(?P<old>\d+)(?: but| it's| it is| that's| and|,)?(?: a| an)? (?P<new>\d+)\b",
        r"\b(?:the|that) (?P<old>\d+) (?:should be|is really|is actually|must be|is supposed to be|is)"
        r"(?: a| an)? (?P<new>\d+)\b",
        r"\b(?:change|replace|make) (?:the|that) (?P<old>\d+) (?:to|with|into|by)?(?: a| an)? ?(?P<new>\d+)\b",
    ),
)
