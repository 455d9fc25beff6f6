"""Yes or no, in the hundred ways of saying either.

An answer is read as the sayings it begins with or, if there are none, those it ends with; each is a vote, and
the votes are counted. The sayings are a table of the language, so that a new one is a word in it and not a new
rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Final

from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import AssentWords

_WORD = re.compile(r"[a-z0-9']+")
SURE_YES_MIN: Final = 0.7
"""A yes recognised with less confidence is asked for once more: of 40 spoken answers a "no" was heard as "yeah" at
0.60, every yes at 0.79 or more."""
_TAIL_OF_WORDS_MAX: Final = 12


def words_of(text: str) -> list[str]:
    """The words of `text`: lower case, without punctuation."""
    text = text.lower().replace("’", "'").replace("-", " ").replace("thats", "that's")
    return _WORD.findall(text)


class Vote(StrEnum):
    """What a saying amounts to."""

    YES = "yes"  # a word that is yes by itself
    OKAY = "okay"  # a word that is yes unless a question follows: "okay what time"
    NO = "no"
    ASSENT = "assent"  # a saying that agrees with what was proposed: "sounds good"
    CONFIRM = "confirm"  # a saying that something is as it was read: "that's right"
    DECLINE = "decline"  # a saying that refuses, or that something is not so
    THAT_IS_IT = "that_is_it"  # after a yes "that's the one", otherwise "nothing more"
    UNSURE = "unsure"
    NOTHING = "nothing"  # a filler


def yes_or_no(text: str, language: str = "en") -> bool | None:
    """Whether `text` agrees or declines; None when it does neither, or not without a condition.

    "yes but make it ten" is None: something is to be changed, so nothing may be done on the strength of it.
    "no but thursday works" is False. "no problem" is a yes, "no that's right" too, "yeah no" a no.
    """
    ballot = _ballot_of(language)
    words = ballot.as_meant(words_of(text))
    votes, rest = ballot.opening(words)
    if not votes and not rest and ballot.said.polite.intersection(words):  # and nothing else: "uh please"
        return True
    asks = bool(rest) and rest[0] in ballot.said.questions
    if asks and all(vote is Vote.OKAY for vote in votes):
        return None
    if not votes and len(words) <= _TAIL_OF_WORDS_MAX:
        votes = ballot.ending(rest)
    answer = _counted(votes)
    return None if answer and ballot.condition.search(" ".join(words)) else answer


def condition_in(text: str, language: str = "en") -> str:
    """What an agreement hangs on: "yes but make it ten" -> "make it ten"; "" for one without a condition."""
    ballot = _ballot_of(language)
    words = ballot.as_meant(words_of(text))
    votes, _ = ballot.opening(words)
    match = ballot.condition.search(" ".join(words))
    if match is None or _counted(votes) is not True:
        return ""
    said = " ".join(words)
    return said[match.end() if match[0] in ballot.said.bare_conditions else match.start() :].strip()


def wants_change(condition: str, language: str = "en") -> bool:
    """Whether what an agreement hangs on is that something be otherwise, whatever it is: "i have to change it"."""
    ballot = _ballot_of(language)
    match = ballot.condition.search(condition)
    return match is not None and match[0] not in ballot.said.bare_conditions


def behind_yes(text: str, language: str = "en") -> str:
    """What is said after an agreement: "yes please at eleven" -> "at eleven"; "" after a bare one, or without one."""
    ballot = _ballot_of(language)
    votes, rest = ballot.opening(ballot.as_meant(words_of(text)))
    return " ".join(rest) if _counted(votes) else ""


def begins_with_no(text: str, language: str = "en") -> bool:
    """Whether `text` takes something back, whatever follows: "no six six three"."""
    ballot = _ballot_of(language)
    votes, _ = ballot.opening(ballot.as_meant(words_of(text)))
    return bool(votes) and votes[0] in {Vote.NO, Vote.DECLINE}


def begins_with_yes(text: str, language: str = "en") -> bool:
    """Whether `text` agrees before it goes on: "yes and i need an oil change"; a bare "okay" may agree to nothing."""
    ballot = _ballot_of(language)
    votes, _ = ballot.opening(ballot.as_meant(words_of(text)))
    return bool(votes) and votes[0] in {Vote.YES, Vote.ASSENT}


@cache
def _ballot_of(language: str) -> _Ballot:
    words = language_named(language).assent
    return _Ballot(words)


class _Ballot:
    """Finds votes by one language's sayings."""

    def __init__(self, said: AssentWords) -> None:
        self.said = said
        self.condition = re.compile(said.condition)
        self._votes = {saying: Vote(vote) for vote, sayings in said.sayings.items() for saying in sayings}
        self._longest = max(len(saying.split()) for saying in self._votes)

    def as_meant(self, words: list[str]) -> list[str]:
        """ "know that's fine then" is a no; "know" with anything else behind it than an answer is not."""
        at = next((at for at, word in enumerate(words) if self._votes.get(word) is not Vote.NOTHING), 0)
        meant = self.said.misheard.get(words[at]) if words else None
        behind = words[at + 1 :]
        answers = not behind or self.opening(behind)[1] != behind
        return [*words[:at], meant, *behind] if meant and answers else words

    def opening(self, words: Sequence[str]) -> tuple[list[Vote], Sequence[str]]:
        """The votes of the sayings that `words` begin with, and the words after them."""
        votes = []
        while words:
            length = next((size for size in range(self._longest, 0, -1) if self._is_saying(words, size)), 0)
            if not length:
                break
            votes.append(self._votes[" ".join(words[:length])])
            words = words[length:]
        return [vote for vote in votes if vote is not Vote.NOTHING], words

    def ending(self, words: Sequence[str]) -> list[Vote]:
        """The votes of the sayings that `words` end with."""
        for start in range(len(words)):
            votes, rest = self.opening(words[start:])
            if votes and not rest:
                return votes
        return []

    def _is_saying(self, words: Sequence[str], size: int) -> bool:
        """Whether the first `size` words are a saying; "i would" is none in "i would like a table",
        and "uh uh" none in "uh uh huh": a filler before "uh huh", or one more "uh" before a no."""
        saying = " ".join(words[:size])
        if saying in self.said.only_at_the_end:
            return all(word in self._votes for word in words[size:])
        behind = self.said.not_before.get(saying)
        if behind and behind.intersection(words[size : size + 1]):
            return False
        return saying in self._votes


def _counted(votes: list[Vote]) -> bool | None:
    if not votes or Vote.UNSURE in votes:
        return None
    if Vote.DECLINE in votes:
        return False
    plain = [vote for vote in votes if vote in {Vote.YES, Vote.NO}]
    if Vote.THAT_IS_IT in votes:
        return plain[-1:] == [Vote.YES]
    if plain and plain[-1] is Vote.NO:
        return votes[-1] is Vote.CONFIRM
    return True
