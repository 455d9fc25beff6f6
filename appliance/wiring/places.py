"""Where the processes of a box meet: the folder of its sockets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from appliance import settings
from appliance.errors import ConfigError

if TYPE_CHECKING:
    from appliance.settings import Settings

_SOCKET_PATH_MAX = 100


def run_directory(config: Settings) -> Path:
    """Where the running box keeps its sockets; ConfigError when the kernel could not take such a long path."""
    directory = settings.data_directory(config) / "run"
    if len(str(directory / "agent.sock")) > _SOCKET_PATH_MAX:
        raise ConfigError(
            f"store.directory: {directory} is too long for the box's sockets.",
            remedy=f"Choose a path under {_SOCKET_PATH_MAX - 15} characters.",
        )
    return directory
