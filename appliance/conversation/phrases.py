"""The product's own sentences, by name, one table a language; a business may replace any of them.

A phrase without braces is prepared as sound at start-up, so that it is said at once.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

from appliance.errors import ConfigError

ENGLISH: Mapping[str, str] = {
    # conversation
    "anything_else": "Is there anything else I can help with?",
    "goodbye": "Thank you for calling. Goodbye.",
    "still_there": "Are you still there?",
    "keys_phone": "You can also enter the number on your keypad.",
    "keys_yes_no": "You can also press one for yes, or two for no.",
    "keys_menu": "If I can't hear you, press one to make an appointment, or two to leave a message.",
    "keys_message": "If I can't hear you, press two to leave a message.",
    "cannot_hear": "I still can't hear you. Shall I take a message? Press one for yes.",
    "nobody_there": "I can't hear anybody, so I'll hang up now. Please call again. Goodbye.",
    "say_again": "Sorry, I didn't catch that. Could you say it again?",
    "how_help": "How can I help?",
    "welcome": "You're welcome. Is there anything else I can help with?",
    "resumed": "I'm sorry, I lost you for a moment. How can I help?",
    "fault": "I'm sorry, something went wrong here. Please call again in a few minutes. Goodbye.",
    "one_moment": "One moment, please.",
    "call_again": "I'm sorry, I have to end this call. Please call again in a few minutes.",
    "closed_on": "We're closed {day}.",
    "emergency": "If somebody is in danger, please hang up now and dial nine one one.",
    # the model
    "thinking_1": "Well,",
    "thinking_2": "Hmm.",
    "thinking_3": "So,",
    "waiting_1": "Let me check that.",
    "waiting_2": "One moment, please.",
    "not_known": "I'm not sure about that. Shall I take a message, so that somebody calls you back?",
    "not_known_short": "I'm not sure about that.",
    "no_human": (
        "I can't put you through, but I can take a message, so that somebody calls you back. Shall I?"
    ),
    # booking
    "which_service": "What would you like to come in for? For example, {services}.",
    "which_day": "Which day would suit you?",
    "which_day_for": "Sure, {service}. Which day would suit you?",
    "which_time": "What time would suit you?",
    "offer_one": "I have {first}. Would that suit you?",
    "offer_two": "I have {first}, or {second}. Which suits you?",
    "offer_other_one": "That time isn't free. I have {first}. Would that suit you?",
    "offer_other_two": "That time isn't free. I have {first}, or {second}. Which suits you?",
    "no_openings": "I have nothing free then. Which other day would suit you?",
    "impossible_date": "I don't know that date. Which day would you like?",
    "ask_name": "And what name should I put it under?",
    "ask_name_again": "Sorry, what was the name again?",
    "ask_phone": "And what number can we reach you at?",
    "ask_phone_again": "Sorry, could you say the number again, one digit at a time?",
    "ask_phone_rest": "I have {digits} so far. What are the other digits?",
    "ask_phone_this": "Can we reach you at the number you are calling from?",
    "confirm_booking": "That's {service}, {moment}, for {name}. Your number is {phone}. Shall I book it?",
    "booked": "It's booked: {service}, {moment}. Is there anything else I can help with?",
    "taken_meanwhile": "I'm sorry, that one has just been taken.",
    "not_booked": "I'm sorry, I can't reach our diary right now. Shall I take a message instead?",
    "what_to_change": "What should I change, the time, the name or the number?",
    "flow_dropped": "All right, I'll leave that. Is there anything else I can help with?",
    # messages
    "ask_matter": "What should I pass on?",
    "ask_your_name": "And what's your name?",
    "confirm_message": "I'll pass on your message from {name}, with the number {phone}. Is that right?",
    "message_taken": (
        "Thank you, I've written that down and somebody will see it. Is there anything else I can help with?"
    ),
    "message_lost": "I'm sorry, I can't write that down right now. Please call again a little later.",
}

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}


class Phrases:
    """The sentences of one business in one language."""

    def __init__(self, language: str = "en", own: Mapping[str, str] | None = None) -> None:
        table = LANGUAGES.get(language)
        if table is None:
            raise ConfigError(
                f'language: "{language}" is not spoken yet.', remedy=f"Known are: {', '.join(LANGUAGES)}."
            )
        own = own or {}
        for name, text in own.items():
            _check(name, text, table)
        self._table = {**table, **own}

    def say(self, name: str, /, **slots: str) -> str:
        """The phrase called `name`, its slots filled."""
        return self._table[name].format(**slots)

    def fixed(self) -> list[str]:
        """Every phrase that has no slots: what can be prepared as sound before anybody calls."""
        return [text for text in self._table.values() if not _slots(text)]


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _check(name: str, text: str, table: Mapping[str, str]) -> None:
    if name not in table:
        raise ConfigError(
            f"phrases.{name}: no such phrase.", remedy=f"Known are: {', '.join(sorted(table))}."
        )
    try:
        unknown = _slots(text) - _slots(table[name])
    except ValueError as error:
        raise ConfigError(f"phrases.{name}: {error}.", remedy="Write {{ and }} for braces.") from error
    if unknown:
        allowed = ", ".join(sorted(_slots(table[name]))) or "none"
        raise ConfigError(f"phrases.{name}: {{{unknown.pop()}}} is not known there. Allowed: {allowed}.")
