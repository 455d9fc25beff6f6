"""What to do about a failure, for whoever looks at `appliance sync status`: one table a language, plainly data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Remedies = tuple[tuple[re.Pattern[str], str], ...]

ENGLISH: Final[Remedies] = tuple(
    (re.compile(pattern, re.IGNORECASE), text)
    for pattern, text in (
        (r"refuses the key", ""),  # says itself what to do
        (r"secret \w+ is not there", ""),
        (r"\b(HTTP 401|HTTP 403|SMTP 53\d)\b", "It refuses the key or password: put in a new one."),
        (r"\bHTTP 404\b|\bHTTP 3\d\d\b", "The address is not right: see the settings."),
        (r"\bHTTP 429\b", "It asks for time: nothing is to be done."),
        (r"\bHTTP 5\d\d\b|\bSMTP 4\d\d\b", "It has trouble of its own: tried again until it is over."),
        (r"Certificate|SSL", "Its certificate is not believed: see ca_file in the settings."),
        (r"cannot be reached|did not answer|mail server:", "There is no way there: see the network."),
        (r"fault of ours", "Please report it, with the log of the sync process."),
    )
)
LANGUAGES: Final[Mapping[str, Remedies]] = {"en": ENGLISH}


def remedy_of(reason: str, remedies: Remedies = ENGLISH) -> str:
    """What to do when a destination says `reason`; empty where the reason says it itself."""
    return next((text for pattern, text in remedies if pattern.search(reason)), "")
