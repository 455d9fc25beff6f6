"""The colleagues who are called for one caller: speaks to them, counts their silence, passes on what they do.

What is to be done about it is decided in `conversation.connecting`; a leg is spoken to as a caller is, through a
mouth of its own, and hung up when it has heard what was still to be said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from appliance.agent.speaking import Mouth
from appliance.agent.voicing import VoiceQueue, Voicing
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import TurnClass
from appliance.domain.sound import TICKS_PER_S, FrameHeard, ms

_SILENCE_EVERY_TICKS: Final = TICKS_PER_S
_LEG_MARK: Final = "+"
_REFUSED_FROM: Final = 300

FromLine = ev.ConnectLineEvent | ev.SpokenTo | ev.SpeechBegan | FrameHeard


def owner_of(call_id: str) -> str:
    """The call a leg is for; a call is its own."""
    return call_id.partition(_LEG_MARK)[0]


def refused(packet: FromLine) -> tuple[str, str] | None:
    """What the record keeps of a transfer that was not taken, or a colleague who could not be had: kind, status."""
    match packet:
        case ev.ReferAnswered(status=status, final=True) if status >= _REFUSED_FROM:
            return "transfer_refused", str(status)
        case ev.ColleagueGone(status=status) if status >= _REFUSED_FROM:
            return "colleague_gone", str(status)
        case _:
            return None


@dataclass
class _Colleague:
    mouth: Mouth
    voicing: Voicing
    tasks: list[asyncio.Task[None]]
    answered: bool = False
    speeches: int = 0
    unheard: set[int] = field(default_factory=set)
    """Speeches that have not been played to their end."""
    quiet_ticks: int = 0
    tick: int = 0


class Colleagues:
    """Every leg of one call. All methods belong to the event loop; `spawn` starts a task that ends with the call."""

    def __init__(
        self,
        call_id: str,
        voice_queue: VoiceQueue,
        *,
        send: Callable[[do.LineCommand], None],
        tell: Callable[[ev.ConnectEvent], None],
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        self._call_id = call_id
        self._voice_queue = voice_queue
        self._send = send
        self._tell = tell
        self._spawn = spawn
        self._legs: dict[str, _Colleague] = {}

    def close(self) -> None:
        """The call is over; the line ends what is left of its legs."""
        for leg_id in list(self._legs):
            self._forget(leg_id)

    def _forget(self, leg_id: str) -> None:
        if leg := self._legs.pop(leg_id, None):
            for task in leg.tasks:
                task.cancel()
            leg.voicing.close()

    # --- what is ordered ------------------------------------------------------------------------

    def carry_out(self, command: do.ConnectCommand) -> None:
        """One command of `Connecting`; most are the line's. A new briefing cuts off the one under way."""
        match command:
            case do.BriefColleague():
                self._say(command)
            case do.HangUp(call_id=leg_id) if leg_id in self._legs:
                leg = self._legs[leg_id]
                leg.tasks.append(self._spawn(self._hang_up_when_said(leg, command)))
            case do.DialColleague(leg_id=leg_id):
                self._legs[leg_id] = self._colleague(leg_id)
                self._send(command)
            case _:
                self._send(command)

    def _colleague(self, leg_id: str) -> _Colleague:
        voicing = Voicing(leg_id, self._voice_queue)
        mouth = Mouth(
            leg_id,
            voicing,
            send=self._send,
            tell=lambda event: self._played(leg_id, event),
            now_tick=lambda: self._legs[leg_id].tick if leg_id in self._legs else 0,
        )
        return _Colleague(mouth, voicing, [self._spawn(mouth.run())])

    def _say(self, command: do.BriefColleague) -> None:
        leg = self._legs.get(command.leg_id)
        if leg is None:
            return
        if leg.unheard:
            leg.mouth.stop()
            leg.unheard.clear()
            self._send(do.StopSpeaking(command.leg_id))
        leg.speeches += 1
        leg.unheard.add(leg.speeches)
        speech = leg.speeches
        leg.mouth.say(do.Speak(command.leg_id, speech, speech, command.text, TurnClass.PHRASE))

    async def _hang_up_when_said(self, leg: _Colleague, command: do.HangUp) -> None:
        """The line plays what it holds; what is not made yet would come too late."""
        await leg.mouth.all_sent()
        self._send(command)

    # --- what happens ---------------------------------------------------------------------------

    def take(self, packet: FromLine) -> None:
        """Something the line tells of a leg, or of the caller's transfer."""
        match packet:
            case FrameHeard(call_id=leg_id, tick=tick):
                self._ticked(leg_id, tick)
            case ev.SpokenTo(call_id=leg_id):
                if leg := self._legs.get(leg_id):
                    leg.mouth.played(packet)
            case ev.SpeechBegan():
                pass
            case _:
                self._happened(packet)

    def _happened(self, event: ev.ConnectLineEvent) -> None:
        match event:
            case ev.ColleagueAnswered(leg_id=leg_id) if leg := self._legs.get(leg_id):
                leg.answered = True
            case ev.ColleaguePressed(leg_id=leg_id) if leg := self._legs.get(leg_id):
                leg.quiet_ticks = 0
            case ev.ColleagueGone(leg_id=leg_id):
                self._forget(leg_id)
            case _:
                pass
        self._tell(event)

    def _ticked(self, leg_id: str, tick: int) -> None:
        leg = self._legs.get(leg_id)
        if leg is None or not leg.answered:
            return
        leg.tick = tick
        leg.quiet_ticks = 0 if leg.unheard else leg.quiet_ticks + 1
        if leg.quiet_ticks and leg.quiet_ticks % _SILENCE_EVERY_TICKS == 0:
            self._tell(ev.ColleagueSilent(self._call_id, leg_id, ms(leg.quiet_ticks)))

    def _played(self, leg_id: str, event: ev.VoiceReady | ev.SpeechPlayed) -> None:
        leg = self._legs.get(leg_id)
        if leg is not None and isinstance(event, ev.SpeechPlayed) and event.over:
            leg.unheard.discard(event.speech)
