"""What the library refuses by itself: told of when somebody was turned away, and only then."""

from __future__ import annotations

import pjsua2 as pj
import pytest

from appliance.sip import words
from appliance.sip.library import Library, turned_away

INVITE = (
    "INVITE sip:200@box SIP/2.0\r\nFrom: <sip:+13035550123@pbx>;tag=1\r\nTo: <sip:200@box>\r\n"
    "{call_id}: a1b2@pbx\r\nContent-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize("header", ["Call-ID", "i"])
def test_what_is_told_of_an_invite(header: str) -> None:
    told = turned_away("c1", INVITE.format(call_id=header), 486)
    assert told == words.TurnedAway("c1", "+13035550123", "200", 486, "a1b2@pbx")


@pytest.mark.parametrize(
    ("status", "is_call"), [(486, True), (488, True), (400, False), (420, False), (422, False)]
)
def test_garbage_and_what_comes_again_at_once_is_nobodys_call(status: int, is_call: bool) -> None:
    refused: list[tuple[str, int]] = []
    library = Library(lambda invite, status: refused.append((invite, status)))
    parameters = pj.OnRejectedIncomingCallParam()
    parameters.statusCode = status
    parameters.rdata.wholeMsg = INVITE
    library.onRejectedIncomingCall(parameters)
    assert refused == ([(INVITE, status)] if is_call else [])
