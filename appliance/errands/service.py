"""The errands process: takes questions from the agent, posts them, and brings the answers back within the limit.

It knows where each tool lives and the secrets that sign; the agent knows neither, and has no network.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from appliance.business import Business, Tool, ToolKind
from appliance.errors import ConfigError, NoAnswer
from appliance.web.errand import LINE_BYTES_MAX, Errand, ErrandDone, errand_in, line_of
from appliance.web.posting import Poster

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 8
_PREFIX: Final = "tools_"  # what systemd calls the files of the folder that LoadCredential=tools: names
_ALIVE_EVERY_S: Final = 1.0


def secrets_of(tools: Mapping[str, Tool], secret: Callable[[str], str | None]) -> dict[str, str | None]:
    """The secret of each tool by the tool's name; `secret` as settings.secret. ConfigError for a missing one."""
    found: dict[str, str | None] = {}
    for name, tool in tools.items():
        named = f"{_PREFIX}{tool.secret}"
        found[name] = (secret(named) or None) if tool.secret else None
        if tool.secret and found[name] is None:
            raise ConfigError(
                f'tools: the secret "{tool.secret}" of "{name}" is not there.',
                remedy=f"Put it into /etc/attendant/secrets/{tool.secret}, or set ATTENDANT_{named.upper()}.",
            )
    return found


def outside_tools(office: Business) -> dict[str, Tool]:
    """The tools of a business that other machines do the work of, by name."""
    return {tool.name: tool for tool in office.tools if tool.kind is ToolKind.WEBHOOK}


async def serve(
    server: ErrandServer, path: Path, on_ready: Callable[[], None], alive: Callable[[], None]
) -> None:
    """Run `server` until the process is told to stop (SIGTERM, SIGINT)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await server.run(path, stop, on_ready, alive)


class ErrandServer:
    """Runs errands for `tools`, several at once."""

    def __init__(self, tools: Mapping[str, Tool], poster: Poster, secrets: Mapping[str, str | None]) -> None:
        self._tools = tools
        self._poster = poster
        self._secrets = secrets
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="errand")

    async def run(
        self, path: Path, stop: asyncio.Event, on_ready: Callable[[], None], alive: Callable[[], None]
    ) -> None:
        """Serve at the Unix socket `path` until `stop`; `alive` is called about once a second by the loop."""
        server = await asyncio.start_unix_server(self._serve, sock=_bound(path), limit=LINE_BYTES_MAX)
        on_ready()
        _log.info("errands ready", extra={"tools": len(self._tools)})
        try:
            while not stop.is_set():
                alive()
                await _wait(stop, _ALIVE_EVERY_S)
        finally:
            server.close()
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            errand = errand_in(await reader.readline())
            loop = asyncio.get_running_loop()
            writer.write(line_of(await loop.run_in_executor(self._threads, self._run, errand)))
            await writer.drain()
        except (OSError, ValueError, NoAnswer):  # whoever asked has gone, or was not the agent
            _log.warning("errand broke off")
        finally:
            writer.close()

    def _run(self, errand: Errand) -> ErrandDone:
        tool = self._tools.get(errand.tool)
        if tool is None:
            return ErrandDone(0, fault="no such tool")
        body = {"tool": errand.tool, "call": errand.call_id, "arguments": errand.arguments}
        try:
            answer = self._poster.post(
                tool.url,
                msgspec.json.encode(body),
                identity=errand.key,
                secret=self._secrets[errand.tool],
                limit_s=tool.limit_ms / 1000,
            )
        except NoAnswer as fault:
            return ErrandDone(0, fault=fault.message)
        return ErrandDone(answer.status, answer.body)


def _bound(path: Path) -> socket.socket:
    """A socket at `path` for this user alone; the one of a process that died is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    made.bind(str(path))
    path.chmod(0o600)
    return made


async def _wait(stop: asyncio.Event, limit_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await stop.wait()
