"""sd_notify, both ends: what is said arrives with the sender's pid, and silence is never an error."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys

import pytest

from appliance.ops.notify import ALIVE_EVERY_S, Notice, Notifier, NotifySocket


@pytest.fixture
def ear():
    with contextlib.closing(NotifySocket()) as ear:
        yield ear


def said(ear: NotifySocket) -> list[Notice]:
    """What was said by this process; the kernel delivers before `sendto` returns."""
    return ear.receive()


def test_ready_alive_and_status_arrive(ear):
    notifier = Notifier(ear.address)
    notifier.ready()
    notifier.alive()
    notifier.status("two calls\nREADY=1")
    notifier.stopping()
    pid = os.getpid()
    assert said(ear) == [
        Notice(pid, is_ready=True, is_alive=True),
        Notice(pid, is_alive=True),
        Notice(pid, status="two calls READY=1"),
        Notice(pid),
    ]
    assert said(ear) == []


def test_a_sign_of_life_is_sent_once_a_second_however_often_it_is_given(ear):
    at_s = [100.0]
    notifier = Notifier(ear.address, monotonic_s=lambda: at_s[0])
    for _ in range(50):
        notifier.alive()
    assert len(said(ear)) == 1
    at_s[0] += ALIVE_EVERY_S
    notifier.alive()
    assert len(said(ear)) == 1


def test_the_environment_names_the_socket_and_the_kernel_the_sender(ear):
    script = "from appliance.ops.notify import Notifier; Notifier.from_environment().ready()"
    with subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "NOTIFY_SOCKET": ear.address}
    ) as child:
        assert child.wait(30) == 0
    assert said(ear) == [Notice(child.pid, is_ready=True, is_alive=True)]


def test_a_path_works_as_an_abstract_name_does(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        Notifier.from_environment({"NOTIFY_SOCKET": str(tmp_path / "notify")}).status("at work")
        assert systemd.recv(100) == b"STATUS=at work"


def test_nobody_asking_or_nobody_listening_is_no_fault(tmp_path):
    Notifier.from_environment({}).ready()
    for address in (str(tmp_path / "gone"), "@attendant-no-such-socket"):
        Notifier(address).ready()
        Notifier(address).alive()


def test_a_sign_of_life_never_waits_for_a_supervisor_that_does_not_listen(ear):
    at_s = [0.0]
    notifier = Notifier(ear.address, monotonic_s=lambda: at_s[0])
    for _ in range(5000):  # far more than the kernel keeps
        at_s[0] += ALIVE_EVERY_S
        notifier.alive()
    assert 0 < len(said(ear)) < 5000


@pytest.mark.parametrize("message", [b"", b"\xff\xfe", b"READY", b"=\n=", b"X" * 10_000])
def test_nonsense_is_a_notice_that_says_nothing(ear, message):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(message, "\0" + ear.address[1:])
    assert said(ear) == [Notice(os.getpid())]
