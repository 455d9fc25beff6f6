"""Whether a business records its calls, and how callers are told or asked; as data of its file."""

from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator

from appliance.configfile import Misplaced, Strict


class Consent(StrEnum):
    """What a caller's agreement takes. What the law of a place asks for is the business's to know."""

    NONE = "none"  # nothing is said
    ANNOUNCE = "announce"  # one sentence in the greeting
    ASK = "ask"  # a yes or no question at the start; without a yes nothing is recorded


class RecordingRule(Strict):
    """What is kept of the sound of a call."""

    record: bool = True
    """Keep a stereo recording of each call, as long as the settings of the box do not say otherwise."""
    consent: Consent = Consent.NONE
    """How callers are told: not at all ("none"), by a sentence in the greeting ("announce"), or by a question whose
    yes is needed ("ask"). Whoever says "please don't record this" is not recorded, whatever stands here."""
    transcribe_without_consent: bool = False
    """Keep the words of callers who declined, or withdrew: without their sound, as text."""

    @model_validator(mode="after")
    def _has_something_to_tell(self) -> RecordingRule:
        if not self.record and self.consent is not Consent.NONE:
            text = f'nothing is recorded, so nobody need agree: set record = true, not "{self.consent}".'
            raise Misplaced(text, ("consent",))
        return self
