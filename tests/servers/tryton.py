"""A real Tryton 8.0 on a free port of loopback, its database a file that goes with the test.

The first run makes an environment of Tryton's own (pinned in tryton_requirements.txt) and a furnished database
under the cache (about a minute); later runs copy the database and start the server (seconds).
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from appliance.settings import home

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "tryton_requirements.txt"
OFFICE = HERE / "tryton_office.py"
MODULES = ("party", "company", "sale_opportunity")
DATABASE, USER, PASSWORD = "crm", "admin", "a password for tests"
KEY = hashlib.sha256(b"a key for tests").hexdigest()
_CONFIG = "[database]\nuri = sqlite://\npath = {folder}\n[web]\nlisten = 127.0.0.1:{port}\n"
_START_S = 120.0


class Tryton:
    """`with Tryton(folder) as crm:` serves `crm.url`; started and stopped again as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tryton"
        self.folder.mkdir()
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = _environment()
        self._process: subprocess.Popen[bytes] | None = None
        shutil.copy(_furnished(self._env), self._file)
        self._config = _config_in(self.folder, self.port)

    def __enter__(self) -> Tryton:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _file(self) -> Path:
        return self.folder / f"{DATABASE}.sqlite"

    def start(self) -> None:
        """Until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._env / "bin/trytond", "-c", self._config, "-d", DATABASE],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        tick = threading.Event()
        for _ in range(int(_START_S / 0.1)):
            assert self._process is not None
            assert self._process.poll() is None, (self.folder / "log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            tick.wait(0.1)
        raise AssertionError(f"no Tryton after {_START_S} s: " + (self.folder / "log").read_text())

    def stop(self) -> None:
        """It is gone when this returns; the database stays."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    # --- as a person sees it ---------------------------------------------------------------------

    def find(self, model: str, domain: list[Any], *fields: str, key: str = KEY) -> list[dict[str, Any]]:
        """The records Tryton's own REST interface shows, the oldest first."""
        said = httpx.get(
            f"{self.url}/{DATABASE}/rest/model/{model}",
            params=[
                *(("f", name) for name in ("id", *fields)),
                ("d", _base64(domain)),
                ("o", _base64([["id", "ASC"]])),
            ],
            headers={"Authorization": f"Bearer {key}"},
            timeout=30,
        )
        assert said.status_code == 200, said.text
        found: list[dict[str, Any]] = said.json()
        return found

    def make(self, model: str, **values: Any) -> int:
        """A record as somebody in the office enters it."""
        said = httpx.post(
            f"{self.url}/{DATABASE}/rest/model/{model}",
            json=values,
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=30,
        )
        assert said.status_code == 200, said.text
        return int(said.json()["id"])

    def party(self, name: str, *numbers: str, kind: str = "phone") -> int:
        """Somebody in the address book."""
        mechanisms = [{"type": kind, "value": number} for number in numbers]
        return self.make("party.party", name=name, contact_mechanisms=[["create", mechanisms]])

    def notes(self, party: int) -> list[str]:
        """What stands on a party, in the order it was written."""
        domain = [["resource", "=", f"party.party,{party}"]]
        return [str(note["message"]) for note in self.find("ir.note", domain, "message")]

    def press(self, button: str, application_key: str) -> None:
        """The administrator opens the list of user applications and presses a button: validate_ or cancel."""
        user, session = self._call("common.db.login", USER, {"password": PASSWORD})[:2]
        signed = base64.b64encode(f"{USER}:{user}:{session}".encode()).decode()
        model, context = "model.res.user.application", {}
        domain = [["key", "=", application_key]]
        found = self._call(f"{model}.search", domain, 0, None, None, context, session=signed)
        assert len(found) == 1
        self._call(f"{model}.{button}", found, context, session=signed)

    def _call(self, method: str, *params: Any, session: str = "") -> Any:
        headers = {"Authorization": f"Session {session}"} if session else {}
        body = {"id": 1, "method": method, "params": params}
        said = httpx.post(f"{self.url}/{DATABASE}/rpc/", json=body, headers=headers, timeout=30).json()
        assert "error" not in said, said
        return said["result"]

    # --- behind its back -------------------------------------------------------------------------

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What its database holds."""
        with closing(sqlite3.connect(self._file, timeout=30)) as tables, tables:
            return tables.execute(sql, values).fetchall()


def _environment() -> Path:
    """An environment with Tryton in it, made once for these requirements and this Python."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    env = home() / "cache" / "tryton" / f"python{python}-{name}"
    with _made_once(env / "ready") as missing:
        if missing:
            shutil.rmtree(env, ignore_errors=True)
            _run(sys.executable, "-m", "venv", env)
            _run(env / "bin/python", "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS)
            (env / "ready").touch()
    return env


def _furnished(env: Path) -> Path:
    """A database with the modules and an office in it, made once beside the environment."""
    name = hashlib.sha256(OFFICE.read_bytes() + repr((MODULES, PASSWORD)).encode()).hexdigest()[:12]
    file = env / f"office-{name}.sqlite"
    with _made_once(file) as missing:
        if missing:
            _furnish(env, file)
    return file


def _furnish(env: Path, file: Path) -> None:
    workshop = env / "workshop"
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir()
    config = _config_in(workshop, _free_port())
    made = workshop / f"{DATABASE}.sqlite"
    made.touch()
    (workshop / "password").write_text(PASSWORD)
    admin = (env / "bin/trytond-admin", "-c", config, "-d", DATABASE)
    environment = {**os.environ, "TRYTONPASSFILE": str(workshop / "password")}
    _run(*admin, "--all", "--email", "office@hilltop.example", environment=environment)
    _run(*admin, "-u", *MODULES, "--activate-dependencies")
    _run(env / "bin/python", OFFICE, config, DATABASE, KEY)
    made.rename(file)
    shutil.rmtree(workshop)


@contextmanager
def _made_once(file: Path) -> Iterator[bool]:
    """Whether `file` has to be made; whoever else wants it waits."""
    file.parent.parent.mkdir(parents=True, exist_ok=True)
    with (file.parent.parent / "tryton.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not file.exists()


def _run(*command: str | Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def _config_in(folder: Path, port: int) -> Path:
    config = folder / "trytond.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port))
    return config


def _base64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
