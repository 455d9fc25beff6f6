"""What the loop orders of the telephone, and how a step that connects callers with colleagues becomes an order."""

from __future__ import annotations

from typing import Protocol, assert_never

from appliance.domain import commands as do


class Phone(Protocol):
    """What the loop orders of the telephone (sip.telephone.Telephone)."""

    def ring(self, call_id: str) -> None: ...
    def answer(self, call_id: str) -> None: ...
    def reject(self, call_id: str, status: int) -> None: ...
    def hang_up(self, call_id: str) -> None: ...
    def register(self) -> None: ...
    def dial_for(self, call_id: str, leg_id: str, to: str) -> None: ...
    def refer(self, call_id: str, to: str) -> None: ...
    def refer_replacing(self, call_id: str, leg_id: str) -> None: ...
    def join(self, call_id: str, other_id: str) -> None: ...


def connect(phone: Phone, step: do.DialColleague | do.Refer | do.ReferReplacing | do.JoinCalls) -> None:
    """Have it done."""
    match step:
        case do.DialColleague(call_id=call_id, leg_id=leg_id, to=to):
            phone.dial_for(call_id, leg_id, to)
        case do.Refer(call_id=call_id, to=to):
            phone.refer(call_id, to)
        case do.ReferReplacing(call_id=call_id, leg_id=leg_id):
            phone.refer_replacing(call_id, leg_id)
        case do.JoinCalls(call_id=call_id, leg_id=leg_id):
            phone.join(call_id, leg_id)
        case _:
            assert_never(step)
