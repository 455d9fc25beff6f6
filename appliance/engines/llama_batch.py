"""Who gets which tokens evaluated next when several callers share one llama context: bookkeeping, no library.

A context is a row of cells; a cell holds one evaluated token and may belong to several sequences. System
prompts are evaluated once, each in a sequence of its own, and lent to every answer that begins with them, so
that an answer costs only its own words. What a conversation has had evaluated is kept when its answer ends:
the next question of the same caller, who has only said a word more, costs only that word. What must happen to
the cells is returned as orders to carry out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

PREFIXES_MAX: Final = 3
ANSWERS_MAX: Final = 8
TRAILS_MAX: Final = 4
"""Conversations whose last words stay evaluated: cells in use cost every caller attention."""
SEQUENCES: Final = PREFIXES_MAX + ANSWERS_MAX
CHUNK_ALONE: Final = 64
"""Prompt tokens a step while nobody else is being answered."""
CHUNK_SHARED: Final = 32
"""Prompt tokens a step beside other callers' answers, whose next words wait for it."""
_LOOP_TOKENS: Final = 12
_LOOP_TIMES: Final = 3


@dataclass(frozen=True, slots=True)
class Lend:
    """Let sequence `to` begin with everything that sequence `of` holds."""

    of: int
    to: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Take sequence `of` out of its cells, from token `start` on."""

    of: int
    start: int = 0


Order = Lend | Forget


@dataclass(eq=False, slots=True)
class Prefix:
    """A system prompt in its sequence: `evaluated` of its `tokens` are done."""

    system: str
    tokens: tuple[int, ...]
    sequence: int
    evaluated: int = 0
    used: int = 0  # when it was last asked for, as a running number

    @property
    def is_ready(self) -> bool:
        """Whether it can be lent."""
        return self.evaluated == len(self.tokens)


@dataclass(eq=False, slots=True)
class Answer:
    """One request: the tokens of its whole prompt, then those composed."""

    name: str
    system: str
    tokens: tuple[int, ...]
    prefix_tokens: int  # how many of `tokens` are the system prompt's
    max_tokens: int
    conversation: str = ""  # whose question it is; "" shares nothing but the system prompt
    sequence: int = -1
    prefix: Prefix | None = None
    evaluated: int = 0
    composed: list[int] = field(default_factory=list)

    @property
    def is_composing(self) -> bool:
        """Whether its prompt is behind it."""
        return bool(self.composed)

    @property
    def awaits_prefix(self) -> bool:
        """Whether its system prompt has not been lent to it yet."""
        return self.prefix is not None and self.evaluated < len(self.prefix.tokens)

    @property
    def own_cells(self) -> int:
        """Cells it may come to fill beside those it borrows."""
        return len(self.tokens) + self.max_tokens - self.borrowed

    @property
    def borrowed(self) -> int:
        """Cells of the system prompt that it shares with others."""
        return len(self.prefix.tokens) if self.prefix else 0


@dataclass(frozen=True, slots=True)
class Trail:
    """What an ended answer of a conversation left evaluated in its sequence."""

    conversation: str
    tokens: tuple[int, ...]
    sequence: int
    prefix: Prefix | None

    @property
    def own_cells(self) -> int:
        """Cells it fills beside those it borrows."""
        return len(self.tokens) - (len(self.prefix.tokens) if self.prefix else 0)


@dataclass(frozen=True, slots=True)
class Share:
    """What one owner has evaluated in a step; `yields` when the next token is chosen from its last one."""

    owner: Prefix | Answer
    tokens: tuple[int, ...]
    yields: bool

    @property
    def sequence(self) -> int:
        """The sequence the tokens belong to."""
        return self.owner.sequence

    @property
    def position(self) -> int:
        """Place of the first token in its sequence."""
        return self.owner.evaluated


class Schedule:
    """The `cells` of one context and everybody who wants some; no sequence may be over `longest` tokens."""

    def __init__(self, cells: int, longest: int) -> None:
        self._cells = cells
        self._longest = min(cells, longest)
        self._prefixes: list[Prefix] = []
        self._waiting: list[Answer] = []
        self._answering: list[Answer] = []
        self._trails: list[Trail] = []  # oldest first
        self._free_prefixes = list(range(PREFIXES_MAX))
        self._free_answers = list(range(PREFIXES_MAX, SEQUENCES))
        self._uses = 0

    @property
    def has_work(self) -> bool:
        """Whether a step would do anything."""
        return bool(self._waiting or self._answering) or any(not one.is_ready for one in self._prefixes)

    def prefix(self, system: str) -> Prefix | None:
        """The held prefix of `system`, which counts as a use of it."""
        found = next((one for one in self._prefixes if one.system == system), None)
        if found:
            self._uses += 1
            found.used = self._uses
        return found

    def hold(self, system: str, tokens: Sequence[int]) -> list[Order]:
        """Keep a place for this system prompt; the one unused the longest makes room. No room: no place."""
        if not tokens or self.prefix(system):
            return []
        orders = [] if self._free_prefixes else self._drop_prefix(None)
        orders += self._make_room(len(tokens))
        if self._free_prefixes and self._free_cells() >= len(tokens):
            self._prefixes.append(Prefix(system, tuple(tokens), self._free_prefixes.pop()))
            self.prefix(system)
        return orders

    def fits(self, answer: Answer) -> bool:
        """Whether `answer` could ever be composed, all cells to itself."""
        return len(answer.tokens) + answer.max_tokens <= self._longest

    def add(self, answer: Answer) -> None:
        """Put `answer` at the end of the queue."""
        self._waiting.append(answer)

    def admit(self) -> list[Order]:
        """Let those who wait begin, first come first served, as far as there are sequences and cells."""
        orders: list[Order] = []
        while self._waiting:
            answer = self._waiting[0]
            orders += self._place_prefix(answer)
            trail = self._take_trail(answer)
            orders += self._make_room(answer.own_cells, keep=answer.prefix)
            if not trail and not self._free_answers:
                orders += self._drop_trail()
            if self._free_cells() < answer.own_cells or not (trail or self._free_answers):
                answer.prefix = None
                self._trails += [trail] if trail else []
                break
            self._answering.append(self._waiting.pop(0))
            orders += self._settle(answer, trail)
        return orders + self._lend()

    def _take_trail(self, answer: Answer) -> Trail | None:
        """What its conversation left, if that is more than the system prompt."""
        for trail in self._trails:
            is_same = trail.conversation == answer.conversation and trail.prefix is answer.prefix
            if is_same and common_length(trail.tokens, answer.tokens[:-1]) > answer.borrowed:
                self._trails.remove(trail)
                return trail
        return None

    def _settle(self, answer: Answer, trail: Trail | None) -> list[Order]:
        """Give `answer` a sequence: its conversation's, from the first token that is another, or an empty one.

        The last token of a prompt is always evaluated: the first word of the answer is chosen from it.
        """
        if trail is None:
            answer.sequence = self._free_answers.pop(0)
            return []
        answer.sequence = trail.sequence
        answer.evaluated = common_length(trail.tokens, answer.tokens[:-1])
        return [Forget(answer.sequence, answer.evaluated)]

    def _place_prefix(self, answer: Answer) -> list[Order]:
        tokens = answer.tokens[: answer.prefix_tokens]
        orders = self.hold(answer.system, tokens)
        prefix = self.prefix(answer.system)
        answer.prefix = prefix if prefix and prefix.tokens == tokens else None
        return orders

    def _lend(self) -> list[Order]:
        orders: list[Order] = []
        for answer in self._answering:
            if answer.prefix and answer.prefix.is_ready and answer.awaits_prefix:
                answer.evaluated = len(answer.prefix.tokens)
                orders.append(Lend(answer.prefix.sequence, answer.sequence))
        return orders

    def plan(self) -> list[Share]:
        """What to evaluate in this step: a token of every answer under way, then some of the prompts."""
        composing = [one for one in self._answering if one.is_composing]
        shares = [Share(one, (one.composed[-1],), yields=True) for one in composing]
        budget = CHUNK_SHARED if composing or not self._answering else CHUNK_ALONE
        for owner in self._prompts():
            if budget <= 0:
                break
            tokens = owner.tokens[owner.evaluated : owner.evaluated + budget]
            is_last = owner.evaluated + len(tokens) == len(owner.tokens)
            shares.append(Share(owner, tokens, yields=is_last and isinstance(owner, Answer)))
            budget -= len(tokens)
        return shares

    def _prompts(self) -> list[Prefix | Answer]:
        """Whose prompt comes next: answers, then system prompts they wait for; others when nobody waits."""
        prompts: list[Prefix | Answer] = []
        for answer in self._answering:
            if answer.awaits_prefix and answer.prefix not in prompts and answer.prefix:
                prompts.append(answer.prefix)
            elif not answer.awaits_prefix and not answer.is_composing:
                prompts.append(answer)
        prompts.sort(key=lambda owner: isinstance(owner, Prefix))
        return prompts if self._answering else [one for one in self._prefixes if not one.is_ready]

    def advance(self, shares: Sequence[Share]) -> None:
        """These tokens were evaluated."""
        for share in shares:
            share.owner.evaluated += len(share.tokens)

    def find(self, name: str) -> Answer | None:
        """The answer called `name`, waiting or under way."""
        return next((one for one in (*self._waiting, *self._answering) if one.name == name), None)

    def end(self, answer: Answer) -> list[Order]:
        """`answer` is complete or unwanted: what is evaluated of it is left to its conversation, if it has one.

        Tokens of a computation that was broken off are taken out of the sequence.
        """
        if answer in self._waiting:
            self._waiting.remove(answer)
            return []
        self._answering.remove(answer)
        tokens = (*answer.tokens, *answer.composed)[: answer.evaluated]
        if not answer.conversation or len(tokens) <= answer.borrowed:
            self._free_answers.append(answer.sequence)
            return [Forget(answer.sequence)]
        orders = self.leave(answer.conversation)
        self._trails.append(Trail(answer.conversation, tokens, answer.sequence, answer.prefix))
        orders.append(Forget(answer.sequence, len(tokens)))
        return orders + (self._drop_trail() if len(self._trails) > TRAILS_MAX else [])

    def leave(self, conversation: str) -> list[Order]:
        """Nothing of `conversation` is kept any more."""
        trail = next((one for one in self._trails if one.conversation == conversation), None)
        return self._drop(trail) if trail else []

    def lost(self, sequence: int) -> list[Order]:
        """The model could not take back a part of `sequence`: whoever stands in it begins anew."""
        for trail in self._trails:
            if trail.sequence == sequence:
                return self._drop(trail)
        for answer in self._answering:
            if answer.sequence == sequence:
                answer.evaluated = 0
        return [Forget(sequence), *self._lend()]

    def _drop_trail(self) -> list[Order]:
        """The conversation that was silent the longest leaves nothing."""
        return self._drop(self._trails[0]) if self._trails else []

    def _drop(self, trail: Trail) -> list[Order]:
        self._trails.remove(trail)
        self._free_answers.append(trail.sequence)
        return [Forget(trail.sequence)]

    def newest(self) -> Answer | None:
        """The answer that was begun last: the one to give up when cells run out after all."""
        return self._answering[-1] if self._answering else None

    def _free_cells(self) -> int:
        held = sum(len(one.tokens) for one in self._prefixes)
        kept = sum(one.own_cells for one in self._trails)
        return self._cells - held - kept - sum(one.own_cells for one in self._answering)

    def _make_room(self, cells: int, keep: Prefix | None = None) -> list[Order]:
        orders: list[Order] = []
        while self._free_cells() < cells and (dropped := self.drop_idle(keep)):
            orders += dropped
        return orders

    def drop_idle(self, keep: Prefix | None = None) -> list[Order]:
        """Give up what nobody uses: the oldest trail, else the system prompt unused the longest."""
        return self._drop_trail() or self._drop_prefix(keep)

    def _drop_prefix(self, keep: Prefix | None) -> list[Order]:
        in_use = {id(one.prefix) for one in self._answering} | {id(keep)}
        idle = [one for one in self._prefixes if id(one) not in in_use]
        if not idle:
            return []
        oldest = min(idle, key=lambda one: one.used)
        orders = [order for one in list(self._trails) if one.prefix is oldest for order in self._drop(one)]
        self._prefixes.remove(oldest)
        self._free_prefixes.append(oldest.sequence)
        return [*orders, Forget(oldest.sequence)]


def common_length(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, yours) in pairs if mine != yours), min(len(one), len(other)))


def is_looping(composed: Sequence[int]) -> bool:
    """Whether the last tokens say the same thing three times over: at least twelve tokens, any period."""
    for period in range(1, len(composed) // _LOOP_TIMES + 1):
        length = period * max(_LOOP_TIMES, -(-_LOOP_TOKENS // period))
        tail = composed[-length:]
        if len(tail) == length and tail[period:] == tail[:-period]:
            return True
    return False
