"""A real Asterisk, a real line, real telephones: what the line does for a caller who wants somebody else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.sound import FrameHeard
from tests.fakes.extension import Extension
from tests.fakes.line_process import LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import share_at, tone
from tests.servers.asterisk import BOX, Asterisk

pytestmark = pytest.mark.real

CALLER_HZ, BOX_HZ, COLLEAGUE_HZ = 700, 1000, 1300


@dataclass
class Office:
    """Asterisk, our line registered as 100, and telephones as they are asked for."""

    pbx: Asterisk
    agent: ScriptedAgent
    stack: ExitStack = field(default_factory=ExitStack)

    def desk(self, number: str, *, hz: float = COLLEAGUE_HZ, on_ring: str = "answer") -> Extension:
        """A registered telephone."""
        telephone = Extension(self.pbx.address, number, self.pbx.password(number), hz=hz, on_ring=on_ring)
        return self.stack.enter_context(telephone)

    def call_in(self) -> tuple[Extension, str]:
        """Extension 103 calls the box, which answers; the caller and the call's id."""
        caller = self.desk("103", hz=CALLER_HZ)
        caller.do("dial", to=BOX)
        caller.wait_for("confirmed")
        offered = self.agent.wait_for(ev.CallOffered)
        self.agent.wait_for(FrameHeard)
        return caller, offered.call_id

    def dial(self, call_id: str, to: str, ring_ms: int = 20_000) -> str:
        """The box calls a colleague; the id of that leg."""
        leg_id = f"{call_id}+1"
        self.agent.send(do.DialColleague(call_id, leg_id, to, ring_ms))
        return leg_id

    def refer_ends(self, call_id: str, *, is_done: bool) -> None:
        """The last word of the phone system on the transfer; when it is done we take our leave."""
        answer = self.agent.wait_for(ev.ReferAnswered, lambda one: one.final)
        assert (answer.status < 300) == is_done
        if is_done:
            self.agent.send(do.HangUp(call_id))
            self.agent.wait_for(ev.CallerHungUp)


def _office(*, takes_refer: bool) -> Iterator[Office]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pbx-")))
        pbx = stack.enter_context(Asterisk(folder, takes_refer=takes_refer))
        agent = stack.enter_context(ScriptedAgent(folder / "agent.sock"))
        sip = {"registrar": pbx.address, "user": BOX}
        stack.enter_context(LineProcess(folder, sip=sip, password=pbx.password(BOX)))
        assert agent.wait_for(ev.RegistrationChanged).registered
        yield Office(pbx, agent, stack)


@pytest.fixture
def office() -> Iterator[Office]:
    """An ordinary one."""
    yield from _office(takes_refer=True)


@pytest.fixture
def stubborn_office() -> Iterator[Office]:
    """One whose phone system declines every REFER."""
    yield from _office(takes_refer=False)


def test_blind(office: Office) -> None:
    colleague = office.desk("101")
    caller, call_id = office.call_in()
    office.agent.send(do.Refer(call_id, "101"))
    colleague.wait_for("confirmed")
    office.refer_ends(call_id, is_done=True)
    assert caller.hears(COLLEAGUE_HZ)
    assert colleague.hears(CALLER_HZ)


def test_attended_with_a_briefing_and_a_key(office: Office) -> None:
    colleague = office.desk("101")
    caller, call_id = office.call_in()
    leg_id = office.dial(call_id, "101")
    office.agent.wait_for(ev.ColleagueAnswered)
    office.agent.speak(leg_id, 1, tone(BOX_HZ, 3000))
    assert colleague.hears(BOX_HZ)
    assert not caller.hears(BOX_HZ, limit_s=0.5), "the briefing is not for the caller"
    colleague.do("press", digits="1")
    assert office.agent.wait_for(ev.ColleaguePressed).digit == "1"
    office.agent.send(do.ReferReplacing(call_id, leg_id))
    office.refer_ends(call_id, is_done=True)
    assert caller.hears(COLLEAGUE_HZ)
    assert colleague.hears(CALLER_HZ)
    office.agent.wait_for(ev.ColleagueGone)


