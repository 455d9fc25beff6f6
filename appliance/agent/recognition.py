"""The words of one turn: an open recogniser, and a narrow one beside it while few words can be meant.

While anything may be said, a recogniser of what callers say here hears it a second time, for its meaning only.

Both hear the same sound; which of the two to believe is decided in `conversation.vocabulary`. Opening a narrow
one takes a millisecond and hearing with it a sixth of what the open one costs, so it is opened anew whenever
something else is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from appliance.conversation.vocabulary import believed, better_of, words_for
from appliance.domain.expectation import Expectation
from appliance.engines.ports import Heard, Recogniser, RecogniserModel, WordHeard


class Listener:
    """The recognisers of one call. One thread owns it."""

    def __init__(
        self, model: RecogniserModel, names: Sequence[str] = (), sayings: Sequence[str] = ()
    ) -> None:
        """`names` may be said wherever few words are expected (a directory, the staff).

        `sayings` are what callers say here (conversation.second_hearing); none: nothing is heard twice.
        """
        self._model = model
        self._names = names
        self._open = model.open()
        self._sayings = sayings
        self._again: Recogniser | None = None
        self._narrow: Recogniser | None = None
        self._expectation = Expectation.ANYTHING

    def expect(self, expectation: Expectation) -> None:
        """What was asked: from now on this is what may be meant. Words heard narrowly before are forgotten."""
        if expectation is self._expectation:
            return
        self._expectation = expectation
        words = words_for(expectation, self._names)
        self._narrow = self._model.open(words) if words else None

    def begin(self) -> None:
        """A turn begins: now that nobody waits, the second hearing says its last words of the one before."""
        if self._again is not None:
            self._again.finish()
        elif self._sayings:
            self._again = self._model.open(self._sayings)

    def feed(self, pcm: bytes) -> None:
        """Take sound of the turn under way."""
        self._open.feed(pcm)
        if self._again is not None and self._expectation is Expectation.ANYTHING:
            self._again.feed(pcm)
        if self._narrow is not None:
            self._narrow.feed(pcm)

    def believed(self) -> str:
        """The words so far; the next sound may change them."""
        heard = self._open.partial()
        if self._narrow is None:
            return heard
        return believed(heard, self._narrow.partial(), self._expectation)

    def heard_again(self) -> str:
        """What the second hearing believes of the whole turn so far; empty while something certain is expected."""
        if self._again is None or self._expectation is not Expectation.ANYTHING:
            return ""
        return self._again.partial()

    def finish(self) -> Heard:
        """The final words of everything fed since the last `finish`."""
        heard = self._open.finish()
        if self._narrow is None:
            return heard
        narrow = self._narrow.finish()
        words = better_of(heard.words, narrow.words, self._expectation)
        is_open = words is heard.words or not (words or narrow.words)  # a recogniser may tell no single words
        return heard if is_open else _of(words)


def _of(words: Sequence[WordHeard]) -> Heard:
    """What these words amount to."""
    confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
    return Heard(" ".join(word.word for word in words), confidence, tuple(words))
