"""A box for the doctor to look at: settings in a folder of its own, and an agent that says how it stands."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from appliance import link
from appliance.ops.doctor import Check
from appliance.ops.health import AgentState
from appliance.ops.observed import SOCKET, Told
from appliance.wiring import examining


def write(folder: Path, text: str = "") -> Path:
    """Settings of a box that keeps everything in `folder`, on ports that are free."""
    file = folder / "appliance.toml"
    file.write_text(
        f'[store]\ndirectory = "{folder / "data"}"\n'
        f'[models]\ndirectory = "{folder / "models"}"\nlanguage_model = "none"\n'
        f'[sip]\nbind_address = "127.0.0.1"\nport = 0\nrtp_port = 0\n{text}',
        encoding="utf-8",
    )
    return file


def checks_of(file: Path) -> dict[str, Check]:
    return {one.name: one for one in examining.all_checks(*examining.load(file), file)}


@contextmanager
def answering(folder: Path, socket_name: str, answer: bytes, *, when_asked: bool = False) -> Iterator[None]:
    """A process of a running box that tells everybody who connects, or who asks something, the same."""
    listener = link.listen(folder / "data" / "run" / socket_name)

    def serve() -> None:
        while True:
            try:
                asking, _ = listener.accept()
            except OSError:
                return
            with asking:
                if when_asked:
                    asking.recv(4096)
                asking.send(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@contextmanager
def agent(folder: Path, state: AgentState) -> Iterator[None]:
    """The agent of a running box, which says how it stands."""
    with answering(folder, SOCKET, msgspec.json.encode(Told(state, ""))):
        yield
