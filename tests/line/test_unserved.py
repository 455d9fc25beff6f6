"""Who was turned away or gave up leaves a file each; a flood leaves a few, and the number of the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.bench.dialer import Dialer
from appliance.clock import SetClock, SystemClock
from appliance.domain.call import Disposition
from appliance.domain.events import CallerHungUp, CallTurnedAway, LineReady
from appliance.line.unserved import KEPT_AT_ONCE, KEPT_EVERY_S, Allowance, Unserved
from appliance.sip import words
from appliance.store.left_behind import LeftBehind, LeftCall
from tests.fakes.line_process import LineProcess
from tests.fakes.raw_sip import UNKNOWN_CODEC_SDP, RawSip
from tests.fakes.scripted_agent import ScriptedAgent

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def refused(number: int) -> words.TurnedAway:
    return words.TurnedAway(f"c{number:05}", f"+1303555{number:04}", "100", 486, f"dialog {number}")


class _Desk:
    def __init__(self, folder: Path) -> None:
        self.clock = SetClock(NOW)
        self.left = LeftBehind(folder)
        self.unserved = Unserved(self.left, self.clock)

    def kept(self) -> list[LeftCall]:
        self.unserved.close()
        self.left.close()
        return list(self.left.calls())


@pytest.fixture
def desk(folder: Path) -> _Desk:
    return _Desk(folder)


# --- what is kept ---------------------------------------------------------------------------------


def test_who_met_a_busy_line_is_told_of_and_kept(desk: _Desk) -> None:
    told = desk.unserved.refused(refused(1))
    assert told == CallTurnedAway("c00001", "+13035550001", "100", NOW.isoformat(), 486)
    [kept] = desk.kept()
    assert (kept.disposition, kept.refused_with, kept.times) == (Disposition.TURNED_AWAY, 486, 1)
    assert (kept.caller, kept.began_at, kept.ended_at) == ("+13035550001", NOW, NOW)


def test_an_invite_that_is_sent_again_is_no_second_call(desk: _Desk) -> None:
    assert desk.unserved.refused(refused(1)) is not None
    assert desk.unserved.refused(refused(1)) is None
    assert len(desk.kept()) == 1


def test_who_gave_up_while_it_rang_was_missed_from_the_first_ring_on(desk: _Desk) -> None:
    rang_at_s = desk.clock.monotonic_s()
    desk.clock.advance(2.5)
    desk.unserved.rang_in_vain(words.Rang("c1", "12", "100"), 487, rang_at_s)
    [kept] = desk.kept()
    assert kept.disposition is Disposition.MISSED
    assert (kept.began_at, kept.ended_at) == (NOW, NOW + timedelta(seconds=2.5))


def test_a_flood_leaves_some_files_and_then_one_for_all_others(desk: _Desk) -> None:
    told = [desk.unserved.refused(refused(number)) for number in range(5000)]
    assert [one is not None for one in told] == [True] * KEPT_AT_ONCE + [False] * (5000 - KEPT_AT_ONCE)
    kept = desk.kept()
    assert [one.times for one in kept] == [1] * KEPT_AT_ONCE + [5000 - KEPT_AT_ONCE]
    assert (kept[-1].caller, kept[-1].called) == ("", "")


def test_time_makes_a_flood_known_before_it_ends(desk: _Desk) -> None:
    for number in range(KEPT_AT_ONCE + 7):
        desk.unserved.refused(refused(number))
    desk.clock.advance(KEPT_EVERY_S)
    told = desk.unserved.passed(desk.clock.monotonic_s())
    assert told is not None
    assert (told.caller, told.status, told.times) == ("", 486, 7)
    assert desk.unserved.passed(desk.clock.monotonic_s()) is None
    desk.left.close()
    assert [one.times for one in desk.left.calls()][-1] == 7


@given(st.lists(st.floats(0.0, 100.0), max_size=300))
def test_never_more_is_allowed_than_at_once_and_one_a_while(waits_s: list[float]) -> None:
    allowance, now_s, taken = Allowance(), 0.0, 0
    for wait_s in waits_s:
        now_s += wait_s
        taken += allowance.take(now_s)
    assert taken <= KEPT_AT_ONCE + now_s / KEPT_EVERY_S + 1e-6


# --- the real thing -------------------------------------------------------------------------------


def until(true: Callable[[], bool]) -> None:
    deadline = SystemClock().monotonic_s() + 10
    while not true():
        assert SystemClock().monotonic_s() < deadline
        threading.Event().wait(0.01)


def told_of(agent: ScriptedAgent, number: str) -> bool:
    return (number, 486) in [(one.caller, one.status) for one in agent.all(CallTurnedAway)]


@pytest.mark.real
@pytest.mark.parametrize("places", [1, 4])
def test_more_callers_than_the_box_takes_are_on_file_with_their_numbers(folder: Path, places: int) -> None:
    """Refused by us, or by the library when the places it was compiled with are taken."""
    with ScriptedAgent(folder / "agent.sock") as agent, LineProcess(folder, sip={"max_calls": places}):
        uri = agent.wait_for(LineReady).sip_uri
        served = [Dialer(uri) for _ in range(places)]
        try:
            for dialer in served:
                assert dialer.__enter__().wait_for("accepted")
            for number in ("+13035550101", "+13035550102"):
                with Dialer(uri, user=number) as turned_away:
                    ended = turned_away.wait_end()
                assert ended is not None
                assert ended["status"] == 486
                until(partial(told_of, agent, number))
        finally:
            for dialer in served:
                dialer.__exit__(None, None, None)
        until(lambda: len(list(LeftBehind(folder).calls())) == 2)
    kept = list(LeftBehind(folder).calls())
    assert {one.caller for one in kept} == {"+13035550101", "+13035550102"}
    assert {(one.disposition, one.refused_with) for one in kept} == {(Disposition.TURNED_AWAY, 486)}


@pytest.mark.real
def test_an_offer_we_cannot_use_and_a_caller_without_an_agent_are_on_file(folder: Path) -> None:
    with LineProcess(folder), ScriptedAgent(folder / "agent.sock") as agent:
        uri = agent.wait_for(LineReady).sip_uri
        with RawSip(int(uri.rpartition(":")[2])) as hand:
            hand.throw(hand.request("INVITE", UNKNOWN_CODEC_SDP))
            assert hand.final_status() == 488
            hand.throw(hand.request("INVITE", "garbage"))
            assert hand.final_status() == 400
        assert agent.wait_for(CallTurnedAway).status == 488
        agent.die()
        with Dialer(uri) as dialer:
            ended = dialer.wait_end()
        with Dialer(uri) as dialer:
            assert dialer.wait_for("ringing")
            dialer.hang_up()
            dialer.wait_end()
        until(lambda: len(list(LeftBehind(folder).calls())) == 3)
        assert agent.all(CallerHungUp) == []
    assert ended is not None
    assert ended["status"] == 480
    kept = [(one.refused_with, one.disposition) for one in LeftBehind(folder).calls()]
    assert set(kept) == {
        (488, Disposition.TURNED_AWAY),
        (480, Disposition.TURNED_AWAY),
        (487, Disposition.MISSED),
    }
