"""Spanish, so far what numbers, days and hours need: the proof that a language is data."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.es.calendar import CALENDAR
from appliance.conversation.languages.es.clock import CLOCK
from appliance.conversation.languages.es.numbers import NUMBERS
from appliance.conversation.languages.tables import Language

LANGUAGE: Final = Language(code="es", numbers=NUMBERS, calendar=CALENDAR, clock=CLOCK)
