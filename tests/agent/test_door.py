"""The line's door: open it is found, shut it is not, and open again."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from appliance import link
from appliance.agent.door import LineDoor


def test_open_shut_and_open_again(folder: Path) -> None:
    path = folder / "agent.sock"

    async def whole() -> int:
        came: list[socket.socket] = []
        door = LineDoor(path, came.append)
        for _ in range(2):
            door.open()
            door.open()
            known = len(came)
            with link.dial(path):
                async with asyncio.timeout(10):
                    while len(came) == known:
                        await asyncio.sleep(0)
            door.shut()
            door.shut()
            with pytest.raises(OSError):
                link.dial(path)
        for sock in came:
            sock.close()
        return len(came)

    assert asyncio.run(whole()) == 2
