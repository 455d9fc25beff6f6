"""No agent, but a real Asterisk and real telephones: the line answers, and hands the caller to a person by REFER."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from appliance.clock import SystemClock
from appliance.conversation.key_menu import PHRASES, TONE, Offers
from appliance.domain import events as ev
from appliance.domain.call import Disposition
from appliance.ops.prepared import PreparedSounds
from appliance.store.left_behind import LeftBehind, LeftCall
from tests.fakes.extension import Extension
from tests.fakes.line_process import LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import tone
from tests.servers.asterisk import BOX, Asterisk

pytestmark = pytest.mark.real

CALLER_HZ, BOX_HZ, COLLEAGUE_HZ = 700, 1000, 1300


def ended(folder: Path) -> LeftCall:
    """The one call that was left behind, when it is over."""
    deadline = SystemClock().monotonic_s() + 20
    while True:
        calls = list(LeftBehind(folder).calls())
        if calls and calls[0].ended_at is not None:
            return calls[0]
        assert SystemClock().monotonic_s() < deadline, "no call was left behind"


def test_a_caller_is_answered_offered_a_person_and_handed_over() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pbx-")))
        PreparedSounds(folder / "prepared").write(
            {name: tone(BOX_HZ, 400) for name in (*PHRASES, TONE)}, Offers(person="101")
        )
        pbx = stack.enter_context(Asterisk(folder, takes_refer=True))
        agent = ScriptedAgent(folder / "agent.sock")
        sip = {"registrar": pbx.address, "user": BOX}
        stack.enter_context(LineProcess(folder, sip=sip, password=pbx.password(BOX)))
        assert agent.wait_for(ev.RegistrationChanged).registered
        agent.die()
        colleague = stack.enter_context(
            Extension(pbx.address, "101", pbx.password("101"), hz=COLLEAGUE_HZ, on_ring="answer")
        )
        caller = stack.enter_context(
            Extension(pbx.address, "103", pbx.password("103"), hz=CALLER_HZ, on_ring="486")
        )
        caller.do("dial", to=BOX)
        caller.wait_for("confirmed")
        assert caller.hears(BOX_HZ)
        caller.do("press", digits="3")
        colleague.wait_for("confirmed")
        assert caller.hears(COLLEAGUE_HZ)
        assert colleague.hears(CALLER_HZ)
        assert ended(folder).disposition is Disposition.TRANSFERRED
