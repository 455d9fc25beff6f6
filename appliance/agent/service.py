"""The agent process: one line process on one side, the mind on the other, every call a task between them."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from appliance import link
from appliance.agent.afterwards import SUMMARY, Afterwards
from appliance.agent.by_hand import ByHand, EndCall, Order
from appliance.agent.connecting import FromLine, owner_of, refused
from appliance.agent.control import SOCKET, Control
from appliance.agent.desk_door import SOCKET as DESK_SOCKET
from appliance.agent.desk_door import DeskDoor
from appliance.agent.door import LineDoor
from appliance.agent.equipment import Equipment
from appliance.agent.health import Health
from appliance.agent.key_call import KeyCall
from appliance.agent.mindlink import MindLink
from appliance.agent.records import CallBook, Records
from appliance.agent.runtime import CallRuntime
from appliance.agent.sight import Sight
from appliance.agent.taking_over import TakingOver
from appliance.agent.telling import LineNews, Telling
from appliance.agent.vitals import Vitals
from appliance.agent.watch import Watchers
from appliance.conversation.degradation import Came, Failed, Level, Part, Standing, Went, Worked
from appliance.conversation.prompts import system_prompt
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import Disposition
from appliance.domain.sound import FrameHeard
from appliance.errors import ApplianceError
from appliance.ops.logs import of_call
from appliance.settings import data_directory
from appliance.store.left_behind import LeftBehind

_log = logging.getLogger(__name__)
_ALIVE_EVERY_S = 1.0
_HEALTH: Final = "health"
"""The call that a question is asked for which only tries the language model out."""
_DEAF_FRAMES: Final = 250
_MODEL_FAILED: Final = frozenset({"late", "failed"})


Call = CallRuntime | KeyCall | ByHand
"""Whoever has a call: the conversation, the menu by keys, or a colleague it was given to by hand."""


class Agent:
    """Takes every call the line offers. Runs until `stop` is set."""

    def __init__(self, equipment: Equipment, records: Records, run_directory: Path) -> None:
        self._kit = equipment
        self._records = records
        self._directory = run_directory
        self._calls: dict[str, Call] = {}
        self._line: link.AsyncLink | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._watchers = Watchers(run_directory / "watch.sock")
        self._mind = MindLink(run_directory / "mind.sock", on_reply=self._composed, on_state=self._mind_state)
        self._afterwards = Afterwards(records, lambda: not self._calls and self._mind.is_up, self._mind.send)
        self._door = LineDoor(run_directory / "agent.sock", self._line_came)
        self._desk: DeskDoor | None = None
        self._control = Control(run_directory / SOCKET, self._show, self._force, self._look, self._order)
        self._sight = Sight()
        self._ordered: dict[str, Order] = {}
        self._telling = Telling(
            run_directory,
            equipment.figures,
            equipment.clock,
            show=self._show,
            mind_is_up=lambda: self._mind.is_up,
            unwritten=lambda: records.writer.fault is not None,
        )
        self._health = Health(
            equipment.vitals or Vitals(equipment.clock),
            equipment.clock,
            run_directory,
            try_mind=self._try_mind,
            on_standing=self._stands,
        )
        self._say: Callable[[str], None] = lambda _: None

    async def run(
        self,
        stop: asyncio.Event,
        on_ready: Callable[[], None],
        alive: Callable[[], None],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Serve until `stop`. `alive` is called about once a second by the loop that the calls depend on.

        `say` has one line for the operator whenever the level changes.
        """
        self._say = say
        self._health.start()
        self._desk = DeskDoor(self._directory / DESK_SOCKET, self._order_of_line)
        if self._health.standing.level is not Level.ALONE:
            self._door.open()
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            standing = [
                tasks.create_task(self._watchers.run()),
                tasks.create_task(self._control.run()),
                tasks.create_task(self._telling.run()),
                tasks.create_task(self._mind.run()),
                tasks.create_task(self._heartbeat(alive)),
                tasks.create_task(self._taking_over().run()),
                tasks.create_task(self._afterwards.run()),
            ]
            on_ready()
            await stop.wait()
            await self._let_calls_end()
            for task in standing:
                task.cancel()
        self._door.shut()
        self._desk.close()
        self._watchers.close()
        self._control.close()
        self._telling.close()
        self._mind.close()

    def _taking_over(self) -> TakingOver:
        kit, left = self._kit, LeftBehind(data_directory(self._kit.settings))
        return TakingOver(
            left, self._records, kit.phrases, kit.versions, kit.clock, region=kit.business.region
        )

    async def _heartbeat(self, alive: Callable[[], None]) -> None:
        if self._kit.settings.models.language_model != "none":
            self._health.tell(Went(Part.MIND))  # until it shows
        while True:
            alive()
            self._health.beat()
            self._look_for_the_deaf()
            await asyncio.sleep(_ALIVE_EVERY_S)

    async def _let_calls_end(self) -> None:
        """Closing time: every call under way is hung up, and its record closed."""
        for call_id, call in list(self._calls.items()):
            self._send(do.HangUp(call_id))
            call.tell(ev.CallerHungUp(call_id, 0, 0))

    # --- the line -------------------------------------------------------------------------------

    def _line_came(self, sock: socket.socket) -> None:
        if self._line is not None:
            self._line.close()
        self._line = link.AsyncLink(sock, self._from_line, self._line_lost)

    def _send(self, command: do.LineCommand) -> None:
        if self._line is not None:
            self._line.send(command)

    def _order_of_line(self, command: do.LineCommand) -> bool:
        """Whether there is a line to obey."""
        self._send(command)
        return self._line is not None and self._line.is_open

    def _line_lost(self) -> None:
        """The line process died and its calls with it: their records are closed."""
        _log.warning("line lost", extra={"calls": len(self._calls)})
        self._telling.line_lost()
        for call_id, call in list(self._calls.items()):
            call.note("line_lost", "")
            call.tell(ev.CallerHungUp(call_id, 0, 0))
        if self._desk is not None:
            self._desk.line_lost()

    def _from_line(self, packet: link.Packet) -> None:
        match packet:
            case FrameHeard(call_id=call_id):
                self._sight.frame(packet)
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
            case ev.LineReady() | ev.LineBeat() | ev.RegistrationChanged() | ev.CallTurnedAway():
                self._of_the_line(packet)
            case _:
                _log.error("unexpected packet from the line", extra={"packet": type(packet).__name__})

    def _of_the_line(self, news: LineNews) -> None:
        """Nothing of a call that is ours: said to whoever watches, and in the log."""
        self._telling.of_the_line(news)
        match news:
            case ev.LineReady():
                self._watchers.tell("line_ready", sip_uri=news.sip_uri, max_calls=news.max_calls)
                _log.info("line ready", extra={"max_calls": news.max_calls})
            case ev.RegistrationChanged():
                said = {"registered": news.registered, "status": news.status}
                self._watchers.tell("registration", **said)
                _log.info("registration changed", extra=said)
            case ev.CallTurnedAway():
                one = {"call_id": news.call_id, "status": news.status, "times": news.times}
                self._watchers.tell("turned_away", **one)
                _log.info("call turned away", extra=one)

    def _of_a_leg(self, packet: FromLine, call_id: str) -> None:
        """A colleague who is called for somebody, or the word on a transfer: the call it is for is told."""
        if call := self._calls.get(owner_of(call_id)):
            call.of_colleague(packet)
            if (told := refused(packet)) is not None:
                call.note(*told)
        elif self._desk is not None:
            self._desk.tell(packet)

    def _to_call(self, event: ev.SpeechBegan | ev.DigitPressed | ev.CallerHungUp) -> None:
        if call := self._calls.get(event.call_id):
            call.tell(event)

    def _composed(self, answer: ev.ReplySentence | ev.ReplyEnded) -> None:
        self._telling.composed(answer)
        if answer.call_id == SUMMARY:
            self._afterwards.came(answer)
            return
        self._note_speed(answer)
        if call := self._calls.get(answer.call_id):
            call.composed(answer)
            if isinstance(answer, ev.ReplyEnded) and answer.outcome in _MODEL_FAILED:
                call.note("model", answer.outcome)

    # --- calls ----------------------------------------------------------------------------------

    def _offered(self, event: ev.CallOffered) -> None:
        if event.call_id in self._calls or self._tasks is None:
            return
        self._afterwards.somebody_rings()
        book, kit = self._records.open(event.call_id), self._kit
        level = self._health.standing.level
        if level is not Level.FULL:
            kit = replace(kit, versions={**kit.versions, "level": level.word})
        self._sight.begun(event)
        call = self._calls[event.call_id] = self._new_call(event, kit, book)
        self._tasks.create_task(self._serve(event, call, book))
        if event.resumed:  # noted once its record has begun again
            asyncio.get_running_loop().call_soon(call.note, "resumed", "")

    async def _serve(self, event: ev.CallOffered, call: Call, book: CallBook) -> None:
        call_id = event.call_id
        of_call(call_id)
        try:
            while (so_far := await call.run()) is not None:
                call = self._calls[call_id] = self._goes_on(event, call, book, so_far)
        except Exception:  # noqa: BLE001  the top of a call: a broken one must not take the others with it
            _log.exception("call failed", extra={"call_id": call_id})
            self._send(do.HangUp(call_id))
            await call.give_up()
        finally:
            del self._calls[call_id]
            self._sight.over(call_id)
            self._ordered.pop(call_id, None)
            self._afterwards.closed(call_id)

    def _goes_on(self, event: ev.CallOffered, left: Call, book: CallBook, so_far: Disposition) -> Call:
        """In other hands: a colleague's by order, ours again if there was none to be had, else the caller's keys."""
        tick = self._sight.tick(event.call_id)
        if isinstance(left, ByHand):
            return self._new_call(replace(event, resumed=True, tick=tick), self._kit, book)
        if (order := self._ordered.pop(event.call_id, None)) is not None:
            kit, seen = self._kit, self._watchers
            return ByHand(order, kit, book=book, watchers=seen, send=self._send, tick=tick, so_far=so_far)
        by_keys = self._by_keys(event, self._kit, book, so_far)
        by_keys.note("level", Level.KEYS.word)
        return by_keys

    def _new_call(self, event: ev.CallOffered, kit: Equipment, book: CallBook) -> CallRuntime | KeyCall:
        """By keys, when nobody can be understood; also when that is found out only now."""
        if kit.menu is not None and not self._health.standing.level.listens:
            return self._by_keys(event, kit, book)
        try:
            return CallRuntime(
                event, kit, book=book, mind=self._mind, watchers=self._watchers, send=self._send
            )
        except ApplianceError:
            if kit.menu is None:
                raise
            _log.exception("a call without an ear", extra={"call_id": event.call_id})
            return self._by_keys(event, kit, book)

    def _by_keys(
        self, event: ev.CallOffered, kit: Equipment, book: CallBook, so_far: Disposition | None = None
    ) -> KeyCall:
        assert kit.menu is not None  # noqa: S101  nobody is sent to a menu that is not there
        return KeyCall(
            event, kit, kit.menu, book=book, watchers=self._watchers, send=self._send, so_far=so_far
        )

    # --- health ---------------------------------------------------------------------------------

    def _mind_state(self, up: bool) -> None:
        _log.info("mind state", extra={"up": up})
        self._health.tell(Came(Part.MIND) if up else Went(Part.MIND))
        if up:
            self._mind.send(do.PreparePrefix(system_prompt(self._kit.business)))
        else:
            self._afterwards.mind_lost()
        self._tell_of_mind()

    def _tell_of_mind(self) -> None:
        for call in self._calls.values():
            call.mind_state(self._mind.is_up)

    def _note_speed(self, answer: ev.ReplySentence | ev.ReplyEnded) -> None:
        """Late is late, whoever asked; that nobody wanted the answer any more says nothing."""
        match answer:
            case ev.ReplyEnded(outcome="done"):
                self._health.tell(Worked(Part.MIND))
            case ev.ReplyEnded(outcome="late"):
                self._health.tell(Failed(Part.MIND, "slow"))
            case _:
                pass

    def _try_mind(self) -> bool:
        system = system_prompt(self._kit.business)  # the prefix that callers' questions have as well
        return self._mind.try_out(do.AskModel(_HEALTH, 0, system, _HEALTH, max_tokens=2))

    def _look_for_the_deaf(self) -> None:
        """An ear that lost so much of what was said will not catch up: this caller goes on by keys."""
        for call in self._calls.values():
            if isinstance(call, CallRuntime) and call.dropped_frames > _DEAF_FRAMES:
                self._go_by_keys(call)
                self._health.tell(Failed(Part.RECOGNISER, "behind"))

    def _go_by_keys(self, call: Call) -> None:
        """Without a menu an ordinary call is as good as it gets."""
        if isinstance(call, CallRuntime) and self._kit.menu is not None:
            call.go_by_keys()

    def _stands(self, standing: Standing) -> None:
        """The level changed: calls under way go on as well as they still can."""
        level = standing.level
        self._tell_everybody(standing)
        if self._mind.rests is level.asks_model:
            self._mind.rests = not level.asks_model
            self._tell_of_mind()
        for call in self._calls.values():
            asyncio.get_running_loop().call_soon(
                call.note, "level", level.word
            )  # its record has begun by then
            if not level.listens:
                self._go_by_keys(call)
        if level is not Level.ALONE:
            self._door.open()
            return
        self._door.shut()
        if self._line is not None:
            self._line.close()

    def _tell_everybody(self, standing: Standing) -> None:
        level, why = standing.level.word, "; ".join(standing.because) or "all is well"
        self._say(f"level {level}: {'forced by hand' if standing.forced else why}")
        self._watchers.tell("level", level=level, because=standing.because, forced=standing.forced)

    def _force(self, level: Level | None) -> Standing:
        return self._health.force(level)

    def _show(self) -> tuple[Standing, int]:
        return self._health.standing, len(self._calls)

    # --- for whoever looks on -------------------------------------------------------------------

    def _look(self) -> dict[str, Any]:
        """What can be seen of us at this moment; worked out because somebody asks."""
        calls = [{**one, "by": _HANDS[type(self._calls[one["call_id"]])]} for one in self._sight.look()]
        return {
            "pid": os.getpid(),
            "calls": calls,
            "mind": {"up": self._mind.is_up, "model": self._mind.model, "rests": self._mind.rests},
            "versions": self._kit.versions,
            "voice_waiting": self._kit.voice_queue.waiting,
        }

    def _order(self, order: Order) -> str:
        """Do what a person at the box wants of a call; what is against it, or nothing."""
        call = self._calls.get(order.call_id)
        if call is None:
            return "this call is over"
        match call:
            case CallRuntime() if self._kit.menu is not None:
                self._ordered[order.call_id] = order
                call.go_by_keys()
            case CallRuntime() | KeyCall() if isinstance(order, EndCall):
                self._send(do.StopSpeaking(order.call_id))
                self._send(do.HangUp(order.call_id))
            case _:
                return "this caller is not in a conversation that could be handed over"
        call.note("by_hand", type(order).__name__)
        return ""


_HANDS: Final = {CallRuntime: "conversation", KeyCall: "keys", ByHand: "by hand"}