@pytest.mark.parametrize(("on_ring", "status"), [("486", 486), ("603", None), ("nothing", 408)])
def test_nobody_takes_it_and_the_caller_is_still_ours(
    office: Office, on_ring: str, status: int | None
) -> None:
    office.desk("101", on_ring=on_ring)
    caller, call_id = office.call_in()
    office.dial(call_id, "101", ring_ms=1500)
    gone = office.agent.wait_for(ev.ColleagueGone)
    assert gone.status == status or (status is None and gone.status >= 400)
    office.agent.speak(call_id, 1, tone(BOX_HZ, 3000))
    assert caller.hears(BOX_HZ)


def test_a_number_nobody_has(office: Office) -> None:
    _, call_id = office.call_in()
    office.dial(call_id, "199")
    assert office.agent.wait_for(ev.ColleagueGone).status >= 400


def test_the_caller_hears_it_ring(office: Office) -> None:
    office.desk("101", on_ring="nothing")
    caller, call_id = office.call_in()
    office.agent.send(do.PlayWaiting(call_id, "DE"))
    office.dial(call_id, "101")
    office.agent.wait_for(ev.ColleagueRings)
    assert caller.hears(425)
    office.agent.send(do.PlayWaiting(call_id, ""))
    assert caller.hears(425, no_longer=True)


def test_the_caller_hangs_up_while_it_rings(office: Office) -> None:
    colleague = office.desk("101", on_ring="nothing")
    caller, call_id = office.call_in()
    office.dial(call_id, "101")
    colleague.wait_for("rang")
    caller.do("hang_up")
    colleague.wait_for("ended")
    office.agent.wait_for(ev.CallerHungUp)
    office.agent.wait_for(ev.ColleagueGone)


def test_the_colleague_hangs_up_after_the_briefing(office: Office) -> None:
    colleague = office.desk("101")
    caller, call_id = office.call_in()
    office.dial(call_id, "101")
    office.agent.wait_for(ev.ColleagueAnswered)
    colleague.do("hang_up")
    assert office.agent.wait_for(ev.ColleagueGone).status == 200
    office.agent.speak(call_id, 1, tone(BOX_HZ, 3000))
    assert caller.hears(BOX_HZ)


def test_a_phone_system_that_takes_no_refer(stubborn_office: Office) -> None:
    """It is said so, and then the two are joined here; nothing of theirs reaches the agent any more."""
    office = stubborn_office
    colleague = office.desk("101")
    caller, call_id = office.call_in()
    leg_id = office.dial(call_id, "101")
    office.agent.wait_for(ev.ColleagueAnswered)
    office.agent.send(do.ReferReplacing(call_id, leg_id))
    office.refer_ends(call_id, is_done=False)
    office.agent.send(do.JoinCalls(call_id, leg_id))
    office.agent.wait_for(ev.CallsJoined)
    seen = len(office.agent.all(FrameHeard))
    assert caller.hears(COLLEAGUE_HZ)
    assert colleague.hears(CALLER_HZ)
    late = b"".join(one.heard for one in office.agent.all(FrameHeard)[seen + 10 :])
    assert not late or share_at(late, COLLEAGUE_HZ) < 0.1
    colleague.do("hang_up")
    caller.wait_for("ended")
    office.agent.wait_for(ev.CallerHungUp)


def test_nobody_outside_makes_us_call_somebody(office: Office) -> None:
    """pjsua would follow a REFER and dial, at the office's expense."""
    colleague = office.desk("101")
    stranger = office.desk("102")
    stranger.do("dial", uri=office.agent.wait_for(ev.LineReady).sip_uri)
    stranger.wait_for("confirmed")
    stranger.do("refer", to="101")
    assert stranger.wait_for("refer")["status"] == 603
    assert not [one for one in colleague.events if one["event"] == "rang"]


def test_without_registration_colleagues_are_called_where_the_call_came_from() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pbx-")))
        pbx = stack.enter_context(Asterisk(folder))
        agent = stack.enter_context(ScriptedAgent(folder / "agent.sock"))
        stack.enter_context(LineProcess(folder))
        office = Office(pbx, agent, stack)
        peer = office.desk("103", on_ring="486")
        peer.do("dial", uri=agent.wait_for(ev.LineReady).sip_uri)
        call_id = agent.wait_for(ev.CallOffered).call_id
        peer.wait_for("confirmed")
        office.dial(call_id, "101")
        peer.wait_for("rang")
        assert agent.wait_for(ev.ColleagueGone).status == 486
