"""Words to a wish: rules only, in the order of the language's table. Pure."""

from __future__ import annotations

import re
from typing import Final

from appliance.desk.sayings import Sayings
from appliance.desk.words import Request

_MARKS: Final = re.compile(r"[.,!?;:\s]+")


def understood(text: str, sayings: Sayings) -> Request | None:
    """What is wanted; None when the words are of nothing that is known here."""
    said = sayings.without_wake_word(_MARKS.sub(" ", text))
    for wish, pattern in sayings.patterns:
        if said and pattern.search(said):
            return Request(wish, said)
    return None
