"""The agent's word for whoever observes: one packet for each who connects, true at the moment it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from appliance.agent.telling import Telling
from appliance.clock import SetClock
from appliance.conversation.degradation import Level, Standing
from appliance.domain import events as ev
from appliance.observe.asking import ask
from appliance.ops.metrics import Figures

BEAT = ev.LineBeat(1, (50, 0, 0, 0, 0, 0, 0, 0, 0), 12.0)


def telling(folder: Path, clock: SetClock, **how: Callable[[], bool]) -> Telling:
    return Telling(
        folder,
        Figures(),
        clock,
        show=lambda: (Standing(Level.KEYS, ("recogniser",)), 2),
        mind_is_up=how.get("mind_is_up", lambda: True),
        unwritten=how.get("unwritten", lambda: False),
    )


def test_who_connects_is_told_how_things_stand(folder: Path):
    async def told():
        one = telling(folder, SetClock(datetime(2026, 11, 22, tzinfo=UTC)))
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(one.run())
            answers = [await asyncio.to_thread(ask, folder, 60.0) for _ in range(3)]
            serving.cancel()
        one.close()
        return answers

    answers = asyncio.run(told())
    assert None not in answers
    assert answers[0].state.level == "keys"
    assert answers[0].state.because == ("recogniser",)
    assert answers[0].state.calls == 2
    assert "attendant_response_gap_seconds" in answers[2].metrics


def test_nobody_there_is_no_answer(folder: Path):
    assert ask(folder) is None


def test_a_loop_that_is_stuck_is_no_answer(folder: Path):
    one = telling(folder, SetClock(datetime(2026, 11, 22, tzinfo=UTC)))
    try:
        assert ask(folder, 0.05) is None  # the door is there, but nobody runs
    finally:
        one.close()


def test_the_line_is_as_old_as_its_last_beat(folder: Path):
    clock = SetClock(datetime(2026, 11, 22, tzinfo=UTC))
    one = telling(folder, clock)
    try:
        assert one.state().beat_s is None
        one.of_the_line(ev.LineReady("sip:x@127.0.0.1", 4, ("PCMU",), "1"))
        clock.advance(3)
        assert one.state().beat_s == 3
        one.of_the_line(BEAT)
        assert one.state().beat_s == 0
        assert "attendant_tick_late_seconds_count 50.0" in one.told().metrics
        one.line_lost()
        assert one.state().beat_s is None
    finally:
        one.close()


def test_the_registration_is_lost_from_the_moment_it_was(folder: Path):
    clock = SetClock(datetime(2026, 11, 22, tzinfo=UTC))
    one = telling(folder, clock)
    try:
        clock.advance(10)
        assert (one.state().registered, one.state().unregistered_s) == (None, 10)
        one.of_the_line(ev.RegistrationChanged(True, 200, "OK"))
        clock.advance(100)
        assert (one.state().registered, one.state().unregistered_s) == (True, 0)
        one.of_the_line(ev.RegistrationChanged(False, 408, "", 2.0))
        clock.advance(20)
        one.of_the_line(ev.RegistrationChanged(False, 408, "", 4.0))
        clock.advance(5)
        assert (one.state().registered, one.state().unregistered_s) == (False, 25)
        one.line_lost()
        clock.advance(1)
        assert (one.state().registered, one.state().unregistered_s) == (None, 26)
    finally:
        one.close()


def test_the_ends_of_answers_and_the_turned_away_are_counted(folder: Path):
    one = telling(folder, SetClock(datetime(2026, 11, 22, tzinfo=UTC)))
    try:
        one.composed(ev.ReplySentence("c", 1, "words"))
        one.composed(ev.ReplyEnded("c", 1, "done", 10, 400, 1300))
        one.of_the_line(ev.CallTurnedAway("c", "", "", "", 486, 2))
        figures = one.told().metrics
        assert 'attendant_llm_answers_total{outcome="done"} 1.0' in figures
        assert 'attendant_calls_rejected_total{reason="busy"} 2.0' in figures
        assert "words" not in figures
    finally:
        one.close()
