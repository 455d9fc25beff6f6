"""When to start, restart, kill and give up a process: a state table; event in, commands out."""

from __future__ import annotations

import contextlib
import signal
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, assert_never

from appliance.errors import EXIT_CONFIG, EXIT_UNAVAILABLE

RESTARTS_MAX: Final = 5
RESTARTS_WINDOW_S: Final = 60.0
SELDOM_S: Final = 30.0
"""The pause before a replaceable process that dies again and again is tried once more."""
TERMINATE_LIMIT_S: Final = 4.0  # then SIGKILL, so that all are gone within 5 s


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A process to keep; an `optional` one may be lost for good. `start_limit_s`: its time to get ready.

    `stuck_after_s`: the silence after which, once it was ready, it counts as dead. `replaceable`: once it was
    ready, others do the most needed of its work while it is away, so that it is never given up, only tried
    seldom.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    replaceable: bool = False
    start_limit_s: float = 120.0
    stuck_after_s: float = 10.0


# --- what happens, `at_s` on a clock that never goes back ------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """A `Start` was carried out."""

    name: str
    pid: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Ready:
    """It says that work can be given to it."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Alive:
    """It gives a sign of life."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Said:
    """It has a line for the operator."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Died:
    """`status` as subprocess counts it: the exit status, or minus the number of the signal that killed it."""

    name: str
    status: int
    at_s: float


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Somebody wants the box to stop; asked twice, at once."""

    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed. Wanted at `Supervision.wake_at_s`; harmless whenever."""

    at_s: float


Event = Started | Ready | Alive | Said | Died | StopAsked | Tick

# --- what is to be done -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Start it; `Started` or `Died` follows."""

    name: str


@dataclass(frozen=True, slots=True)
class Terminate:
    """SIGTERM: finish and leave."""

    name: str


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL."""

    name: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """This child is not started again."""

    name: str


@dataclass(frozen=True, slots=True)
class Announce:
    """A line on the operator's screen."""

    text: str


@dataclass(frozen=True, slots=True)
class AllReady:
    """Every required child is ready, for the first time."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing runs any more; end with this exit status."""

    status: int


Command = Start | Terminate | Kill | GiveUp | Announce | AllReady | Finish


class _Phase(Enum):
    STARTING = auto()
    UP = auto()
    KILLED = auto()  # SIGKILL is sent, its death not yet reported
    GONE = auto()


@dataclass(slots=True)
class _Child:
    spec: ChildSpec
    phase: _Phase = _Phase.GONE
    started_s: float = 0.0
    alive_s: float = 0.0
    restarts_s: deque[float] = field(default_factory=deque)
    was_up: bool = False
    start_at_s: float | None = None

    @property
    def runs(self) -> bool:
        return self.phase is not _Phase.GONE

    @property
    def deadline_s(self) -> float | None:
        """When this child will have been silent too long."""
        match self.phase:
            case _Phase.STARTING:
                return self.started_s + self.spec.start_limit_s
            case _Phase.UP:
                return self.alive_s + self.spec.stuck_after_s
            case _Phase.GONE:
                return self.start_at_s
            case _Phase.KILLED:
                return None

    def restarts_left(self, at_s: float) -> int:
        """How often it may still be started again within the window that ends now."""
        while self.restarts_s and at_s - self.restarts_s[0] >= RESTARTS_WINDOW_S:
            self.restarts_s.popleft()
        return RESTARTS_MAX - len(self.restarts_s)


