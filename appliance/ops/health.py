"""Whether callers are served, judged from facts: what fails, whether a restart helps, what to do. Pure.

`live` is whether the call path moves: the agent's loop answers, the line turns, sound moves in it. `ready` is
whether a caller who rings now is served as they should be: also registered, understood, and written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from appliance.conversation.degradation import Level

BEAT_LIMIT_S: Final = 5.0
"""The line tells of itself every second; after so long it stands still, or sound does."""


@dataclass(frozen=True, slots=True)
class AgentState:
    """What an agent tells of itself and of its line, over `figures.sock`.

    `beat_s`: how long ago the line was last heard; None: there is no line. `registered`: None while nothing is
    known of it. `unregistered_s`: for how long the phone system has not known us. `unwritten`: what is to be
    written waits, because the disk refuses.
    """

    level: str
    because: tuple[str, ...] = ()
    forced: bool = False
    calls: int = 0
    beat_s: float | None = None
    registered: bool | None = None
    unregistered_s: float = 0.0
    unwritten: bool = False
    mind_is_up: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a box. `agent`: None when it does not answer. `free_bytes`: None when it cannot be told."""

    agent: AgentState | None
    registers: bool = False
    free_bytes: int | None = None
    database_is_read: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is a failure; as in `settings.Observe`."""

    registration_lost_s: float = 60.0
    free_bytes: int = 500_000_000


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that keeps callers from being served. `stops_calls`: nobody can be served at all."""

    name: str
    told: str
    remedy: str
    stops_calls: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `notes` are no complaints: callers are served, with less."""

    complaints: tuple[Complaint, ...] = ()
    notes: tuple[Complaint, ...] = field(default=())

    @property
    def is_live(self) -> bool:
        """Whether the call path moves."""
        return not any(one.stops_calls for one in self.complaints)

    @property
    def is_ready(self) -> bool:
        """Whether a caller is served as they should be."""
        return not self.complaints


def judge(facts: Facts, limits: Limits) -> Verdict:
    """What fails. A box without an agent cannot tell what else does."""
    disk = _of_the_disk(facts, limits)
    agent = facts.agent
    if agent is None:
        return Verdict((NO_AGENT, *disk))
    level = Level.named(agent.level) or Level.FULL
    found = [*_of_the_line(agent, level), *_of_registration(agent, facts, limits), *disk]
    if not level.listens:
        found.append(DEAF)
    if agent.unwritten:
        found.append(UNWRITTEN)
    return Verdict(tuple(found), (NO_MODEL,) if level is Level.RULES else ())


def _of_the_line(agent: AgentState, level: Level) -> list[Complaint]:
    if agent.beat_s is None:
        return [] if level is Level.ALONE else [NO_LINE]  # alone: it serves callers without us, on purpose
    return [LINE_STILL] if agent.beat_s > BEAT_LIMIT_S else []


def _of_registration(agent: AgentState, facts: Facts, limits: Limits) -> list[Complaint]:
    lost = agent.beat_s is not None and agent.unregistered_s > limits.registration_lost_s
    return [UNREGISTERED] if facts.registers and not agent.registered and lost else []


def _of_the_disk(facts: Facts, limits: Limits) -> list[Complaint]:
    full = facts.free_bytes is not None and facts.free_bytes < limits.free_bytes
    return [*([DISK_FULL] if full else []), *([] if facts.database_is_read else [NO_DATABASE])]


NO_AGENT: Final = Complaint(
    "agent",
    "The agent does not answer: it is starting, stuck or gone. The line process serves callers by keys.",
    "It is restarted by itself; if it stays away, its log says why: journalctl -u attendant-agent.",
    stops_calls=True,
)
NO_LINE: Final = Complaint(
    "line",
    "There is no line process: nobody can call.",
    "It is restarted by itself; if it stays away, its log says why: journalctl -u attendant-line.",
    stops_calls=True,
)
LINE_STILL: Final = Complaint(
    "sound",
    "The line process, or the sound of a call in it, stands still.",
    "The watchdog restarts it. If it happens again, look for what keeps the processor: appliance doctor.",
    stops_calls=True,
)
UNREGISTERED: Final = Complaint(
    "registration",
    "The phone system does not know this box: callers do not reach it.",
    "appliance doctor --only registration says what the phone system answers.",
)
DEAF: Final = Complaint(
    "level",
    "Callers are served by keys: recogniser or voice is down, or the level is forced by hand.",
    "appliance degrade show says which and why; appliance degrade auto ends a forced level.",
)
UNWRITTEN: Final = Complaint(
    "store",
    "The disk takes nothing: what happens is kept in memory only.",
    "Make room, or see why it is read-only; what waits is written by itself then.",
)
DISK_FULL: Final = Complaint(
    "disk",
    "The disk of the database is nearly full.",
    "Make room: appliance privacy retention shows what may go, [keep] in the settings what stays.",
)
NO_DATABASE: Final = Complaint(
    "database",
    "The database cannot be read.",
    "The upkeep process heals it from a backup; appliance backup list shows which there are.",
)
NO_MODEL: Final = Complaint(
    "mind",
    "There is no language model: flows, facts and documents answer, other questions become messages.",
    "appliance degrade show says why.",
)
