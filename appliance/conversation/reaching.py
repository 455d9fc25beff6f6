"""The session's desk for connecting people: who is meant, one question when that is not sure, the attempt. Pure.

    "can i speak to maria"   nobody else is like it       -> ring
                             nearly                        -> "Did you mean Maria Ortega?" -> yes: ring
                             two of that name              -> "Did you mean A or B?"       -> the name: ring
    "a real person"          the business's operator       -> ring, or a message is offered as ever
    danger                   the emergency line            -> ring at once

Whoever is screened is told who calls and why, so the caller is asked that once, before it rings.

The session says a `Move` and carries out its commands; words and events it hands in are answered by the next.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from appliance.business import Business, Entry
from appliance.conversation.answers import yes_or_no
from appliance.conversation.connecting import Caller, Connecting, Ending, Move, Sayings
from appliance.conversation.directory import Directory
from appliance.conversation.ring_plan import RingPlan, emergency_plan, plan
from appliance.domain import events as ev


class Reaching:
    """Everything about reaching people in one call."""

    def __init__(self, call_id: str, business: Business, phrases: Sayings) -> None:
        self._call_id = call_id
        self._business = business
        self._phrases = phrases
        self._directory = Directory(business)
        self._meant: tuple[Entry, ...] = ()
        self._screened: RingPlan | None = None
        """What is rung as soon as the caller has said who they are."""
        self._attempt: Connecting | None = None
        self._next_leg = 1
        self._has_asked = False
        self.caller = Caller()
        """What colleagues are told of the caller."""
        self.was_connected = False
        """Whether the caller ended with somebody: the call's disposition is `transferred`."""

    @property
    def is_trying(self) -> bool:
        """Whether telephones ring, or somebody is being told."""
        return self._attempt is not None

    @property
    def asks_who(self) -> bool:
        """Whether the caller is being asked who they are: their answer may be a longer one."""
        return self._screened is not None

    @property
    def is_joined(self) -> bool:
        """Whether the caller speaks with a colleague through us: there is nothing left to say."""
        return self.was_connected and self._attempt is None

    def know(self, name: str, matter: str) -> None:
        """What the caller has said of themselves elsewhere in the call; empty where nothing."""
        told = self._directory.retold(matter)
        self.caller = Caller(name or self.caller.name, told or self.caller.matter)

    def can_reach_operator(self, now: datetime) -> bool:
        """Whether somebody is there for callers who want a person."""
        operator = self._business.connecting.operator
        return bool(operator) and bool(plan(self._business, operator, now).rounds)

    # --- who is meant ---------------------------------------------------------------------------

    def wished(self, text: str, now: datetime) -> Move | None:
        """What a request for somebody of the directory leads to; None when `text` is none."""
        if not self._directory.asks_for_somebody(text):
            return None
        found = self._directory.find(text)
        if not found.entries:
            return None
        self.know("", self._directory.matter_in(text))
        return self.reach(found.entries[0].id, now) if found.is_sure else self._ask(found.entries)

    def answered(self, text: str, now: datetime) -> Move | None:
        """The caller's words after a question of ours; None when none stands or they are no answer to it."""
        meant, self._meant = self._meant, ()
        screened, self._screened = self._screened, None
        if screened is not None:
            told = self._directory.caller_in(text)
            self.caller = Caller(told.name or self.caller.name, told.matter or self.caller.matter)
            return self._ring(screened)
        if not meant:
            return None
        named = [one for one in self._directory.find(text).entries if one in meant]
        if len(named) == 1:
            return self.reach(named[0].id, now)
        match yes_or_no(text, self._business.language):
            case True if len(meant) == 1:
                return self.reach(meant[0].id, now)
            case False:
                return Move(self._phrases.say("who_for"))
            case _:
                return None

    def _ask(self, entries: tuple[Entry, ...]) -> Move:
        self._meant = entries[:2]
        first, second = entries[0].spoken, entries[-1].spoken
        if len(self._meant) == 1:
            return Move(self._phrases.say("did_you_mean", first=first))
        return Move(self._phrases.say("which_of_two", first=first, second=second))

    # --- an attempt -----------------------------------------------------------------------------

    def reach(self, entry_id: str, now: datetime) -> Move:
        """Ring the entry; what was tried before is given up."""
        return self._try(plan(self._business, entry_id, now))

    def operator(self, now: datetime) -> Move | None:
        """Ring whoever takes callers that want a person; None when the business has nobody for it."""
        operator = self._business.connecting.operator
        return self.reach(operator, now) if operator else None

    def emergency(self, now: datetime) -> Move | None:
        """Ring the emergency line; None when the business has none."""
        planned = emergency_plan(self._business, now)
        return self._try(planned) if planned is not None else None

    def _try(self, planned: RingPlan) -> Move:
        """Ring, or first ask who calls."""
        is_known = bool(self.caller.name) or self._has_asked  # who would not say is not asked again
        if is_known or not any(target.screened for one in planned.rounds for target in one.targets):
            return self._ring(planned)
        left = self.drop()
        self._meant, self._screened, self._has_asked = (), planned, True
        asking = self._phrases.say("who_calls_about_it" if self.caller.matter else "who_calls")
        return replace(left, say=asking, ending=None)

    def _ring(self, planned: RingPlan) -> Move:
        left = self.drop()
        region = self._business.region if self._business.connecting.shows_ringing else ""
        self._meant, self._screened = (), None
        self._attempt = attempt = Connecting(
            self._call_id,
            planned,
            self._phrases,
            self.caller,
            region,
            self._next_leg,
            self._business.language,
        )
        move = self._noted(attempt.begin())
        return replace(move, commands=(*left.commands, *move.commands))

    def handle(self, event: ev.ConnectEvent) -> Move:
        """What an event of a leg makes us do; late ones mean nothing."""
        return self._noted(self._attempt.handle(event)) if self._attempt else Move()

    def silent(self) -> Move:
        """The caller has heard nothing of us for a while."""
        return self._attempt.silent() if self._attempt else Move()

    def drop(self) -> Move:
        """The caller wants something else."""
        return self._noted(self._attempt.dropped()) if self._attempt else Move()

    def caller_gone(self) -> None:
        """The caller's call is over."""
        if self._attempt is not None:
            self.was_connected = self._attempt.caller_gone() is Ending.CONNECTED
            self._attempt = None

    def _noted(self, move: Move) -> Move:
        if self._attempt is not None:
            self._next_leg = self._attempt.next_leg
        if move.ending is not None:
            self._attempt = None
            self.was_connected = move.ending in {Ending.CONNECTED, Ending.JOINED}
        return move

    def count_on_from(self, later: Reaching) -> None:
        """Legs that `later` has numbered are not numbered again."""
        self._next_leg = later._next_leg