class Supervision:
    """The state table. Feed it events in the order of their time; carry out what it answers."""

    def __init__(self, specs: Sequence[ChildSpec]) -> None:
        self._children = {spec.name: _Child(spec) for spec in specs}
        self._began_s = 0.0
        self._was_ready = False
        self._stop_by_s: float | None = None
        self._kill_sent = False
        self._status = 0

    def begin(self, at_s: float) -> list[Command]:
        """Start everything."""
        self._began_s = at_s
        return [self._start(child, at_s) for child in self._children.values()]

    @property
    def wake_at_s(self) -> float | None:
        """When a Tick is wanted next; None while nothing is due."""
        if self._kill_sent:
            return None  # nothing more can be done but wait for the kernel
        if self._stop_by_s is not None:
            return self._stop_by_s
        return min(
            (at for child in self._children.values() if (at := child.deadline_s) is not None), default=None
        )

    def handle(self, event: Event) -> list[Command]:
        """What `event` causes."""
        match event:
            case Started(name, pid, at_s):
                self._children[name].started_s = at_s
                return [Announce(f"{name} started (pid {pid})")]
            case Ready(name, at_s):
                return self._ready(self._children[name], at_s)
            case Alive(name, at_s):
                self._children[name].alive_s = at_s
                return []
            case Said(name, text):
                return [Announce(f"{name}: {text}")]
            case Died(name, status, at_s):
                return self._died(self._children[name], status, at_s)
            case StopAsked(reason, at_s):
                return self._stop_asked(reason, at_s)
            case Tick(at_s):
                return self._tick(at_s)
            case _:
                assert_never(event)

    def _start(self, child: _Child, at_s: float) -> Command:
        # It counts as running from the decision on, so that a stop in between does not forget it.
        child.phase, child.started_s, child.start_at_s = _Phase.STARTING, at_s, None
        return Start(child.spec.name)

    def _ready(self, child: _Child, at_s: float) -> list[Command]:
        child.alive_s = at_s
        if child.phase is not _Phase.STARTING or self._stop_by_s is not None:
            return []
        child.phase, child.was_up = _Phase.UP, True
        commands: list[Command] = [Announce(f"{child.spec.name} ready after {at_s - child.started_s:.1f} s")]
        if not self._was_ready and self._required_are_up():
            self._was_ready = True
            commands += [Announce(f"all ready after {at_s - self._began_s:.1f} s"), AllReady()]
        return commands

    def _required_are_up(self) -> bool:
        return all(child.phase is _Phase.UP for child in self._children.values() if not child.spec.optional)

    def _died(self, child: _Child, status: int, at_s: float) -> list[Command]:
        child.phase = _Phase.GONE
        if self._stop_by_s is not None:
            return self._finish_if_empty()
        left = child.restarts_left(at_s)
        if left == 0 and child.spec.replaceable and child.was_up and status != EXIT_CONFIG:
            return self._try_seldom(child, status, at_s)
        if left == 0 or status == EXIT_CONFIG:
            return self._give_up(child, status, at_s)
        child.restarts_s.append(at_s)
        count = RESTARTS_MAX - left + 1
        return [
            Announce(
                f"{child.spec.name} died ({_in_words(status)}): "
                f"restart {count} of {RESTARTS_MAX} in {RESTARTS_WINDOW_S:.0f} s"
            ),
            self._start(child, at_s),
        ]

    def _try_seldom(self, child: _Child, status: int, at_s: float) -> list[Command]:
        name = child.spec.name
        child.start_at_s = at_s + SELDOM_S
        return [
            Announce(
                f"WITHOUT {name.upper()}: it dies again and again ({_in_words(status)}); its log says more. "
                f"Tried again in {SELDOM_S:.0f} s, everything else goes on."
            )
        ]

    def _give_up(self, child: _Child, status: int, at_s: float) -> list[Command]:
        name = child.spec.name
        why = (
            "its settings are wrong"
            if status == EXIT_CONFIG
            else f"it died {RESTARTS_MAX + 1} times within {RESTARTS_WINDOW_S:.0f} s ({_in_words(status)})"
        )
        if child.spec.optional:
            text = f"WITHOUT {name.upper()}: {why}; its log says more. Everything else goes on without it."
            return [GiveUp(name), Announce(text)]
        self._status = EXIT_CONFIG if status == EXIT_CONFIG else EXIT_UNAVAILABLE
        text = f"GIVING UP on {name}: {why}; its log says more. Everything is stopped."
        return [GiveUp(name), Announce(text), *self._stop(at_s)]

    def _stop_asked(self, reason: str, at_s: float) -> list[Command]:
        if self._stop_by_s is None:
            return [Announce(f"stopping ({reason})"), *self._stop(at_s)]
        return [Announce(f"stopping at once ({reason})"), *self._kill_all()]

    def _stop(self, at_s: float) -> list[Command]:
        self._stop_by_s = at_s + TERMINATE_LIMIT_S
        running = [child.spec.name for child in self._children.values() if child.runs]
        return [Terminate(name) for name in running] or self._finish_if_empty()

    def _kill_all(self) -> list[Command]:
        self._kill_sent = True
        return [Kill(child.spec.name) for child in self._children.values() if child.runs]

    def _finish_if_empty(self) -> list[Command]:
        if any(child.runs for child in self._children.values()):
            return []
        return [Announce("stopped"), Finish(self._status)]

    def _tick(self, at_s: float) -> list[Command]:
        if self._stop_by_s is None:
            return [command for child in self._children.values() for command in self._check(child, at_s)]
        if self._kill_sent or at_s < self._stop_by_s:
            return []
        late = ", ".join(child.spec.name for child in self._children.values() if child.runs)
        return [Announce(f"killed, did not stop in {TERMINATE_LIMIT_S:.0f} s: {late}"), *self._kill_all()]

    def _check(self, child: _Child, at_s: float) -> list[Command]:
        deadline_s = child.deadline_s
        if deadline_s is None or at_s < deadline_s:
            return []
        if child.phase is _Phase.GONE:
            return [self._start(child, at_s)]
        limit_s = child.spec.stuck_after_s if child.phase is _Phase.UP else child.spec.start_limit_s
        what = "no sign of life" if child.phase is _Phase.UP else "not ready"
        child.phase = _Phase.KILLED
        return [
            Announce(f"{child.spec.name} is stuck ({what} for {limit_s:g} s): killed"),
            Kill(child.spec.name),
        ]


def _in_words(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
