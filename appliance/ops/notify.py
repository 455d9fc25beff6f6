"""Tells whoever started a process that it is ready and alive, by the protocol of systemd's sd_notify(3).

Both ends: `Notifier` in each process (under systemd or under `appliance run`), `NotifySocket` in the
supervisor. A message is lines of KEY=VALUE in one datagram; the kernel vouches for the sender's pid
(SCM_CREDENTIALS), so one socket serves all children and words of a dead one cannot be taken for its heir's.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

ADDRESS_VARIABLE: Final = "NOTIFY_SOCKET"
ALIVE_EVERY_S: Final = 1.0
_MESSAGE_BYTES_MAX: Final = 4096
_CREDENTIALS: Final = struct.Struct("3i")  # struct ucred of unix(7): pid, uid, gid


class Notifier:
    """A process's voice to its supervisor; says nothing when nobody asked (`address` empty)."""

    def __init__(self, address: str = "", *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._monotonic_s = monotonic_s
        self._alive_said_s = float("-inf")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Notifier:
        """A notifier to the socket named in NOTIFY_SOCKET, or a silent one."""
        return cls(environment.get(ADDRESS_VARIABLE, ""))

    def ready(self) -> None:
        """Start-up is over: work can be given to this process. Counts as a sign of life."""
        self._send("READY=1\nWATCHDOG=1")

    def alive(self) -> None:
        """A sign of life. Call it as often as is handy: it is sent once a second and never blocks."""
        now_s = self._monotonic_s()
        if now_s - self._alive_said_s >= ALIVE_EVERY_S:
            self._alive_said_s = now_s
            self._send("WATCHDOG=1", socket.MSG_DONTWAIT)

    def status(self, text: str) -> None:
        """One line for the operator, shown by `systemctl status` or by `appliance run`. Nothing personal."""
        self._send("STATUS=" + " ".join(text.split()))

    def stopping(self) -> None:
        """Shutting down on purpose."""
        self._send("STOPPING=1")

    def _send(self, message: str, flags: int = 0) -> None:
        if not self._address:
            return
        # A supervisor that is gone or does not listen is no reason to stop answering the telephone.
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock,
        ):
            sock.sendto(message.encode()[:_MESSAGE_BYTES_MAX], flags, self._address)


@dataclass(frozen=True, slots=True)
class Notice:
    """What process `pid` said of itself in one datagram."""

    pid: int
    is_ready: bool = False
    is_alive: bool = False
    status: str = ""


class NotifySocket:
    """The supervisor's ear: an abstract datagram socket, gone when the supervisor is."""

    def __init__(self) -> None:
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._sock.setblocking(False)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._sock.bind("")  # Linux picks a free abstract name

    @property
    def address(self) -> str:
        """What NOTIFY_SOCKET must hold for those who shall be heard."""
        name: bytes = self._sock.getsockname()
        return "@" + name[1:].decode()

    def fileno(self) -> int:
        """For a selector: readable when somebody has spoken."""
        return self._sock.fileno()

    def receive(self) -> list[Notice]:
        """Everything that was said until now; never blocks. Datagrams without a sender's pid are dropped."""
        notices: list[Notice] = []
        while True:
            try:
                message, ancillary, _, _ = self._sock.recvmsg(
                    _MESSAGE_BYTES_MAX, socket.CMSG_SPACE(_CREDENTIALS.size)
                )
            except BlockingIOError:
                return notices
            notices += [_notice(pid, message) for pid in _senders(ancillary)]

    def close(self) -> None:
        """Stop listening."""
        self._sock.close()


def _senders(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    return [
        _CREDENTIALS.unpack(content)[0]
        for level, kind, content in ancillary
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and len(content) == _CREDENTIALS.size
    ]


def _notice(pid: int, message: bytes) -> Notice:
    lines = message.decode(errors="replace").splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line)
    return Notice(
        pid,
        is_ready=said.get("READY") == "1",
        is_alive=said.get("WATCHDOG") == "1",
        status=said.get("STATUS", ""),
    )
