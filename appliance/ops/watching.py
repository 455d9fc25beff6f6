"""Looking on at a running box from outside: its watch socket line by line, and one question to a process of it.

The other ends are agent/watch.py and the sockets that answer questions (agent/control.py, line/look.py): JSON,
one value a packet. Whoever is not answered is told so, and how a box is started.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from appliance.errors import NoAnswer

WATCH: Final = "watch.sock"
CONTROL: Final = "control.sock"
LINE: Final = "look.sock"
_LINE_BYTES_MAX: Final = 65_536
_ANSWER_BYTES_MAX: Final = 1 << 20
LIMIT_S: Final = 5.0

Told = dict[str, Any]
"""One line of the watch socket, or one answer: `kind` says what the line is, `error` is in a refusal."""


async def watch(path: Path) -> AsyncIterator[Told]:
    """Each line a box tells from now on; ends when the box goes. NoAnswer when there is none."""
    loop = asyncio.get_running_loop()
    with await _dialled(path) as sock:
        while data := await _received(loop, sock, _LINE_BYTES_MAX):
            yield json.loads(data)


async def ask(path: Path, question: Told) -> Told:
    """What the process behind `path` answers; NoAnswer when it does not, or refuses."""
    loop = asyncio.get_running_loop()
    data = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LIMIT_S):
            with await _dialled(path) as sock:
                await loop.sock_sendall(sock, json.dumps(question).encode())
                data = await _received(loop, sock, _ANSWER_BYTES_MAX)
    if not data:
        raise _nobody(path)
    answer: Told = json.loads(data)
    if "error" in answer:
        raise NoAnswer(f"{path.stem}: {answer['error']}", remedy=answer.get("remedy", ""))
    return answer


async def _dialled(path: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
    sock.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(sock, str(path))
    except OSError as error:
        sock.close()
        raise _nobody(path) from error
    return sock


async def _received(loop: asyncio.AbstractEventLoop, sock: socket.socket, most: int) -> bytes:
    """One packet; empty when the other side is gone, however it went."""
    with contextlib.suppress(OSError):
        return await loop.sock_recv(sock, most)
    return b""


def _nobody(path: Path) -> NoAnswer:
    return NoAnswer(
        f"{path.stem}: no box answers here.",
        remedy="Start it: `appliance run`, or `systemctl start attendant.target`.",
    )
