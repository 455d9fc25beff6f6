"""What a business is often asked, and what it answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from appliance.configfile import Strict


class Fact(Strict):
    """A question the business is often asked, and its answer."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Its name in the record of a call."""
    questions: Annotated[tuple[str, ...], Field(min_length=1)]
    """Ways in which callers ask it."""
    answer: str
    """Spoken as it stands. {hours} and {address} are filled in."""
