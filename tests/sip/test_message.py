"""What is read from SIP text: users, headers, keys. Nothing that anybody sends makes it raise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip import message

INVITE = (
    'INVITE sip:200@box SIP/2.0\r\nf: "Ann: B" <sip:+13035550123;x=1@pbx>;tag=1\r\n'
    "To: Box\r\n <sip:200@box>\r\n{extra}Content-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize(
    ("address", "user"),
    [
        ("<sip:100@pbx>;tag=1", "100"),
        ('"sip" <sips:%2B4912@x>', "+4912"),
        ("tel:+4912;phone-context=x", "+4912"),
        ("sip:user:secret@x", "user"),
        ("<sip:pbx.example>", "pbx.example"),
        ("nonsense", ""),
        ("sip:a%00b%0ac@x", "abc"),
        ("sip:" + "9" * 500 + "@x", "9" * 64),
    ],
)
def test_user_of(address: str, user: str) -> None:
    assert message.user_of(address) == user


def test_from_in_compact_form_and_a_folded_to() -> None:
    invite = INVITE.format(extra="")
    assert message.caller_of(invite) == "+13035550123"
    assert message.called_of(invite) == "200"


def test_an_asserted_identity_goes_before_from() -> None:
    assert message.caller_of(INVITE.format(extra="P-Asserted-Identity: <tel:+1999>\r\n")) == "+1999"


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        ("application/dtmf", "5", "5"),
        ("Application/DTMF; x=1", " # \r\n", "#"),
        ("application/dtmf", "10", "*"),
        ("application/dtmf", "99", ""),
        ("application/dtmf-relay", "Signal=5\r\nDuration=160", ""),
        ("text/plain", "5", ""),
    ],
)
def test_keys_of_a_plain_info(kind: str, body: str, digit: str) -> None:
    assert message.plain_info_digit(f"INFO sip:x SIP/2.0\r\nContent-Type: {kind}\r\n\r\n{body}") == digit


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    assert message.caller_of(text).isprintable()
    assert message.plain_info_digit(text) == ""
