"""What was said on the line in SIP, message by message: kept bounded, without secrets, as rows of a ladder. Pure.

A `Trace` keeps what pjsua writes of each message, as it comes; reading it costs who looks, not who calls. What
nobody may read on is overwritten with as many x: digest answers (RFC 7616), keys of SRTP (RFC 4568), and bodies
other than SDP and sipfrag, because keys that callers press stand in them. So every length stays true.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from appliance.sip import message

CALLS_KEPT: Final = 240
"""Messages of calls; a call takes six to ten."""
OTHERS_KEPT: Final = 60
"""Messages of registrations, and of what phone systems ask to see whether we are there."""
_WRITTEN: Final = re.compile(r"(RX|TX) \d+ bytes .*? (?:from|to) (\w+) (\S+):(\d+):\r?\n", re.DOTALL)
_END: Final = "\n--end msg--"
_STANDING: Final = re.compile(r"msg (?:\d+/)?(?:REGISTER|OPTIONS|SUBSCRIBE|NOTIFY|PUBLISH)/")
_HEADER_CHARACTERS: Final = 100
_CREDENTIALS: Final = re.compile(r"^((?:proxy-)?authorization\s*:)(.*)$", re.IGNORECASE | re.MULTILINE)
_ANSWER: Final = re.compile(r'\b((?:response|cnonce|opaque|nonce)\s*=\s*"?)([^",\s]+)', re.IGNORECASE)
_KEYS: Final = re.compile(r"^(a=crypto:.*?inline:|a=ice-pwd:)(\S+)", re.MULTILINE)
_BODIES_SHOWN: Final = frozenset({"application/sdp", "message/sipfrag"})


@dataclass(frozen=True, slots=True)
class SipMessage:
    """One message. `at_s`: seconds since 1970; `peer`: host:port; `text`: whole, but for what nobody may read."""

    number: int
    at_s: float
    sent: bool
    transport: str
    peer: str
    text: str

    @property
    def first_line(self) -> str:
        """`INVITE sip:...` or `SIP/2.0 200 OK`."""
        return self.text.split("\r\n", 1)[0].split("\n", 1)[0].strip()

    @property
    def dialog(self) -> str:
        """Its Call-ID."""
        return message.header(self.text, "Call-ID")

    @property
    def method(self) -> str:
        """What it asks, or what was asked that it answers."""
        return message.header(self.text, "CSeq").rpartition(" ")[2]

    @property
    def step(self) -> str:
        """What stands at its arrow: `INVITE (SDP)`, `180 Ringing`."""
        first = self.first_line
        word = first.partition(" ")[2] if first.startswith("SIP/2.0") else first.partition(" ")[0]
        return (
            f"{word} (SDP)"
            if message.header(self.text, "Content-Type").startswith("application/sdp")
            else word
        )


class Trace:
    """The last messages. `wrote` is called in the telephone's thread, `after` from any."""

    def __init__(self) -> None:
        self._calls: deque[tuple[int, float, str]] = deque(maxlen=CALLS_KEPT)
        self._others: deque[tuple[int, float, str]] = deque(maxlen=OTHERS_KEPT)
        self._written = 0

    def wrote(self, line: str, at_s: float) -> None:
        """A line of pjsua's log: kept if it is a message."""
        if line.startswith(("RX ", "TX ")):
            self._written += 1
            kept = self._others if _STANDING.search(line, 0, _HEADER_CHARACTERS) else self._calls
            kept.append((self._written, at_s, line))

    def after(self, number: int) -> Iterator[SipMessage]:
        """What came after message `number`, in order."""
        kept = sorted([*self._calls.copy(), *self._others.copy()])
        return (one for entry in kept if entry[0] > number and (one := _read(*entry)) is not None)


def _read(number: int, at_s: float, line: str) -> SipMessage | None:
    found = _WRITTEN.match(line)
    if found is None:
        return None
    text = line[found.end() :].partition(_END)[0]
    direction, transport, host, port = found.groups()
    return SipMessage(number, at_s, direction == "TX", transport, f"{host}:{port}", without_secrets(text))


def without_secrets(text: str) -> str:
    """The same message, as long as before, with x over whatever nobody may read."""
    head, gap, body = text.partition("\r\n\r\n")
    head = _CREDENTIALS.sub(lambda found: found[1] + _ANSWER.sub(_crossed_out, found[2]), head)
    kind = message.header(text, "Content-Type").partition(";")[0].strip().lower()
    shown = _KEYS.sub(_crossed_out, body) if kind in _BODIES_SHOWN else re.sub(r"[^\r\n]", "x", body)
    return head + gap + shown


def _crossed_out(found: re.Match[str]) -> str:
    return found[1] + "x" * len(found[2])
