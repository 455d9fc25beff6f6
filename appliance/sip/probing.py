"""One SIP OPTIONS to a phone system and its answer: does it answer, and at which address does it see us?

Plain UDP from a port of its own, so that a running box and its registration are left alone. `rport` asks for the
address the request came from (RFC 3581); OPTIONS is answered without a password (RFC 3261, 11).
"""

from __future__ import annotations

import re
import secrets
import socket
from dataclasses import dataclass
from typing import Final

from appliance import __version__
from appliance.clock import Clock, SystemClock
from appliance.sip import message

_SIP_PORT: Final = 5060
_PACKET_BYTES_MAX: Final = 65_535
_WAITS_S: Final = (0.5, 1.0, 2.0, 2.0)
"""Between repetitions: RFC 3261's timer E, given up sooner."""
_HOST: Final = re.compile(r"^(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:;]+))(?::(?P<port>\d+))?")
_RECEIVED: Final = re.compile(r";\s*received=\[?([^;\],\s]+)")
_SENT_BY: Final = re.compile(r"^SIP/2\.0/\w+\s+\[?([^;:\s\]]+)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What came back. `ours`: the address it was sent from; `seen`: the one the phone system had it from, empty when
    nothing came back or it did not say; `server`: what it calls itself."""

    answered: bool
    ours: str = ""
    seen: str = ""
    status: int = 0
    server: str = ""
    took_ms: int = 0


def probe(registrar: str, *, bind_address: str = "", clock: Clock | None = None) -> Seen:
    """Ask `registrar` (host, or host:port); up to 6 s when nobody answers."""
    clock = clock or SystemClock()
    try:
        address = _address_of(registrar)
        with socket.socket(address[0], socket.SOCK_DGRAM) as sock:
            if bind_address and _can_bind(bind_address, address[0]):
                sock.bind((bind_address, 0))
            sock.connect(address[1])
            return _ask(sock, registrar, clock)
    except (OSError, UnicodeError):  # no such name (or none that could be one), no way there, nobody listens
        return Seen(False)


def _address_of(registrar: str) -> tuple[int, tuple[str, int]]:
    found = _HOST.match(registrar)
    host = (found["six"] or found["host"]) if found else registrar
    port = int(found["port"] or _SIP_PORT) if found else _SIP_PORT
    family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    return family, (str(place[0]), int(place[1]))


def _can_bind(address: str, family: int) -> bool:
    anywhere = address in ("0.0.0.0", "::")  # noqa: S104  compared, not bound
    return not anywhere and (":" in address) is (family == socket.AF_INET6)


def _ask(sock: socket.socket, registrar: str, clock: Clock) -> Seen:
    host, port = sock.getsockname()[:2]
    request = options(registrar, host, port, secrets.token_hex(8)).encode()
    began_s = clock.monotonic_s()
    for wait_s in _WAITS_S:
        sock.send(request)
        sock.settimeout(wait_s)
        try:
            answer = sock.recv(_PACKET_BYTES_MAX).decode(errors="replace")
        except TimeoutError:
            continue
        return read(answer, host, round((clock.monotonic_s() - began_s) * 1000))
    return Seen(False, ours=host)


def options(registrar: str, host: str, port: int, tag: str) -> str:
    """The request, as text. `tag` makes it one of its kind."""
    us = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return "\r\n".join(
        [
            f"OPTIONS sip:{registrar} SIP/2.0",
            f"Via: SIP/2.0/UDP {us};branch=z9hG4bK{tag};rport",
            "Max-Forwards: 70",
            f"From: <sip:doctor@{us}>;tag={tag}",
            f"To: <sip:{registrar}>",
            f"Call-ID: {tag}@{us}",
            "CSeq: 1 OPTIONS",
            f"Contact: <sip:doctor@{us}>",
            "Accept: application/sdp",
            f"User-Agent: Attendant/{__version__}",
            "Content-Length: 0",
            "",
            "",
        ]
    )


def read(answer: str, ours: str, took_ms: int = 0) -> Seen:
    """What an answer says of us. A phone system that leaves `received` out saw the address that we wrote."""
    status = answer.split(maxsplit=2)[1:2]
    via = message.header(answer, "Via")
    found = _RECEIVED.search(via) or _SENT_BY.search(via)
    return Seen(
        answered=answer.startswith("SIP/2.0 "),
        ours=ours,
        seen=found[1] if found else "",
        status=int(status[0]) if status and status[0].isdigit() else 0,
        server=message.header(answer, "Server") or message.header(answer, "User-Agent"),
        took_ms=took_ms,
    )
