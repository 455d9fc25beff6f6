"""The supply of sound: prepared once, taken over as far as it has come, given up when nobody wants it."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from appliance.agent.voicing import VoiceQueue, Voicing
from appliance.errors import EngineFault
from tests.fakes.voice import FakeVoice

LIMIT_S = 10


def act(scene, voice=None):
    """Run `scene(voicing, voice)` with a voice in two worker threads."""
    voice = voice or FakeVoice()

    async def play():
        with ThreadPoolExecutor(2) as workers:
            async with asyncio.timeout(LIMIT_S):
                return await scene(Voicing("call", VoiceQueue(voice, workers)), voice)

    return asyncio.run(play())


async def sound_of(making) -> bytes:
    return b"".join([piece async for piece in making.sound()])


def test_what_was_prepared_is_made_once_and_ready_when_it_is_taken():
    async def scene(voicing, voice):
        voicing.prepare(["Monday at nine."])
        voicing.prepare(["Monday at nine."])
        making = voicing.take("Monday at nine.")
        return await sound_of(making), making.is_ready, voice.spoken

    sound, is_ready, spoken = act(scene)
    assert sound == b"".join(FakeVoice().speak("Monday at nine."))
    assert (is_ready, len(spoken)) == (True, 1)


def test_the_same_sentence_said_twice_is_made_twice():
    async def scene(voicing, voice):
        voicing.prepare(["Yes."])
        return await sound_of(voicing.take("Yes.")), await sound_of(voicing.take("Yes."))

    first, second = act(scene)
    assert first == second != b""


def test_a_sentence_at_another_pace_is_another_sound():
    async def scene(voicing, voice):
        voicing.prepare(["Monday at nine."], 50)
        return await sound_of(voicing.take("Monday at nine.")), await sound_of(
            voicing.take("Monday at nine.", 50)
        )

    usual, slow = act(scene)
    assert slow == b"".join(FakeVoice().speak("Monday at nine.", 50))
    assert len(slow) > len(usual) > 0


def test_old_guesses_give_way_and_end_for_whoever_waits():
    async def scene(voicing, voice):
        voicing.prepare(["old"])
        first = voicing._prepared["old", 100]
        voicing.prepare([f"guess {letter}" for letter in "abcdefghij"])
        return first.is_wanted(), await sound_of(first), await sound_of(voicing.take("guess j"))

    is_wanted, abandoned, newest = act(scene)
    assert not is_wanted
    assert abandoned == b""
    assert newest == b"".join(FakeVoice().speak("guess j"))


def test_whoever_waits_for_a_slow_voice_is_let_go_when_the_sentence_is_abandoned():
    class Slow(FakeVoice):
        let_go = threading.Event()

        def speak(self, text, pace_percent=100):
            yield b"\1\0" * 320
            self.let_go.wait(LIMIT_S)
            yield b"\2\0" * 320

    async def scene(voicing, voice):
        making = voicing.take("a long sentence")
        pieces = aiter(making.sound())
        first = await anext(pieces)
        making.abandon()
        rest = [piece async for piece in pieces]
        voice.let_go.set()
        return first, rest

    first, rest = act(scene, Slow())
    assert first == b"\1\0" * 320
    assert rest == []


class Gated(FakeVoice):
    """Makes one sentence at a time, each only when it is let; `began` holds their order."""

    def __init__(self):
        super().__init__()
        self.began: list[str] = []
        self.let_go = threading.Semaphore(0)

    def speak(self, text, pace_percent=100):
        self.began.append(text)
        self.let_go.acquire(timeout=LIMIT_S)
        yield from super().speak(text)


def test_an_order_goes_before_every_guess_and_only_one_guess_is_made_at_a_time():
    async def scene(voicing, voice):
        voicing.prepare(["one", "two", "three"])
        while not voice.began:
            await asyncio.sleep(0)
        ordered = voicing.take("order")
        while len(voice.began) < 2:
            await asyncio.sleep(0)
        voice.let_go.release(4)
        await sound_of(ordered)
        return await sound_of(voicing.take("three")), list(voice.began)

    sound, began = act(scene, Gated())
    assert began[:2] == ["one", "order"]
    assert sorted(began) == sorted(set(began))
    assert sound == b"".join(FakeVoice().speak("three"))


def test_a_guess_that_comes_true_is_brought_forward_and_made_once():
    async def scene(voicing, voice):
        voicing.prepare(["one", "two", "three"])
        while not voice.began:
            await asyncio.sleep(0)
        wanted = voicing.take("three")
        while len(voice.began) < 2:
            await asyncio.sleep(0)
        voice.let_go.release(3)
        await sound_of(wanted)
        await sound_of(voicing.take("two"))
        return list(voice.began)

    assert act(scene, Gated()) == ["one", "three", "two"]


def test_a_voice_that_breaks_in_a_guess_blocks_no_other():
    class Hoarse(FakeVoice):
        def speak(self, text, pace_percent=100):
            if text == "broken":
                raise EngineFault("the voice broke")
            return super().speak(text)

    async def scene(voicing, voice):
        voicing.prepare(["broken", "fine"])
        return await sound_of(voicing.take("broken")), await sound_of(voicing.take("fine"))

    broken, fine = act(scene, Hoarse())
    assert broken == b""
    assert fine == b"".join(FakeVoice().speak("fine"))
