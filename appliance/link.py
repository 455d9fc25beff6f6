"""The wire between processes: facts and orders as bytes, one message a packet, over Unix SOCK_SEQPACKET.

A packet is the class name, a zero byte, and the dataclass in MessagePack. Packets keep their borders, so
there is no framing; a 640-byte frame makes a round trip in microseconds. Sound may be dropped when the other
side is slow (oldest first, counted); facts and orders wait in a queue and are never dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import select
import socket
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import msgspec

from appliance.domain import commands, events
from appliance.domain.sound import FrameHeard
from appliance.errors import Misused

Packet = FrameHeard | events.LineEvent | events.MindEvent | commands.LineCommand | commands.MindCommand

PACKET_BYTES_MAX: Final = 65_536
SOUND_WAITING_MAX: Final = 100
_BUFFER_BYTES: Final = 1 << 20

_CLASSES: Final[dict[bytes, type[Any]]] = {cls.__name__.encode(): cls for cls in get_args(Packet)}
_encode_body = msgspec.msgpack.Encoder().encode
_DECODERS: Final = {name: msgspec.msgpack.Decoder(cls) for name, cls in _CLASSES.items()}
P = TypeVar("P")


def encode(packet: Packet) -> bytes:
    """One packet as bytes; Misused when its class does not travel or it is over PACKET_BYTES_MAX."""
    name = type(packet).__name__.encode()
    if name not in _CLASSES:
        raise Misused(f"{name.decode()} does not travel between processes")
    data = name + b"\0" + _encode_body(packet)
    if len(data) > PACKET_BYTES_MAX:  # the receiver would get it cut off
        raise Misused(f"a {name.decode()} of {len(data)} bytes is too large for the link")
    return data


def decode(data: bytes) -> Packet:
    """The packet that `encode` made; Misused when the bytes are not one of ours."""
    name, separator, body = data.partition(b"\0")
    decoder = _DECODERS.get(name)
    if decoder is None or not separator:
        raise Misused("a packet of an unknown class came over the link")
    try:
        packet: Packet = decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise Misused(f"a {name.decode()} packet does not decode: {error}") from error
    return packet


def listen(path: Path) -> socket.socket:
    """A listening socket at `path`; a stale one of a dead process is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(8)
    return listener


def dial(path: Path) -> socket.socket:
    """A socket connected to `path`; OSError while nobody listens there."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
    try:
        sock.connect(str(path))
    except OSError:
        sock.close()
        raise
    _widen(sock)
    return sock


def _widen(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)


class _Outbox:
    """What waits to be sent: order is kept; of sound at most SOUND_WAITING_MAX frames, oldest out first."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._sound_waiting = 0
        self.dropped_frames = 0

    def put(self, packet: Packet) -> None:
        is_sound = isinstance(packet, FrameHeard)
        if is_sound and self._sound_waiting >= SOUND_WAITING_MAX:
            self._drop_oldest_sound()
        self._waiting.append((encode(packet), is_sound))
        self._sound_waiting += is_sound

    def _drop_oldest_sound(self) -> None:
        for index, (_, is_sound) in enumerate(self._waiting):
            if is_sound:
                del self._waiting[index]
                self._sound_waiting -= 1
                self.dropped_frames += 1
                return

    def flush(self, sock: socket.socket) -> bool:
        """Send what the socket takes now; True when nothing is left."""
        while self._waiting:
            data, is_sound = self._waiting[0]
            try:
                sock.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except BlockingIOError:
                return False
            except OSError as error:
                if error.errno == errno.ENOBUFS:
                    return False
                raise
            self._waiting.popleft()
            self._sound_waiting -= is_sound
        return True


class BlockingLink:
    """One end of a link for a process of threads (line, mind). `send` never blocks and is thread safe."""

    def __init__(self, sock: socket.socket) -> None:
        _widen(sock)
        sock.setblocking(True)
        self._sock = sock
        self._readable = select.poll()
        self._readable.register(sock, select.POLLIN)
        self._lock = threading.Lock()
        self._outbox = _Outbox()

    @property
    def dropped_frames(self) -> int:
        """Frames thrown away because the other side did not keep up."""
        return self._outbox.dropped_frames

    def send(self, packet: Packet) -> None:
        """Queue `packet` and send what goes; ConnectionError when the other side is gone."""
        with self._lock:
            self._outbox.put(packet)
            self._outbox.flush(self._sock)

    def flush(self) -> bool:
        """Send what still waits; True when nothing is left. Call it on every tick."""
        with self._lock:
            return self._outbox.flush(self._sock)

    def receive(self, timeout_s: float | None = None) -> Packet | None:
        """The next packet, None after `timeout_s`, EOFError when the other side closed."""
        # A timeout set on the socket would hold for a `send` in another thread too, so we wait by poll(2).
        try:
            if not self._readable.poll(None if timeout_s is None else timeout_s * 1000):
                return None
            data = self._sock.recv(PACKET_BYTES_MAX)
        except OSError:
            data = b""  # reset by the other side, or closed by us
        if not data:
            raise EOFError
        return decode(data)

    def close(self) -> None:
        """Close; a thread blocked in `receive` gets EOFError."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()


class AsyncLink:
    """One end of a link for the agent's event loop: `on_packet` for each, `on_close` once."""

    def __init__(
        self, sock: socket.socket, on_packet: Callable[[Packet], None], on_close: Callable[[], None]
    ) -> None:
        _widen(sock)
        sock.setblocking(False)
        self._sock = sock
        self._on_packet = on_packet
        self._on_close = on_close
        self._outbox = _Outbox()
        self._loop = asyncio.get_running_loop()
        self._open = True
        self._writing = False
        self._loop.add_reader(sock.fileno(), self._readable)

    @property
    def is_open(self) -> bool:
        """Whether the other side is still there, as far as we know."""
        return self._open

    def send(self, packet: Packet) -> None:
        """Queue `packet`; nothing happens on a closed link (the loss of the link is an event of its own)."""
        if not self._open:
            return
        self._outbox.put(packet)
        self._writable()

    def close(self) -> None:
        """Close at once; `on_close` is called."""
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._sock.fileno())
        self._loop.remove_writer(self._sock.fileno())
        self._sock.close()
        self._on_close()

    def _readable(self) -> None:
        for _ in range(64):  # stay fair to the rest of the loop
            try:
                data = self._sock.recv(PACKET_BYTES_MAX)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self.close()
                return
            self._on_packet(decode(data))
            if not self._open:
                return

    def _writable(self) -> None:
        try:
            done = self._outbox.flush(self._sock)
        except OSError:
            self.close()
            return
        if done and self._writing:
            self._loop.remove_writer(self._sock.fileno())
        elif not done and not self._writing:
            self._loop.add_writer(self._sock.fileno(), self._writable)
        self._writing = not done
