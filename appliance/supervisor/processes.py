"""The edge of the supervisor: processes, signals and notices become events; its commands are carried out."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from appliance.ops.notify import ADDRESS_VARIABLE, Notice, Notifier, NotifySocket
from appliance.ops.parents import PARENT_VARIABLE
from appliance.supervisor.supervision import (
    Alive,
    AllReady,
    Announce,
    ChildSpec,
    Command,
    Died,
    Event,
    Finish,
    GiveUp,
    Kill,
    Ready,
    Said,
    Start,
    Started,
    StopAsked,
    Supervision,
    Terminate,
    Tick,
)

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run(
    children: Sequence[ChildSpec], announce: Callable[[str], None], notifier: Notifier | None = None
) -> int:
    """Keep `children` running until a signal asks to stop or a required one cannot be kept; an exit status.

    Belongs to the main thread (signals, and the kernel's tie of a child to the thread that started it).
    `announce` gets a line for each thing that happens; `notifier` is told when everything is ready.
    """
    with contextlib.ExitStack() as stack:
        return _Box(children, announce, notifier or Notifier(), stack).run()


class _Box:
    """Processes, signals and notices as events; commands carried out."""

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        announce: Callable[[str], None],
        notifier: Notifier,
        stack: contextlib.ExitStack,
    ) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._supervision = Supervision(specs)
        self._announce = announce
        self._notifier = notifier
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._happened: deque[Event] = deque()
        self._status: int | None = None
        self._notices = stack.enter_context(contextlib.closing(NotifySocket()))
        self._selector = stack.enter_context(selectors.DefaultSelector())
        signals = stack.enter_context(_signals_as_bytes())
        self._selector.register(self._notices, selectors.EVENT_READ, self._listen)
        self._selector.register(signals, selectors.EVENT_READ, lambda: self._signalled(signals.recv(64)))
        stack.callback(self._leave_nobody)

    def run(self) -> int:
        for command in self._supervision.begin(time.monotonic()):
            self._carry_out(command)
        while True:
            self._work_off()
            if self._status is not None:
                return self._status
            for key, _ in self._selector.select(self._patience_s()):
                key.data()
            self._happened.append(Tick(time.monotonic()))

    def _work_off(self) -> None:
        while self._happened:
            for command in self._supervision.handle(self._happened.popleft()):
                self._carry_out(command)

    def _patience_s(self) -> float | None:
        wake_at_s = self._supervision.wake_at_s
        return None if wake_at_s is None else max(0.0, wake_at_s - time.monotonic())

    def _carry_out(self, command: Command) -> None:
        match command:
            case Start(name):
                self._start(self._specs[name])
            case Terminate(name):
                self._signal(name, signal.SIGTERM)
            case Kill(name):
                self._signal(name, signal.SIGKILL)
            case Announce(text):
                self._announce(text)
            case AllReady():
                self._notifier.ready()
            case GiveUp():
                pass  # its process is gone already; the announcement says the rest
            case Finish(status):
                self._notifier.stopping()
                self._status = status
            case _:
                assert_never(command)

    def _signal(self, name: str, number: signal.Signals) -> None:
        if process := self._processes.get(name):  # else it is dead and the news is on its way
            process.send_signal(number)

    def _start(self, spec: ChildSpec) -> None:
        own = {ADDRESS_VARIABLE: self._notices.address, PARENT_VARIABLE: str(os.getpid())}
        try:
            process = subprocess.Popen(
                spec.argv,
                env={**os.environ, **spec.env, **own},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches us alone; we tell them
            )
        except OSError as error:
            self._happened.append(Said(spec.name, f"cannot be started: {error.strerror}"))
            self._happened.append(Died(spec.name, 127, time.monotonic()))
            return
        self._processes[spec.name] = process
        pidfd = os.pidfd_open(process.pid)
        self._selector.register(pidfd, selectors.EVENT_READ, lambda: self._ended(spec.name, pidfd))
        self._happened.append(Started(spec.name, process.pid, time.monotonic()))

    def _ended(self, name: str, pidfd: int) -> None:
        self._listen()  # its last words come before its death
        self._selector.unregister(pidfd)
        os.close(pidfd)
        self._happened.append(Died(name, self._processes.pop(name).wait(), time.monotonic()))

    def _listen(self) -> None:
        names = {process.pid: name for name, process in self._processes.items()}
        for notice in self._notices.receive():
            name = names.get(notice.pid)
            if name is not None:  # else the last words of one that was replaced, or a stranger's
                self._happened += _events_of(name, notice)

    def _signalled(self, numbers: bytes) -> None:
        for number in numbers:
            if number in _STOP_SIGNALS:  # the wake-up socket gets every handled signal
                self._happened.append(StopAsked(signal.Signals(number).name, time.monotonic()))

    def _leave_nobody(self) -> None:
        """Whatever ended us, an exception included, no child stays behind."""
        for process in self._processes.values():
            process.kill()
            process.wait()


def _events_of(name: str, notice: Notice) -> Iterator[Event]:
    now_s = time.monotonic()
    if notice.status:
        yield Said(name, notice.status)
    if notice.is_ready:
        yield Ready(name, now_s)
    elif notice.is_alive:
        yield Alive(name, now_s)


@contextlib.contextmanager
def _signals_as_bytes() -> Iterator[socket.socket]:
    """A socket that gives a byte for each signal that stops us, so that one selector waits for everything."""
    ours, kernels = socket.socketpair()
    with ours, kernels:
        kernels.setblocking(False)
        wakeup_before = signal.set_wakeup_fd(kernels.fileno())
        before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # nohup means what it says
                signal.signal(number, lambda *_: None)
        try:
            yield ours
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup_before)
