"""How a caller feels about the call: at ease, strained, upset; whether they follow; whether they are abusive. Pure.

Two tallies, strain and confusion, are raised by signs and fade with every turn of the caller. Signs are words (a
complaint, a curse, "what do you mean"), saying the same thing again, and what happened: a barge-in, a question put
again, words we made nothing of. A level is entered high and left low (hysteresis), so that we do not speak plainly
in one sentence and at length in the next. Nothing here is a measure of a person: it decides how the box behaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final

from rapidfuzz import fuzz

from appliance.conversation.answers import wants_repeat
from appliance.conversation.assent import words_of
from appliance.conversation.digits import digits_heard
from appliance.conversation.mood_words import mood_words


class Sign(StrEnum):
    """Something that tells of a mood."""

    COMPLAINT = "complaint"
    PROFANITY = "profanity"
    ABUSE = "abuse"
    CONFUSION = "confusion"
    SAYS_AGAIN = "says_again"
    ASKS_AGAIN = "asks_again"
    MISUNDERSTOOD = "misunderstood"
    BARGE_IN = "barge_in"
    REPROMPT = "reprompt"


class Strain(IntEnum):
    """How much the caller's patience has suffered."""

    CALM = 0
    STRAINED = 1
    UPSET = 2


class Care(StrEnum):
    """What a caller's words call for beside an answer, the most pressing first."""

    END = "end"  # abused again after the warning: a polite end
    WARN = "warn"
    OFFER_PERSON = "offer_person"
    SORRY = "sorry"
    EXPLAIN = "explain"  # what was asked, said more simply
    NOTHING = "nothing"


_FADES: Final = 0.75
"""What is left of a tally after one turn of the caller. A sign in every turn adds up to four times its weight."""

_STRAIN: Final[Mapping[Sign, float]] = {
    Sign.COMPLAINT: 1.6,
    Sign.PROFANITY: 0.8,
    Sign.ABUSE: 2.0,
    Sign.SAYS_AGAIN: 0.7,
    Sign.MISUNDERSTOOD: 0.6,
    Sign.BARGE_IN: 0.25,  # who knows the questions answers before their end: never strained by that alone
    Sign.REPROMPT: 0.3,
    Sign.CONFUSION: 0.4,
    Sign.ASKS_AGAIN: 0.2,
}
_CONFUSION: Final[Mapping[Sign, float]] = {
    Sign.CONFUSION: 1.2,
    Sign.ASKS_AGAIN: 0.6,
    Sign.MISUNDERSTOOD: 0.4,
    Sign.REPROMPT: 0.25,
}
_SAME_BREATH: Final = frozenset({Sign.COMPLAINT, Sign.PROFANITY})
"""What abuse mostly is as well; counted once."""
_ENTERED: Final[Mapping[Strain, float]] = {Strain.STRAINED: 1.5, Strain.UPSET: 2.7}
_LEFT: Final[Mapping[Strain, float]] = {Strain.STRAINED: 0.7, Strain.UPSET: 1.6}
_CONFUSED_ENTERED: Final = 1.0
_CONFUSED_LEFT: Final = 0.5
_RELIEF: Final = 0.5
"""What is left of the strain when something was done for the caller."""
_OFFERED_AGAIN_AFTER_TURNS: Final = 8
_SAME_MIN: Final = 85  # of 100: rapidfuzz's ratio over sorted words
_SAME_WORDS_MIN: Final = 3
_SAME_DIGITS_MAX: Final = 2  # a number is said again because it is a number
_REMEMBERED: Final = 3


def signs_in(text: str, language: str = "en") -> frozenset[Sign]:
    """The signs in one utterance, by its words alone."""
    said = " ".join(words_of(text))
    words = mood_words(language)
    complains = words.complaint.search(said) and not words.no_complaint.search(said)
    found = {
        Sign.COMPLAINT: bool(complains),
        Sign.PROFANITY: bool(words.profanity.search(said)),
        Sign.ABUSE: bool(words.abuse.search(said)) and not words.no_abuse.search(said),
        Sign.CONFUSION: bool(words.confusion.search(said)),
        Sign.SAYS_AGAIN: bool(words.said_before.search(said)),
        Sign.ASKS_AGAIN: wants_repeat(text),
    }
    return frozenset(sign for sign, is_there in found.items() if is_there)


