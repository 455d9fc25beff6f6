"""The library and what it says by itself, outside any call: INVITEs that it refuses never become a `SipCall`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pjsua2 as pj

from appliance.sip import message, words
from appliance.sip.call import guarded

BUSY = 486
"""Every place is taken; the library says it when its compiled ones are, we when those of the settings are."""
_NOT_ACCEPTABLE = 488
_LOST_CALLS = frozenset({BUSY, _NOT_ACCEPTABLE})
"""With these somebody is turned away. The rest is no call of anybody's (400, 420), or comes again at once (422)."""


class Library(pj.Endpoint):  # type: ignore[misc]
    """pjsua2's endpoint. `on_refused` gets the INVITE as text and the status it was refused with."""

    def __init__(self, on_refused: Callable[[str, int], None]) -> None:
        super().__init__()
        self._on_refused = on_refused

    @guarded
    def onRejectedIncomingCall(self, parameters: Any) -> None:  # noqa: N802  pjsua2's name
        """The library refused an INVITE before `onIncomingCall`."""
        if parameters.statusCode in _LOST_CALLS:
            self._on_refused(parameters.rdata.wholeMsg, parameters.statusCode)


def turned_away(call_id: str, invite: str, status: int) -> words.TurnedAway:
    """What is told of an INVITE that got no place."""
    caller, called = message.caller_of(invite), message.called_of(invite)
    return words.TurnedAway(call_id, caller, called, status, message.header(invite, "Call-ID"))


@contextlib.contextmanager
def silent_stdout() -> Iterator[None]:
    """Keep what C code prints off file descriptor 1."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
