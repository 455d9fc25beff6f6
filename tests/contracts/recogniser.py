"""What every `RecogniserModel` must do; subclassed with the fixtures `model` and `say` (words to samples)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from appliance.domain.sound import FRAME_BYTES, SAMPLE_RATE_HZ, SILENCE
from appliance.engines.ports import Heard, Recogniser, RecogniserModel

Say = Callable[[str], bytes]
SENTENCE = "what time do you open on saturday"
UNKNOWN = "[unk]"  # what a closed grammar makes of other words
ANOTHER = "please tell maria to call me back tomorrow"
PAUSE = SILENCE * 100  # two seconds


def heard(stream: Recogniser, pcm: bytes, piece_bytes: int = FRAME_BYTES) -> Heard:
    """What a stream makes of `pcm`, fed in pieces."""
    for start in range(0, len(pcm), piece_bytes):
        stream.feed(pcm[start : start + piece_bytes])
    return stream.finish()


class RecogniserContract:
    """The suite."""

    def test_it_has_a_name_for_the_record(self, model: RecogniserModel) -> None:
        assert model.name

    def test_words_are_heard(self, model: RecogniserModel, say: Say) -> None:
        result = heard(model.open(), say(SENTENCE))
        assert result.text == SENTENCE
        assert 0.5 < result.confidence <= 1

    @pytest.mark.parametrize("seconds", [0, 1, 5])
    def test_silence_is_no_words(self, model: RecogniserModel, seconds: int) -> None:
        assert heard(model.open(), bytes(2 * SAMPLE_RATE_HZ * seconds)) == Heard("", 0.0)

    def test_partials_grow_to_the_final_text(self, model: RecogniserModel, say: Say) -> None:
        stream, pcm, partials = model.open(), say(SENTENCE), []
        for start in range(0, len(pcm), FRAME_BYTES):
            stream.feed(pcm[start : start + FRAME_BYTES])
            partials.append(stream.partial())
        assert any("what time" in partial for partial in partials[:-1])
        assert stream.finish().text == SENTENCE

    def test_the_size_of_the_pieces_makes_no_difference(self, model: RecogniserModel, say: Say) -> None:
        pcm = say(SENTENCE)
        results = {heard(model.open(), pcm, size) for size in (FRAME_BYTES, 111, 8000, len(pcm))}
        assert len(results) == 1

    def test_after_the_end_it_begins_afresh(self, model: RecogniserModel, say: Say) -> None:
        stream = model.open()
        assert heard(stream, say(SENTENCE)).text == SENTENCE
        assert stream.partial() == ""
        assert stream.finish() == Heard("", 0.0)
        assert heard(stream, say(ANOTHER)).text == ANOTHER

    def test_a_pause_does_not_cut_what_was_said(self, model: RecogniserModel, say: Say) -> None:
        pcm = say(SENTENCE) + PAUSE + say(ANOTHER) + PAUSE
        assert heard(model.open(), pcm).text == f"{SENTENCE} {ANOTHER}"

    def test_with_words_given_nothing_else_is_heard(self, model: RecogniserModel, say: Say) -> None:
        grammar = ["yes", "no", "please"]
        assert heard(model.open(grammar), say("yes please")).text == "yes please"
        assert set(heard(model.open(grammar), say(SENTENCE)).text.split()) <= {*grammar, UNKNOWN}

    def test_streams_do_not_hear_each_other(self, model: RecogniserModel, say: Say) -> None:
        pcm = [say(SENTENCE), say(ANOTHER), say(SENTENCE), bytes(16000)]
        with ThreadPoolExecutor(4) as threads:
            texts = list(threads.map(lambda sound: heard(model.open(), sound).text, pcm))
        assert texts == [SENTENCE, ANOTHER, SENTENCE, ""]
