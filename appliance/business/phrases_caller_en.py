"""What is said to callers who are cross, lost or rude, and of what they said before, in English: by name, data only.

Names that end in _plain are said instead of the phrase they are named after when plain words are wanted: short
sentences, one thing in each. A business that words a phrase itself is not overruled by the product's plain one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH_CALLER: Final[Mapping[str, str]] = {
    # cross or lost
    "sorry": "I'm sorry about that.",
    "sorry_how_help": "I'm sorry about that. Tell me what you need, and I'll do what I can.",
    "explain": "Let me put it differently.",
    "explain_all": (
        "Let me explain. I can answer a question, make an appointment, or take a message. Which would you like?"
    ),
    "explain_few": "Let me explain. I can answer a question or take a message. Which would you like?",
    "upset": "I'm sorry this is so difficult. Shall I take a message, so that a person calls you back?",
    "upset_person": "I'm sorry this is so difficult. Shall I put you through to a person?",
    # rude
    "abuse_warning": "I'd like to help, but please stay polite, or I'll have to end this call.",
    "abuse_end": "I'm ending this call now. You are welcome to call again another time. Goodbye.",
    # what was said before
    "recall_name": "I have your name as {name}.",
    "recall_phone": "The number I have for you is {phone}.",
    "recall_reason": "You said: {reason}.",
    "recall_done": "{done}.",
    "recall_nothing": "You haven't told me that yet.",
    # plainly
    "which_service_plain": "Please choose one. {services}.",
    "offer_two_plain": "One is {first}. The other is {second}. Which one?",
    "offer_other_two_plain": "That time isn't free. One is {first}. The other is {second}. Which one?",
    "offer_later_two_plain": "That day is full. One is {first}. The other is {second}. Which one?",
    "confirm_booking_plain": (
        "I have {service}. It is {moment}. The name is {name}. The number is {phone}. Shall I book it?"
    ),
    "confirm_message_plain": "The message is from {name}. The number is {phone}. Is that right?",
    "not_known_plain": "I don't know that. Shall I take a message?",
    "no_human_plain": "I can't put you through. Shall I take a message?",
    "way_out_plain": "Shall I take a message instead?",
    "cannot_hear_plain": "I can't hear you. Shall I take a message? Press one for yes.",
}
