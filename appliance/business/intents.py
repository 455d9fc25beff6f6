"""What callers of this one business want beyond what every business is asked, and what is done about it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, model_validator

from appliance.configfile import Strict

_DEEDS: Final = ("answer", "flow", "transfer")


class OwnIntent(Strict):
    """Something callers want, known by a few sentences that mean it. It has one of: answer, flow, transfer."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Its name in the record of a call."""
    examples: Annotated[tuple[str, ...], Field(min_length=2)]
    """Sentences callers say when they want it. Eight or more, worded differently, are found best."""
    answer: str = ""
    """Spoken as it stands. {hours} and {address} are filled in."""
    flow: str = ""
    """The flow that is begun."""
    transfer: str = ""
    """Who in the directory the caller is put through to."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> OwnIntent:
        deeds = [name for name in _DEEDS if getattr(self, name)]
        if len(deeds) != 1:
            found = " and ".join(deeds) or "none"
            raise ValueError(f'"{self.id}" has {found}; give it exactly one of: {", ".join(_DEEDS)}.')
        return self
