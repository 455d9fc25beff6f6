"""What is said about being recorded, in English: by name, data only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH_RECORDING: Final[Mapping[str, str]] = {
    "recording_announced": "This call is recorded.",
    "recording_asked": "May we record this call?",
    "recording_asked_again": "Sorry, may we record this call? Please say yes or no.",
    "recording_agreed": "Thank you. How can I help?",
    "recording_declined": "All right, this call isn't recorded. How can I help?",
    "recording_stopped": "All right, I've stopped recording, and what was recorded is deleted.",
    "recording_is_on": "Yes, this call is recorded. If you don't want that, just say: don't record this.",
    "recording_is_off": "No, this call isn't recorded.",
    "card_not_kept": "Please don't tell me any card numbers. I haven't kept that one.",
}
