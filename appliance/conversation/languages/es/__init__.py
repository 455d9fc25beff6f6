"""Spanish: numbers, days and hours, the proof that a language is data; what is not translated is still English's."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from appliance.conversation.languages import en
from appliance.conversation.languages.es.calendar import CALENDAR
from appliance.conversation.languages.es.clock import CLOCK
from appliance.conversation.languages.es.numbers import NUMBERS

LANGUAGE: Final = replace(en.LANGUAGE, code="es", numbers=NUMBERS, calendar=CALENDAR, clock=CLOCK)
