"""What every `SpeechDetector` must do; subclassed with the fixtures `new` (makes one) and `speech`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from appliance.domain.sound import FRAME_BYTES, SILENCE
from appliance.engines.ports import SpeechDetector

New = Callable[[], SpeechDetector]


def probabilities(detector: SpeechDetector, pcm: bytes) -> list[float]:
    """One for each whole tick of `pcm`."""
    whole = len(pcm) - len(pcm) % FRAME_BYTES
    return [detector.speech_probability(pcm[at : at + FRAME_BYTES]) for at in range(0, whole, FRAME_BYTES)]


class SpeechDetectorContract:
    """The suite."""

    def test_it_answers_every_tick_with_a_probability(self, new: New, speech: bytes) -> None:
        assert all(0 <= one <= 1 for one in probabilities(new(), speech))

    def test_silence_is_no_speech(self, new: New) -> None:
        assert max(probabilities(new(), SILENCE * 100)) < 0.5

    def test_speech_is_mostly_speech(self, new: New, speech: bytes) -> None:
        assert np.mean(np.array(probabilities(new(), speech)) > 0.5) > 0.6

    def test_it_lets_go_when_speech_ends(self, new: New, speech: bytes) -> None:
        assert max(probabilities(new(), speech + SILENCE * 50)[-25:]) < 0.5

    def test_two_streams_do_not_share_what_they_remember(self, new: New, speech: bytes) -> None:
        listening, resting = new(), new()
        probabilities(listening, speech)
        assert probabilities(resting, SILENCE * 10) == probabilities(new(), SILENCE * 10)
