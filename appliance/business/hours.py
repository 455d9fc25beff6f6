"""When a business is open: spans of a day, by weekday."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise

from pydantic import field_validator, model_validator

from appliance.configfile import Strict

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Span(Strict):
    """A stretch of a day during which the business is open."""

    opens: time
    """From this moment on."""
    closes: time
    """Until this moment, on the same day."""

    @model_validator(mode="after")
    def _forwards(self) -> Span:
        if self.opens >= self.closes:
            raise ValueError(f"opens at {self.opens:%H:%M} but closes at {self.closes:%H:%M}; swap them.")
        return self


class Hours(Strict):
    """Opening hours by weekday; a day without spans is closed."""

    monday: tuple[Span, ...] = ()
    tuesday: tuple[Span, ...] = ()
    wednesday: tuple[Span, ...] = ()
    thursday: tuple[Span, ...] = ()
    friday: tuple[Span, ...] = ()
    saturday: tuple[Span, ...] = ()
    sunday: tuple[Span, ...] = ()

    @field_validator("*")
    @classmethod
    def _no_overlap(cls, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        for before, after in pairwise(spans):
            if after.opens < before.closes:
                raise ValueError(
                    f"{after.opens:%H:%M} begins before {before.closes:%H:%M} ends; "
                    "make spans follow each other."
                )
        return spans

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of the weekday of `day`; holidays are not considered here."""
        spans: tuple[Span, ...] = getattr(self, WEEKDAYS[day.weekday()])
        return spans
