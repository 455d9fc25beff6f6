"""Uses the business's tools for callers: from memory, from the box itself, or from another machine, in time.

Which arguments and answers are right is decided in conversation/tools.py, when to leave a machine alone in
conversation/breaker.py; here they are asked, and never longer than the tool's limit.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from appliance.business import Business, Tool, ToolKind
from appliance.clock import Clock
from appliance.conversation.breaker import Breaker
from appliance.conversation.house_tools import appointment_told, hours_told
from appliance.conversation.tools import FAILED, NONE, Remembered, Values, checked, result_of
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.errors import NoAnswer
from appliance.web.errand import Errand, ErrandDone

_log = logging.getLogger(__name__)
_BROKEN_FROM: Final = 500  # a machine that says so is as good as away

Ask = Callable[[Errand, float], Awaitable[ErrandDone]]
Fetch = Callable[[do.FindAppointments], Awaitable[ev.SessionEvent]]


@dataclass(frozen=True, slots=True)
class Used:
    """The answer for the session, and how it went for the record: no words, numbers or names of a person."""

    answer: ev.ToolAnswered
    account: str


class Tooling:
    """One for all calls; lives in the agent's loop."""

    def __init__(self, business: Business, ask: Ask, clock: Clock) -> None:
        self._business = business
        self._ask = ask
        self._clock = clock
        self._remembered = Remembered()
        self._breakers: dict[str, Breaker] = {}

    async def use(self, command: do.CallTool, fetch: Fetch) -> Used:
        """Carry `command` out; `fetch` asks the diary. A tool that fails is an answer too."""
        tool = self._business.tool(command.tool)
        if tool is None:
            return _used(command, FAILED, (), "unknown")
        begun_s = self._clock.monotonic_s()
        if (kept := self._remembered.get(tool, command.arguments, begun_s)) is not None:
            return _used(command, *kept, "remembered")
        outcome, result, how = await self._find_out(tool, command, fetch)
        now_s = self._clock.monotonic_s()
        self._remembered.keep(tool, command.arguments, outcome, result, now_s)
        return _used(command, outcome, result, f"{how} {round((now_s - begun_s) * 1000)} ms")

    async def _find_out(self, tool: Tool, command: do.CallTool, fetch: Fetch) -> tuple[str, Values, str]:
        match tool.kind:
            case ToolKind.WEBHOOK:
                return await self._from_outside(tool, command)
            case ToolKind.OPENING_HOURS:
                told = hours_told(dict(command.arguments), self._business, self._clock.now())
                return *_here(tool, told), "here"
            case ToolKind.APPOINTMENT:
                phone = str(dict(command.arguments)["phone"])
                found = await fetch(do.FindAppointments(command.call_id, command.query, phone))
                if not isinstance(found, ev.AppointmentsFound):
                    return FAILED, (), "diary"
                told = appointment_told(found.appointments, self._business, self._clock.now())
                return *_here(tool, told), "diary"

    async def _from_outside(self, tool: Tool, command: do.CallTool) -> tuple[str, Values, str]:
        breaker = self._breakers.get(tool.name, Breaker())
        begun_s, limit_s = self._clock.monotonic_s(), tool.limit_ms / 1000
        if not breaker.allows(begun_s):
            return FAILED, (), "left alone"
        self._breakers[tool.name] = breaker.asking(begun_s, limit_s)
        errand = Errand(tool.name, command.call_id, dict(command.arguments), command.key)
        try:
            done = await self._ask(errand, limit_s)
        except NoAnswer as fault:
            done = ErrandDone(0, fault=fault.message)
        self._judge(tool, done, command.call_id)
        outcome, result = result_of(tool, done.status, done.body)
        return outcome, result, f"HTTP {done.status}" if done.status else "no answer"

    def _judge(self, tool: Tool, done: ErrandDone, call_id: str) -> None:
        """Whether the machine is well, whatever it said."""
        breaker = self._breakers[tool.name]
        if 0 < done.status < _BROKEN_FROM:
            self._breakers[tool.name] = breaker.answered()
            return
        self._breakers[tool.name] = breaker.failed(self._clock.monotonic_s())
        told = {"call_id": call_id, "tool": tool.name, "status": done.status, "fault": done.fault}
        _log.warning("tool failed", extra=told)


async def use(tooling: Tooling | None, command: do.CallTool, fetch: Fetch) -> Used:
    """Carry `command` out; where there is no tooling every use fails."""
    if tooling is None:
        return _used(command, FAILED, (), "no tooling")
    return await tooling.use(command, fetch)


def _here(tool: Tool, told: Mapping[str, object] | None) -> tuple[str, Values]:
    """What the box answers by itself; nothing to say is an answer too."""
    return (NONE, ()) if told is None else checked(tool, told)


def _used(command: do.CallTool, outcome: str, result: Values, how: str) -> Used:
    answer = ev.ToolAnswered(command.call_id, command.query, command.tool, outcome, result)
    return Used(answer, f"{command.tool} {outcome} ({how})")
