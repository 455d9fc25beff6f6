"""The way to the agent: found when somebody listens, found again when they are gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from appliance.domain.commands import AnswerCall
from appliance.domain.events import LineReady
from appliance.line.agentlink import AgentLink
from appliance.link import BlockingLink, Packet
from tests.fakes.scripted_agent import ScriptedAgent


class _Log:
    def __init__(self) -> None:
        self.links: list[BlockingLink] = []
        self.went: list[BlockingLink] = []
        self.packets: list[Packet] = []
        self._changed = threading.Condition()

    def keep(self, here: list[BlockingLink] | list[Packet]) -> Callable[[object], None]:
        def put(thing: object) -> None:
            with self._changed:
                here.append(thing)  # type: ignore[arg-type]
                self._changed.notify_all()

        return put

    def wait(self, wanted: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(wanted, 10)


def test_it_dials_until_somebody_listens_and_again_when_they_are_gone(folder: Path) -> None:
    log = _Log()
    link = AgentLink(
        folder / "agent.sock",
        on_came=log.keep(log.links),
        on_packet=log.keep(log.packets),
        on_went=log.keep(log.went),
    )
    link.start()
    for round_number in (1, 2):
        with ScriptedAgent(folder / "agent.sock") as agent:
            log.wait(lambda wanted=round_number: len(log.links) >= wanted)
            log.links[-1].send(LineReady("sip:x", 4, (), ""))
            agent.wait_for(LineReady)
            agent.send(AnswerCall(f"c{round_number}"))
            log.wait(lambda wanted=round_number: len(log.packets) == wanted)
        log.wait(lambda wanted=round_number: len(log.went) >= wanted)
    link.close()
    assert log.went == log.links
    assert log.packets == [AnswerCall("c1"), AnswerCall("c2")]
