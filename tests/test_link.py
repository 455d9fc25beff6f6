"""The wire: every class travels both ways unchanged; sound may be lost and is counted, facts never."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance import link
from appliance.domain.appointment import Message
from appliance.domain.commands import AskModel, HangUp, SoundToSpeak, TakeMessage
from appliance.domain.events import CallerHungUp, DigitPressed
from appliance.domain.sound import FRAME_BYTES, FrameHeard
from appliance.errors import Misused

CLASSES = get_args(link.Packet)
LIMIT_S = 10.0  # how long a test waits for what must come; never measured
# What a wire can carry: text without lone surrogates, 64-bit whole numbers, numbers that equal themselves.
st.register_type_strategy(str, st.text(st.characters(exclude_categories=["Cs"])))
st.register_type_strategy(int, st.integers(-(2**63), 2**64 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
packets = st.one_of([st.from_type(one) for one in CLASSES])


def frame(tick: int) -> FrameHeard:
    return FrameHeard("call", tick, bytes(FRAME_BYTES), bytes(FRAME_BYTES), bytes(FRAME_BYTES))


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a real link: the dialling and the accepted one."""
    with link.listen(tmp_path / "run" / "a.sock") as listener:
        dialled = link.dial(tmp_path / "run" / "a.sock")
        accepted, _ = listener.accept()
        with dialled, accepted:
            yield dialled, accepted


