"""What every `Voice` must do; subclassed for the fakes and for the real ones, each with a `voice` fixture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.engines.ports import Voice

TWO_SENTENCES = "We are open today. Please come by."


def samples(voice: Voice, text: str) -> np.ndarray:
    """All of a text as one array of int16."""
    return np.frombuffer(b"".join(voice.speak(text)), dtype="<i2")


class VoiceContract:
    """The suite."""

    def test_it_has_a_name_for_the_record(self, voice: Voice) -> None:
        assert voice.name

    def test_a_sentence_is_audible_and_lasts_as_long_as_it_would_take_a_person(self, voice: Voice) -> None:
        sound = samples(voice, "We are open today.")
        assert 0.3 * SAMPLE_RATE_HZ < len(sound) < 5 * SAMPLE_RATE_HZ
        assert np.abs(sound.astype(np.int32)).max() > 3000

    def test_it_begins_within_two_ticks(self, voice: Voice) -> None:
        sound = np.abs(samples(voice, "We are open today.").astype(np.int32))
        assert sound[: 2 * SAMPLE_RATE_HZ // 50].max() > 100

    def test_sentences_come_one_by_one(self, voice: Voice) -> None:
        pieces = list(voice.speak(TWO_SENTENCES))
        assert len(pieces) == 2
        assert all(len(piece) % 2 == 0 and piece for piece in pieces)

    def test_a_slower_pace_takes_longer_and_the_usual_one_comes_back(self, voice: Voice) -> None:
        text = "We are open today until half past five."
        usual, slower, again = (
            len(np.frombuffer(b"".join(voice.speak(text, pace)), dtype="<i2")) for pace in (100, 80, 100)
        )
        assert 1.1 * usual < slower < 1.5 * usual
        assert again < 1.1 * usual

    def test_nothing_to_say_is_no_sound(self, voice: Voice) -> None:
        for text in ("", "   ", "...", "?!"):
            assert b"".join(voice.speak(text)) == b""

    def test_it_can_be_stopped_after_the_first_piece_and_speaks_again(self, voice: Voice) -> None:
        sound = voice.speak(TWO_SENTENCES)
        assert next(iter(sound))
        sound.close()  # type: ignore[attr-defined]  # every voice here is a generator
        assert list(voice.speak("Please come by."))

    def test_several_threads_may_speak_at_once(self, voice: Voice) -> None:
        texts = ["We are open today.", "Please.", "Good bye."]
        with ThreadPoolExecutor(3) as threads:
            lengths = list(threads.map(lambda text: len(samples(voice, text)), texts))
        alone = [len(samples(voice, text)) for text in texts]
        assert all(0.5 < together / single < 2 for together, single in zip(lengths, alone, strict=True))
