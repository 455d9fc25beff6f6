"""E-mail addresses as they are said in English."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import EmailWords

_COM: Final = (
    "gmail hotmail yahoo outlook icloud aol msn live verizon comcast me mac protonmail proton ymail att"
    " googlemail sbcglobal bellsouth cox earthlink charter gmx web"
).split()

EMAILS: Final = EmailWords(
    at=("at sign", "at symbol", "at"),
    signs={
        "dot": ".",
        "period": ".",
        "point": ".",
        "full stop": ".",
        "underscore": "_",
        "under score": "_",
        "dash": "-",
        "hyphen": "-",
        "minus": "-",
        "plus": "+",
        "plus sign": "+",
    },
    lead_in=r"^(?:.*?\b(?:e ?mail(?: address)?(?: is|'s| would be)?|address is|me at|write to|send it to|it's"
    r"|it is|that's|that is|it would be|sure|yes|yeah|okay|uh|um)\b)+(?=.*\bat\b)",
    tail=r"\b(?:please|thanks|thank you|okay|and (?:my|the)|that's it|all (?:one word|lower ?case|small letters)"
    r"|in lower ?case|no (?:spaces?|dots?|capitals?))\b.*$",
    providers={
        name: f"{name}.com"
        for name in _COM
        if name not in {"verizon", "comcast", "cox", "att", "bellsouth", "sbcglobal", "gmx", "web"}
    }
    | {
        "verizon": "verizon.net",
        "comcast": "comcast.net",
        "cox": "cox.net",
        "att": "att.net",
        "bellsouth": "bellsouth.net",
        "sbcglobal": "sbcglobal.net",
        "gmx": "gmx.net",
        "web": "web.de",
    },
    mangled={
        "g mail": "gmail",
        "gee mail": "gmail",
        "jean mail": "gmail",
        "gmail's": "gmail",
        "e mail": "gmail",
        "hot mail": "hotmail",
        "hot male": "hotmail",
        "ya who": "yahoo",
        "yahoo's": "yahoo",
        "out look": "outlook",
        "i cloud": "icloud",
        "eye cloud": "icloud",
        "a o l": "aol",
        "ail": "aol",
        "m s n": "msn",
        "com cast": "comcast",
        "a t and t": "att",
        "at and t": "att",
        "y mail": "ymail",
        "proton mail": "protonmail",
        "google mail": "googlemail",
        "ver eyes in": "verizon",
    },
    endings={
        "com": "com",
        "calm": "com",
        "come": "com",
        "comb": "com",
        "c o m": "com",
        "net": "net",
        "nut": "net",
        "org": "org",
        "orig": "org",
        "o r g": "org",
        "edu": "edu",
        "e d u": "edu",
        "gov": "gov",
        "io": "io",
        "i o": "io",
        "co": "co",
        "u s": "us",
        "us": "us",
        "u k": "uk",
        "uk": "uk",
        "de": "de",
        "d e": "de",
        "biz": "biz",
        "info": "info",
    },
)
