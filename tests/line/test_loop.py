"""The loop without a network: a phone that writes down its orders, a clock that is set, a real link."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.clock import SetClock, SystemClock
from appliance.domain.call import LineQuality
from appliance.domain.commands import (
    AnswerCall,
    DialColleague,
    GoOnSpeaking,
    HangUp,
    HoldSpeaking,
    JoinCalls,
    SoundToSpeak,
)
from appliance.domain.events import (
    CallerHungUp,
    CallOffered,
    CallsJoined,
    ColleagueAnswered,
    ColleagueGone,
    ColleaguePressed,
    ColleagueRings,
    LineReady,
    RegistrationChanged,
)
from appliance.domain.sound import SILENCE, FrameHeard
from appliance.line.alone import Alone
from appliance.line.loop import AgentCame, AgentWent, Beat, CallLoop
from appliance.line.playout import HOLD_TICKS_MAX
from appliance.line.registration import Registration
from appliance.line.switchboard import AGENT_AT_RING_S
from appliance.line.unserved import Unserved
from appliance.link import BlockingLink, dial
from appliance.ops.prepared import PreparedSounds
from appliance.settings import Audio
from appliance.sip import words
from appliance.store.left_behind import LeftBehind
from tests.fakes.menu_sounds import MENU, spoken
from tests.fakes.scripted_agent import ScriptedAgent


class _Phone:
    """Writes its orders down."""

    def __init__(self) -> None:
        self.orders: list[tuple[Any, ...]] = []
        self._changed = threading.Condition()

    def __getattr__(self, order: str) -> Any:
        def write_down(*arguments: Any) -> None:
            with self._changed:
                self.orders.append((order, *arguments))
                self._changed.notify_all()

        return write_down

    def wait_for(self, *order: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: order in self.orders, 10), self.orders


class _Bench:
    def __init__(self, folder: Path) -> None:
        self.clock = SetClock(datetime(2026, 11, 21, tzinfo=UTC))
        self.phone = _Phone()
        self.alive = threading.Semaphore(0)
        self.agent = ScriptedAgent(folder / "agent.sock")
        self.link = BlockingLink(dial(folder / "agent.sock"))
        self.stop = threading.Event()
        self.left = LeftBehind(folder)
        self.said: list[str] = []
        self.loop = CallLoop(
            audio=Audio(),
            prepared=folder,
            alone=Alone(PreparedSounds(folder), self.left, self.clock),
            unserved=Unserved(self.left, self.clock),
            registration=Registration(2.0, 300.0),
            clock=self.clock,
            jitter=lambda: 0.0,
            alive=self.alive.release,
            say=self.said.append,
        )
        ready = LineReady("sip:box", 4, ("PCMU",), "test")
        self._thread = threading.Thread(target=self.loop.run, args=(self.phone, ready, self.stop))
        self._thread.start()

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for a condition, not for a time."""
        deadline = SystemClock().monotonic_s() + 10
        while not true():
            assert SystemClock().monotonic_s() < deadline
            threading.Event().wait(0.005)

    def close(self) -> None:
        self.stop.set()
        self._thread.join(5)
        self.link.close()
        self.left.close()
        self.agent.die()


@pytest.fixture
def bench(folder: Path) -> Iterator[_Bench]:
    """A running loop with an agent."""
    bench = _Bench(folder)
    bench.loop.put(AgentCame(bench.link))
    bench.agent.wait_for(LineReady)
    yield bench
    bench.close()


def test_a_call_from_ring_to_end(bench: _Bench) -> None:
    tap = bench.loop.new_tap("c")
    bench.loop.put(words.Rang("c", "100", "200"))
    bench.agent.wait_for(CallOffered)
    bench.loop.put(AnswerCall("c"))
    bench.phone.wait_for("answer", "c")
    assert bench.phone.orders[0] == ("ring", "c")
    tap.next_spoken()
    tap.put_heard(b"\1" * len(SILENCE))
    frame = bench.agent.wait_for(FrameHeard)
    assert (frame.tick, frame.heard, frame.spoken) == (0, b"\1" * len(SILENCE), SILENCE)
    bench.clock.advance(0.033)
    tap.next_spoken()
    bench.loop.put(words.Ended("c", 200, "OK", LineQuality(codec="PCMU", packets_received=9)))
    over = bench.agent.wait_for(CallerHungUp)
    assert (over.tick, over.status, over.quality.packets_received) == (0, 200, 9)
    quality = over.quality
    assert quality.tick_late_p50_ms < 1.0
    assert (quality.tick_late_p99_ms, quality.tick_late_worst_ms) == (13.0, 13.0)


