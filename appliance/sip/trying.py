"""A registration tried out, in a process of its own: `python -m appliance.sip.trying`, asked on stdin, told on stdout.

One JSON object each way. Asked: `registrar`, `user`, `password`, and where they matter `bind_address` and
`public_address`. Told: `registered`, `status` and `reason` of the registrar's last word (408 also for none at all),
and the `address` it was sent from. The binding is taken back. pjsua2 is once a process: hence one of its own.
"""

from __future__ import annotations

import json
import sys
from queue import Empty, SimpleQueue
from typing import Any

from appliance.errors import LineFault, Misused
from appliance.sip.telephone import Telephone
from appliance.sip.timers import ANSWER_LIMIT_MS
from appliance.sip.words import Account, RegistrationAnswered, SipEvent, SoundTap, Station

_CHALLENGED_ONCE = 2  # requests a registration takes: the one that is challenged, and the one with the digest
_SPARE_S = 2.0
_NO_ANSWER = 408
_NOT_SENT = 503


def try_out(asked: dict[str, str]) -> dict[str, Any]:
    """Register, wait for the answer, take it back."""
    answers: SimpleQueue[RegistrationAnswered] = SimpleQueue()
    account = Account(asked["registrar"], asked["user"], asked["password"])
    telephone = Telephone(
        Station(
            bind_address=asked.get("bind_address", "0.0.0.0"),  # noqa: S104  as the settings do
            public_address=asked.get("public_address", ""),
            user=account.user,
        ),
        on_event=lambda event: _sort(event, answers),
        new_tap=_no_sound,
        new_call_id=lambda: "",
        account=account,
    )
    try:
        address = telephone.start()
    except LineFault as fault:  # an address that is no name, a registrar that is no host
        return _told(False, _NOT_SENT, fault.message, "")
    telephone.register()
    try:
        answer = answers.get(timeout=_CHALLENGED_ONCE * ANSWER_LIMIT_MS / 1000 + _SPARE_S)
    except Empty:
        return _told(False, _NO_ANSWER, "no answer", address)
    else:
        return _told(answer.registered, answer.status, answer.reason, address)
    finally:
        telephone.close()


def _told(registered: bool, status: int, reason: str, address: str) -> dict[str, Any]:
    return {"registered": registered, "status": status, "reason": reason, "address": address}


def _sort(event: SipEvent, answers: SimpleQueue[RegistrationAnswered]) -> None:
    """Keep the registrar's word. A call that comes in this moment rings unanswered until we are gone."""
    if isinstance(event, RegistrationAnswered):
        answers.put(event)


def _no_sound(call_id: str) -> SoundTap:
    raise Misused(f"nobody is answered here ({call_id})")


if __name__ == "__main__":
    print(json.dumps(try_out(json.load(sys.stdin))))
