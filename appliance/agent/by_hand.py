"""What a person at the box orders of a call under way: hang up, hand over to an extension, or take it over there.

Such a call is nobody's conversation any more: `ByHand` has it, behind the same door as `CallRuntime` and `KeyCall`,
until the caller is gone or with the colleague. If no colleague takes it, the receptionist goes on.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from appliance.agent.connecting import FromLine
from appliance.agent.equipment import Equipment
from appliance.agent.records import CallBook
from appliance.agent.watch import Watchers
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import CallEvent, Disposition, LineQuality
from appliance.domain.sound import FrameHeard, ms

RING_MS: Final = 25_000
"""As long as the telephone rings of whoever wants to take a call over."""
_TO: Final = re.compile(r"[^\s<>?\"]{1,128}")
_LEG: Final = "+hand"
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class EndCall:
    """Hang up now, whatever is being said."""

    call_id: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the caller to `to`. `attended`: ring there first and join them; else the phone system does it (REFER)."""

    call_id: str
    to: str
    attended: bool = False


Order = EndCall | HandOver


def order_of(word: str, call_id: str, to: str = "") -> Order | None:
    """What was asked for by `hang_up`, `transfer` or `take_over`; None when it makes no sense."""
    if word == "hang_up":
        return EndCall(call_id)
    if word in {"transfer", "take_over"} and _TO.fullmatch(to):
        return HandOver(call_id, to, attended=word == "take_over")
    return None


class ByHand:
    """A call that is being ended or handed over. `so_far` is how it would have ended before."""

    dropped_frames = 0

    def __init__(
        self,
        order: Order,
        equipment: Equipment,
        *,
        book: CallBook,
        watchers: Watchers,
        send: Callable[[do.LineCommand], None],
        tick: int,
        so_far: Disposition,
    ) -> None:
        self._order = order
        self._call_id = order.call_id
        self._leg_id = order.call_id + _LEG
        self._kit = equipment
        self._book = book
        self._watch = watchers
        self._send = send
        self.tick = tick
        self._so_far = so_far
        self._over = asyncio.Event()
        self._under_way = False
        """The phone system or a join has the caller: if they are gone now, they are where they should be."""
        self._hung_up = False
        self._quality: LineQuality | None = None

    # --- what comes in --------------------------------------------------------------------------

    def frame(self, frame: FrameHeard) -> None:
        """One tick of sound from the line."""
        self.tick = frame.tick
        self._book.record(frame)

    def tell(self, event: ev.SessionEvent | ev.CallerMayBeDone) -> None:
        """Only the end matters."""
        if isinstance(event, ev.CallerHungUp):
            self._quality = event.quality
            self._hung_up = True
            self._over.set()

    def of_colleague(self, packet: FromLine) -> None:
        """What the line says of the leg or the transfer."""
        match packet:
            case ev.ColleagueAnswered():
                self._send(do.JoinCalls(self._call_id, self._leg_id))
            case ev.CallsJoined():
                self._under_way = True
            case ev.ColleagueGone(status=status) if not self._under_way:
                self._failed(status)
            case ev.ReferAnswered(status=status, final=True) if status in _SUCCESS:
                self._send(do.HangUp(self._call_id))
            case ev.ReferAnswered(status=status, final=True):
                self._failed(status)
            case _:
                pass

    def _failed(self, status: int) -> None:
        """Nobody takes them: back to the receptionist."""
        self._under_way = False
        self.note("by_hand", f"refused: {status}")
        self._over.set()

    def spoken_to(self, event: ev.SpokenTo) -> None:
        """Nothing is said."""

    def composed(self, answer: ev.ReplySentence | ev.ReplyEnded) -> None:
        """Nobody asked."""

    def mind_state(self, up: bool) -> None:
        """It makes no odds."""

    # --- the life of the call -------------------------------------------------------------------

    async def run(self) -> Disposition | None:
        """Until the caller is gone (None: the record is closed) or nobody takes them (how it would have ended)."""
        self._send(do.StopSpeaking(self._call_id))
        self._begin(self._order)
        await self._over.wait()
        if not self._hung_up:
            self._send(do.PlayWaiting(self._call_id, ""))
            return self._so_far
        await self._close(Disposition.TRANSFERRED if self._under_way else self._so_far)
        return None

    def _begin(self, order: Order) -> None:
        match order:
            case EndCall():
                self._send(do.HangUp(self._call_id))
            case HandOver(to=to, attended=True):
                self._send(do.PlayWaiting(self._call_id, self._kit.business.region))
                self._send(do.DialColleague(self._call_id, self._leg_id, to, RING_MS))
            case HandOver(to=to):
                self._under_way = True
                self._send(do.Refer(self._call_id, to))

    async def _close(self, disposition: Disposition) -> None:
        await self._book.close(disposition, self._kit.clock.now(), self._quality)
        self._watch.tell("closed", call_id=self._call_id, disposition=disposition)

    async def give_up(self) -> None:
        """`run` broke for a reason nobody named: the record closes all the same."""
        await self._close(Disposition.SYSTEM_FAILURE)

    def note(self, kind: str, detail: str) -> None:
        """Keep something of the box that this call met."""
        self._book.note(CallEvent(ms(self.tick), kind, detail))
