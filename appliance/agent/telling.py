"""What the agent tells whoever observes the box: its figures, and how it and its line stand.

Whoever connects to `figures.sock` is sent one packet of JSON and the connection is closed: to ask is to connect.
That the event loop answers at all is the sign that calls move. The socket belongs to the box's own user only.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from appliance import link
from appliance.agent.asked import answer_each
from appliance.clock import Clock
from appliance.conversation.degradation import Standing
from appliance.domain import events as ev
from appliance.ops.health import AgentState
from appliance.ops.metrics import Figures
from appliance.ops.observed import SOCKET, Told

_PATIENCE_S: Final = 2.0
LineNews = ev.LineReady | ev.LineBeat | ev.RegistrationChanged | ev.CallTurnedAway


class Telling:
    """Belongs to the event loop. `show` tells the standing, the calls under way, whether there is a mind."""

    def __init__(
        self,
        directory: Path,
        figures: Figures,
        clock: Clock,
        *,
        show: Callable[[], tuple[Standing, int]],
        mind_is_up: Callable[[], bool],
        unwritten: Callable[[], bool],
    ) -> None:
        self._figures = figures
        self._clock = clock
        self._show = show
        self._mind_is_up = mind_is_up
        self._unwritten = unwritten
        self._beat_at_s: float | None = None
        self._registered: bool | None = None
        self._unregistered_at_s = clock.monotonic_s()
        self._listener = link.listen(directory / SOCKET)
        self._listener.setblocking(False)

    # --- what comes in --------------------------------------------------------------------------

    def of_the_line(self, news: LineNews) -> None:
        """The line tells something of itself."""
        match news:
            case ev.LineReady():
                self._beat_at_s = self._clock.monotonic_s()
            case ev.LineBeat():
                self._beat_at_s = self._clock.monotonic_s()
                self._figures.beat(news)
            case ev.RegistrationChanged(registered=registered):
                self._stands_registered(registered)
            case ev.CallTurnedAway():
                self._figures.turned_away(news)

    def line_lost(self) -> None:
        """There is no line any more."""
        self._beat_at_s = None
        self._stands_registered(False)
        self._registered = None

    def composed(self, answer: ev.ReplySentence | ev.ReplyEnded) -> None:
        """The mind has told something; only the end of an answer counts."""
        if isinstance(answer, ev.ReplyEnded):
            self._figures.composed(answer)

    def _stands_registered(self, registered: bool) -> None:
        if self._registered and not registered:
            self._unregistered_at_s = self._clock.monotonic_s()
        self._registered = registered

    # --- what goes out --------------------------------------------------------------------------

    async def run(self) -> None:
        """Answer, one after the other, until cancelled."""
        await answer_each(self._listener, self._answer, _PATIENCE_S)

    async def _answer(self, loop: asyncio.AbstractEventLoop, asking: socket.socket) -> None:
        await loop.sock_sendall(asking, msgspec.json.encode(self.told()))

    def told(self) -> Told:
        """All of it as it stands now."""
        return Told(self.state(), self._figures.exposition().decode())

    def state(self) -> AgentState:
        """How the agent and its line stand."""
        standing, calls = self._show()
        now_s, beat_at_s = self._clock.monotonic_s(), self._beat_at_s
        return AgentState(
            level=standing.level.word,
            because=standing.because,
            forced=standing.forced,
            calls=calls,
            beat_s=None if beat_at_s is None else now_s - beat_at_s,
            registered=self._registered,
            unregistered_s=0.0 if self._registered else now_s - self._unregistered_at_s,
            unwritten=self._unwritten(),
            mind_is_up=self._mind_is_up(),
        )

    def close(self) -> None:
        """No more questions."""
        self._listener.close()
