"""What lines and rooms do to a call, for every bench: packets late or lost, noise behind the caller, echo.

`Relay` stands between caller and box on loopback and mistreats RTP in both directions; `Surroundings` is
mixed into what the caller sends. Both take their chances from a seed, so a run can be repeated.
"""

from __future__ import annotations

import heapq
import itertools
import random
import re
import selectors
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

import numpy as np
import numpy.typing as npt

from appliance.clock import Clock, SystemClock
from appliance.domain.sound import FRAME_SAMPLES, SAMPLE_RATE_HZ, TICK_MS

SPEECH_LEVEL_DBFS = -26.0
"""Nominal active speech level (ITU-T P.56, G.712): a noise of SNR n dB lies n dB below it."""
_RESPONSE_MS_MAX = 250  # a longer impulse response would cost more than a tick has
_PACKET_BYTES_MAX = 65_535
_LOOK_UP_S = 0.05

Samples = npt.NDArray[np.float64]
Address = tuple[str, int]


# --- the network --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Network:
    """How bad: each packet waits up to `jitter_ms` (uniform, order kept); `loss_percent` never arrive."""

    jitter_ms: float = 0.0
    loss_percent: float = 0.0
    seed: int = 1


class Delays:
    """The fate of one direction's packets: when each goes on, or None when it is lost."""

    def __init__(self, network: Network, direction: int) -> None:
        self._network = network
        self._chance = random.Random(f"{network.seed}/{direction}")  # a repeatable impairment
        self._last_s = 0.0

    def due_s(self, now_s: float) -> float | None:
        """Packets never overtake each other: real jitter comes from queues."""
        lost = self._chance.random() * 100 < self._network.loss_percent
        wait_s = self._chance.random() * self._network.jitter_ms / 1000
        if lost:
            return None
        self._last_s = max(self._last_s, now_s + wait_s)
        return self._last_s


_CONNECTION = re.compile(rb"^c=IN IP4 \S+", re.MULTILINE)
_AUDIO = re.compile(rb"^m=audio (\d+)", re.MULTILINE)
_LENGTH = re.compile(rb"^(Content-Length|l)\s*:\s*\d+", re.MULTILINE | re.IGNORECASE)


def media_address(message: bytes) -> Address | None:
    """Where the SDP of a SIP message wants its audio (RFC 4566); None without one."""
    connection, audio = _CONNECTION.search(message), _AUDIO.search(message)
    if connection is None or audio is None:
        return None
    return connection.group().split()[-1].decode(), int(audio.group(1))


def with_media_address(message: bytes, address: Address) -> bytes:
    """The SIP message with its SDP pointing to `address`, Content-Length true again."""
    head, separator, body = message.partition(b"\r\n\r\n")
    body = _CONNECTION.sub(b"c=IN IP4 " + address[0].encode(), body)
    body = _AUDIO.sub(b"m=audio %d" % address[1], body)
    head = _LENGTH.sub(lambda found: found.group(1) + b": %d" % len(body), head)
    return head + separator + body


class Relay:
    """`with Relay(box, network) as relay:` and dial `relay.address` instead of the box, one call at a time.

    INVITE and its answers pass through, their SDP rewritten so that RTP does too; what the dialog sends
    later (ACK, BYE) goes to the contacts and so past it.
    """

    def __init__(self, box: Address, network: Network, clock: Clock | None = None) -> None:
        self._box = box
        self._clock = clock or SystemClock()
        self._delays = {True: Delays(network, 0), False: Delays(network, 1)}
        self._waiting: list[tuple[float, int, socket.socket, bytes, Address]] = []
        self._numbers = itertools.count()
        self._caller: Address | None = None
        self._caller_media: Address | None = None
        self._box_media: Address | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self.lost = self.passed = 0

    def __enter__(self) -> Relay:
        host = self._box[0]
        self._sip, self._to_caller, self._to_box = (_udp(host) for _ in range(3))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
        for sock in (self._sip, self._to_caller, self._to_box):
            sock.close()

    @property
    def address(self) -> str:
        """host:port to dial."""
        host, port = self._sip.getsockname()
        return f"{host}:{port}"

    def _run(self) -> None:
        doors: dict[socket.socket, Callable[[bytes, Address], None]] = {
            self._sip: self._signal,
            self._to_caller: lambda data, _: self._media(data, from_caller=True),
            self._to_box: lambda data, _: self._media(data, from_caller=False),
        }
        with selectors.DefaultSelector() as selector:
            for sock in doors:
                selector.register(sock, selectors.EVENT_READ)
            while not self._stop.is_set():
                for key, _ in selector.select(self._wait_s()):
                    door = key.fileobj
                    assert isinstance(door, socket.socket)  # noqa: S101  only sockets were registered
                    doors[door](*door.recvfrom(_PACKET_BYTES_MAX))
                self._send_what_is_due()

    def _wait_s(self) -> float:
        if not self._waiting:
            return _LOOK_UP_S
        return min(max(self._waiting[0][0] - self._clock.monotonic_s(), 0.0), _LOOK_UP_S)

    def _signal(self, data: bytes, source: Address) -> None:
        """A SIP message: from the box to the caller, from anybody else to the box."""
        media = media_address(data)
        if source == self._box:
            if media is not None:
                self._box_media = media
                data = with_media_address(data, self._to_caller.getsockname())
            if self._caller is not None:
                self._sip.sendto(data, self._caller)
            return
        self._caller = source
        if media is not None:
            self._caller_media = media
            data = with_media_address(data, self._to_box.getsockname())
        self._sip.sendto(data, self._box)

    def _media(self, data: bytes, *, from_caller: bool) -> None:
        to = self._box_media if from_caller else self._caller_media
        due_s = self._delays[from_caller].due_s(self._clock.monotonic_s())
        if to is None or due_s is None:
            self.lost += 1
            return
        sock = self._to_box if from_caller else self._to_caller
        heapq.heappush(self._waiting, (due_s, next(self._numbers), sock, data, to))

    def _send_what_is_due(self) -> None:
        now_s = self._clock.monotonic_s()
        while self._waiting and self._waiting[0][0] <= now_s:
            _, _, sock, data, to = heapq.heappop(self._waiting)
            sock.sendto(data, to)
            self.passed += 1


