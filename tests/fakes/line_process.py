"""The line process for tests: `LineProcess(folder, sip=...)` starts the real thing."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from appliance.sip.words import Station

REPOSITORY = Path(__file__).parent.parent.parent


class LineProcess:
    """The line on a free port of loopback; `sip` overrides settings. `says` are its lines: ready, alive."""

    def __init__(
        self,
        folder: Path,
        *,
        sip: dict[str, Any] | None = None,
        password: str = "",
        silent_limit_s: float | None = None,
    ) -> None:
        self.folder = folder
        self._silent_limit_s = silent_limit_s
        self.socket = folder / "agent.sock"
        self.prepared = folder / "prepared"
        self.prepared.mkdir(exist_ok=True)
        self._sip = {"bind_address": "127.0.0.1", "port": 0, "rtp_port": 0, **(sip or {})}
        self._environment = {**os.environ, **({"ATTENDANT_SIP_PASSWORD": password} if password else {})}
        self.says: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.alive_count = 0

    def __enter__(self) -> LineProcess:
        settings = json.dumps({"sip": self._sip, "store": {"directory": str(self.folder)}})
        command = [sys.executable, "-m", "tests.fakes.line_process", settings, str(self.folder)]
        command += [str(self._silent_limit_s)] if self._silent_limit_s else []
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env=self._environment,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.says.get(timeout=30) == "ready"
        return self

    def _read(self) -> None:
        for line in self._process.stdout or ():
            if line.strip() == "alive":
                self.alive_count += 1
            self.says.put(line.strip())

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it still lives."""
        return self._process.poll() is None

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def __exit__(self, *_: object) -> None:
        status = self.stop() if self.running else self._process.returncode
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()
        assert status == 0, f"the line process ended with {status}"


def _impatient(station_of: Callable[[Any], Station], silent_limit_s: float, sip: Any) -> Station:
    return replace(station_of(sip), silent_limit_s=silent_limit_s)


def _main() -> None:
    from appliance.line import service
    from appliance.settings import Settings

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    folder = Path(sys.argv[2])
    if len(sys.argv) > 3:
        impatient = partial(_impatient, service.station_of, float(sys.argv[3]))
        service.station_of = impatient  # type: ignore[assignment]  no setting: nobody but a test wants another
    service.run(
        Settings.model_validate(json.loads(sys.argv[1])),
        folder / "agent.sock",
        folder / "prepared",
        stop,
        lambda: print("ready", flush=True),
        lambda: print("alive", flush=True),
    )


if __name__ == "__main__":
    _main()
