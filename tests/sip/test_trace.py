"""What is kept of SIP: bounded, in order, as long as it was, and without what nobody may read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.trace import CALLS_KEPT, OTHERS_KEPT, SipMessage, Trace, without_secrets

_REGISTER = (
    "REGISTER sip:pbx SIP/2.0\r\nCall-ID: a1\r\nCSeq: 2 REGISTER\r\n"
    'Authorization: Digest username="101", realm="office", nonce="abc", uri="sip:pbx", response="c0ffee99",'
    ' cnonce="xyz", algorithm=MD5\r\n\r\n'
)


def _invite(body: str = "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n") -> str:
    return (
        "INVITE sip:box@127.0.0.1 SIP/2.0\r\nCall-ID: b2\r\nCSeq: 1 INVITE\r\n"
        f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def _logged(text: str, what: str, *, sent: bool = False) -> str:
    way = "TX 1 bytes {} (tdta0x7f) to" if sent else "RX 1 bytes {} (rdata0x7f) from"
    return f"{way.format(what)} UDP 127.0.0.1:5062:\n{text}\n--end msg--"


def _kept(*lines: str) -> list[SipMessage]:
    trace = Trace()
    for number, line in enumerate(lines):
        trace.wrote(line, 100.0 + number)
    return list(trace.after(0))


def test_a_message_is_read_from_the_log() -> None:
    (one,) = _kept("Call 0: a line that is no message", _logged(_invite(), "Request msg INVITE/cseq=1"))
    assert (one.number, one.at_s, one.sent) == (1, 101.0, False)
    assert (one.transport, one.peer) == ("UDP", "127.0.0.1:5062")
    assert (one.dialog, one.method, one.step) == ("b2", "INVITE", "INVITE (SDP)")


def test_an_answer_shows_its_status_and_what_it_answers() -> None:
    text = "SIP/2.0 180 Ringing\r\nCall-ID: b2\r\nCSeq: 1 INVITE\r\n\r\n"
    (one,) = _kept(_logged(text, "Response msg 180/INVITE/cseq=1", sent=True))
    assert (one.sent, one.step, one.method) == (True, "180 Ringing", "INVITE")


def test_nobody_reads_how_we_prove_who_we_are() -> None:
    stripped = without_secrets(_REGISTER)
    assert len(stripped) == len(_REGISTER)
    assert "c0ffee99" not in stripped
    assert 'username="101", realm="office", nonce="xxx"' in stripped
    assert 'response="xxxxxxxx"' in stripped


def test_nor_the_keys_of_the_sound() -> None:
    stripped = without_secrets(_invite())
    assert "c2VjcmV0" not in stripped
    assert "AES_CM_128_HMAC_SHA1_80 inline:xxxxxxxx" in stripped


def test_nor_what_a_caller_presses() -> None:
    text = "INFO sip:box SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=160\r\n"
    assert without_secrets(text).endswith("\r\n\r\nxxxxxxxx\r\nxxxxxxxxxxxx\r\n")


@given(st.text(st.characters(codec="ascii"), max_size=300))
def test_a_message_is_as_long_as_it_was(text: str) -> None:
    assert len(without_secrets(text)) == len(text)


def test_old_messages_go_and_registrations_do_not_push_calls_out() -> None:
    trace = Trace()
    trace.wrote(_logged(_invite(), "Request msg INVITE/cseq=1"), 1.0)
    for at_s in range(OTHERS_KEPT * 3):
        trace.wrote(_logged(_REGISTER, "Request msg REGISTER/cseq=2", sent=True), 2.0 + at_s)
    kept = list(trace.after(0))
    assert len(kept) == OTHERS_KEPT + 1
    assert kept[0].method == "INVITE"
    for at_s in range(CALLS_KEPT * 2):
        trace.wrote(_logged(_invite(), "Request msg INVITE/cseq=1"), 500.0 + at_s)
    assert len(list(trace.after(0))) == CALLS_KEPT + OTHERS_KEPT


def test_only_what_is_new_is_told() -> None:
    trace = Trace()
    for at_s in (1.0, 2.0, 3.0):
        trace.wrote(_logged(_invite(), "Request msg INVITE/cseq=1"), at_s)
    assert [one.number for one in trace.after(2)] == [3]
    assert list(trace.after(3)) == []