class Mood:
    """One caller's mood in one call."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._strain = 0.0
        self._confusion = 0.0
        self._said: tuple[str, ...] = ()
        self._asked_again = False  # by us: then they say it again because they were asked to
        self._warned = False
        self._turns_since_offer = _OFFERED_AGAIN_AFTER_TURNS
        self.strain = Strain.CALM
        self.confused = False

    @property
    def needs_plain_words(self) -> bool:
        """Whether to speak in short sentences, one thing in each. Who is only cross gets what everybody gets."""
        return self.confused or self.strain is Strain.UPSET

    # --- what happened --------------------------------------------------------------------------

    def heard(self, text: str, *, sure: bool = True) -> Care:
        """The caller's words. Unless `sure`, the recogniser doubts them: then nobody is warned for them."""
        signs = signs_in(text, self._language)
        if self._is_said_again(text):
            signs |= {Sign.SAYS_AGAIN}
        if not sure:
            signs -= {Sign.ABUSE, Sign.PROFANITY}
        self._fade()
        self._note(*(signs - _SAME_BREATH if Sign.ABUSE in signs else signs))
        self._said = (*self._said, text)[-_REMEMBERED:]
        self._asked_again = False
        return self._care(signs)

    def misunderstood(self) -> None:
        """We made nothing of the caller's words, and asked for them again."""
        self._asked_again = True
        self._note(Sign.MISUNDERSTOOD)

    def interrupted(self) -> None:
        """The caller talked over us."""
        self._note(Sign.BARGE_IN)

    def reprompted(self) -> None:
        """Nobody spoke, and we asked again."""
        self._asked_again = True
        self._note(Sign.REPROMPT)

    def relieved(self) -> None:
        """Something was done for the caller: booked, changed, written down."""
        self._strain *= _RELIEF
        self._confusion *= _RELIEF
        self._settle()

    # --- what follows ---------------------------------------------------------------------------

    def _care(self, signs: frozenset[Sign]) -> Care:
        if Sign.ABUSE in signs:
            warned, self._warned = self._warned, True
            return Care.END if warned else Care.WARN
        if self.wants_person:
            return Care.OFFER_PERSON
        if Sign.COMPLAINT in signs:
            return Care.SORRY
        return Care.EXPLAIN if Sign.CONFUSION in signs else Care.NOTHING

    @property
    def wants_person(self) -> bool:
        """Whether it is time to offer a person: the caller is upset and was not offered one lately."""
        return self.strain is Strain.UPSET and self._turns_since_offer >= _OFFERED_AGAIN_AFTER_TURNS

    def offered_person(self) -> None:
        """A person was offered: not again for a while."""
        self._turns_since_offer = 0

    # --- the tallies ----------------------------------------------------------------------------

    def _fade(self) -> None:
        self._strain *= _FADES
        self._confusion *= _FADES
        self._turns_since_offer += 1

    def _note(self, *signs: Sign) -> None:
        self._strain += sum(_STRAIN.get(sign, 0.0) for sign in signs)
        self._confusion += sum(_CONFUSION.get(sign, 0.0) for sign in signs)
        self._settle()

    def _settle(self) -> None:
        """The levels that follow from the tallies and from the levels before."""
        holding = self.strain
        while holding > Strain.CALM and self._strain < _LEFT[holding]:
            holding = Strain(holding - 1)
        entered = max((one for one in _ENTERED if self._strain >= _ENTERED[one]), default=Strain.CALM)
        self.strain = max(holding, entered)
        bound = _CONFUSED_LEFT if self.confused else _CONFUSED_ENTERED
        self.confused = self._confusion >= bound

    def _is_said_again(self, text: str) -> bool:
        """Whether the caller says what they said before, without having been asked to."""
        if self._asked_again or len(text.split()) < _SAME_WORDS_MIN:
            return False
        same = any(fuzz.token_sort_ratio(text, before) >= _SAME_MIN for before in self._said)
        return same and len(digits_heard(text, self._language)) <= _SAME_DIGITS_MAX
