"""What the box is listening for: tells the ear how long to wait and what a complete answer looks like."""

from __future__ import annotations

from enum import StrEnum


class Expectation(StrEnum):
    """The kind of answer the last thing we said asks for."""

    ANYTHING = "anything"
    YES_NO = "yes_no"
    DAY = "day"  # a day, perhaps with a time
    TIME = "time"
    NAME = "name"
    PHONE = "phone"
    MESSAGE = "message"  # free dictation: wait longer