def _udp(host: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, 0))
    return sock


# --- the room -----------------------------------------------------------------------------------


class Echo:
    """The far end's sound comes back `gain_db` louder (negative: softer), `delay_ms` later, 20 at least.

    `response`: the room's impulse response at 16 kHz, brought to unit energy so that the gain stays true.
    """

    def __init__(self, gain_db: float, delay_ms: int, response: Samples | None = None) -> None:
        self._gain = 10 ** (gain_db / 20)
        self._response = _unit(response) if response is not None else np.ones(1)
        self._delay = max(0, delay_ms - TICK_MS) * SAMPLE_RATE_HZ // 1000
        self._to_come = np.zeros(self._delay + FRAME_SAMPLES + len(self._response))

    def hear(self, frame: bytes) -> None:
        """What came from the far end in this tick."""
        returned = np.convolve(np.frombuffer(frame, np.int16) * self._gain, self._response)
        self._to_come[self._delay : self._delay + len(returned)] += returned

    def next(self) -> Samples:
        """FRAME_SAMPLES of echo for the next tick."""
        frame = self._to_come[:FRAME_SAMPLES].copy()
        self._to_come = np.concatenate([self._to_come[FRAME_SAMPLES:], np.zeros(FRAME_SAMPLES)])
        return frame


def _unit(response: Samples) -> Samples:
    """From the direct sound on, cut to what a tick has time for, unit energy."""
    first = int(np.argmax(np.abs(response)))
    cut = response[first : first + SAMPLE_RATE_HZ * _RESPONSE_MS_MAX // 1000]
    unit: Samples = cut / max(float(np.sqrt((cut**2).sum())), 1e-9)
    return unit


class Noise:
    """Sound behind the caller, over and over, `snr_db` below SPEECH_LEVEL_DBFS."""

    def __init__(self, pcm: bytes, snr_db: float) -> None:
        samples = np.frombuffer(pcm, np.int16).astype(np.float64)
        rms = float(np.sqrt((samples**2).mean())) if len(samples) else 0.0
        wanted = 32768 * 10 ** ((SPEECH_LEVEL_DBFS - snr_db) / 20)
        self._samples = np.resize(samples * (wanted / rms if rms else 0.0), max(len(samples), FRAME_SAMPLES))
        self._at = 0

    def next(self) -> Samples:
        """FRAME_SAMPLES of it."""
        frame = np.take(self._samples, range(self._at, self._at + FRAME_SAMPLES), mode="wrap")
        self._at = (self._at + FRAME_SAMPLES) % len(self._samples)
        return frame


class Surroundings:
    """Where the caller stands: what is sent is what they say, with noise and echo."""

    def __init__(self, echo: Echo | None = None, noise: Noise | None = None) -> None:
        self._echo = echo
        self._noise = noise

    def hear(self, frame: bytes) -> None:
        """One tick from the far end."""
        if self._echo is not None:
            self._echo.hear(frame)

    def around(self, said: bytes) -> bytes:
        """One tick to send; the very same object when there is nothing around."""
        if self._echo is None and self._noise is None:
            return said
        mixed = np.frombuffer(said, np.int16).astype(np.float64)
        mixed += sum(one.next() for one in (self._echo, self._noise) if one is not None)
        return np.clip(np.rint(mixed), -32768, 32767).astype("<i2").tobytes()
