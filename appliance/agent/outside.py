"""The agent's door to other machines: a question over a Unix socket to the errands process, which has the network.

A connection for each question: whoever is slow or dead at the other end holds up this one and no other.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import msgspec

from appliance.errors import NoAnswer

_ANSWER_BYTES_MAX: Final = 256 * 1024


class Errand(msgspec.Struct, frozen=True):
    """A question: use `tool` with `arguments` (name and value); `key` names a repetition."""

    tool: str
    call_id: str
    arguments: dict[str, str | int | float | bool]
    key: str


class ErrandDone(msgspec.Struct, frozen=True):
    """The answer: an HTTP status and body; `status` 0 where none came, `fault` says why."""

    status: int
    body: bytes = b""
    fault: str = ""


async def ask(path: Path, errand: Errand, limit_s: float) -> ErrandDone:
    """What the other machine says; NoAnswer after `limit_s`, or when nobody is there to ask."""
    try:
        async with asyncio.timeout(limit_s):
            reader, writer = await asyncio.open_unix_connection(str(path), limit=_ANSWER_BYTES_MAX)
            try:
                writer.write(msgspec.json.encode(errand) + b"\n")
                await writer.drain()
                return msgspec.json.decode(await reader.readline(), type=ErrandDone)
            finally:
                writer.close()
    except TimeoutError as error:
        raise NoAnswer("no answer in time") from error
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise NoAnswer("nobody runs errands") from error
