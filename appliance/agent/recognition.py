"""The words of one turn: an open recogniser, and a narrow one beside it while few words can be meant.

Both hear the same sound; which of the two to believe is decided in `conversation.vocabulary`.
"""

from __future__ import annotations

from appliance.conversation.vocabulary import better_of, words_for
from appliance.domain.expectation import Expectation
from appliance.engines.ports import Heard, Recogniser, RecogniserModel


class Listener:
    """The recognisers of one call. One thread owns it."""

    def __init__(self, model: RecogniserModel) -> None:
        self._model = model
        self._open = model.open()
        self._narrow: Recogniser | None = None
        self._expectation = Expectation.ANYTHING

    def expect(self, expectation: Expectation) -> None:
        """What was asked: from now on this is what may be meant. Words heard narrowly before are forgotten."""
        if expectation is self._expectation:
            return
        self._expectation = expectation
        words = words_for(expectation)
        self._narrow = self._model.open(words) if words else None

    def feed(self, pcm: bytes) -> None:
        """Take sound of the turn under way."""
        self._open.feed(pcm)
        if self._narrow is not None:
            self._narrow.feed(pcm)

    def believed(self) -> str:
        """The words so far; the next sound may change them."""
        heard = self._open.partial()
        return better_of(heard, self._narrow.partial()) if self._narrow is not None else heard

    def finish(self) -> Heard:
        """The final words of everything fed since the last `finish`."""
        heard = self._open.finish()
        if self._narrow is None:
            return heard
        narrow = self._narrow.finish()
        text = better_of(heard.text, narrow.text)
        return Heard(text, heard.confidence if text == heard.text else narrow.confidence)
