"""What the doctor thinks of the machine: disk, clock, cores, memory, real-time permission, ports. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.ops.doctor import Finding, State

_GB: Final = 1_000_000_000
DISK_FREE_LEAST_BYTES: Final = _GB // 2
DISK_FREE_EASY_BYTES: Final = 5 * _GB
"""A month of an office's recordings, and room for a backup."""
INODES_FREE_LEAST_SHARE: Final = 0.01
FSYNC_SLOW_MS: Final = 50.0
FSYNC_HOPELESS_MS: Final = 500.0
"""A turn is on disk before the next one: what takes longer than this queues up in a call."""
CLOCK_BEHIND: Final = timedelta(minutes=2)
CORES_LEAST: Final = 2
MEMORY_BESIDE_MODEL_BYTES: Final = 1_100_000_000
"""Recogniser, voice, vectors and the processes themselves."""
MEMORY_PER_MODEL_BYTE: Final = 1.6
"""A language model in memory, with its context, by the size of its file."""


# --- disk -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DiskFacts:
    """The disk under the data directory. `inodes` is 0 where the file system does not count them; `fsync_ms`: how
    long each of some small writes took until it was safe."""

    place: str
    free_bytes: int
    inodes_free: int
    inodes: int
    fsync_ms: tuple[float, ...]


