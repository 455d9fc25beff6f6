"""English at the desk."""

from __future__ import annotations

from typing import Final

_ASKS: Final = r"\b(who|whose|did|does|has|have|any|anyone|anybody|how many|which|what|when)\b"
_RINGS: Final = r"\b(call|calls|called|caller|callers|calling|rang|phoned|telephoned|tried)\b"

ENGLISH_PATTERNS: Final = (
    (
        "stop",
        r"^(please )?(stop|cancel|quiet|shut up|hang up|never ?mind|forget (it|that)|nothing|no|thanks?)\b",
    ),
    ("stop", r"^(that's|that is|that was) (all|it)\b|^(don't|do not) call\b|^(ok(ay)? )?thank you\b"),
    (
        "again",
        r"^what$|\b(say|tell me|repeat|read) (that|it|this)( one)? ?(again|once more)?$|^(again|repeat|pardon)\b",
    ),
    ("help", r"^help\b|\bwhat (can|could|may) (i|you|we)\b|\bwhat do you (do|know|understand)\b"),
    ("urgent", r"\burgent\b|\bemergenc(y|ies)\b|\bimportant\b"),
    ("messages", r"\bmess?ages?\b|\bvoice ?mails?\b|\bnotes? for me\b"),
    (
        "call_back",
        rf"^(?!.*{_ASKS}).*\b(call|ring|phone|dial)\b.*\b(back|caller|number|them|him|her|again)\b",
    ),
    ("call_back", rf"^(?!.*{_ASKS}).*\breturn\b.*\bcall\b|^(call|ring|dial) (back )?(the )?(last|who)\b"),
    ("calls", rf"{_ASKS}.*{_RINGS}|\bmissed calls?\b|\b(calls|callers)\b|\bwhile (i|we) (was|were)\b"),
    ("next", r"\b(next|upcoming)\b.*\b(appointment|customer|client|patient|booking|one|job)\b"),
    ("next", r"\b(what|who)('s| is| comes| has)?( on| up| coming| in)? next\b"),
    ("diary", r"\b(appointments?|diary|calendar|schedules?|scheduled|agenda|bookings?|booked)\b"),
    (
        "diary",
        r"\b(what|what's|who|who's|anything|anybody|anyone)\b.*\b(on|at|today|tomorrow|coming|due|have|got|in|for)\b",
    ),
)
"""A wish and how it is said, in lower case, without the wake word; the first that is found counts."""

ENGLISH_WAKE_WORDS: Final = frozenset(
    "hey hi hello okay a the jarvis travis jervis service jealous charles huh".split()
)
"""What the recogniser makes of "hey jarvis", at the beginning of what it heard."""

ENGLISH_CALLERS: Final = frozenset(
    "please could can would you call ring phone dial return back the a last latest caller callers call's that this who"
    " called number person one them him her again now up just me for us my missed to uh um and next most recent"
    " somebody someone rang it's it let's i'd like want".split()
)
"""Words that, beside "call back", name nobody in particular."""

ENGLISH_PHRASES: Final = {
    "not_understood": "Sorry, I did not understand that.",
    "help": "You can ask me for messages, who called, what is on at three, or to call the last caller back.",
    "failed": "Sorry, I cannot look that up right now.",
    "no_telephone": "I do not know which telephone to ring. Please set one in the desk's settings.",
    "calling_already": "I am placing a call already. Say stop to give it up.",
    # messages
    "no_messages": "There are no new messages.",
    "no_urgent": "There are no urgent messages.",
    "one_message": "There is one new message.",
    "messages": "There are {count} new messages.",
    "one_urgent": "There is one urgent message.",
    "urgents": "There are {count} urgent messages.",
    "message": "From {who}, {moment}{whom}: {matter}",
    "urgent_message": "Urgent, from {who}, {moment}{whom}: {matter}",
    "for_whom": ", for {whom}",
    "more": "And {count} more.",
    # calls
    "no_calls": "Nobody called {span}.",
    "one_call": "One call {span}.",
    "calls": "{count} calls {span}.",
    "call": "{who}, at {clock}, {outcome}.",
    "call_on": "{who}, {moment}, {outcome}.",
    "since": "since {clock}",
    "since_day": "since {day}",
    "on_day": "{day}",
    "somebody": "somebody",
    "withheld": "A withheld number",
    # how a call ended, by its disposition
    "open": "who is on the line now",
    "answered": "who had a question answered",
    "booked": "who booked an appointment",
    "moved": "who moved an appointment",
    "cancelled": "who cancelled an appointment",
    "message_left": "who left a message",
    "transferred": "who was put through",
    "abandoned": "who hung up early",
    "silent": "who said nothing",
    "turned_away": "who was not answered",
    "missed": "who was not answered",
    "system_failure": "whose call was cut off",
    # the diary
    "nothing_on": "Nothing is on {span}.",
    "nothing_next": "Nothing more is in the diary.",
    "then_next": "The next is {moment}: {what}.",
    "on": "{span}: {what}.",
    "several_on": "{count} appointments {span}.",
    "appointment": "at {clock}, {what}",
    "who_what": "{who}, {service}",
    "with_staff": "{what}, with {staff}",
    "at": "at {clock}",
    "rest_of_today": "for the rest of today",
    "morning": "in the morning",
    "afternoon": "in the afternoon",
    "evening": "in the evening",
    "part": "{day} {part}",
    # calling back
    "calling": "Calling {who} back. Your telephone will ring first.",
    "nobody_to_call": "Nobody has called whom I could call back.",
    "cannot_call": "The last caller withheld their number.",
    "unknown_name": "I find no caller of that name.",
    "not_answered": "Your telephone was not answered, so I called nobody.",
    "no_line": "I cannot place a call right now.",
    "busy": "It is busy there. Goodbye.",
    "not_reached": "Nobody can be reached there. Goodbye.",
}
