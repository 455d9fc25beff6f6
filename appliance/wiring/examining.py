"""Gathers what the doctor judges: every check of a box, in the order it is looked at, from the settings.

`appliance doctor` runs them all; the TUI's Health screen is handed those that are not slow.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from appliance import business as businesses
from appliance import settings
from appliance.clock import Clock, SystemClock
from appliance.errors import ConfigError, StoreFault
from appliance.ops import checks_keeping, checks_machine, machine, observed, watching
from appliance.ops.doctor import Check, Finding, State
from appliance.wiring.places import run_directory

if TYPE_CHECKING:
    from appliance.business import Business
    from appliance.ops.checks_machine import PortFacts
    from appliance.ops.health import AgentState
    from appliance.settings import Settings
    from appliance.weights.workshop import Progress

CONFIGURATION: Final = "configuration"
"""The first check: without settings there is nothing else to look at."""
_ANSWER_BYTES_MAX: Final = 200_000
_SYSTEM_DATA: Final = Path("/var/lib/attendant")
_NICENESS: Final = 19
T = TypeVar("T")


class Silent:
    """Nobody watches while models are fetched (weights.workshop.Progress)."""

    def moved(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """Not shown."""

    def said(self, model: str, text: str) -> None:
        """Not shown."""


@dataclass
class Patient:
    """A box that is looked at: its settings, its business, and whether it runs at present."""

    config: Settings
    office: Business
    settings_file: Path | None = None
    progress: Progress = field(default_factory=Silent)
    clock: Clock = field(default_factory=SystemClock)

    @property
    def directory(self) -> Path:
        """Where its database and its sockets lie."""
        return settings.data_directory(self.config)

    @property
    def database(self) -> Path:
        """Its database, which may not be there yet."""
        from appliance.store.database import FILE_NAME

        return self.directory / FILE_NAME

    @property
    def has_database(self) -> bool:
        """Whether anything has happened yet."""
        return self.database.exists() and self.database.stat().st_size > 0

    @cached_property
    def state(self) -> AgentState | None:
        """What the running agent says of itself; None: none answers."""
        told = observed.decode(self._asked(observed.SOCKET))
        return None if told is None else told.state

    @cached_property
    def line(self) -> dict[str, Any]:
        """What the running line says of itself (line/look.py); empty: none answers."""
        answer = self._asked(watching.LINE, b'{"do": "look"}')
        told: dict[str, Any] = json.loads(answer) if answer else {}
        return told

    def _asked(self, socket_name: str, question: bytes = b"") -> bytes:
        """One packet from a socket of the running box; empty: nobody answers. PermissionError: it is another user's."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(observed.ASK_LIMIT_S)
                sock.connect(str(run_directory(self.config) / socket_name))
                if question:
                    sock.send(question)
                return sock.recv(_ANSWER_BYTES_MAX)
        except PermissionError:
            raise
        except OSError:
            return b""

    @cached_property
    def line_pid(self) -> int | None:
        """The process that holds the telephone."""
        return machine.process_of("line", self.settings_files)

    @property
    def runs(self) -> bool:
        """Whether a box with these settings is up, whole or in part, whosever it is."""
        try:
            return bool(self.line_pid or self.state or self.line)
        except PermissionError:
            return True

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """What a SELECT finds; nothing where the database cannot be read, which its own check says."""
        from appliance.store.database import Database

        if not self.has_database:
            return []
        with Database(self.database, read_only=True) as database, contextlib.suppress(StoreFault):
            return database.rows(sql, values)
        return []

    @property
    def settings_files(self) -> tuple[str, ...]:
        """How this box's processes may have been told of their settings; empty: not at all."""
        if self.settings_file is not None:
            return (str(self.settings_file.resolve()),)
        return ("", str(settings.SYSTEM_CONFIG))


def all_checks(
    config: Settings, office: Business, settings_file: Path | None = None, progress: Progress | None = None
) -> list[Check]:
    """Everything that is looked at, in order; `settings_file` as it was given to `appliance run`.

    `progress` is shown while a fix fetches models. What a check asked of the running box is asked once.
    """
    from appliance.wiring import examining_engines, examining_keeping, examining_line

    box = Patient(config, office, settings_file, progress or Silent())
    checks = [
        Check(CONFIGURATION, "both files, and the secrets they need", lambda: _configuration(box)),
        Check("directories", "the folders the box keeps things in", lambda: _directories(box)),
        Check("disk", "room, inodes, how long a write takes", lambda: _disk(box)),
        Check("clock", "whether the time is right", lambda: _clock(box)),
        Check("cores", "what there is to compute with", lambda: checks_machine.cores(_power(box))),
        Check("memory", "whether all models fit", lambda: checks_machine.memory(_power(box))),
        Check("realtime", "whether sound goes before everything else", lambda: _realtime(box)),
        Check("ports", "whether the ports can be had", lambda: _ports(box)),
        *examining_line.checks(box),
        *examining_engines.checks(box),
        *examining_keeping.checks(box),
    ]
    return [replace(one, run=partial(_behind, one.run)) if one.is_slow else one for one in checks]


