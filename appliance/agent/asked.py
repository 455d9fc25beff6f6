"""One question, one answer over a Unix socket, one after the other: how the agent is asked things from outside."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

Answering = Callable[[asyncio.AbstractEventLoop, socket.socket], Awaitable[None]]
"""Hears one who asks out and answers; OSError when they are gone."""


async def answer_each(listener: socket.socket, answer: Answering, patience_s: float) -> None:
    """Let `answer` have everybody who dials `listener` (not blocking), so long each, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        asking, _ = await loop.sock_accept(listener)
        asking.setblocking(False)
        with asking, contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(patience_s):
                await answer(loop, asking)
