"""What synthetic callers say to the auto-repair shop: whole conversations, several ways of saying each thing.

A pause within a sentence is written as its milliseconds in brackets: "Three oh three [450] five five five".
Sentences marked as dictated are the hard ones for an end of turn: digits in groups, spelled names, thinking
aloud. Which class of answer a sentence gets is the box's doing; the mix is made so that each class occurs
four times or more in a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a caller."""

    text: str
    dictated: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One caller, from greeting to good-bye. `digits` is the number once more, a digit at a time."""

    voice: str
    speed: float
    lines: tuple[Line, ...]
    digits: Line


DECLINE: Final = Line("No, thank you.")
"""Said when the agent offers to take a message."""


@dataclass(frozen=True, slots=True)
class _Caller:
    """What differs between callers; the rest of a conversation is the same for all."""

    voice: str
    speed: float
    greeting: str
    facts: tuple[str, str, str, str]
    questions: tuple[str, str, str, str]
    booking: Line
    choice: str
    name: Line
    phone: Line
    digits: str
    agreed: str
    repeat: str
    second_wish: Line
    thanks: str
    goodbye: str


def scenarios(day: str) -> tuple[Scenario, ...]:
    """All of them. `day` is a weekday on which the shop is open, "Tuesday"."""
    return tuple(_conversation(caller, day) for caller in _CALLERS)


def _conversation(caller: _Caller, day: str) -> Scenario:
    facts, questions = caller.facts, caller.questions
    lines = (
        Line(caller.greeting),
        Line(facts[0]),
        Line(questions[0]),
        Line(facts[1]),
        caller.booking,
        Line(f"{day} morning."),
        Line(caller.choice),
        caller.name,
        caller.phone,
        Line(caller.agreed),
        Line("Yes, please."),
        Line(questions[1]),
        Line(facts[2]),
        Line(caller.repeat),
        Line(questions[2]),
        caller.second_wish,
        Line("Never mind."),
        Line(facts[3]),
        Line(questions[3]),
        Line(caller.thanks),
        Line(caller.goodbye),
    )
    return Scenario(caller.voice, caller.speed, lines, Line(caller.digits, dictated=True))


_WOMAN, _MAN = "af_heart", "am_michael"
_CALLERS: Final = (
    _Caller(
        _WOMAN,
        1.0,
        "Hello there.",
        (
            "What time do you open on Monday?",
            "Where are you located?",
            "Can I pay by credit card?",
            "Do I need an appointment?",
        ),
        (
            "Do you work on hybrid cars?",
            "Is there a place where I can wait?",
            "Do you use original parts?",
            "Could you also fix a cracked windshield?",
        ),
        Line("I'd like to book an oil change, please."),
        "The first one, please.",
        Line("My name is Alice Miller."),
        Line("Three oh three [350] five five five [400] oh one seven two.", dictated=True),
        "Three. [250] Zero. [250] Three. [250] Five. [250] Five. [250] Five. [250] Zero. [250] One. [250] Seven."
        " [250] Two.",
        "Yes, please.",
        "Sorry, what did you say?",
        Line("I also need an inspection."),
        "Thank you very much.",
        "No, that's all. Goodbye.",
    ),
    _Caller(
        _MAN,
        1.0,
        "Good morning.",
        (
            "How late are you open on Friday?",
            "How much is an oil change?",
            "What is your address?",
            "Do you take checks?",
        ),
        (
            "How long have you been in business?",
            "Do you offer a loaner car while mine is in the shop?",
            "Can you tow my car if it breaks down?",
            "Do you give a warranty on your repairs?",
        ),
        Line("I need to, um, [500] schedule an inspection.", dictated=True),
        "The earlier one works.",
        Line("It's John Carter."),
        Line(
            "My number is [700] uh [500] seven two oh [450] five five five [450] oh one four eight.",
            dictated=True,
        ),
        "Seven. [250] Two. [250] Zero. [250] Five. [250] Five. [250] Five. [250] Zero. [250] One. [250] Four."
        " [250] Eight.",
        "Yes, that's right.",
        "Could you repeat that?",
        Line("I'd like to book a brake service as well."),
        "Great, thanks.",
        "No, goodbye.",
    ),
    _Caller(
        _WOMAN,
        1.15,
        "Hi there.",
        (
            "When are you open on Saturday?",
            "Can you give me directions?",
            "What do you charge for an oil change?",
            "Can I just come by without an appointment?",
        ),
        (
            "What kind of oil do you put in?",
            "Do you repair electric cars too?",
            "Is there a bus stop close to your shop?",
            "Can I leave my dog in the car while you work?",
        ),
        Line("My brakes are squeaking, I'd like to bring it in."),
        "The first one is fine.",
        Line("Emily Watson. [500] W, A, T, S, O, N.", dictated=True),
        Line("It's two one two [600] five five five [700] zero one nine nine.", dictated=True),
        "Two. [250] One. [250] Two. [250] Five. [250] Five. [250] Five. [250] Zero. [250] One. [250] Nine."
        " [250] Nine.",
        "Yes.",
        "What was that?",
        Line("I was thinking [450] maybe I should book an oil change too.", dictated=True),
        "Thanks a lot.",
        "That's all, bye.",
    ),
    _Caller(
        _MAN,
        0.9,
        "Good afternoon.",
        (
            "What are your opening hours?",
            "Do you accept cash?",
            "Where exactly are you?",
            "What does an oil change cost?",
        ),
        (
            "Do you sell used tires?",
            "Could somebody drive me home after I drop it off?",
            "How do I know when my car is ready?",
            "Do you speak any other languages over there?",
        ),
        Line("The check engine light is on. I need an appointment."),
        "Let's take the first one.",
        Line("The name is, uh, [500] Robert King.", dictated=True),
        Line("Four one five [500] five five five [300] oh one [500] three six.", dictated=True),
        "Four. [250] One. [250] Five. [250] Five. [250] Five. [250] Five. [250] Zero. [250] One. [250] Three."
        " [250] Six.",
        "Yeah, book it.",
        "Say that again, please.",
        Line("Can I make another appointment for an oil change?"),
        "Thank you.",
        "No, thank you. Goodbye.",
    ),
)
