"""The ear's thread: order kept, late sound dropped and counted, faults told."""

from __future__ import annotations

import threading

from appliance.agent.ear_thread import EarThread
from appliance.agent.hearing import Ear
from appliance.agent.recognition import Listener
from appliance.agent.turn_words import TurnWords
from appliance.conversation.interruption import Interruption
from appliance.conversation.turns import Asked, TurnTaker
from appliance.domain import events as ev
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, SILENCE, FrameHeard, ticks
from appliance.settings import Turns
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniser, FakeRecogniserModel
from tests.fakes.voice import FakeVoice

AFTER_TICKS = ticks(Turns().dictation_silence_ms) + 5


def make_ear(detector=None, recogniser=None) -> Ear:
    return Ear(
        "call",
        detector or FakeDetector(),
        TurnWords("call", Listener(recogniser or FakeRecogniserModel()), None),
        TurnTaker(Turns()),
        Interruption(),
        speech_threshold=0.5,
        now_tick=int,
    )


def frames(text: str, *, before: int = 30, after: int = AFTER_TICKS):
    """A caller who is silent, says `text`, and is silent again."""
    sound = b"".join(FakeVoice().speak(text)) if text else b""
    sound = SILENCE * before + sound + SILENCE * after
    pieces = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]
    return [FrameHeard("call", tick, piece, piece, SILENCE) for tick, piece in enumerate(pieces)]


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
    thread = EarThread(make_ear(recogniser=BrokenModel()), lambda _: None, failed.set)
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

    thread = EarThread(make_ear(detector=Slow()), tell, done.set)
    for frame in frames("", before=1001, after=0):
        thread.hear(frame)
    gate.set()
    assert done.wait(10)
    assert 490 <= thread.dropped_frames <= 501
    assert silent[-1] >= 990  # the newest sound is what was kept
