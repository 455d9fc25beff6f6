"""What every `WakeWord` must do; subclassed with the fixtures `new`, `word` (the wake word) and `other` (speech)."""

from __future__ import annotations

from collections.abc import Callable

from appliance.domain.sound import FRAME_BYTES, SILENCE
from appliance.engines.ports import WakeWord

New = Callable[[], WakeWord]
CALM = SILENCE * 75


def likelihoods(listener: WakeWord, pcm: bytes) -> list[float]:
    """One for each whole tick of `pcm`."""
    whole = len(pcm) - len(pcm) % FRAME_BYTES
    return [listener.likelihood(pcm[at : at + FRAME_BYTES]) for at in range(0, whole, FRAME_BYTES)]


class WakeWordContract:
    """The suite."""

    def test_it_hears_its_word(self, new: New, word: bytes) -> None:
        assert max(likelihoods(new(), CALM + word + CALM)) > 0.7

    def test_it_hears_it_a_second_time(self, new: New, word: bytes) -> None:
        listener = new()
        assert all(max(likelihoods(listener, word + CALM)) > 0.7 for _ in range(2))

    def test_silence_is_not_its_word(self, new: New) -> None:
        assert max(likelihoods(new(), CALM)) < 0.2

    def test_other_words_are_not_its_word(self, new: New, other: bytes) -> None:
        assert max(likelihoods(new(), CALM + other + CALM)) < 0.5

    def test_what_was_forgotten_is_not_heard(self, new: New, word: bytes) -> None:
        listener = new()
        scores = likelihoods(listener, CALM + word + CALM)
        heard = next(at for at, score in enumerate(scores) if score > 0.7)
        again = new()
        likelihoods(again, (CALM + word)[: heard * FRAME_BYTES])
        again.forget()
        assert max(likelihoods(again, CALM)) < 0.2

    def test_two_streams_do_not_share_what_they_heard(self, new: New, word: bytes) -> None:
        listening, resting = new(), new()
        likelihoods(listening, CALM + word)
        assert max(likelihoods(resting, CALM)) < 0.2
