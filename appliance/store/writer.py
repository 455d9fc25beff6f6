"""Keeps the disk off the event loop: one thread does all that the store is asked, in order.

While the disk refuses (full, read-only, locked) what was posted waits in memory and is tried again; whoever
asks for an answer gets the fault at once, because a caller is waiting for words.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from appliance.errors import StoreFault

_log = logging.getLogger(__name__)
BACKLOG_MAX: Final = 20_000  # a busy day's turns, some 10 MB
T = TypeVar("T")

OnFault = Callable[[StoreFault | None], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do; `answer` is where somebody waits for it, None when it was only posted."""

    work: Callable[[], Any]
    answer: Future[Any] | None = None


class StoreWriter:
    """The one thread that writes. Jobs are functions of the store; each must be safe to repeat after a fault.

    `on_fault` is told of a fault once when it begins and None once when it is over, from the writer's thread.
    """

    def __init__(
        self,
        on_fault: OnFault = lambda fault: None,
        *,
        retry_s: float = 1.0,
        backlog_max: int = BACKLOG_MAX,
    ) -> None:
        self._on_fault = on_fault
        self._retry_s = retry_s
        self._backlog_max = backlog_max
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._asked = False  # somebody waits for an answer: do not rest before the next attempt
        self._closing = False
        self._fault: StoreFault | None = None
        self.lost = 0
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> StoreFault | None:
        """What the disk says at present; None when all is well."""
        return self._fault

    def post(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Do this in its turn and try again until the disk takes it; never blocks, never raises."""
        self._put(_Job(lambda: work(*arguments)))

    async def do(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do this after all that was posted before and give back what it returns.

        StoreFault at once when the disk does not take it, or not what stands before it.
        """
        answer: Future[T] = Future()
        self._put(_Job(lambda: work(*arguments), answer))
        return await asyncio.wrap_future(answer)

    async def drain(self, timeout_s: float = 5.0) -> int:
        """Finish: write what waits, end the thread; how many jobs a faulty disk left undone."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        await asyncio.to_thread(self._thread.join, timeout_s)
        with self._changed:
            return len(self._waiting)

    def _put(self, job: _Job) -> None:
        with self._changed:
            refused = self._closing or len(self._waiting) >= self._backlog_max
            if not refused:
                self._waiting.append(job)
                self._asked = self._asked or job.answer is not None
                self._changed.notify()
        if refused:
            self._refuse(job)

    def _refuse(self, job: _Job) -> None:
        """What waits longest is kept: later jobs of a call need the earlier ones."""
        fault = StoreFault("Too much waits to be written.", remedy="See the fault reported before.")
        if job.answer is not None:
            job.answer.set_exception(fault)
            return
        self.lost += 1
        _log.critical("store job lost", extra={"lost": self.lost, "backlog": len(self._waiting)})

    # --- the writer's thread ---------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._next()) is not None:
            fault = _attempt(job)
            self._report(fault)
            if fault is None:
                with self._changed:
                    self._waiting.popleft()
            elif not self._rest(fault):
                return

    def _next(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            self._asked = False
            return self._waiting[0] if self._waiting else None

    def _rest(self, fault: StoreFault) -> bool:
        """Nobody waits for an answer in vain; what was posted stays. False when it is time to stop."""
        with self._changed:
            for job in self._waiting:
                _answer(job, fault)
            self._waiting = deque(job for job in self._waiting if job.answer is None)
            self._asked = False
            if self._closing:
                return False
            self._changed.wait_for(lambda: self._asked or self._closing, self._retry_s)
            return True

    def _report(self, fault: StoreFault | None) -> None:
        """Loud once when it begins, once when it is over."""
        before, self._fault = self._fault, fault
        if (before is None) == (fault is None):
            return
        if fault is None:
            _log.warning("store fault over", extra={"backlog": len(self._waiting)})
        else:
            _log.error("store fault", extra={"code": fault.code, "fault": str(fault)})
        self._on_fault(fault)


def _attempt(job: _Job) -> StoreFault | None:
    """Do the job; a StoreFault is given back (the job may be tried again), anything else is its own end."""
    try:
        result = job.work()
    except StoreFault as fault:
        return fault
    except Exception as error:  # noqa: BLE001  a bug in one job must not end the thread that keeps them all
        _answer(job, error)
        if job.answer is None:
            _log.exception("store job failed")
        return None
    if job.answer is not None and job.answer.set_running_or_notify_cancel():
        job.answer.set_result(result)
    return None


def _answer(job: _Job, error: Exception) -> None:
    if job.answer is not None and job.answer.set_running_or_notify_cancel():
        job.answer.set_exception(error)
