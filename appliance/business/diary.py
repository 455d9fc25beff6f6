"""What can be booked, and the rules of the diary: the parts of a business that the store works by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from appliance.configfile import Strict


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
