"""The questions under way, whoever asked: what each client is told, decided without clock or socket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from appliance.domain.commands import TOOL_MARK, AskModel
from appliance.domain.events import ReplyEnded, ReplySentence
from appliance.engines.ports import Piece
from appliance.mind.sentences import SentenceSplitter

LATE: Final = "late"
IDLE_S: Final = 45.0
"""A call that has asked nothing for so long leaves nothing evaluated: its words are not kept without need."""


@dataclass(frozen=True, slots=True)
class ForClient:
    """A packet and whom it is for."""

    client: int
    packet: ReplySentence | ReplyEnded


@dataclass(slots=True)
class _Ask:
    client: int
    order: AskModel
    asked_at_s: float
    first_token_ms: int = 0
    given_up: bool = False  # its client was told so; the model has not let go of it yet
    begun: str = ""  # all that came so far
    fed: int = 0  # how much of it the splitter has
    splitter: SentenceSplitter = field(default_factory=lambda: SentenceSplitter(clause_first=True))

    @property
    def late_at_s(self) -> float:
        return self.asked_at_s + self.order.limit_ms / 1000

    def take(self, text: str) -> list[ForClient]:
        """The sentences that `text` completes; what begins as the use of a tool waits for its end."""
        self.begun += text
        if self.order.tools and (self.uses_tool or TOOL_MARK.startswith(self.begun)):
            return []
        fresh, self.fed = self.begun[self.fed :], len(self.begun)
        return self.sentences(self.splitter.feed(fresh))

    @property
    def uses_tool(self) -> bool:
        """Whether what came is no answer but the use of a tool."""
        return bool(self.order.tools) and self.begun.startswith(TOOL_MARK)

    def rest(self) -> list[ForClient]:
        """What is left when all has come."""
        if self.uses_tool:
            use = self.begun.removeprefix(TOOL_MARK)
            named = ReplySentence(self.order.call_id, self.order.ask, use, calls_tool=True)
            return [ForClient(self.client, named)]
        last = self.splitter.feed(self.begun[self.fed :])
        return self.sentences([*last, *self.splitter.finish()])

    def sentences(self, texts: Iterable[str]) -> list[ForClient]:
        """Each text as a packet, white space taken off; empty ones are none."""
        spoken = filter(None, (text.strip() for text in texts))
        return [ForClient(self.client, ReplySentence(self.order.call_id, self.order.ask, t)) for t in spoken]

    def ended(self, outcome: str, tokens: int, now_s: float) -> ForClient:
        lasted_ms = round((now_s - self.asked_at_s) * 1000)
        order = self.order
        ended = ReplyEnded(order.call_id, order.ask, outcome, tokens, self.first_token_ms, lasted_ms)
        return ForClient(self.client, ended)


def request_name(client: int, call_id: str, ask: int) -> str:
    """What the model knows an ask by: numbers are each client's own, so the client is part of it."""
    return f"{client}/{call_id}/{ask}"


def conversation_name(client: int, call_id: str) -> str:
    """What the model knows a call by."""
    return f"{client}/{call_id}"


class Asks:
    """Every ask from its arrival to its end. Times are seconds of any monotonic clock."""

    def __init__(self) -> None:
        self._asks: dict[str, _Ask] = {}
        self._last_asked_s: dict[tuple[int, str], float] = {}

    def add(self, client: int, order: AskModel, now_s: float) -> str | None:
        """The request to begin with the model; None when this very ask is already under way."""
        name = request_name(client, order.call_id, order.ask)
        if name in self._asks:
            return None
        self._asks[name] = _Ask(client, order, now_s)
        self._last_asked_s[client, order.call_id] = now_s
        return name

    def take(self, piece: Piece, now_s: float) -> list[ForClient]:
        """What the client hears of `piece`; nothing of an ask that was given up meanwhile."""
        ask = self._asks.pop(piece.request, None) if piece.done else self._asks.get(piece.request)
        if ask is None or ask.given_up:
            return []
        if piece.text and not ask.first_token_ms:
            ask.first_token_ms = max(1, round((now_s - ask.asked_at_s) * 1000))
        packets = ask.take(piece.text)
        if not piece.done:
            return packets
        rest = ask.rest() if piece.outcome == "done" else []
        return [*packets, *rest, ask.ended(piece.outcome, piece.tokens, now_s)]

    def late(self, now_s: float) -> tuple[list[str], list[ForClient]]:
        """The requests whose time is over, to be cancelled, and what their clients are told."""
        late = {name: ask for name, ask in self._asks.items() if now_s >= ask.late_at_s and not ask.given_up}
        for ask in late.values():
            ask.given_up = True
        return list(late), [ask.ended(LATE, 0, now_s) for ask in late.values()]

    def idle(self, now_s: float) -> list[str]:
        """The conversations that have asked nothing for IDLE_S, each named once."""
        silent = [key for key, at_s in self._last_asked_s.items() if now_s - at_s >= IDLE_S]
        for key in silent:
            del self._last_asked_s[key]
        return [conversation_name(*key) for key in silent]

    def gone(self, client: int) -> list[str]:
        """The requests of a client that hung up, to be cancelled."""
        names = [name for name, ask in self._asks.items() if ask.client == client]
        for name in names:
            del self._asks[name]
        return names
