"""Asks the agent of this box how it stands: connects, takes one packet. No answer in time is an answer too."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from appliance import link
from appliance.ops.observed import ASK_LIMIT_S, SOCKET, Told, decode

_TOLD_BYTES_MAX: Final = 200_000


def ask(run_directory: Path, limit_s: float = ASK_LIMIT_S) -> Told | None:
    """What the agent tells; None when it is gone, stuck, or speaks another version's language."""
    try:
        with link.dial(run_directory / SOCKET) as asking:
            asking.settimeout(limit_s)
            return decode(asking.recv(_TOLD_BYTES_MAX))
    except OSError:  # a timeout is one
        return None