def test_hold_and_go_on_reach_the_caller(bench: _Bench) -> None:
    tap = bench.loop.new_tap("c")
    loud = b"\1" * len(SILENCE)
    bench.loop.put(SoundToSpeak("c", 1, loud * 9))
    bench.loop.put(HoldSpeaking("c"))
    bench.loop.put(SoundToSpeak("c", 1, loud, last=True))
    bench.until(lambda: tap.held)
    assert loud not in [tap.next_spoken() for _ in range(3)]
    assert not tap.idle
    bench.loop.put(GoOnSpeaking("c"))
    bench.until(lambda: not tap.held)
    assert [tap.next_spoken() for _ in range(10)] == [loud] * 10
    assert tap.idle


def test_hang_up_while_held_says_the_rest_first(bench: _Bench) -> None:
    tap = bench.loop.new_tap("c")
    bench.loop.put(words.Rang("c", "100", "200"))
    bench.agent.wait_for(CallOffered)
    bench.loop.put(AnswerCall("c"))
    loud = b"\1" * len(SILENCE)
    tap.put(SoundToSpeak("c", 1, loud * 3, last=True))
    tap.hold()
    bench.loop.put(HangUp("c"))
    handed = [tap.next_spoken() for _ in range(HOLD_TICKS_MAX + 20)]
    bench.phone.wait_for("hang_up", "c")
    assert handed[-20:-17] == [loud] * 3
    assert handed.count(loud) == 3


def test_a_refused_registration_is_tried_again_when_its_time_has_come(bench: _Bench) -> None:
    bench.loop.put(words.RegistrationAnswered(False, 403, "Forbidden"))
    assert bench.agent.wait_for(RegistrationChanged) == RegistrationChanged(False, 403, "Forbidden", 2.0)
    assert bench.phone.orders == []
    bench.clock.advance(2.0)
    bench.phone.wait_for("register")


def test_a_new_agent_learns_how_we_are_registered(bench: _Bench) -> None:
    bench.loop.put(words.RegistrationAnswered(True, 200, "OK"))
    bench.agent.wait_for(RegistrationChanged)
    bench.loop.put(AgentCame(bench.link))
    bench.agent.wait_for(RegistrationChanged, lambda _: len(bench.agent.all(LineReady)) == 2)
    assert bench.agent.all(CallOffered) == []


def test_it_is_alive_only_while_it_and_the_telephone_turn(bench: _Bench) -> None:
    assert not bench.alive.acquire(timeout=0.3)
    bench.clock.advance(1.0)
    bench.loop.put(Beat())
    assert bench.alive.acquire(timeout=10)


def test_sound_that_stands_still_counts_as_dead(bench: _Bench) -> None:
    bench.loop.new_tap("c")
    bench.loop.put(words.Rang("c", "100", "200"))
    bench.agent.wait_for(CallOffered)
    bench.loop.put(AnswerCall("c"))
    bench.phone.wait_for("answer", "c")
    bench.loop.put(words.Confirmed("c"))
    bench.clock.advance(20.0)
    bench.loop.put(Beat())
    assert not bench.alive.acquire(timeout=0.3)


