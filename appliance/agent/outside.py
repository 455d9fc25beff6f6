"""The agent's door to other machines: a question over a Unix socket to the errands process, which has the network.

A connection for each question: whoever is slow or dead at the other end holds up this one and no other.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from appliance.errors import NoAnswer
from appliance.web.errand import LINE_BYTES_MAX, Errand, ErrandDone, done_in, line_of


async def ask(path: Path, errand: Errand, limit_s: float) -> ErrandDone:
    """What the other machine says; NoAnswer after `limit_s`, or when nobody is there to ask."""
    try:
        async with asyncio.timeout(limit_s):
            reader, writer = await asyncio.open_unix_connection(str(path), limit=LINE_BYTES_MAX)
            try:
                writer.write(line_of(errand))
                return done_in(await reader.readline())
            finally:
                writer.close()
    except TimeoutError as error:
        raise NoAnswer("no answer in time") from error
    except (OSError, ValueError) as error:  # ValueError: a line longer than any of ours
        raise NoAnswer("nobody runs errands") from error
