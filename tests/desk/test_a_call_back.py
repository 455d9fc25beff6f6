"""A call back for real: Asterisk, our line, the telephone on the desk and the caller's, and nobody who called first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from appliance.desk.calling_back import CallBack, Stage, Wordings
from appliance.desk.words import Callee, TellTelephone
from appliance.domain import events as ev
from tests.fakes.extension import Extension
from tests.fakes.line_process import LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.waiting import LIMIT_S, wait_for
from tests.servers.asterisk import BOX, Asterisk

pytestmark = pytest.mark.real

DESK_HZ, CALLER_HZ = 700, 1300
TOLD = (ev.ColleagueRings, ev.ColleagueAnswered, ev.ColleagueGone, ev.CallsJoined)
WORDINGS = Wordings("not answered", "no line", "busy", "not reached")


class Office:
    """A registered line and its telephones; `calls_back` drives a call back over it until a stage is reached."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack = stack
        self._pbx = stack.enter_context(Asterisk(folder))
        self.agent = stack.enter_context(ScriptedAgent(folder / "agent.sock"))
        sip = {"registrar": self._pbx.address, "user": BOX}
        stack.enter_context(LineProcess(folder, sip=sip, password=self._pbx.password(BOX)))
        assert self.agent.wait_for(ev.RegistrationChanged, limit_s=LIMIT_S).registered
        self._dealt_with = 0

    def telephone(self, number: str, hz: float, on_ring: str = "answer") -> Extension:
        made = Extension(self._pbx.address, number, self._pbx.password(number), hz=hz, on_ring=on_ring)
        return self._stack.enter_context(made)

    def begin(self, call: CallBack) -> None:
        for command in call.begin():
            assert not isinstance(command, TellTelephone)
            self.agent.send(command)

    def goes_on(self, call: CallBack, until: Stage) -> None:
        def reached() -> bool:
            news = [one for one in list(self.agent.packets) if isinstance(one, TOLD)]
            for event in news[self._dealt_with :]:
                self._dealt_with += 1
                for command in call.handle(event):
                    if not isinstance(command, TellTelephone):
                        self.agent.send(command)
            return call.stage is until

        wait_for(reached, str(until))


@pytest.fixture
def office() -> Iterator[Office]:
    with ExitStack() as stack:
        yield Office(stack, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pbx-"))))


def call_to(number: str) -> CallBack:
    return CallBack(Callee("desk-1", number), telephone="101", region="US", wordings=WORDINGS)


def test_both_are_rung_and_hear_each_other_until_one_hangs_up(office: Office) -> None:
    desk, caller = office.telephone("101", DESK_HZ), office.telephone("103", CALLER_HZ)
    call = call_to("103")
    office.begin(call)
    office.goes_on(call, Stage.JOINED)
    assert desk.hears(CALLER_HZ)
    assert caller.hears(DESK_HZ)
    caller.do("hang_up")
    office.goes_on(call, Stage.OVER)
    desk.wait_for("ended", limit_s=LIMIT_S)
    assert call.told == ""


def test_a_caller_who_is_busy_ends_the_call_at_the_desk(office: Office) -> None:
    desk = office.telephone("101", DESK_HZ)
    office.telephone("103", CALLER_HZ, on_ring="486")
    call = call_to("103")
    office.begin(call)
    office.goes_on(call, Stage.OVER)
    desk.wait_for("ended", limit_s=LIMIT_S)
