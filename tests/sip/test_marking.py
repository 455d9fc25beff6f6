"""What a switch sees of us: the mark in the IP header (DSCP, RFC 2474) of real SIP and RTP packets of a call."""

from __future__ import annotations

import socket
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.domain.events import LineReady
from tests.fakes.line_process import LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import tone

pytestmark = pytest.mark.real

EXPEDITED_FORWARDING = 46  # RFC 3246: sound
CLASS_SELECTOR_5 = 40  # RFC 4594: signalling
RTP_VERSION_2_PCMU = b"\x80\x00"
WAIT_S = 60.0


class Marks:
    """A UDP socket on loopback that tells of each packet with which DSCP it came."""

    def __init__(self) -> None:
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
        self._sock.bind(("127.0.0.1", 0))
        self._sock.settimeout(WAIT_S)
        self.port: int = self._sock.getsockname()[1]

    def __enter__(self) -> Marks:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def send(self, text: str, port: int) -> None:
        self._sock.sendto(text.encode(), ("127.0.0.1", port))

    def next(self, begins: bytes) -> int:
        """The DSCP of the next packet that begins so: the upper six bits of the TOS byte."""
        while True:
            packet, ancillary, _, _ = self._sock.recvmsg(65_536, socket.CMSG_SPACE(4))
            if packet.startswith(begins):
                break
        (mark,) = [
            content[0] >> 2
            for level, kind, content in ancillary
            if (level, kind) == (socket.IPPROTO_IP, socket.IP_TOS)
        ]
        return mark


@dataclass
class Call:
    """A call that has been answered: what our side got of it, SIP and sound apart."""

    signalling: Marks
    sound: Marks


@pytest.fixture(scope="module")
def call() -> Iterator[Call]:
    """One for the whole file, to a line whose agent speaks."""
    with (
        tempfile.TemporaryDirectory(prefix="mark-") as name,
        Marks() as signalling,
        Marks() as sound,
        ScriptedAgent(Path(name) / "agent.sock", says=tone(440, 1000)) as agent,
        LineProcess(Path(name)),
    ):
        port = int(agent.wait_for(LineReady).sip_uri.rpartition(":")[2])
        signalling.send(_invite(port, signalling.port, sound.port), port)
        yield Call(signalling, sound)


def _invite(port: int, own_port: int, sound_port: int) -> str:
    offer = (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {sound_port} RTP/AVP 0\r\na=sendrecv\r\n"
    )
    own = uuid.uuid4().hex
    return (
        f"INVITE sip:box@127.0.0.1:{port} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1:{own_port};branch=z9hG4bK{own};rport\r\n"
        f"From: <sip:hand@127.0.0.1:{own_port}>;tag={own[:8]}\r\nTo: <sip:box@127.0.0.1:{port}>\r\n"
        f"Call-ID: {own}\r\nCSeq: 1 INVITE\r\nContact: <sip:hand@127.0.0.1:{own_port}>\r\nMax-Forwards: 70\r\n"
        f"Content-Type: application/sdp\r\nContent-Length: {len(offer)}\r\n\r\n{offer}"
    )


def test_signalling_is_marked_as_such(call: Call) -> None:
    assert call.signalling.next(b"SIP/2.0 ") == CLASS_SELECTOR_5


def test_sound_is_marked_expedited(call: Call) -> None:
    assert {call.sound.next(RTP_VERSION_2_PCMU) for _ in range(5)} == {EXPEDITED_FORWARDING}
