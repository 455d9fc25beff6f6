"""English."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.en.addresses import ADDRESSES
from appliance.conversation.languages.en.assent import ASSENT
from appliance.conversation.languages.en.calendar import CALENDAR
from appliance.conversation.languages.en.clock import CLOCK
from appliance.conversation.languages.en.emails import EMAILS
from appliance.conversation.languages.en.letters import LETTERS
from appliance.conversation.languages.en.names import NAMES
from appliance.conversation.languages.en.numbers import NUMBERS
from appliance.conversation.languages.en.spoken import SPOKEN
from appliance.conversation.languages.tables import Language

LANGUAGE: Final = Language(
    code="en",
    numbers=NUMBERS,
    calendar=CALENDAR,
    clock=CLOCK,
    assent=ASSENT,
    names=NAMES,
    letters=LETTERS,
    emails=EMAILS,
    addresses=ADDRESSES,
    spoken=SPOKEN,
)
