"""How a caller paces their speech: the pauses they have made that were no ends, and what follows for our waits.

Who has paused for half a second in the middle of a sentence will do so again; who never pauses need not be
waited for. Both only within bounds: one hesitation must not make the box slow for the rest of the call.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

_REMEMBERED: Final = 8
_PAUSE_MIN_MS: Final = 120
"""Shorter ones are the closure of a consonant, not a pause."""

_USUAL_MS: Final = 300
_LONGER_PER_MS: Final = 0.8 / 500
"""A pause longer than usual lengthens a wait in proportion: most where least is known."""
_LONGER_MAX: Final = 0.6
_FLUENT_PAUSES_MIN: Final = 3
_FLUENT_MAX_MS: Final = 200
_FLUENT_FACTOR: Final = 0.85

_SLOW_PAUSES_MIN: Final = 3
_OVER_HABIT: Final = 1.25
_HABIT_MAX_MS: Final = 200

_DICTATED_PAUSES_MIN: Final = 2
_OVER_LONGEST: Final = 1.6
_DICTATED_SHARES: Final = (0.8, 1.25)
"""Least and most of the dictation's usual wait."""


class Pace:
    """One caller's pauses so far, in sentences and in dictation apart."""

    def __init__(self) -> None:
        self._spoken: deque[int] = deque(maxlen=_REMEMBERED)
        self._dictated: deque[int] = deque(maxlen=_REMEMBERED)
        self._has_hesitated = False  # in the turn under way

    def paused(self, pause_ms: int, *, dictating: bool) -> None:
        """The caller was silent for so long and then went on."""
        if pause_ms >= _PAUSE_MIN_MS:
            (self._dictated if dictating else self._spoken).append(pause_ms)
            self._has_hesitated = self._has_hesitated or pause_ms > _USUAL_MS

    def turn_over(self) -> None:
        """The turn is over. One without hesitation makes up for one with it: nobody stays slow for a whole call."""
        earlier = next((pause_ms for pause_ms in self._spoken if pause_ms > _USUAL_MS), None)
        if earlier is not None and not self._has_hesitated:
            self._spoken.remove(earlier)
        self._has_hesitated = False

    def wait_ms(self, usual_ms: int) -> int:
        """How long to wait at the end of a sentence for which `usual_ms` is right with most callers."""
        longest_ms = max(self._spoken, default=_USUAL_MS)
        if len(self._spoken) >= _FLUENT_PAUSES_MIN and longest_ms <= _FLUENT_MAX_MS:
            return round(usual_ms * _FLUENT_FACTOR)
        longer_ms = usual_ms * min(_LONGER_MAX, _LONGER_PER_MS * max(0, longest_ms - _USUAL_MS))
        if len(self._spoken) >= _SLOW_PAUSES_MIN:  # who pauses at every word is not done at the next pause
            habit_ms = _OVER_HABIT * median(self._spoken) - usual_ms
            longer_ms = max(longer_ms, min(_HABIT_MAX_MS, habit_ms))
        return round(usual_ms + longer_ms)

    def dictation_wait_ms(self, usual_ms: int) -> int:
        """How long to wait within a number, a spelling or a message; from the longest pause, once two are known."""
        if len(self._dictated) < _DICTATED_PAUSES_MIN:
            return usual_ms
        least, most = (share * usual_ms for share in _DICTATED_SHARES)
        return round(min(most, max(least, _OVER_LONGEST * max(self._dictated))))
