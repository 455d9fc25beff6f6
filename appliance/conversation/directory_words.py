"""How callers ask for somebody, by language: data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DirectoryWords:
    """`asking` are patterns (lower case) of wanting to be put through; `around` are words that are nobody's name.

    `written` is how what stands in a directory is said; `extension` are the words before a number; `about` are
    those before what a caller wants, `turned` makes of a caller's words what is said of them to somebody else.
    """

    asking: tuple[str, ...]
    around: frozenset[str]
    written: Mapping[str, str]
    extension: frozenset[str]
    about: str
    turned: tuple[tuple[str, str], ...]


_ENGLISH: Final = DirectoryWords(
    asking=(
        r"\b(speak|talk|chat) (to|with)\b(?! you\b)",
        r"\b(put|patch|get) (me|us) (through|on|onto|over)\b",
        r"\b(let|bring) me through\b",  # "put me through", as it is misheard
        r"\b(transfer|connect|forward|switch) (me|us|my call|this call)\b",
        r"\b(is|his|this) .{2,40} (there|their|in|around|available|free|about)( today| now| right now| please)?$",
        r"\b(reach|find|hold of)\b",
        r"\b(can|could|may) (i|we) (have|get)\b",
        r"\b(asking|looking|calling) for\b",
        r"\b(extension|department|line)\b",
    ),
    around=frozenset(
        "a an the can could may might i i'd i'll i'm we me my us to for with through on in is his this there their"
        " please speak speaking talk talking chat put patch get let transfer connect forward switch call calling"
        " would like want need wanna gonna have has hold of reach find give looking asking hi hello hey yes yeah"
        " okay ok um uh so just and or you your be somebody someone anybody anyone person people today now right"
        " available around free about back extension number if at it's it that's was am do does".split()
    ),
    written={
        "dr": "doctor",
        "mr": "mister",
        "mrs": "missus",
        "ms": "miss",
        "st": "saint",
        "&": "and",
        "dept": "department",
    },
    extension=frozenset({"extension", "ext"}),
    about=r"\b(?:about|regarding|concerning|because of|to do with)\s+(.+)",
    turned=(
        (r"\b(i am|we are|i'm|we're)\b", "they're"),
        (r"\b(i was|we were)\b", "they were"),
        (r"\b(i|we)\b", "they"),
        (r"\b(my|our)\b", "their"),
        (r"\b(mine|ours)\b", "theirs"),
        (r"\b(me|us)\b", "them"),
        (r"( please| thanks| thank you)+$", ""),
    ),
)

LANGUAGES: Final[Mapping[str, DirectoryWords]] = {"en": _ENGLISH}
