"""What the language model is told: who it is, the facts it may use, and what to say when they are not enough.

The system text is the same for every call of a business, so that it is evaluated once and kept. Only the
caller's question comes new. The wording was chosen by trial on Qwen2.5-Coder 1.5B: the examples keep it from
inventing prices, and a price among the facts was given for whatever was asked, so facts with prices stay out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from appliance.business import Business
from appliance.conversation import model_tools
from appliance.conversation.facts import spoken_hours

DECLINE: Final = "I don't know that, but I can take a message."
"""What the model is told to say when the facts do not answer."""

_RECENT_MAX: Final = 2  # turns; each costs its own evaluation before the first word

_FOLLOW_UP: Final = re.compile(
    r"^(?:and|but|or|then|so|also|what about|how about)\b|\b(?:it|that|they|them|those|these|there)\b",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(r"[$€£]|\b(?:dollars?|cents?|euros?|pounds?|francs?)\b", re.IGNORECASE)
_NOT_KNOWN: Final = re.compile(
    r"\b(?:I|we) (?:do not|don't) (?:know|have (?:any |that )?information)|\b(?:I'm|I am) not sure"
    r"|\b(?:not|n't) (?:specified|mentioned|stated|provided|listed)|\bfacts\b",
    re.IGNORECASE,
)


def system_prompt(business: Business) -> str:
    """The long part, the same for every call: role, facts, and examples of an answer and of a refusal.

    One example refuses and the others answer, from the business's own sentences: with two refusals among
    three the model declined questions that the facts do answer.
    """
    facts, rules = _facts(business), model_tools.rules(business)
    listed = "\n".join(f"- {fact}" for fact in facts)
    return (
        f"You answer the telephone for {business.name}. Your words are spoken aloud: "
        "answer in one or two short sentences, without lists.\n"
        f"Answer only from these facts:\n{listed}\n"
        f"{rules}"
        f"{'If it is about neither' if rules else 'If no fact is about it'}, say only: {DECLINE}\n\n"
        f"Caller: How much is a gift card?\nYou: {DECLINE}\n"
        f"Caller: Where are you?\nYou: We're at {business.address}."
        f"{_yes_and_no(' '.join(facts))}"
        f"{model_tools.examples(business)}"
    )


_WE_DO: Final = re.compile(
    r"\bWe (?!do not|don't|are|were|have|had|may|can|could|will|would|must|should)([a-z]+ [^.;!?]*)\."
)
_WE_DO_NOT: Final = re.compile(r"\bWe (?:do not|don't) ([^.;!?]*)\.")


def _yes_and_no(facts: str) -> str:
    """What the business does and does not do, asked and answered: its first sentences of either kind."""
    does, does_not = _WE_DO.search(facts), _WE_DO_NOT.search(facts)
    yes = f"\nCaller: Do you {does[1]}?\nYou: Yes, we {does[1]}." if does else ""
    no = f"\nCaller: Do you {does_not[1]}?\nYou: No, we do not {does_not[1]}." if does_not else ""
    return yes + no


def _facts(business: Business) -> list[str]:
    """What the business says of itself in plain sentences, a line each."""
    about = [line.strip() for line in business.about.splitlines() if line.strip()]
    answers = [fact.answer for fact in business.facts if "{" not in fact.answer]
    services = ", ".join(service.spoken for service in business.services)
    tools = model_tools.tools_for_model(business)  # one of them may know
    return [
        *about,
        f"We're open {spoken_hours(business)}.",
        f"Our address is {business.address}.",
        *(answer for answer in answers if not _MONEY.search(answer)),
        *([f"Appointments can be booked for {services}."] if services else []),
        *([] if _MONEY.search(business.about) or tools else ["You do not know any prices or costs."]),
    ]


def question_prompt(
    question: str, recent: Sequence[tuple[str, str]], passage: str = "", about: str = ""
) -> str:
    """The short part: the question; one that leans on what went before ("and hybrids?") comes after that.

    `recent` is (who, words), oldest first; `passage` what the office's documents say about it, `about` what is known of
    the caller and this call (fact_sheet), for the few questions that lean on it. Reported speech
    ("The caller asks") keeps the model at its task: asked directly it speaks for itself. Turns a question does
    not need only make it refuse more.
    """
    leans = _FOLLOW_UP.search(question)
    earlier = [one for one in recent if one != ("caller", question)][-_RECENT_MAX:] if leans else []
    said = [f"{'Caller' if who == 'caller' else 'You'}: {words}\n" for who, words in earlier]
    fact = f"Another fact: {' '.join(passage.split())}\n" if passage else ""
    known = f"About this call: {about}\n" if about else ""
    return fact + known + "".join(said) + f"The caller asks: {question}"


def declines(sentence: str) -> bool:
    """Whether a composed sentence says that the model does not know: time to offer a message instead."""
    return bool(_NOT_KNOWN.search(sentence))
