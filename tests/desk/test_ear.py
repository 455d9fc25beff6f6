"""The desk's ear with fakes that hear what the fake voice says."""

from __future__ import annotations

from appliance.desk.ear import DeskEar, EarEvent
from appliance.desk.words import Ear, RequestHeard, SpeechStarted, WakeWordHeard
from appliance.domain.sound import FRAME_BYTES, SILENCE
from appliance.settings import Turns
from tests.fakes.detector import FakeDetector
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice
from tests.fakes.wake_word import FakeWakeWord


class SureWakeWord(FakeWakeWord):
    """Certain for as long as a real one is."""

    def likelihood(self, frame: bytes) -> float:
        certain = super().likelihood(frame)
        self._left_ticks += 12 if self._left_ticks == 4 else 0
        return certain


def new_ear() -> DeskEar:
    return DeskEar(SureWakeWord(), FakeDetector, FakeRecogniserModel(), Turns(), wake_threshold=0.7)


def hear(ear: DeskEar, text: str, quiet_ticks: int = 100) -> list[EarEvent]:
    """Everything that comes of somebody saying `text`; the ear is woken when it says so, as the session does."""
    pcm = b"".join(FakeVoice().speak(text)) + SILENCE * quiet_ticks
    events: list[EarEvent] = []
    for at in range(0, len(pcm), FRAME_BYTES):
        for event in ear.hear(pcm[at : at + FRAME_BYTES]):
            events.append(event)
            if isinstance(event, WakeWordHeard):
                ear.attend(Ear.AWAKE)
    return events


def test_asleep_only_the_word_is_heard() -> None:
    assert hear(new_ear(), "any messages for me") == []


def test_the_word_and_the_request_in_one_breath() -> None:
    events = hear(new_ear(), "hey jarvis any messages")
    assert events[:2] == [WakeWordHeard(), SpeechStarted()]
    (heard,) = events[2:]
    assert isinstance(heard, RequestHeard)
    assert heard.text.endswith("any messages")


def test_the_word_a_pause_and_the_request() -> None:
    ear = new_ear()
    assert WakeWordHeard() in hear(ear, "hey jarvis")
    heard = hear(ear, "what is on at three")[-1]
    assert isinstance(heard, RequestHeard)
    assert heard.text.endswith("what is on at three")


def test_deaf_it_hears_nothing() -> None:
    ear = new_ear()
    ear.attend(Ear.DEAF)
    assert hear(ear, "hey jarvis any messages") == []


def test_what_was_said_before_it_slept_is_forgotten() -> None:
    ear = new_ear()
    ear.attend(Ear.AWAKE)
    hear(ear, "and then she", quiet_ticks=1)
    ear.attend(Ear.ASLEEP)
    ear.attend(Ear.AWAKE)
    assert hear(ear, "any messages")[-1] == RequestHeard("any messages")


def test_one_sure_moment_is_not_the_word() -> None:
    ear = DeskEar(FakeWakeWord(), FakeDetector, FakeRecogniserModel(), Turns(), wake_threshold=0.7)
    assert hear(ear, "jarvis") == []