def disk(facts: DiskFacts) -> Finding:
    """Room, inodes, and how long a write takes to be safe."""
    slowest_ms, usual_ms = max(facts.fsync_ms), sorted(facts.fsync_ms)[len(facts.fsync_ms) // 2]
    figures = {
        "free_bytes": facts.free_bytes,
        "inodes_free": facts.inodes_free,
        "fsync_median_ms": round(usual_ms, 1),
        "fsync_worst_ms": round(slowest_ms, 1),
    }
    told = f"{facts.place}: {facts.free_bytes / _GB:.1f} GB free, a write is safe after {usual_ms:.0f} ms."
    state, remedy = _of_disk(facts, usual_ms)
    return Finding("disk", state, told, remedy, figures)


def _of_disk(facts: DiskFacts, usual_ms: float) -> tuple[State, str]:
    free_space = (
        "Free space, or keep less: [keep] in the settings, `appliance privacy retention` shows what would go."
    )
    if facts.free_bytes < DISK_FREE_LEAST_BYTES:
        return State.FAIL, free_space
    if facts.inodes and facts.inodes_free < facts.inodes * INODES_FREE_LEAST_SHARE:
        return State.FAIL, "The file system has hardly an inode left: remove small files (df -i shows where)."
    slow = "Use an SSD instead of a memory card or a network drive; look for what else writes (iotop)."
    if usual_ms > FSYNC_HOPELESS_MS:
        return State.FAIL, slow
    if usual_ms > FSYNC_SLOW_MS:
        return State.WARN, slow
    return (State.WARN, free_space) if facts.free_bytes < DISK_FREE_EASY_BYTES else (State.OK, "")


# --- clock ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """`synchronised` is the kernel's word (adjtimex(2)); None where it cannot be asked. `newest_record_at`: the last
    moment on record, which no right clock is behind."""

    now: datetime
    synchronised: bool | None
    newest_record_at: datetime | None = None


def clock(facts: ClockFacts) -> Finding:
    """Whether the time is right: what is booked, and when, depends on it."""
    figures = {"now": facts.now.isoformat(timespec="seconds"), "synchronised": facts.synchronised}
    remedy = (
        "Have it set by NTP: `timedatectl set-ntp true`, or install chrony; UDP port 123 must be let out."
    )
    newest = facts.newest_record_at
    if newest is not None and facts.now + CLOCK_BEHIND < newest:
        told = f"The clock says {facts.now:%Y-%m-%d %H:%M}, which is before the last call on record."
        return Finding("clock", State.FAIL, told, remedy, figures)
    if facts.synchronised:
        return Finding("clock", State.OK, f"Kept by NTP: {facts.now:%Y-%m-%d %H:%M %Z}.", "", figures)
    unsaid = "nobody says whether it is right" if facts.synchronised is None else "not kept by NTP"
    told = f"{facts.now:%Y-%m-%d %H:%M %Z}, {unsaid}."
    return Finding("clock", State.WARN, told, remedy, figures)


# --- cores and memory -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PowerFacts:
    """What there is to compute with. `model_bytes`: the language model's file, 0 without one."""

    cores: int
    memory_bytes: int
    available_bytes: int
    model_bytes: int
    box_runs: bool


def cores(facts: PowerFacts) -> Finding:
    """Ear, voice and model want a core each when a caller asks something open."""
    figures = {"cores": facts.cores}
    if facts.cores >= CORES_LEAST:
        return Finding("cores", State.OK, f"{facts.cores} cores.", "", figures)
    remedy = (
        'Give it two cores or more; until then set models.language_model = "none", so that the model does not'
        " take the core from the ear."
    )
    return Finding("cores", State.WARN, "One core only: answers will be late.", remedy, figures)


def memory(facts: PowerFacts) -> Finding:
    """Whether all models fit; of a running box they already do."""
    wanted = MEMORY_BESIDE_MODEL_BYTES + round(facts.model_bytes * MEMORY_PER_MODEL_BYTE)
    there = facts.memory_bytes if facts.box_runs else facts.available_bytes
    told = (
        f"{facts.available_bytes / _GB:.1f} of {facts.memory_bytes / _GB:.1f} GB available,"
        f" about {wanted / _GB:.1f} GB wanted in all."
    )
    figures = {
        "memory_bytes": facts.memory_bytes,
        "available_bytes": facts.available_bytes,
        "wanted_bytes": wanted,
    }
    if there >= wanted:
        return Finding("memory", State.OK, told, "", figures)
    remedy = 'Choose the smaller models (models.profile = "small"), end what else runs here, or add memory.'
    return Finding("memory", State.WARN, told, remedy, figures)


# --- real time ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RealtimeFacts:
    """`line_is_realtime`: how the running line process is scheduled, None when none runs. `may`: whether this user
    may ask for it. `unit_gives`: whether the installed systemd unit does."""

    line_is_realtime: bool | None
    may: bool
    unit_gives: bool


def realtime(facts: RealtimeFacts) -> Finding:
    """A packet must not wait for somebody else's work (SCHED_RR)."""
    figures = {
        "line_is_realtime": facts.line_is_realtime,
        "permitted": facts.may,
        "unit_gives": facts.unit_gives,
    }
    if facts.line_is_realtime:
        return Finding("realtime", State.OK, "The line process runs in real time.", "", figures)
    if facts.line_is_realtime is None and (facts.may or facts.unit_gives):
        by = "the systemd unit gives it" if facts.unit_gives else "this user may ask for it"
        return Finding("realtime", State.OK, f"Real-time scheduling: {by}.", "", figures)
    told = "The line process has no real-time scheduling: voices may stutter while the box computes."
    remedy = (
        "Run it by the systemd units (`./install.sh system`), or give its user the right:"
        " a line `USER - rtprio 20` in /etc/security/limits.d/, then log in again."
    )
    return Finding("realtime", State.WARN, told, remedy, figures)


# --- ports ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PortFacts:
    """One port the settings name: `setting` is the key, `transport` udp or tcp; `is_free` for us to take;
    `fault` says why not, in the kernel's words."""

    setting: str
    transport: str
    address: str
    port: int
    is_free: bool
    fault: str = ""


def ports(facts: Sequence[PortFacts], *, box_runs: bool) -> Finding:
    """Whether the ports can be had; of a running box they are taken, by itself."""
    figures = {f"{one.setting}": one.port for one in facts}
    listed = ", ".join(f"{one.transport} {one.port}" for one in facts) or "none is fixed"
    if box_runs:
        return Finding("ports", State.OK, f"The running box has them: {listed}.", "", figures)
    taken = [one for one in facts if not one.is_free]
    if not taken:
        return Finding("ports", State.OK, f"Free: {listed}.", "", figures)
    told = "; ".join(f"{one.setting}: {one.address}:{one.port}/{one.transport}: {one.fault}" for one in taken)
    first = taken[0]
    letter = "u" if first.transport == "udp" else "t"
    remedy = f"See who has it (ss -l{letter}np sport = :{first.port}) and stop it, or choose another: {first.setting}."
    return Finding("ports", State.FAIL, f"{told}.", remedy, figures)
