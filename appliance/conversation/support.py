"""Whether the sources bear a sentence out: every word of it that matters, with the same yes or no.

Entailment by rules that can be read (natural logic in small: MacCartney and Manning 2007), because a model that
judges would be as wrong as the one that speaks. A sentence is a bag of stems, each stated or denied. A clause is
borne out when all its stems are known, when most of them stand in one sentence of the sources, and when that
sentence denies what the clause denies and nothing else. "Yes" and "no" are held against what was asked. What
the rules cannot tell is not said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from appliance.conversation.statements import (
    PERCENT,
    PRICE,
    Statement,
    Stems,
    Subject,
    Value,
    opening_of,
    prepared,
    statement_of,
    stems_of,
)
from appliance.conversation.support_words import SupportWords

UNSUPPORTED: Final = "unsupported"
"""The sources do not say it."""
CONTRADICTED: Final = "contradicted"
"""The sources say the opposite, or say it of something else."""

_SHARE_MIN: Final = 0.6
_VERBATIM_WORDS_MIN: Final = 4
_ALL_OF: Final = 3
_ALL_OF_ASKED: Final = 2
_FRAGMENT_WORDS_MAX: Final = 3


@dataclass(frozen=True, slots=True)
class Support:
    """All that the sources state, ready to be held against a sentence that answers `asked`."""

    statements: Sequence[Statement]
    words: SupportWords
    asked: Statement
    _known: Stems = field(init=False, repr=False, compare=False)
    _ever_stated: Stems = field(init=False, repr=False, compare=False)
    _hours: Stems = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = self.statements
        object.__setattr__(self, "_known", frozenset().union(*(one.stems for one in every)))
        object.__setattr__(self, "_ever_stated", frozenset().union(*(one.stated for one in every)))
        hours = (one.days for one in every if not one.stems and one.times)
        object.__setattr__(self, "_hours", frozenset().union(*hours))

    def fault(self, sentence: str) -> str:
        """UNSUPPORTED or CONTRADICTED for what `sentence` says beyond the sources; "" when it may be said."""
        parts = self.words.spliced.split(sentence)
        return next(filter(None, map(self._part_fault, parts)), "")

    def _part_fault(self, sentence: str) -> str:
        words = self.words
        rest, answer = opening_of(prepared(sentence, words), words)
        clauses = [part for part in words.parts.split(rest) if part.strip()]
        faults = [self._clause_fault(clause) for clause in clauses]
        if answer is not None:
            faults.append(self._answer_fault(answer, says_more=any(map(self._says_something, clauses))))
        return next(filter(None, faults), "")

    def _says_something(self, clause: str) -> bool:
        said = statement_of(clause, self.words)
        return bool(said.stems or said.days or said.times or said.values) or self._is_verbatim(said)

    # --- a clause -------------------------------------------------------------------------------

    def _clause_fault(self, clause: str) -> str:
        words = self.words
        if words.no_claim.match(clause.strip()):
            return "" if stems_of(clause, words) <= self._known | self.asked.stems else UNSUPPORTED
        said = statement_of(clause, words, denies_all=True)
        return self._opening_fault(clause, said) or self._tie_fault(said) or self._stems_fault(said)

    def _stems_fault(self, said: Statement, all_of: int = _ALL_OF) -> str:
        stems = said.stems - self.words.offering if said.denials else said.stems
        if not stems or self._is_verbatim(said):
            return ""
        if not stems <= self._known:
            return UNSUPPORTED
        if said.stated & stems - self._ever_stated:
            return CONTRADICTED
        return self._cover_fault(said, stems, all_of) or self._fragment_fault(said, stems)

    def _fragment_fault(self, said: Statement, stems: Stems) -> str:
        """A word or two ("Yuki.") answer by a sentence that is about what was asked."""
        asked = self.asked.stems & self._known
        if said.values or len(said.text.split()) > _FRAGMENT_WORDS_MAX or not asked or stems & asked:
            return ""
        return (
            "" if any(stems <= one.stated and asked & one.stems for one in self.statements) else UNSUPPORTED
        )

    def _is_verbatim(self, said: Statement) -> bool:
        """Whether it is word for word in a sentence that denies nothing."""
        if said.denials or len(said.text.split()) < _VERBATIM_WORDS_MIN:
            return False
        return any(said.text in one.text for one in self.statements if not one.denials)

    def _cover_fault(self, said: Statement, stems: Stems, all_of: int) -> str:
        """Held against the sentences that have most of its words."""
        most = max((len(stems & one.stems) for one in self.statements), default=0)
        nearest = [one for one in self.statements if len(stems & one.stems) == most]
        if not any(self._bears_out(one, said, stems) for one in nearest):
            return CONTRADICTED
        if not said.denials and any(thing <= stems for one in nearest for thing in one.denials_for(stems)):
            return CONTRADICTED
        wanted = len(stems) if said.denials else _enough(len(stems), all_of)
        return "" if most >= wanted else UNSUPPORTED

    def _bears_out(self, source: Statement, said: Statement, stems: Stems) -> bool:
        """Whether `source` says yes to what is said, and no to what is denied."""
        stated = stems & source.stems - said.denied
        if any(stated & thing for thing in source.denials_for(stems)):
            return False
        if any(item & stems and not item <= stems for item in source.exceptions):
            return False
        if not said.denials:
            if said.days & source.days_off:
                return False
            on_its_days = not said.days or said.days <= (source.days or self._hours or said.days)
            marks = (self.words.universal, self.words.tells_hours)
            return on_its_days and all(
                not mark.search(said.text) or bool(mark.search(source.text)) for mark in marks
            )
        if said.days and (source.days or source.days_off) and not said.days & source.days:
            return True  # it is told of other days
        offering = self.words.offering
        return any(item - offering <= stems for item in source.denials if item - offering)

    # --- a value and what it is said of ---------------------------------------------------------

    def _tie_fault(self, said: Statement) -> str:
        """A price, a length or a number is said of what the sources say it of; "it" is what was asked."""
        for value, subject in said.values.items():
            about = subject.about or self.asked.stems
            if value[0] in (PRICE, PERCENT) and self.words.leans_back.match(said.text):
                about |= self.asked.stems
            holders = [one.values[value] for one in self.statements if value in one.values]
            of = Subject(about, subject.counted)
            if holders and about and not any(_is_said_of(value, of, one) for one in holders):
                return UNSUPPORTED
        return ""

    # --- open and closed ------------------------------------------------------------------------

    def _opening_fault(self, clause: str, said: Statement) -> str:
        """Whether it is open on a day that it names, without a time (a time is tied to its day elsewhere)."""
        if said.stems or said.times or not said.days or not self._hours:
            return ""
        if self.words.closed.search(clause):
            return CONTRADICTED if said.days & self._hours else ""
        if self.words.opening.search(clause):
            return "" if said.days <= self._hours else CONTRADICTED
        return ""

    # --- yes and no -----------------------------------------------------------------------------

    def _answer_fault(self, answer: bool, *, says_more: bool) -> str:
        asked = self.asked
        stems = asked.stems if answer else asked.stems - self.words.offering
        if not stems:
            return self._answer_on_days_fault(answer) or ("" if says_more or asked.days else UNSUPPORTED)
        if not answer and says_more:  # the rest says why; that it is not so must only not be wrong
            return CONTRADICTED if self._is_affirmed(stems) else ""
        all_of = _ALL_OF_ASKED if says_more else _ALL_OF  # what it says more is held to the stricter rule
        return self._stems_fault(replace(asked, denials=() if answer else (stems,)), all_of)

    def _is_affirmed(self, stems: Stems) -> bool:
        """Whether sentences state all of it, on the days that were asked for, and none denies as much."""
        holders = [one for one in self.statements if stems <= one.stems]
        days = self.asked.days
        return bool(holders) and all(stems <= one.stated and days <= (one.days or days) for one in holders)

    def _answer_on_days_fault(self, answer: bool) -> str:
        asked = self.asked
        if asked.times or not asked.days or not self._hours:
            return ""
        return "" if (asked.days <= self._hours) is answer else CONTRADICTED


def _enough(count: int, all_of: int = _ALL_OF) -> int:
    """Of so many stems, how many must stand in one sentence: all of a few, 60 % of more, rounded up."""
    return count if count <= all_of else math.ceil(count * _SHARE_MIN)


def _is_said_of(value: Value, said: Subject, told: Subject) -> bool:
    """Whether a value is told of all that it is said of, or if it is no price, of most; and of what it counts."""
    if said.counted and told.counted and not said.counted <= told.counted:
        return False
    shared = len(said.about & told.about)
    return shared >= (len(said.about) if value[0] in (PRICE, PERCENT) else _enough(len(said.about)))
