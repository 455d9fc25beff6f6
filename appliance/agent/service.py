"""The agent process: one line process on one side, the mind on the other, every call a task between them."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from pathlib import Path

from appliance import link
from appliance.agent.connecting import FromLine, owner_of
from appliance.agent.mindlink import MindLink
from appliance.agent.records import Records
from appliance.agent.runtime import CallRuntime, Equipment
from appliance.agent.watch import Watchers
from appliance.conversation.prompts import system_prompt
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.sound import FrameHeard

_log = logging.getLogger(__name__)
_ALIVE_EVERY_S = 1.0


class Agent:
    """Takes every call the line offers. Runs until `stop` is set."""

    def __init__(self, equipment: Equipment, records: Records, run_directory: Path) -> None:
        self._kit = equipment
        self._records = records
        self._directory = run_directory
        self._calls: dict[str, CallRuntime] = {}
        self._line: link.AsyncLink | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._watchers = Watchers(run_directory / "watch.sock")
        self._mind = MindLink(run_directory / "mind.sock", on_reply=self._composed, on_state=self._mind_state)

    async def run(self, stop: asyncio.Event, on_ready: Callable[[], None], alive: Callable[[], None]) -> None:
        """Serve until `stop`. `alive` is called about once a second by the loop that the calls depend on."""
        with link.listen(self._directory / "agent.sock") as listener:
            listener.setblocking(False)
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                standing = [
                    tasks.create_task(self._accept_lines(listener)),
                    tasks.create_task(self._watchers.run()),
                    tasks.create_task(self._mind.run()),
                    tasks.create_task(self._heartbeat(alive)),
                ]
                on_ready()
                await stop.wait()
                await self._let_calls_end()
                for task in standing:
                    task.cancel()
        self._watchers.close()
        self._mind.close()

    async def _heartbeat(self, alive: Callable[[], None]) -> None:
        while True:
            alive()
            await asyncio.sleep(_ALIVE_EVERY_S)

    async def _let_calls_end(self) -> None:
        """Closing time: every call under way is hung up, and its record closed."""
        for call_id, call in list(self._calls.items()):
            self._send(do.HangUp(call_id))
            call.tell(ev.CallerHungUp(call_id, 0, 0))

    # --- the line -------------------------------------------------------------------------------

    async def _accept_lines(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            sock, _ = await loop.sock_accept(listener)
            if self._line is not None:
                self._line.close()
            self._line = link.AsyncLink(sock, self._from_line, self._line_lost)

    def _send(self, command: do.LineCommand) -> None:
        if self._line is not None:
            self._line.send(command)

    def _line_lost(self) -> None:
        """The line process died and its calls with it: their records are closed."""
        _log.warning("line lost", extra={"calls": len(self._calls)})
        for call_id, call in list(self._calls.items()):
            call.tell(ev.CallerHungUp(call_id, 0, 0))

    def _from_line(self, packet: link.Packet) -> None:
        match packet:
            case FrameHeard(call_id=call_id):
                if call := self._calls.get(call_id):
                    call.frame(packet)
                else:
                    self._of_a_leg(packet, call_id)
            case ev.CallOffered():
                self._offered(packet)
            case ev.SpokenTo(call_id=call_id):
                if call := self._calls.get(call_id):
                    call.spoken_to(packet)
                else:
                    self._of_a_leg(packet, call_id)
            case ev.SpeechBegan() | ev.DigitPressed() | ev.CallerHungUp():
                self._to_call(packet)
            case _ if isinstance(packet, ev.ConnectLineEvent):
                self._of_a_leg(packet, packet.call_id)
            case ev.LineReady():
                self._watchers.tell("line_ready", sip_uri=packet.sip_uri, max_calls=packet.max_calls)
                _log.info("line ready", extra={"max_calls": packet.max_calls})
            case ev.RegistrationChanged():
                self._watchers.tell("registration", registered=packet.registered, status=packet.status)
                _log.info(
                    "registration changed", extra={"registered": packet.registered, "status": packet.status}
                )
            case _:
                _log.error("unexpected packet from the line", extra={"packet": type(packet).__name__})

    def _of_a_leg(self, packet: FromLine, call_id: str) -> None:
        """A colleague who is called for somebody, or the word on a transfer: the call it is for is told."""
        if call := self._calls.get(owner_of(call_id)):
            call.of_colleague(packet)

    def _to_call(self, event: ev.SpeechBegan | ev.DigitPressed | ev.CallerHungUp) -> None:
        if call := self._calls.get(event.call_id):
            call.tell(event)

    def _composed(self, answer: ev.ReplySentence | ev.ReplyEnded) -> None:
        if call := self._calls.get(answer.call_id):
            call.composed(answer)

    # --- calls ----------------------------------------------------------------------------------

    def _offered(self, event: ev.CallOffered) -> None:
        if event.call_id in self._calls or self._tasks is None:
            return
        book = self._records.open(event.call_id)
        call = CallRuntime(
            event, self._kit, book=book, mind=self._mind, watchers=self._watchers, send=self._send
        )
        self._calls[event.call_id] = call
        self._tasks.create_task(self._serve(event.call_id, call))

    async def _serve(self, call_id: str, call: CallRuntime) -> None:
        try:
            await call.run()
        except Exception:  # noqa: BLE001  the top of a call: a broken one must not take the others with it
            _log.exception("call failed", extra={"call_id": call_id})
            self._send(do.HangUp(call_id))
            await call.give_up()
        finally:
            del self._calls[call_id]

    def _mind_state(self, up: bool) -> None:
        _log.info("mind state", extra={"up": up})
        if up:
            self._mind.send(do.PreparePrefix(system_prompt(self._kit.business)))
        for call in self._calls.values():
            call.mind_state(up)
