"""Spelling in English: the names of the letters, NATO's alphabet and the ones people make up."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import Letters

_ICAO: Final = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar"
    " papa quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu"
).split()

LETTERS: Final = Letters(
    spoken={
        "zee": "z",
        "zed": "z",
        "aitch": "h",
        "haitch": "h",
        "bee": "b",
        "cee": "c",
        "see": "c",
        "sea": "c",
        "dee": "d",
        "ee": "e",
        "eff": "f",
        "gee": "g",
        "jay": "j",
        "kay": "k",
        "okay": "k",
        "el": "l",
        "ell": "l",
        "em": "m",
        "en": "n",
        "oh": "o",
        "pee": "p",
        "cue": "q",
        "queue": "q",
        "ar": "r",
        "are": "r",
        "ess": "s",
        "tea": "t",
        "tee": "t",
        "you": "u",
        "vee": "v",
        "ex": "x",
        "why": "y",
    },
    alphabets={word: word[0] for word in _ICAO},
    names_too=frozenset({"charlie", "juliet", "mike", "oscar", "romeo", "victor", "papa", "india", "sierra"}),
    as_in=(("as", "in"), ("is", "in"), ("is", "for"), ("for",), ("like",), ("as",)),
    repeated={"double": 2, "triple": 3},
    double_u=("u", "w"),
    signs={"dash": "-", "hyphen": "-", "apostrophe": "'"},
    fillers=frozenset({"uh", "um", "and", "then", "capital", "letter"}),
)
