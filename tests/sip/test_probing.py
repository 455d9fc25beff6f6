"""OPTIONS to phone systems that answer, see us elsewhere, keep silent, or are not there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from appliance.sip import message
from appliance.sip.probing import options, probe, read

ANSWER = (
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP 10.0.0.5:40000;branch=z9hG4bK1{seen}\r\n"
    "Server: Asterisk PBX 22\r\nContent-Length: 0\r\n\r\n"
)


@contextmanager
def phone_system(answer: Callable[[str], str]) -> Iterator[str]:
    """Answers each request on a UDP port of loopback; an empty answer is not sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.2)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    request, whom = sock.recvfrom(65_535)
                except TimeoutError:
                    continue
                if told := answer(request.decode()):
                    sock.sendto(told.encode(), whom)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{sock.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def test_an_answer_says_where_we_were_seen():
    seen = read(ANSWER.format(seen=";rport=1024;received=203.0.113.9"), "10.0.0.5", 4)
    assert (seen.answered, seen.ours, seen.seen, seen.status) == (True, "10.0.0.5", "203.0.113.9", 200)
    assert seen.server == "Asterisk PBX 22"


def test_without_received_we_were_seen_where_we_said():
    assert read(ANSWER.format(seen=";rport=40000"), "10.0.0.5").seen == "10.0.0.5"


@pytest.mark.parametrize("rubbish", ["", "HTTP/1.1 200 OK\r\n\r\n", "\x00\xff"])
def test_what_is_no_answer_is_none(rubbish):
    assert not read(rubbish, "10.0.0.5").answered


def test_the_request_is_whole_and_asks_for_our_address():
    request = options("pbx.office:5062", "10.0.0.5", 40000, "abc")
    assert request.endswith("\r\n\r\n")
    assert message.header(request, "Via").endswith(";rport")
    assert message.header(request, "CSeq") == "1 OPTIONS"
    assert message.header(request, "Content-Length") == "0"


def test_a_phone_system_on_loopback_answers():
    def answer(request: str) -> str:
        return ANSWER.format(seen=";received=192.0.2.7;rport=5")

    with phone_system(answer) as address:
        seen = probe(address)
    assert (seen.answered, seen.ours, seen.seen) == (True, "127.0.0.1", "192.0.2.7")


def test_a_lost_request_is_sent_again():
    asked: list[str] = []

    def answer(request: str) -> str:
        asked.append(request)
        return "" if len(asked) == 1 else ANSWER.format(seen="")

    with phone_system(answer) as address:
        assert probe(address).answered
    assert len(asked) > 1
    assert len(set(asked)) == 1


@pytest.mark.parametrize("nowhere", ["no.such.host.invalid", "", "..", "[::1"])
def test_what_is_no_host_does_not_answer(nowhere):
    assert not probe(nowhere).answered