@contextlib.contextmanager
def narrow(sock: socket.socket) -> Iterator[None]:
    """While it lasts, the kernel takes next to nothing."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    yield
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)


class Collected:
    """What an AsyncLink got, and whether it closed."""

    def __init__(self, sock: socket.socket) -> None:
        self.packets: list[link.Packet] = []
        self.changed = asyncio.Event()
        self.closed = asyncio.Event()
        self.link = link.AsyncLink(sock, self._take, self.closed.set)

    def _take(self, packet: link.Packet) -> None:
        self.packets.append(packet)
        self.changed.set()

    async def wait_for(self, count: int) -> list[link.Packet]:
        async with asyncio.timeout(LIMIT_S):
            while len(self.packets) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.packets


# --- the codec ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_class_survives_the_codec(cls, data):
    packet = data.draw(st.from_type(cls))
    decoded = link.decode(link.encode(packet))
    assert decoded == packet
    assert type(decoded) is cls


@given(st.binary(max_size=200))
def test_what_is_not_ours_is_refused_as_a_bug(data):
    with pytest.raises(Misused):
        link.decode(data)


@given(packet=packets, cut=st.integers(1, 20))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_packet_cut_short_is_refused(packet, cut):
    with pytest.raises(Misused):
        link.decode(link.encode(packet)[:-cut])


def test_what_does_not_travel_and_what_is_too_large_is_refused():
    with pytest.raises(Misused, match="TakeMessage does not travel"):
        link.encode(TakeMessage("call", 1, Message("m", "call", "n", "p", "x")))  # type: ignore[arg-type]
    largest = SoundToSpeak("call", 1, bytes(link.PACKET_BYTES_MAX - 100))
    assert link.decode(link.encode(largest)) == largest
    with pytest.raises(Misused, match="too large"):
        link.encode(SoundToSpeak("call", 1, bytes(link.PACKET_BYTES_MAX)))


# --- over real sockets ----------------------------------------------------------------------------


def test_every_class_crosses_between_threads(ends):
    here, there = link.BlockingLink(ends[0]), link.BlockingLink(ends[1])

    @given(packet=packets)
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def crosses(packet):
        here.send(packet)
        assert there.receive(LIMIT_S) == packet
        there.send(packet)
        assert here.receive(LIMIT_S) == packet

    crosses()


def test_every_class_crosses_to_and_from_an_event_loop(ends):
    blocking = link.BlockingLink(ends[0])
    sent: list[link.Packet] = []

    @given(packet=st.tuples(*[st.from_type(one) for one in CLASSES]))
    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    def collect(packet):
        sent.extend(packet)

    collect()

    async def exchange() -> None:
        far = Collected(ends[1])
        for packet in sent:
            blocking.send(packet)
            far.link.send(packet)
        assert await far.wait_for(len(sent)) == sent
        far.link.close()

    asyncio.run(exchange())
    assert [blocking.receive(LIMIT_S) for _ in sent] == sent


def test_a_slow_listener_loses_the_oldest_sound_and_no_fact(ends):
    here, there = link.BlockingLink(ends[0]), link.BlockingLink(ends[1])
    facts = [DigitPressed("call", str(number % 10), number) for number in range(50)]
    with narrow(ends[0]):
        for number in range(500):
            here.send(frame(number))
            if number % 10 == 0:
                here.send(facts[number // 10])
        assert here.dropped_frames > 0
        assert not here.flush()
    received = _drain(here, there)
    ticks = [packet.tick for packet in received if isinstance(packet, FrameHeard)]
    assert [packet for packet in received if isinstance(packet, DigitPressed)] == facts
    assert ticks == sorted(ticks)
    assert ticks[-link.SOUND_WAITING_MAX :] == list(range(500 - link.SOUND_WAITING_MAX, 500))
    assert len(ticks) + here.dropped_frames == 500


def _drain(here: link.BlockingLink, there: link.BlockingLink) -> list[link.Packet]:
    received = []
    while True:
        done = here.flush()
        while (packet := there.receive(0)) is not None:
            received.append(packet)
        if done:
            return received


def test_an_event_loop_that_is_held_up_sends_the_rest_later(ends):
    there = link.BlockingLink(ends[0])
    orders = [SoundToSpeak("call", number, bytes(30_000)) for number in range(200)]

    async def exchange() -> None:
        far = Collected(ends[1])
        for order in orders:
            far.link.send(order)
        async with asyncio.timeout(LIMIT_S):
            received = await asyncio.to_thread(lambda: [there.receive(LIMIT_S) for _ in orders])
        assert received == orders
        far.link.close()

    asyncio.run(exchange())


def test_sending_never_waits_while_another_thread_receives(ends):
    here = link.BlockingLink(ends[0])
    waiting = threading.Thread(target=lambda: here.receive(LIMIT_S))
    waiting.start()
    with narrow(ends[0]):
        for number in range(link.SOUND_WAITING_MAX * 3):
            here.send(frame(number))  # nobody reads: a send that waited would raise or hang
    assert here.dropped_frames > 0
    link.BlockingLink(ends[1]).send(HangUp("call"))
    waiting.join(LIMIT_S)
    assert not waiting.is_alive()


def test_nothing_to_receive_is_none_and_a_closed_end_is_eof(ends):
    here, there = link.BlockingLink(ends[0]), link.BlockingLink(ends[1])
    assert here.receive(0) is None
    assert here.receive(0.01) is None
    there.send(HangUp("call"))
    there.close()
    assert here.receive(LIMIT_S) == HangUp("call")
    with pytest.raises(EOFError):
        here.receive(LIMIT_S)
    with pytest.raises(ConnectionError):
        here.send(HangUp("call"))


def test_closing_wakes_the_thread_that_waits(ends):
    here = link.BlockingLink(ends[0])
    ended = threading.Event()

    def wait() -> None:
        with pytest.raises(EOFError):
            here.receive()
        ended.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    here.close()
    assert ended.wait(LIMIT_S)
    waiting.join(LIMIT_S)


def test_an_event_loop_hears_the_end_once_and_sends_into_the_void(ends):
    async def exchange() -> None:
        far = Collected(ends[1])
        near = link.BlockingLink(ends[0])
        near.send(CallerHungUp("call", 5, 200))
        near.close()
        async with asyncio.timeout(LIMIT_S):
            await far.closed.wait()
        assert far.packets == [CallerHungUp("call", 5, 200)]
        assert not far.link.is_open
        far.link.send(AskModel("call", 1, "system", "prompt"))
        far.link.close()

    asyncio.run(exchange())


def test_nobody_listening_is_an_oserror_and_a_stale_socket_is_replaced(tmp_path):
    path = tmp_path / "a.sock"
    with pytest.raises(OSError, match="No such file"):
        link.dial(path)
    link.listen(path).close()  # as a killed process leaves it
    with pytest.raises(OSError, match="refused"):
        link.dial(path)
    with link.listen(path), link.dial(path):
        assert path.stat().st_mode & 0o777 == 0o600
