"""What the product says in English, by name. Data only; braces are filled in when it is said.

A phrase without braces is prepared as sound at start-up, so that it is said at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ENGLISH: Final[Mapping[str, str]] = {
    # conversation
    "anything_else": "Is there anything else I can help with?",
    "goodbye": "Thank you for calling. Goodbye.",
    "still_there": "Are you still there?",
    "keys_phone": "You can also enter the number on your keypad.",
    "keys_reference": "You can also enter the number on your keypad, and then press pound.",
    "keys_yes_no": "You can also press one for yes, or two for no.",
    "keys_menu": "If I can't hear you, press one to make an appointment, or two to leave a message.",
    "keys_message": "If I can't hear you, press two to leave a message.",
    "cannot_hear": "I still can't hear you. Shall I take a message? Press one for yes.",
    "nobody_there": "I can't hear anybody, so I'll hang up now. Please call again. Goodbye.",
    "say_again": "Sorry, I didn't catch that. Could you say it again?",
    "was_that_yes": "Sorry, was that a yes?",
    "how_help": "How can I help?",
    "what_we_are": "I'm the automated assistant, a computer. I can answer questions, or take a message for a person.",
    "welcome": "You're welcome. Is there anything else I can help with?",
    "greeting_by_name": "Hello, {name}.",
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
    "waiting_3": "I'm still looking.",
    "waiting_4": "Thanks for waiting.",
    "not_known": "I'm not sure about that. Shall I take a message, so that somebody calls you back?",
    "looking_up": "Let me look that up.",
    "tool_needs": "I can look that up if you tell me {what}.",
    "tool_nothing": (
        "I can't find anything under that. Shall I take a message, so that somebody calls you back?"
    ),
    "tool_failed": (
        "I can't look that up right now. Shall I take a message, so that somebody calls you back?"
    ),
    "tool_not_done": (
        "I'm sorry, I can't do that right now. Shall I take a message, so that somebody calls you back?"
    ),
    "not_known_short": "I'm not sure about that.",
    "no_human": (
        "I can't put you through, but I can take a message, so that somebody calls you back. Shall I?"
    ),
    # booking
    "which_service": "What would you like to come in for? For example, {services}.",
    "which_service_again": "I can book {services}. Which of them would you like?",
    "which_day": "Which day would suit you?",
    "which_day_for": "Sure, {service}. Which day would suit you?",
    "which_time": "What time would suit you?",
    "offer_one": "I have {first}. Would that suit you?",
    "offer_two": "I have {first}, or {second}. Which suits you?",
    "offer_other_one": "That time isn't free. I have {first}. Would that suit you?",
    "offer_other_two": "That time isn't free. I have {first}, or {second}. Which suits you?",
    "offer_later_one": "I have nothing free that day. I do have {first}. Would that suit you?",
    "offer_later_two": "I have nothing free that day. I do have {first}, or {second}. Which suits you?",
    "moment_with": "{moment} with {staff}",
    "nobody_else": "Only {staff} does that.",
    "no_openings": "I have nothing free then. Which other day would suit you?",
    "impossible_date": "I don't know that date. Which day would you like?",
    "ask_name": "And what name should I put it under?",
    "ask_name_again": "Sorry, what was the name again?",
    "ask_phone": "And what number can we reach you at?",
    "ask_phone_again": "Sorry, could you say the number again, one digit at a time?",
    "ask_phone_rest": "I have {digits} so far. What are the other digits?",
    "ask_phone_parts": "Let's take it a few digits at a time. What are the first three?",
    "ask_phone_part": "{digits}. And then?",
    "ask_phone_this": "Can we reach you at the number you are calling from?",
    "confirm_booking": "That's {service}, {moment}, for {name}. Your number is {phone}. Shall I book it?",
    "confirm_booking_no_name": "That's {service}, {moment}. Your number is {phone}. Shall I book it?",
    "confirm_booking_no_phone": (
        "That's {service}, {moment}, for {name}. I have no number for you. Shall I book it all the same?"
    ),
    "confirm_booking_bare": (
        "That's {service}, {moment}. I have no name and no number for you. Shall I book it all the same?"
    ),
    "booked": "It's booked: {service}, {moment}. Is there anything else I can help with?",
    "taken_meanwhile": "I'm sorry, that one has just been taken.",
    "not_booked": "I'm sorry, I can't reach our diary right now. Shall I take a message instead?",
    "what_to_change": "What should I change, the time, the name or the number?",
    "flow_dropped": "All right, I'll leave that. Is there anything else I can help with?",
    "way_out": "Sorry, we're not getting anywhere. Shall I take a message, so that somebody calls you back?",
    # an appointment the caller has already
    "find_by_phone": "Let me look it up. What number is it booked under?",
    "find_by_this_phone": "Let me look it up. Is it booked under the number you are calling from?",
    "appointments_are": "You have {appointments}. Is there anything else I can help with?",
    "appointment_spoken": "{service}, {moment}",
    "which_appointment": "I have found {appointments}. Which of them is it?",
    "no_appointment": "I can't find an appointment under that number. Shall I take a message instead?",
    "move_to_which_day": "I have found {appointment}. Which day would suit you instead?",
    "confirm_move": "So instead of {appointment}, you come {moment}. Shall I change it?",
    "moved": "It's changed: {moment}. Is there anything else I can help with?",
    "confirm_cancel": "That's {appointment}. Shall I cancel it?",
    "cancelled": "It's cancelled. Is there anything else I can help with?",
    "appointment_kept": "All right, it stays as it is. Is there anything else I can help with?",
    # messages
    "ask_matter": "What should I pass on?",
    "ask_matter_again": "In a few words, what is it about?",
    "ask_your_name": "And what's your name?",
    "confirm_message": "I'll pass on your message from {name}, with the number {phone}. Is that right?",
    "confirm_message_whom": (
        "I'll pass on your message for {whom} from {name}, with the number {phone}. Is that right?"
    ),
    "confirm_message_urgent": (
        "I'll pass on your message from {name}, with the number {phone}, marked as {urgent}. Is that right?"
    ),
    "confirm_message_whom_urgent": (
        "I'll pass on your message for {whom} from {name}, with the number {phone}, marked as {urgent}."
        " Is that right?"
    ),
    "confirm_message_no_name": "I'll pass on your message with the number {phone}. Is that right?",
    "confirm_message_no_phone": "I'll pass on your message from {name}, without a number. Is that right?",
    "confirm_message_bare": "I'll pass on your message, without a name or a number. Is that right?",
    "urgent": "urgent",
    "yes": "yes",
    "no": "no",
    "what_to_change_message": "What should I change, the message, the name or the number?",
    "message_taken": (
        "Thank you, I've written that down and somebody will see it. Is there anything else I can help with?"
    ),
    "message_lost": "I'm sorry, I can't write that down right now. Please call again a little later.",
}
