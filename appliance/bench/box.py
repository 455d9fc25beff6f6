"""A whole box of its own for a demonstration or a measurement: own folder, own ports, loopback, then gone.

Started as its user starts it (`appliance run` in a process of its own) and watched over its watch socket.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from appliance.errors import EngineFault
from appliance.ops.parents import PARENT_VARIABLE

_LINE_BYTES_MAX = 65_536
_STOP_LIMIT_S = 10.0


def free_udp_port(address: str = "127.0.0.1") -> int:
    """A UDP port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, 0))
        port: int = sock.getsockname()[1]
        return port


def write_config(folder: Path, *, tables: dict[str, dict[str, Any]], business: str = "auto_repair") -> Path:
    """An appliance.toml in `folder` that keeps everything of this box inside it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"business = {json.dumps(business)}"]
    for table, values in {**tables, "store": {"directory": str(folder), **tables.get("store", {})}}.items():
        lines.append(f"[{table}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    path = folder / "appliance.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Box:
    """`with Box(config) as box:` runs the appliance; `box.watch` gets what goes on, as dicts."""

    def __init__(
        self,
        config: Path,
        folder: Path,
        *,
        on_output: Callable[[str], None] = lambda _: None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._env = dict(env or {})
        self._config = config
        self._folder = folder
        self._on_output = on_output
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._process: subprocess.Popen[str] | None = None
        self.output: list[str] = []

    def __enter__(self) -> Box:
        self.output.clear()
        self._lines = SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "appliance.cli.app", "run", "--config", str(self._config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self._env, "PYTHONUNBUFFERED": "1", PARENT_VARIABLE: str(os.getpid())},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None  # noqa: S101
        for line in self._process.stdout:
            self.output.append(line.rstrip())
            self._on_output(line.rstrip())
            self._lines.put(line)
        self._lines.put(None)

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        assert self._process is not None  # noqa: S101
        return self._process.pid

    def wait_ready(self, limit_s: float = 120.0) -> None:
        """Wait until everything that calls depend on is up; EngineFault when it is not."""
        self.wait_for(" all ready", limit_s)

    def wait_for(self, text: str, limit_s: float = 120.0) -> None:
        """Wait until the supervisor has said `text`; EngineFault when it ends or `limit_s` passes without."""
        while not any(text in line for line in self.output):
            try:
                line = self._lines.get(timeout=limit_s)
            except Empty:
                raise EngineFault("the appliance was not ready in time.", remedy=self._tail()) from None
            if line is None:
                raise EngineFault("the appliance stopped before it was ready.", remedy=self._tail())

    def _tail(self) -> str:
        return "It said: " + " | ".join(self.output[-5:])

    def watch(self) -> Watch:
        """Look on from now."""
        return Watch(self._folder / "run" / "watch.sock")

    def __exit__(self, *_: object) -> None:
        process = self._process
        assert process is not None and process.stdout is not None  # noqa: S101
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join(_STOP_LIMIT_S)
        process.stdout.close()


class Watch:
    """The box's watch socket as an iterator of dicts; ends when the box goes or `close` is called."""

    def __init__(self, path: Path) -> None:
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._sock.connect(str(path))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                data = self._sock.recv(_LINE_BYTES_MAX)
            except OSError:
                return
            if not data:
                return
            yield json.loads(data)

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop looking."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
        finally:
            self._sock.close()