def test_a_colleague_is_called_for_a_caller_and_lost_with_them(bench: _Bench) -> None:
    tap = bench.loop.new_tap("c")
    bench.loop.put(words.Rang("c", "100", "200"))
    bench.agent.wait_for(CallOffered)
    bench.loop.put(AnswerCall("c"))
    bench.loop.put(DialColleague("c", "c+1", "101", 20_000))
    bench.phone.wait_for("dial_for", "c", "c+1", "101")
    leg = bench.loop.new_tap("c+1")
    bench.loop.put(words.Progressed("c+1", 180))
    bench.loop.put(words.Confirmed("c+1"))
    bench.agent.wait_for(ColleagueRings)
    assert bench.agent.wait_for(ColleagueAnswered) == ColleagueAnswered("c", "c+1")
    leg.next_spoken()
    leg.put_heard(b"\1" * len(SILENCE))
    heard = bench.agent.wait_for(FrameHeard, lambda frame: frame.call_id == "c+1")
    assert heard.cleaned == heard.heard, "nobody listens to a colleague for words"
    bench.loop.put(words.DigitCame("c+1", "1", "rtp"))
    assert bench.agent.wait_for(ColleaguePressed).digit == "1"
    tap.next_spoken()
    bench.loop.put(words.Ended("c", 200, "OK", LineQuality()))
    bench.phone.wait_for("hang_up", "c+1")
    bench.loop.put(words.Ended("c+1", 200, "OK", LineQuality()))
    assert bench.agent.wait_for(ColleagueGone) == ColleagueGone("c", "c+1", 200)


def test_what_two_people_say_to_each_other_is_theirs(bench: _Bench) -> None:
    tap = bench.loop.new_tap("c")
    bench.loop.put(words.Rang("c", "100", "200"))
    bench.loop.put(AnswerCall("c"))
    bench.loop.put(DialColleague("c", "c+1", "101", 20_000))
    bench.loop.new_tap("c+1")
    bench.loop.put(words.Confirmed("c+1"))
    bench.agent.wait_for(ColleagueAnswered)
    bench.loop.put(JoinCalls("c", "c+1"))
    bench.phone.wait_for("join", "c", "c+1")
    bench.loop.put(words.Joined("c", "c+1"))
    bench.agent.wait_for(CallsJoined)
    tap.next_spoken()
    tap.put_heard(b"\1" * len(SILENCE))
    bench.loop.put(words.Ended("c+1", 200, "OK", LineQuality()))
    bench.phone.wait_for("hang_up", "c")
    assert bench.agent.all(FrameHeard) == []


def test_without_an_agent_a_caller_is_served_by_keys_and_given_back(folder: Path) -> None:
    PreparedSounds(folder).write(*MENU)
    bench = _Bench(folder)
    try:
        tap = bench.loop.new_tap("c")
        bench.loop.put(words.Rang("c", "100", "200"))
        bench.phone.wait_for("ring", "c")
        bench.clock.advance(AGENT_AT_RING_S)
        bench.phone.wait_for("answer", "c")
        bench.loop.put(words.Confirmed("c"))
        bench.until(lambda: not tap.idle)
        assert spoken(tap) == ["menu_welcome", "menu_offer_hours", "menu_offer_message", "menu_offer_person"]
        bench.until(lambda: tap.idle or not tap.next_spoken())
        bench.loop.put(words.DigitCame("c", "3", "rtp"))
        bench.until(lambda: not tap.idle)
        assert "menu_person" in spoken(tap)
        bench.until(lambda: ("refer", "c", "101") in bench.phone.orders or not tap.next_spoken())
        bench.loop.put(words.ReferAnswered("c", 486, True))
        bench.until(lambda: not tap.idle)
        assert "menu_nobody" in spoken(tap)
        bench.loop.put(AgentCame(bench.link))
        offered = bench.agent.wait_for(CallOffered)
        assert (offered.call_id, offered.resumed) == ("c", True)
        bench.until(lambda: tap.idle)
    finally:
        bench.close()
    [left] = LeftBehind(folder).calls()
    assert (left.call_id, left.caller, left.given_back) == ("c", "100", True)


def test_the_operator_is_told_when_nobody_serves_the_callers(bench: _Bench) -> None:
    bench.loop.put(AgentWent(bench.link))
    bench.until(lambda: any("sent away" in line for line in bench.said))
    assert "it serves the calls" in bench.said[0]
