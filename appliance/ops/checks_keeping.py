"""What the doctor thinks of settings, folders, what is kept, what is sent, and who watches over it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.ops.doctor import AS_THE_BOX, Finding, Fix, State

BACKUP_LATE: Final = timedelta(hours=36)
BACKUP_TOO_LATE: Final = timedelta(days=7)
OUTBOX_LATE: Final = timedelta(hours=1)


# --- settings -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConfigurationFacts:
    """`settings_file` empty: defaults. `is_example`: the business is one that ships with the product.
    `missing_secrets`: names of secrets that the settings need and nobody gave. `is_stranger`: this user may not look
    into the data of the box that is installed here."""

    settings_file: str
    business: str
    is_example: bool
    missing_secrets: tuple[str, ...] = ()
    is_stranger: bool = False


def configuration(facts: ConfigurationFacts) -> Finding:
    """Both files could be read: is what they need beside them there, and are they the office's own?"""
    told = f"{facts.settings_file or 'The defaults'}: {facts.business}."
    if facts.is_stranger:
        told = f"{told} This user may not look into the box's data: what follows is of nobody's box."
        return Finding("configuration", State.FAIL, told, AS_THE_BOX)
    if facts.missing_secrets:
        names = ", ".join(facts.missing_secrets)
        first = facts.missing_secrets[0]
        remedy = (
            f"Put it into /etc/attendant/{first} (a systemd credential), or set ATTENDANT_{first.upper()}."
        )
        return Finding("configuration", State.FAIL, f"{told} There is no secret {names}.", remedy)
    if facts.is_example:
        remedy = "`appliance init` writes a business file of your own; set `business` to its path."
        return Finding("configuration", State.WARN, f"{told} That is an example, not your office.", remedy)
    return Finding("configuration", State.OK, told)


# --- folders --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder the box keeps things in."""

    what: str
    place: str
    exists: bool
    is_writable: bool


def directories(facts: Sequence[FolderFacts], make: Fix) -> Finding:
    """Whether the box's folders are there and take what it writes."""
    missing = [one for one in facts if not one.exists]
    closed = [one for one in facts if one.exists and not one.is_writable]
    if closed:
        told = "; ".join(f"{one.what}: {one.place} cannot be written" for one in closed)
        remedy = "Give it to the user the appliance runs as: chown -R attendant: FOLDER."
        return Finding("directories", State.FAIL, f"{told}.", remedy)
    if missing:
        told = "; ".join(f"{one.what}: {one.place} is not there yet" for one in missing)
        remedy = "`appliance doctor --fix` makes them; so does the first start."
        return Finding("directories", State.WARN, f"{told}.", remedy, fix=make)
    return Finding("directories", State.OK, ", ".join(f"{one.what} {one.place}" for one in facts) + ".")


# --- database and backups -------------------------------------------------------------------------


def database(problems: Sequence[str] | None) -> Finding:
    """Whether the database is whole; None: there is none yet."""
    if problems is None:
        return Finding("database", State.SKIPPED, "There is none yet: it begins with the first call.")
    if not problems:
        return Finding("database", State.OK, "Whole.")
    remedy = "The running box restores its last backup by itself; else: `appliance restore latest`."
    return Finding("database", State.FAIL, f"Damaged: {problems[0]}.", remedy)


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """`newest_at` None: there is no backup. `fault`: what is wrong with the newest, empty when its hash is right."""

    now: datetime
    has_database: bool
    newest_at: datetime | None
    fault: str = ""
    count: int = 0


def backups(facts: BackupFacts, make: Fix) -> Finding:
    """Whether there is a good copy of what is kept, and from when."""
    if not facts.has_database:
        return Finding("backups", State.SKIPPED, "There is nothing to back up yet.")
    remedy = "`appliance backup`; each night the running box does it by itself ([keep] chores_at)."
    if facts.newest_at is None:
        return Finding("backups", State.WARN, "There is no backup.", remedy, fix=make)
    age = facts.now - facts.newest_at
    figures = {"age_h": round(age / timedelta(hours=1), 1), "backups": facts.count}
    if facts.fault:
        told = f"The newest backup is no good: {facts.fault}."
        return Finding("backups", State.FAIL, told, remedy, figures, make)
    told = f"{facts.count}, the newest {_ago(age)} old and verified."
    if age <= BACKUP_LATE:
        return Finding("backups", State.OK, told, "", figures)
    state = State.FAIL if age > BACKUP_TOO_LATE else State.WARN
    return Finding("backups", state, told, remedy, figures, make)


