"""The ear: sound in, what the caller did out; first words kept, late sound dropped, faults told."""

from __future__ import annotations

import threading

import pytest

from appliance.agent.hearing import Ear, EarThread
from appliance.conversation.turns import Asked, TurnTaker
from appliance.domain import events as ev
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, SILENCE, FrameHeard, ticks
from appliance.engines.intent_finder import NearestExamples
from appliance.settings import Turns
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniser, FakeRecogniserModel
from tests.fakes.vectors import FakeVectors
from tests.fakes.voice import FakeVoice

LIMITS = Turns()


def make_ear(finder=None) -> Ear:
    return Ear(
        "call",
        FakeDetector(),
        FakeRecogniserModel(),
        TurnTaker(LIMITS),
        finder,
        speech_threshold=0.5,
        now_tick=lambda: 0,
    )


def frames(
    text: str, *, before: int = 30, after: int = ticks(LIMITS.dictation_silence_ms) + 5, spoken=SILENCE
):
    """A caller who is silent, says `text`, and is silent again."""
    sound = b"".join(FakeVoice().speak(text)) if text else b""
    sound = SILENCE * before + sound + SILENCE * after
    pieces = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]
    return [FrameHeard("call", tick, piece, piece, spoken) for tick, piece in enumerate(pieces)]


def hear(ear: Ear, heard):
    return [event for frame in heard for event in ear.hear(frame)]


def test_an_utterance_has_all_its_words_and_its_ticks():
    events = hear(make_ear(), frames("can i pay by card"))
    started = next(event for event in events if isinstance(event, ev.SpeechStarted))
    utterance = next(event for event in events if isinstance(event, ev.UtteranceHeard))
    assert utterance.text == "can i pay by card"
    assert started.tick == utterance.started_tick == 30
    assert utterance.ended_tick == 30 + 5 * 8 - 1
    assert utterance.decided_tick == utterance.ended_tick + ticks(LIMITS.end_silence_ms)


def test_partials_grow_and_are_told_once():
    events = hear(make_ear(), frames("one two three four"))
    partials = [event.text for event in events if isinstance(event, ev.PartialHeard)]
    assert partials == sorted(set(partials), key=len)
    assert partials[-1] == "one two three four"


def test_what_is_near_comes_with_the_words():
    finder = NearestExamples(FakeVectors(), {"fact:pay": ["can i pay by card"], "fact:hours": ["when open"]})
    events = hear(make_ear(finder), frames("can i pay by card"))
    utterance = next(event for event in events if isinstance(event, ev.UtteranceHeard))
    assert utterance.likely[0].intent == "fact:pay"
    assert utterance.likely[0].score == pytest.approx(1.0, abs=0.01)


def test_words_near_to_a_known_question_shorten_the_wait():
    finder = NearestExamples(FakeVectors(), {"fact:pay": ["can i pay by card"]})
    utterance = next(
        e for e in hear(make_ear(finder), frames("can i pay by card")) if isinstance(e, ev.UtteranceHeard)
    )
    assert utterance.decided_tick - utterance.ended_tick == ticks(LIMITS.complete_silence_ms)


def test_what_was_asked_shortens_the_wait():
    ear = make_ear()
    ear.expect(Asked(Expectation.YES_NO))
    utterance = next(e for e in hear(ear, frames("yes")) if isinstance(e, ev.UtteranceHeard))
    assert utterance.decided_tick - utterance.ended_tick == ticks(LIMITS.complete_silence_ms)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("my number is three oh three five five", "my number is three oh three five five"),
        ("what do you need that for", "what do you need that for"),
    ],
)
def test_a_narrow_recogniser_listens_along_for_numbers_and_gives_way_to_other_words(said, heard):
    ear = make_ear()
    ear.expect(Asked(Expectation.PHONE))
    utterance = next(e for e in hear(ear, frames(said)) if isinstance(e, ev.UtteranceHeard))
    assert utterance.text == heard


def test_speech_over_ours_interrupts():
    loud = b"\1\1" * (FRAME_BYTES // 2)
    events = hear(make_ear(), frames("wait wait wait wait", spoken=loud))
    assert sum(isinstance(event, ev.CallerInterrupted) for event in events) == 1


def test_the_thread_keeps_order_and_tells_everything():
    told, done = [], threading.Event()

    def tell(event):
        told.append(event)
        if isinstance(event, ev.UtteranceHeard):
            done.set()

    thread = EarThread(make_ear(), tell, failed=done.set)
    thread.expect(Asked(Expectation.ANYTHING))
    for frame in frames("hello there everybody"):
        thread.hear(frame)
    assert done.wait(10)
    thread.close()
    assert [event.text for event in told if isinstance(event, ev.UtteranceHeard)] == ["hello there everybody"]


def test_a_recogniser_that_breaks_is_told_not_swallowed(caplog):
    class Broken(FakeRecogniser):
        def feed(self, pcm):
            raise RuntimeError("recogniser broke")

    class BrokenModel(FakeRecogniserModel):
        def open(self, words=()):
            return Broken()

    failed = threading.Event()
    ear = Ear(
        "call", FakeDetector(), BrokenModel(), TurnTaker(LIMITS), None, speech_threshold=0.5, now_tick=int
    )
    thread = EarThread(ear, lambda _: None, failed.set)
    for frame in frames("hello"):
        thread.hear(frame)
    assert failed.wait(10)
    assert "ear failed" in caplog.text


def test_sound_that_cannot_be_kept_up_with_is_dropped_oldest_first_and_counted():
    gate = threading.Event()

    class Slow(FakeDetector):
        def speech_probability(self, frame):
            gate.wait(10)
            return 0.0

    silent: list[int] = []
    done = threading.Event()

    def tell(event):
        silent.append(event.tick)
        if event.tick >= 990:
            done.set()

    ear = Ear(
        "call", Slow(), FakeRecogniserModel(), TurnTaker(LIMITS), None, speech_threshold=0.5, now_tick=int
    )
    thread = EarThread(ear, tell, done.set)
    for frame in frames("", before=1001, after=0):
        thread.hear(frame)
    gate.set()
    assert done.wait(10)
    assert 490 <= thread.dropped_frames <= 501
    assert silent[-1] >= 990  # the newest sound is what was kept
