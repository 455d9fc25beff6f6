"""The ear: sound in, what the caller did out; the first words are kept, what was nothing is not told."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
from tests.fakes.finder import NearestExamples
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.vectors import FakeVectors
from tests.fakes.voice import FakeVoice

LIMITS = Turns()


def make_ear(finder=None) -> Ear:
    return Ear(
        "call",
        FakeDetector(),
        TurnWords("call", Listener(FakeRecogniserModel()), finder),
        TurnTaker(LIMITS),
        Interruption(),
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
    assert utterance.decided_tick == utterance.ended_tick + ticks(LIMITS.question_silence_ms)


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
    assert utterance.decided_tick - utterance.ended_tick == ticks(LIMITS.understood_silence_ms)


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


def test_the_recogniser_is_asked_for_its_last_word_before_the_wait_is_over(monkeypatch):
    """Its last word costs it some 40 ms: they pass while we wait anyway, and the answer is prepared for it."""
    asked_at: list[int] = []
    tick = 0
    finish = Listener.finish

    def counted(listener: Listener):
        asked_at.append(tick)
        return finish(listener)

    monkeypatch.setattr(Listener, "finish", counted)
    ear, events = make_ear(), []
    for frame in frames("can i pay by card"):
        tick = frame.tick
        events += ear.hear(frame)
    utterance = next(event for event in events if isinstance(event, ev.UtteranceHeard))
    assert asked_at == [utterance.decided_tick - 2, utterance.decided_tick]


@pytest.mark.parametrize("resumed_after", [-4, -3, -2])
def test_who_goes_on_while_the_last_word_is_asked_for_loses_none(resumed_after):
    pause = ticks(LIMITS.question_silence_ms) + resumed_after
    ear = make_ear()
    heard = [*frames("can i pay by card", after=pause), *frames("or by check", before=0)]
    events = hear(ear, [replace(frame, tick=tick) for tick, frame in enumerate(heard)])
    assert [e.text for e in events if isinstance(e, ev.UtteranceHeard)] == ["can i pay by card or by check"]


def over_us(ear: Ear, text: str, *, holds: bool = True):
    """What is heard while we speak; we fall silent while the ear is in doubt, as the line does."""
    loud = b"\1\1" * (FRAME_BYTES // 2)
    events, spoken = [], loud
    for frame in frames(text):
        heard = ear.hear(replace(frame, spoken=spoken))
        events += heard
        for event in heard:
            if isinstance(event, ev.CallerMayInterrupt | ev.CallerInterrupted):
                spoken = SILENCE if holds else loud
            elif isinstance(event, ev.NobodyInterrupted):
                spoken = loud
    return events


def kinds(events, *wanted):
    return [type(event) for event in events if isinstance(event, wanted)]


OVER_US = (ev.CallerMayInterrupt, ev.NobodyInterrupted, ev.CallerInterrupted, ev.UtteranceHeard)


@pytest.mark.parametrize("holds", [True, False])
def test_words_over_ours_interrupt_once_and_are_heard_whole(holds):
    events = over_us(make_ear(), "wait i have another question", holds=holds)
    assert kinds(events, *OVER_US) == [ev.CallerMayInterrupt, ev.CallerInterrupted, ev.UtteranceHeard]
    assert events[-1].text == "wait i have another question"


def test_a_listener_who_nods_takes_no_turn():
    assert kinds(over_us(make_ear(), "okay"), *OVER_US) == [ev.CallerMayInterrupt, ev.NobodyInterrupted]


def test_the_same_word_is_a_nod_before_the_question_and_an_answer_after_it():
    ear = make_ear()
    ear.expect(Asked(Expectation.YES_NO))
    assert kinds(over_us(ear, "okay"), *OVER_US) == [ev.CallerMayInterrupt, ev.NobodyInterrupted]
    ear.question_heard()
    assert kinds(over_us(ear, "okay"), *OVER_US) == [
        ev.CallerMayInterrupt,
        ev.CallerInterrupted,
        ev.UtteranceHeard,
    ]
