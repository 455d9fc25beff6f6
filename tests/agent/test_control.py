"""Orders to a running box: a question, an answer, and nothing that a wrong question could break."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from appliance import link
from appliance.agent.control import SOCKET, Control
from appliance.conversation.degradation import Level, Standing


class Box:
    def __init__(self) -> None:
        self.standing = Standing(Level.RULES, ("mind: away",))

    def show(self) -> tuple[Standing, int]:
        return self.standing, 3

    def force(self, level: Level | None) -> Standing:
        self.standing = Standing(Level.FULL if level is None else level, (), level is not None)
        return self.standing


def ask(path: Path, request: bytes) -> dict[str, object]:
    with link.dial(path) as sock:
        sock.settimeout(10)
        sock.send(request)
        answer: dict[str, object] = json.loads(sock.recv(4096))
        return answer


def play(folder: Path, *requests: bytes) -> list[dict[str, object]]:
    async def whole() -> list[dict[str, object]]:
        box = Box()
        control = Control(folder / SOCKET, box.show, box.force)
        running = asyncio.ensure_future(control.run())  # noqa: TID251  the test ends it below
        try:
            return [await asyncio.to_thread(ask, folder / SOCKET, one) for one in requests]
        finally:
            running.cancel()
            control.close()

    return asyncio.run(whole())


def test_show_and_force_and_auto(folder: Path) -> None:
    shown, forced, auto = play(
        folder,
        b'{"do": "show"}',
        b'{"do": "force", "level": "keys"}',
        b'{"do": "force", "level": null}',
    )
    assert shown == {"level": "rules", "because": ["mind: away"], "forced": False, "calls": 3}
    assert (forced["level"], forced["forced"]) == ("keys", True)
    assert (auto["level"], auto["forced"]) == ("full", False)


@pytest.mark.parametrize(
    "request_",
    [
        b"\xff",
        b"{",
        b"[]",
        b'{"do": "dance"}',
        b'{"do": "force"}',
        b'{"do": "force", "level": "somewhat"}',
        b'{"do": "hang_up"}',
        b'{"do": "hang_up", "call_id": "c"}',
        b'{"do": "transfer", "call_id": "c", "to": "<x>"}',
        b'{"do": "take_over", "call_id": "c"}',
    ],
)
def test_a_wrong_question_is_answered_and_the_next_one_too(folder: Path, request_: bytes) -> None:
    wrong, right = play(folder, request_, b'{"do": "show"}')
    assert "error" in wrong
    assert right["level"] == "rules"


def test_who_says_nothing_does_not_stop_the_others(folder: Path) -> None:
    async def whole() -> dict[str, object]:
        box = Box()
        control = Control(folder / SOCKET, box.show, box.force)
        running = asyncio.ensure_future(control.run())  # noqa: TID251  the test ends it below
        link.dial(folder / SOCKET).close()
        try:
            return await asyncio.to_thread(ask, folder / SOCKET, b'{"do": "show"}')
        finally:
            running.cancel()
            control.close()

    assert asyncio.run(whole())["calls"] == 3
