"""What is said while people are connected, in English: to the caller, and (names that begin with to_) to colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH_CONNECTING: Final[Mapping[str, str]] = {
    # to the caller
    "trying": "I'll try {who} for you. One moment, please.",
    "trying_next": "{missed} I'll try {who} now.",
    "still_trying_1": "I'm still trying.",
    "still_trying_2": "Still ringing. If you'd rather leave a message, just say so.",
    "handing_over": "I'm putting you through to {who}.",
    "is_busy": "The line is busy.",
    "no_answer": "Nobody is answering.",
    "declined": "They can't take your call right now.",
    "unreachable": "I can't get through.",
    "colleague_left": "I've lost the connection.",
    "nobody_free": "{missed} Shall I take a message, so that somebody calls you back?",
    "away_now": "I can't reach {who} right now. Shall I take a message?",
    "away_until": "I'm sorry, {who} is away until {day}. Shall I take a message?",
    "closed_now": "We're closed right now, so nobody is there. Shall I take a message?",
    "who_calls": "Sure. May I say who's calling, and what it's about?",
    "who_calls_about_it": "Sure. May I say who's calling?",
    "way_out_person": "Sorry, we're not getting anywhere. Shall I put you through to somebody?",
    "who_for": "Whom would you like to speak to?",
    "which_of_two": "Did you mean {first} or {second}?",
    "did_you_mean": "Did you mean {first}?",
    "emergency_trying": (
        "If somebody is in danger, hang up and dial nine one one. I'm connecting you to our emergency line now."
    ),
    "emergency_failed": "Our emergency line can't be reached. Please hang up now and dial nine one one yourself.",
    # to the colleague
    "to_call_for": "This is the assistant, with a call for {who}.",
    "to_from": "It's {name}.",
    "to_about": "It's about {matter}.",
    "to_keys": "Press one to take the call, or two to have me take a message.",
    "to_declined": "All right, I'll take a message. Goodbye.",
    "to_taken": "Somebody else has just taken the call. Thank you, goodbye.",
    "to_not_needed": "The caller doesn't need it any more. Thank you, goodbye.",
    "to_no_key": "I heard no key, so I'll take a message. Goodbye.",
}
