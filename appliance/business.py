"""What one business says and does, as data: a file in config/businesses/ and nothing else makes a new one."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from appliance import configfile
from appliance.configfile import Strict
from appliance.errors import ConfigError
from appliance.settings import shipped

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


class Service(Strict):
    """Something that can be booked."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Its name in the diary."""
    spoken: str
    """How it is said in a sentence: "an oil change"."""
    minutes: Annotated[int, Field(ge=5, le=600)]
    """How long it takes."""
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    """What callers say when they mean it."""


class Fact(Strict):
    """A question the business is often asked, and its answer."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Its name in the record of a call."""
    questions: Annotated[tuple[str, ...], Field(min_length=1)]
    """Ways in which callers ask it."""
    answer: str
    """Spoken as it stands. {hours} and {address} are filled in."""


class Booking(Strict):
    """The rules of the diary."""

    places: Annotated[int, Field(ge=1, le=50)] = 1
    """How many appointments may run at once (bays, chairs)."""
    grid_minutes: Annotated[int, Field(ge=5, le=120)] = 30
    """Appointments begin on this grid."""
    lead_minutes: Annotated[int, Field(ge=0, le=20160)] = 60
    """No appointment sooner than this from now."""
    horizon_days: Annotated[int, Field(ge=1, le=365)] = 60
    """No appointment later than this from now."""


class Business(Strict):
    """One business, whole."""

    name: str
    """What the business is called, as it is spoken."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    """The language that is spoken, by its two letters (ISO 639-1)."""
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    """Country whose phone numbers are meant when no country code is said."""
    timezone: str
    """Where the office's clock stands: a name of the IANA database, for example "America/Denver"."""
    address: str
    """Where to find it, as it is spoken."""
    phone: str = ""
    """The number callers dial, in international form."""
    greeting: str
    """The first thing a caller hears. It says that it is a machine."""
    about: str
    """What the language model may draw on, in plain sentences; it answers from nothing else."""
    hours: Hours
    holidays: tuple[date, ...] = ()
    """Days on which it is closed whatever the weekday."""
    services: tuple[Service, ...] = ()
    facts: tuple[Fact, ...] = ()
    booking: Booking = Booking()
    phrases: dict[str, str] = Field(default_factory=dict)
    """Own wording for the product's phrases, by name (conversation/phrases.py lists them)."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a region ("America") is a folder
            raise ValueError(f'no time zone is called "{name}"; for example "America/Denver".') from None
        return name

    @model_validator(mode="after")
    def _unique_ids(self) -> Business:
        for kind, items in (("services", self.services), ("facts", self.facts)):
            ids = [item.id for item in items]
            for twice in {one for one in ids if ids.count(one) > 1}:
                raise ValueError(f'{kind}: the id "{twice}" stands twice; give each its own.')
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return ZoneInfo(self.timezone)

    def open_on(self, day: date) -> tuple[Span, ...]:
        """The spans during which the business is open on `day`, holidays considered."""
        return () if day in self.holidays else self.hours.on(day)

    def service(self, service_id: str) -> Service | None:
        """The service with this id."""
        return next((one for one in self.services if one.id == service_id), None)


def load(name_or_path: str) -> Business:
    """A business by its name in config/businesses/ or by a path to its file."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = shipped(f"config/businesses/{name_or_path}.toml")
        if not path.exists():
            known = sorted(file.stem for file in path.parent.glob("*.toml"))
            raise ConfigError(
                f'business: there is none called "{name_or_path}".',
                remedy=f"Shipped are: {', '.join(known)}; or give a path that ends in .toml.",
            )
    return configfile.read(path, Business)
