"""Engines watched: they work as before; what fails, or never ends, is told once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from appliance.agent.vitals import STUCK_AFTER_S, Vitals
from appliance.clock import SetClock
from appliance.conversation.degradation import Failed, HealthEvent, Part, Worked
from appliance.errors import EngineFault
from tests.fakes.broken import Broken
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture
def told() -> list[HealthEvent]:
    return []


@pytest.fixture
def vitals(clock: SetClock, told: list[HealthEvent]) -> Vitals:
    vitals = Vitals(clock)
    vitals.bind(told.append)
    return vitals


def test_what_works_works_as_before_and_says_nothing(vitals: Vitals, told: list[HealthEvent]) -> None:
    pcm = b"".join(vitals.voice(FakeVoice("joe")).speak("hello there."))
    stream = vitals.recogniser(FakeRecogniserModel("small")).open()
    stream.feed(pcm)
    assert stream.partial() == "hello there"
    assert stream.finish().text == "hello there"
    assert told == []


def test_names_are_those_of_the_engines(vitals: Vitals) -> None:
    assert vitals.voice(FakeVoice("joe")).name == "joe"
    assert vitals.recogniser(FakeRecogniserModel("small")).name == "small"


def test_a_failure_is_told_and_so_is_the_next_success(vitals: Vitals, told: list[HealthEvent]) -> None:
    engine = Broken()
    voice = vitals.voice(engine)
    with pytest.raises(EngineFault):
        list(voice.speak("hello"))
    assert told == [Failed(Part.VOICE, "RuntimeError")]
    engine.is_broken = False
    assert b"".join(voice.speak("hello"))
    assert b"".join(voice.speak("hello"))
    assert told[1:] == [Worked(Part.VOICE)]


def test_a_part_is_tried_out(vitals: Vitals, told: list[HealthEvent]) -> None:
    engine = Broken()
    vitals.recogniser(engine)
    vitals.try_out(Part.RECOGNISER)
    engine.is_broken = False
    vitals.try_out(Part.RECOGNISER)
    assert told == [Failed(Part.RECOGNISER, "RuntimeError"), Worked(Part.RECOGNISER)]


def test_a_success_is_told_of_every_try_out(vitals: Vitals, told: list[HealthEvent]) -> None:
    vitals.voice(FakeVoice())
    vitals.try_out(Part.VOICE)
    vitals.try_out(Part.VOICE)
    vitals.try_out(Part.MIND)
    assert told == [Worked(Part.VOICE)] * 2


def test_what_comes_to_no_end_is_told_once(vitals: Vitals, clock: SetClock, told: list[HealthEvent]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Stuck(FakeVoice):
        def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
            begun.set()
            go_on.wait(10)
            yield from super().speak(text)

    voice = vitals.voice(Stuck())
    speaking = threading.Thread(target=lambda: list(voice.speak("hello")))
    speaking.start()
    begun.wait(10)
    assert vitals.stuck() == []
    clock.advance(STUCK_AFTER_S + 0.1)
    assert vitals.stuck() == [Failed(Part.VOICE, "stuck")]
    assert vitals.stuck() == []
    go_on.set()
    speaking.join(10)
    assert told == [Worked(Part.VOICE)]


def test_reports_wait_until_somebody_listens(clock: SetClock, told: list[HealthEvent]) -> None:
    vitals = Vitals(clock)
    with pytest.raises(EngineFault):
        vitals.recogniser(Broken()).open()
    vitals.bind(told.append)
    assert told == [Failed(Part.RECOGNISER, "RuntimeError")]


def test_what_somebody_waited_for_is_told_with_how_long_it_took(clock: SetClock) -> None:
    took: list[tuple[Part, float]] = []
    vitals = Vitals(clock, lambda part, seconds: took.append((part, seconds)))
    stream = vitals.recogniser(FakeRecogniserModel("small")).open()
    stream.feed(bytes(640))
    stream.partial()
    assert took == []  # fifty times a second is nobody's wait
    stream.finish()
    pieces = vitals.voice(FakeVoice("joe")).speak("hello there.")
    next(pieces)
    clock.advance(5)  # the listener takes their time
    list(pieces)
    assert took == [(Part.RECOGNISER, 0.0), (Part.VOICE, 0.0)]