def _ago(age: timedelta) -> str:
    hours = age / timedelta(hours=1)
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{max(hours, 0):.0f} h"


# --- what is sent ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DestinationFacts:
    """What waits for one destination, since when, what was given up and why the last attempt failed."""

    name: str
    waiting: int
    oldest_at: datetime | None
    buried: int
    error: str = ""


def outbox(facts: Sequence[DestinationFacts], now: datetime) -> Finding:
    """Whether what happened reaches the places it is sent to; no destination, nothing to say."""
    if not facts:
        return Finding("outbox", State.SKIPPED, "Nothing is sent anywhere: see [deliver] and [crm].")
    figures = {f"{one.name}_waiting": one.waiting for one in facts} | {
        f"{one.name}_buried": one.buried for one in facts
    }
    told = "; ".join(_of_destination(one, now) for one in facts)
    late = [one for one in facts if one.oldest_at is not None and now - one.oldest_at > OUTBOX_LATE]
    if late or any(one.buried for one in facts):
        remedy = "`appliance sync status` says why, `appliance sync retry` tries again."
        return Finding("outbox", State.WARN, f"{told}.", remedy, figures)
    return Finding("outbox", State.OK, f"{told}.", "", figures)


def _of_destination(one: DestinationFacts, now: datetime) -> str:
    since = "" if one.oldest_at is None else f", the oldest for {_ago(now - one.oldest_at)}"
    given_up = f", {one.buried} given up" if one.buried else ""
    why = f" ({one.error.rstrip('.')})" if one.error and (since or given_up) else ""
    return f"{one.name}: {one.waiting} waiting{since}{given_up}{why}"


def crm(kind: str, *, refused: str = "", remedy: str = "") -> Finding:
    """Whether the customer database answers and takes our key; `refused` says why not."""
    if kind == "none":
        return Finding("crm", State.SKIPPED, "There is none: [crm] kind is none.")
    if refused:
        told = f"{kind}: {refused.rstrip('.')}."
        return Finding(
            "crm", State.FAIL, told, remedy or "`appliance sync connect` tries it out step by step."
        )
    return Finding("crm", State.OK, f"{kind} answers and takes our key.")


# --- who watches ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A systemd unit of ours: its state, how often it was restarted, its watchdog (0: none)."""

    name: str
    active: str
    restarts: int
    watchdog_s: float


@dataclass(frozen=True, slots=True)
class WatchFacts:
    """Who looks after the processes: units of systemd, or `appliance run` with this pid. `level`: what the running
    agent says of itself (docs/degradation.md), empty when none answers."""

    units: tuple[UnitFacts, ...] = ()
    supervisor_pid: int | None = None
    level: str = ""
    because: tuple[str, ...] = ()


def watchdog(facts: WatchFacts) -> Finding:
    """Whether the box runs, somebody restarts what is stuck, and all parts of it work."""
    figures = {"level": facts.level, "restarts": sum(one.restarts for one in facts.units)}
    down = [one for one in facts.units if one.active not in ("active", "activating")]
    blind = [one for one in facts.units if not one.watchdog_s]
    if down and facts.supervisor_pid is None:
        told = f"Not running: {', '.join(one.name for one in down)}."
        remedy = f"`journalctl -u {down[0].name} -n 50` says why; then `systemctl restart attendant.target`."
        return Finding("watchdog", State.FAIL, told, remedy, figures)
    if not facts.units and facts.supervisor_pid is None and not facts.level:
        told = "No box runs here with these settings."
        return Finding(
            "watchdog", State.WARN, told, "Start it: `appliance run`, or the systemd units.", figures
        )
    by = f"`appliance run` ({facts.supervisor_pid})" if facts.supervisor_pid is not None else "systemd"
    if not facts.level:
        remedy = (
            "It may still be starting; else look at its log (journalctl, or where `appliance run` writes)."
        )
        return Finding("watchdog", State.FAIL, f"{by} runs, but its agent does not answer.", remedy, figures)
    if facts.level != "full":
        told = f"Runs under {by}, at level {facts.level}: {'; '.join(facts.because) or 'forced by hand'}."
        return Finding(
            "watchdog", State.WARN, told, "docs/degradation.md says what each level means.", figures
        )
    if blind:
        told = f"No watchdog: {', '.join(one.name for one in blind)}."
        remedy = "Install the units anew: `./install.sh system`."
        return Finding("watchdog", State.WARN, told, remedy, figures)
    return Finding("watchdog", State.OK, f"Runs under {by}, everything works.", "", figures)
