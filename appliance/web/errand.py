"""What the agent, which has no network, and the errands process, which has, say to each other.

One question a connection over a Unix socket: a line of JSON there, a line of JSON back.
"""

from __future__ import annotations

import msgspec

from appliance.errors import NoAnswer

LINE_BYTES_MAX = 256 * 1024
SOCKET_NAME = "errands.sock"


class Errand(msgspec.Struct, frozen=True):
    """A question: use `tool` with `arguments` (name and value) for a call; `key` is the same for a repetition."""

    tool: str
    call_id: str
    arguments: dict[str, str | int | float | bool]
    key: str


class ErrandDone(msgspec.Struct, frozen=True):
    """The answer: an HTTP status and body; `status` 0 where none came, `fault` says why."""

    status: int
    body: bytes = b""
    fault: str = ""


def line_of(packet: Errand | ErrandDone) -> bytes:
    """A packet as its line."""
    return msgspec.json.encode(packet) + b"\n"


def errand_in(line: bytes) -> Errand:
    """The question in a line; NoAnswer when it is none."""
    try:
        return msgspec.json.decode(line, type=Errand)
    except msgspec.MsgspecError as error:
        raise NoAnswer("not a question of ours") from error


def done_in(line: bytes) -> ErrandDone:
    """The answer in a line; NoAnswer when it is none: the other side went away in the middle."""
    try:
        return msgspec.json.decode(line, type=ErrandDone)
    except msgspec.MsgspecError as error:
        raise NoAnswer("the errand broke off") from error
