"""How long a flow tries: misses in a row, a doubt that is voiced once, answers that lead nowhere."""

from __future__ import annotations

from typing import Final

REPEATS: Final = 2
"""Misses after which a question is given up; and repetitions after which an answer leads nowhere."""


class Patience:
    """What one running flow remembers of how badly it goes."""

    def __init__(self) -> None:
        self.misses = 0
        """How often in a row the question that stands was not answered."""
        self._doubted = False
        self._circles = 0
        self._answered = ""

    def answered(self) -> None:
        """The question was answered: the next one has all the patience again."""
        self.misses = 0

    def filled(self) -> None:
        """Something was taken down: the next doubtful answer may be asked for once more."""
        self._doubted = False

    def doubts(self) -> bool:
        """Whether a doubtful answer is asked for once more: the first time it is."""
        first, self._doubted = not self._doubted, True
        return first

    def goes_round(self, say: str, *, read_back: bool) -> bool:
        """Whether the same words have followed too often; what is read back may need putting right twice."""
        self._circles = self._circles + 1 if say == self._answered else 0
        self._answered = say
        if self._circles < REPEATS + read_back:
            return False
        self._answered = ""
        return True
