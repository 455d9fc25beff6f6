"""What the caller has said of themselves in this call, and what was done for them: kept whole however long it takes.

A rolling summary by rules instead of a history that is cut off: name, number and reason never leave the sheet, what
else was wanted is kept newest first within a bound. It fills the flows' slots, answers "what number do you have for
me", briefs colleagues, and gives the language model a few lines, only with the questions that lean on them. Pure;
tuples of strings, so that copying a call stays cheap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.business import Business
from appliance.conversation.assent import words_of, yes_or_no
from appliance.conversation.dates import spoken_moment
from appliance.conversation.flows.frame import Filled
from appliance.conversation.flows.sayings import sayings_of
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import digits_heard, phone_heard, spoken_phone
from appliance.conversation.sheet_words import sheet_words
from appliance.conversation.understand import Intent, Understanding
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment

TOKENS_MAX: Final = 60
"""Of the language model: each costs its share of a second before the first word."""

_LETTERS_PER_TOKEN: Final = 3.5  # fewer than in most English, so that the bound holds
_REASON_WORDS_MAX: Final = 20
_WISH_WORDS_MAX: Final = 12
_WISH_WORDS_MIN: Final = 3
_TOLD_WORDS_MIN: Final = 2
"""After "i'm calling about" so few say enough: "my brakes"."""
_WISHES_MAX: Final = 8
_DONE_MAX: Final = 6
_DONE_TOLD: Final = 3
_DIGITS_OF_A_NUMBER: Final = 5
_NAMES: Final = "name"
_PHONES: Final = "phone"
_SAYS_NOTHING: Final = frozenset(
    {Intent.GOODBYE, Intent.REPEAT, Intent.THANKS, Intent.GREETING, Intent.NEVER_MIND}
)
_SAYS_LITTLE: Final = frozenset({Intent.MESSAGE, Intent.HUMAN, Intent.FIND})
"""Wishes that do not say what a call is about: whatever says more takes their place."""

Done = ev.Booked | ev.AppointmentMoved | ev.AppointmentCancelled | ev.MessageTaken


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the caller asked of what they said themselves: the phrase that tells it, and what fills it."""

    phrase: str
    slots: Mapping[str, str]


