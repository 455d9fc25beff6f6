"""Looking on from outside: every line a box tells, its end, one answer, and nobody there."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from appliance import link
from appliance.agent.watch import Watchers
from appliance.errors import NoAnswer
from appliance.ops import watching


def test_what_a_box_tells_until_it_goes(folder: Path) -> None:
    async def scene() -> list[dict[str, Any]]:
        watchers = Watchers(folder / watching.WATCH)
        letting_in = asyncio.ensure_future(watchers.run())  # noqa: TID251  the test ends it below
        told: list[dict[str, Any]] = []

        async def look() -> None:
            async for line in watching.watch(folder / watching.WATCH):
                told.append(line)

        looking = asyncio.ensure_future(look())  # noqa: TID251  it ends with the box
        async with asyncio.timeout(60):
            while not told:
                watchers.tell("heard", text="hello")
                await asyncio.sleep(0.01)
        letting_in.cancel()
        watchers.close()
        async with asyncio.timeout(60):
            await looking
        return told

    assert asyncio.run(scene())[0] == {"kind": "heard", "text": "hello"}


def test_nobody_there_is_said_with_a_remedy(folder: Path) -> None:
    async def first() -> None:
        async for _ in watching.watch(folder / watching.WATCH):
            pass

    for attempt in (first(), watching.ask(folder / watching.CONTROL, {"do": "look"})):
        with pytest.raises(NoAnswer, match="appliance run"):
            asyncio.run(attempt)


def test_who_does_not_answer_is_not_waited_for_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LIMIT_S", 0.05)
    with link.listen(folder / watching.CONTROL), pytest.raises(NoAnswer):
        asyncio.run(watching.ask(folder / watching.CONTROL, {"do": "look"}))


def test_a_refusal_is_a_fault_with_the_reason(folder: Path) -> None:
    async def scene() -> None:
        listener = link.listen(folder / watching.CONTROL)
        listener.setblocking(False)
        loop = asyncio.get_running_loop()

        async def answer() -> None:
            asking, _ = await loop.sock_accept(listener)
            asking.setblocking(False)
            with asking:
                await loop.sock_recv(asking, 4096)
                await loop.sock_sendall(asking, json.dumps({"error": "this call is over"}).encode())

        answering = asyncio.ensure_future(answer())  # noqa: TID251  awaited below
        with listener, pytest.raises(NoAnswer, match="this call is over"):
            await watching.ask(folder / watching.CONTROL, {"do": "hang_up"})
        await answering

    asyncio.run(scene())
