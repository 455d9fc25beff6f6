"""The mouth: sentences in order, pieces of whole frames, stop at once, progress in shares of the sentence."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from appliance.agent.speaking import Mouth
from appliance.agent.voicing import VoiceQueue, Voicing
from appliance.domain.call import TurnClass
from appliance.domain.commands import SoundToSpeak, Speak
from appliance.domain.events import SpeechPlayed, SpokenTo, VoiceReady
from appliance.domain.sound import FRAME_BYTES
from appliance.errors import EngineFault
from tests.fakes.voice import FakeVoice


def speak(number: int, text: str) -> Speak:
    return Speak("call", number, 1, text, TurnClass.PHRASE)


class Scene:
    """A mouth with everything it does written down."""

    def __init__(self, voice, workers):
        self.sent: list[SoundToSpeak] = []
        self.told: list[VoiceReady | SpeechPlayed] = []
        self.mouth = Mouth(
            "call",
            Voicing("call", VoiceQueue(voice, workers)),
            send=self.sent.append,
            tell=self.told.append,
            now_tick=lambda: 7,
        )

    async def say(self, *sentences: Speak) -> None:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(self.mouth.run())
            for sentence in sentences:
                self.mouth.say(sentence)
            await self.mouth.all_sent()
            running.cancel()


def act(voice, *sentences, before=lambda scene: None) -> Scene:
    async def play():
        with ThreadPoolExecutor(2) as workers:
            scene = Scene(voice, workers)
            before(scene)
            await scene.say(*sentences)
            return scene

    return asyncio.run(play())


def test_sound_goes_out_in_order_whole_and_closed():
    voice = FakeVoice()
    scene = act(voice, speak(1, "Hello there. How are you?"), speak(2, "Goodbye."))
    assert [(sound.speech, sound.last) for sound in scene.sent if sound.last] == [(1, True), (2, True)]
    numbers = [sound.speech for sound in scene.sent]
    assert numbers == sorted(numbers)
    for number, text in ((1, "Hello there. How are you?"), (2, "Goodbye.")):
        pcm = b"".join(sound.pcm for sound in scene.sent if sound.speech == number)
        assert pcm == b"".join(FakeVoice().speak(text))
    assert all(len(sound.pcm) % FRAME_BYTES == 0 for sound in scene.sent if not sound.last)
    assert [event.speech for event in scene.told if isinstance(event, VoiceReady)] == [1, 2]


def test_stopping_throws_away_what_is_queued():
    scene = act(
        FakeVoice(), before=lambda scene: (scene.mouth.say(speak(1, "Never said.")), scene.mouth.stop())
    )
    assert scene.sent == []


def test_progress_is_a_share_of_the_sentence():
    scene = act(FakeVoice(), speak(1, "one two three four"))
    length = sum(len(sound.pcm) for sound in scene.sent) // FRAME_BYTES
    scene.mouth.played(SpokenTo("call", 1, length // 2, 100))
    scene.mouth.played(SpokenTo("call", 1, length, 120, over=True))
    half, whole = [event for event in scene.told if isinstance(event, SpeechPlayed)]
    assert half.share == pytest.approx(0.5, abs=0.05)
    assert not half.over
    assert (whole.share, whole.over) == (1.0, True)


def test_a_flushed_sentence_is_over_and_not_whole():
    scene = act(FakeVoice(), speak(1, "one two three four"))
    scene.mouth.played(SpokenTo("call", 1, 8, 100, over=True, flushed=True))
    played = scene.told[-1]
    assert isinstance(played, SpeechPlayed)
    assert played.over
    assert 0 < played.share < 1


def test_a_voice_that_fails_closes_the_sentence_and_the_next_one_is_said():
    class Hoarse(FakeVoice):
        def speak(self, text, pace_percent=100):
            if "broken" in text:
                raise EngineFault("the voice broke")
            return super().speak(text)

    scene = act(Hoarse(), speak(1, "broken"), speak(2, "fine"))
    assert [(sound.speech, sound.last) for sound in scene.sent if sound.last] == [(1, True), (2, True)]
    assert sum(len(sound.pcm) for sound in scene.sent if sound.speech == 2) > 0