def _behind(run: Callable[[], T]) -> T:
    """`run` in a thread that stands behind everything else, and so do the threads and processes it starts: callers
    of a running box must not notice."""
    with ThreadPoolExecutor(1, thread_name_prefix="doctor", initializer=_stand_back) as pool:
        return pool.submit(run).result()


def _stand_back() -> None:
    with contextlib.suppress(OSError):  # Linux has niceness by thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


# --- settings -------------------------------------------------------------------------------------


def _configuration(box: Patient) -> Finding:
    """ConfigError, which says what to do, for a tool of the business whose secret nobody gave."""
    from appliance.errands.service import outside_tools, secrets_of

    secrets_of(outside_tools(box.office), secret)
    shown = box.settings_file or (settings.SYSTEM_CONFIG if settings.SYSTEM_CONFIG.exists() else None)
    return checks_keeping.configuration(
        checks_keeping.ConfigurationFacts(
            settings_file="" if shown is None else str(shown),
            business=box.office.name,
            is_example=Path(box.config.business).suffix != ".toml",
            missing_secrets=tuple(_missing_secrets(box)),
            is_stranger=_is_stranger(box),
        )
    )


def _missing_secrets(box: Patient) -> list[str]:
    """Names of secrets that the settings need and nobody gave."""
    config = box.config
    wanted = {
        "sip_password": bool(config.sip.registrar),
        "smtp_password": bool(config.deliver.smtp_user),
        "webhook_secret": bool(config.deliver.webhook_url),
        "crm_key": config.crm.kind is not settings.CrmKind.NONE,
    }
    return [name for name, is_wanted in wanted.items() if is_wanted and not secret(name)]


def _is_stranger(box: Patient) -> bool:
    """Whether a box is installed here whose data this user may not see, so that `settings.home` is another folder."""
    is_installed = "" in box.settings_files and settings.SYSTEM_CONFIG.exists() and _SYSTEM_DATA.exists()
    return is_installed and box.directory == settings.home() and not os.access(_SYSTEM_DATA, os.W_OK)


def secret(name: str) -> str | None:
    """As settings.secret, and beyond it the files from which systemd hands the installed box its secrets."""
    if told := settings.secret(name):
        return told
    file = settings.SYSTEM_CONFIG.parent / name
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None


def unreadable(fault: ConfigError) -> Finding:
    """What the first check says of settings or a business that cannot be read."""
    remedy = fault.remedy or "Correct it; `appliance config check FILE` looks again."
    return Finding(CONFIGURATION, State.FAIL, fault.message, remedy)


def load(settings_file: Path | None) -> tuple[Settings, Business]:
    """Both files; ConfigError names file, line and key."""
    config = settings.load(settings_file)
    return config, businesses.load(config.business)


# --- folders and disk -----------------------------------------------------------------------------


def _folders(box: Patient) -> list[tuple[str, Path]]:
    return [
        ("data", box.directory),
        ("models", settings.models_directory(box.config)),
        ("backups", settings.backups_directory(box.config)),
    ]


def _directories(box: Patient) -> Finding:
    facts = [
        checks_keeping.FolderFacts(what, str(place), place.is_dir(), os.access(place, os.W_OK))
        for what, place in _folders(box)
    ]
    return checks_keeping.directories(facts, lambda: _make_folders(box))


def _make_folders(box: Patient) -> str:
    from appliance.store.replacing import disk_fault

    missing = [place for _, place in _folders(box) if not place.is_dir()]
    for place in missing:
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise disk_fault(place, error) from error
    return f"Made {len(missing)} folders."


def _disk(box: Patient) -> Finding:
    there = next(place for place in (box.directory, *box.directory.parents) if place.is_dir())
    return checks_machine.disk(machine.disk_facts(there))


# --- clock, power, scheduling ---------------------------------------------------------------------


def _clock(box: Patient) -> Finding:
    from appliance.store.moments import moment

    newest = next((row["at"] for row in box.rows("SELECT max(offered_at) AS at FROM calls")), None)
    now = box.clock.now().astimezone(box.office.zone)
    return checks_machine.clock(machine.clock_facts(now, moment(newest) if newest else None))


def _power(box: Patient) -> checks_machine.PowerFacts:
    from appliance.weights.manifest import Role
    from appliance.weights.place import needed

    models = [model for model in needed(box.config) if model.role is Role.LANGUAGE_MODEL]
    return machine.power_facts(sum(model.bytes for model in models), box_runs=box.runs)


def _realtime(box: Patient) -> Finding:
    return checks_machine.realtime(machine.realtime_facts(box.line_pid))


def _ports(box: Patient) -> Finding:
    return checks_machine.ports(_wanted_ports(box), box_runs=box.runs)


def _wanted_ports(box: Patient) -> Sequence[PortFacts]:
    """Those the settings name; 0 takes a free one, or is no port at all."""
    sip, feed, observe = box.config.sip, box.config.feed, box.config.observe
    wanted = [
        ("sip.port", "udp", sip.bind_address, sip.port),
        ("sip.rtp_port", "udp", sip.bind_address, sip.rtp_port),
        ("feed.port", "tcp", feed.bind_address, feed.port),
        ("observe.port", "tcp", observe.bind_address, observe.port),
    ]
    return [machine.port_facts(*one) for one in wanted if one[3]]
