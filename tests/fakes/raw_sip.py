"""SIP by hand over UDP: for what no decent telephone would send."""

from __future__ import annotations

import socket
import uuid
from types import TracebackType

_BYTES_MAX = 65_536

UNKNOWN_CODEC_SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 97\r\na=rtpmap:97 VENUSIAN/8000\r\na=sendrecv\r\n"
)


class RawSip:
    """A UDP socket that speaks SIP to `port` on loopback, one dialogue at a time."""

    def __init__(self, port: int) -> None:
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))
        self._sock.connect(("127.0.0.1", port))
        self.own_port: int = self._sock.getsockname()[1]
        self._port = port

    def __enter__(self) -> RawSip:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._sock.close()

    def throw(self, datagram: bytes) -> None:
        """Send exactly these bytes."""
        self._sock.send(datagram)

    def request(self, method: str, body: str = "", kind: str = "application/sdp", extra: str = "") -> bytes:
        """A request outside any dialogue, with a branch, tag and Call-ID of its own."""
        own = uuid.uuid4().hex
        head = (
            f"{method} sip:box@127.0.0.1:{self._port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.own_port};branch=z9hG4bK{own};rport\r\n"
            f"From: <sip:hand@127.0.0.1:{self.own_port}>;tag={own[:8]}\r\n"
            f"To: <sip:box@127.0.0.1:{self._port}>\r\nCall-ID: {own}\r\nCSeq: 1 {method}\r\n"
            f"Contact: <sip:hand@127.0.0.1:{self.own_port}>\r\nMax-Forwards: 70\r\n{extra}"
        )
        if body:
            head += f"Content-Type: {kind}\r\n"
        return (head + f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

    def final_status(self, limit_s: float = 10.0) -> int:
        """The status of the first final response that comes; fails the test when none does."""
        self._sock.settimeout(limit_s)
        while True:
            line = self._sock.recv(_BYTES_MAX).split(b"\r\n", 1)[0]
            if line.startswith(b"SIP/2.0 ") and (status := int(line.split()[1])) >= 200:
                return status
