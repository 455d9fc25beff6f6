"""What callers hear who are served by their keys, in English: said from prepared sound, whatever else is broken.

None of it promises what could not be kept then: no booking, no answer to a question, no call back by a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH_KEYS: Final[Mapping[str, str]] = {
    "menu_welcome": (
        "Thank you for calling {name}. This is the automated assistant."
        " I can't understand speech right now, but the keys of your telephone work."
    ),
    "menu_instead": "I'm sorry, I can't understand speech right now, but the keys of your telephone work.",
    "menu_offer_hours": "For our opening hours and address, press one.",
    "menu_offer_message": "To leave a message, press two.",
    "menu_offer_person": "To speak to a person, press three.",
    "menu_offer_again": "To hear this again, press star.",
    "menu_hours": "We're open {hours}. You find us at {address}.",
    "menu_record": (
        "After the tone, please say your name, your number and your message. Press the pound key when you're done."
    ),
    "menu_recorded": "Thank you. Your message is recorded, and somebody will listen to it. Goodbye.",
    "menu_not_recorded": "I couldn't hear a message.",
    "menu_person": "One moment. I'm putting you through.",
    "menu_nobody": "Nobody can take your call right now.",
    "menu_no_such_key": "That key does nothing here.",
    "menu_matter": "A spoken message: {seconds} seconds, from second {at} of the recording.",
    "menu_goodbye": "Thank you for calling. Goodbye.",
}