class FactSheet:
    """The facts of one call. What is not known is empty."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self._reason_says_little = True
        self.was_introduced = False
        """Whether the last thing heard told who they are, and nothing else."""
        self.name = ""
        self.phone = ""
        self.reason = ""
        """In the caller's words, without what says nothing."""
        self.wishes: tuple[str, ...] = ()
        """What else they wanted, oldest first."""
        self.done: tuple[str, ...] = ()
        """What was done for them, as it is spoken."""

    # --- what is learnt -------------------------------------------------------------------------

    def heard(
        self, text: str, wishes: Sequence[Understanding], *, in_flow: bool = False, dictating: bool = False
    ) -> None:
        """The caller's words and what they were understood as. `dictating`: the matter of a message is told."""
        said = " ".join(words_of(text))
        before = (self.name, self.phone)
        self._introduces(said)
        self._gives_number(said)
        self.was_introduced = before != (self.name, self.phone) and not self._matter_of(said)
        if dictating:
            self._is_about(said, says_little=False)
        elif (wish := _telling(wishes, in_flow=in_flow)) is not None and self.recall(said) is None:
            self._is_about(said, says_little=wish.intent in _SAYS_LITTLE)

    def learned(self, known: Mapping[str, Filled]) -> None:
        """What a flow asked for and was told: surer than what was said by the way."""
        for name, one in known.items():
            if one.gap or not isinstance(one.value, str):
                continue
            if name == _NAMES:
                self.name = one.value
            elif name == _PHONES:
                self.phone = one.value

    def did(self, event: Done, now: datetime) -> None:
        """Something was done for the caller."""
        if told := self._told(event, now):
            self.done = (*(one for one in self.done if one != told), told)[-_DONE_MAX:]

    def _told(self, event: Done, now: datetime) -> str:
        words = sheet_words(self._business.language)
        match event:
            case ev.Booked(appointment=made):
                return words.booked.format(**self._spoken(made, now))
            case ev.AppointmentMoved(appointment=moved):
                return words.moved.format(**self._spoken(moved, now))
            case ev.AppointmentCancelled(appointment=gone):
                return words.cancelled.format(**self._spoken(gone, now))
            case ev.MessageTaken(kept=kept):
                return words.message if kept else ""

    def _spoken(self, appointment: Appointment, now: datetime) -> dict[str, str]:
        service = self._business.service(appointment.service)
        moment = spoken_moment(appointment.starts_at.astimezone(self._business.zone), now)
        return {"service": service.spoken if service else appointment.service, "moment": moment}

    def _introduces(self, said: str) -> None:
        language = self._business.language
        if told := sayings_of(language).names_itself.search(said):
            self.name = name_heard(said[told.start() :], language=language) or self.name
            return
        words = sheet_words(language)
        found = next((match["name"] for one in words.introduces if (match := one.search(said))), "")
        name = name_heard(found, language=language) or ""
        if len(name.split()) == len(found.split()) and words.no_introduction.isdisjoint(found.split()):
            self.name = name or self.name  # a name is all of what stands where names stand

    def _gives_number(self, said: str) -> None:
        language = self._business.language
        if sayings_of(language).reached_at.search(said):
            heard = phone_heard(said, self._business.region, language=language)
            self.phone = heard.national if heard is not None and heard.valid else self.phone

    def _is_about(self, said: str, *, says_little: bool) -> None:
        """A wish: the first that says something is the reason of the call."""
        plain = self._matter_of(said)
        least = _WISH_WORDS_MIN if plain == said else _TOLD_WORDS_MIN
        if len(plain.split()) < least or yes_or_no(plain, self._business.language) is not None:
            return
        if not self.reason or (self._reason_says_little and not says_little):
            self.reason, self._reason_says_little = _cut(plain, _REASON_WORDS_MAX), says_little
            return
        wish = _cut(plain, _WISH_WORDS_MAX)
        if not self.reason.startswith(wish):
            self.wishes = (*(one for one in self.wishes if one != wish), wish)[-_WISHES_MAX:]

    def _matter_of(self, said: str) -> str:
        """The words without greeting and introduction, and without what follows from the caller's own number on."""
        language = self._business.language
        words = sheet_words(language)
        if len(digits_heard(said, language)) >= _DIGITS_OF_A_NUMBER:
            said = sayings_of(language).reached_at.split(said, maxsplit=1)[0]
        for one in words.introduces:
            if (match := one.search(said)) and words.no_introduction.isdisjoint(match["name"].split()):
                said = said[match.end() :].strip()
                break
        return words.tail.sub("", words.lead_in.sub("", said).strip())

    # --- what it is good for --------------------------------------------------------------------

    @property
    def matter(self) -> str:
        """The reason, if it says what the call is about; "i'd like to speak to somebody" does not."""
        return "" if self._reason_says_little else self.reason

    def known(self) -> dict[str, Filled]:
        """What flows need not ask for, by the names of their slots."""
        region = self._business.region
        named = {_NAMES: Filled(self.name, self.name)} if self.name else {}
        return named | ({_PHONES: Filled(self.phone, spoken_phone(self.phone, region))} if self.phone else {})

    def recall(self, text: str) -> Recalled | None:
        """The answer to a question about what the caller said, or what was done; None when it is about neither."""
        said, words = " ".join(words_of(text)), sheet_words(self._business.language)
        asked = (
            (words.asks_name, "recall_name", "name", self.name),
            (words.asks_phone, "recall_phone", "phone", self._spoken_phone()),
            (words.asks_done, "recall_done", "done", ". ".join(self.done[-_DONE_TOLD:])),
            (words.asks_reason, "recall_reason", "reason", self.reason),
        )
        for pattern, phrase, slot, known in asked:
            if pattern.search(said):
                return Recalled(phrase, {slot: known}) if known else self._nothing(phrase)
        return None

    def _nothing(self, phrase: str) -> Recalled | None:
        """Not yet told; of an appointment that was not made in this call the diary may know."""
        return None if phrase == "recall_done" else Recalled("recall_nothing", {})

    def _spoken_phone(self) -> str:
        return spoken_phone(self.phone, self._business.region) if self.phone else ""

    def lines(self) -> tuple[str, ...]:
        """The sheet in sentences, the weightiest first. The number is not among them: nobody need hear it said."""
        words = sheet_words(self._business.language)
        reason = (words.is_reason.format(self.reason),) if self.reason else ()
        named, *done = self.grounding() if self.name else ("", *self.grounding())
        wished = (words.is_also.format(one) for one in reversed(self.wishes))
        return tuple(filter(None, (named, *reason, *done, *wished)))

    def grounding(self) -> tuple[str, ...]:
        """What may be said back: the name, and what we did ourselves. The caller's other words ground nothing."""
        words = sheet_words(self._business.language)
        named = (words.is_caller.format(self.name),) if self.name else ()
        return (*named, *(words.is_done.format(one) for one in reversed(self.done)))

    def for_model(self, question: str, tokens_max: int = TOKENS_MAX) -> str:
        """What the model should know to answer `question`; "" for a question that does not lean on this call."""
        leans = sheet_words(self._business.language).leans
        if not leans.search(" ".join(words_of(question))):
            return ""
        return " ".join(_within(self.lines(), tokens_max))


def tokens_of(text: str) -> int:
    """About how many tokens of a language model `text` is; rather too many than too few."""
    return round(len(text) / _LETTERS_PER_TOKEN) + 1


def _within(lines: Sequence[str], tokens_max: int) -> Iterator[str]:
    """As many of the first lines as fit; one too long is left out, and a shorter one may still fit."""
    left = tokens_max
    for line in lines:
        if (cost := tokens_of(line)) <= left:
            left -= cost
            yield line


def _telling(wishes: Sequence[Understanding], *, in_flow: bool) -> Understanding | None:
    """The first wish that says what the call is about; in a flow what nobody knows is an answer, and no wish."""
    none = _SAYS_NOTHING | {Intent.QUESTION} if in_flow else _SAYS_NOTHING
    telling = [one for one in wishes if one.intent not in none]
    return min(telling, key=lambda one: one.intent in _SAYS_LITTLE, default=None)


def _cut(text: str, words_max: int) -> str:
    return " ".join(text.split()[:words_max])
