"""Where the feed is: its path holds a secret, because calendar programs can send no other."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from appliance.errors import ConfigError
from appliance.settings import Feed, secret

SECRET: Final = "feed_token"  # noqa: S105  the name of it
FILE_NAME: Final = "feed-token"
_LEAF: Final = "diary.ics"


def token(directory: Path) -> str:
    """The feed's secret: `feed_token` where the operator set one, else made once and kept in `directory`.

    ConfigError when the folder cannot be written.
    """
    if chosen := secret(SECRET):
        return chosen
    file = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(
            f"{file}: cannot be written ({error.strerror}).",
            remedy=f"Give the folder to the user the appliance runs as, or set the secret {SECRET}.",
        ) from error
    with os.fdopen(made, "w", encoding="ascii") as kept:
        kept.write(new := secrets.token_urlsafe(24))
    return new


def url(feed: Feed, port: int, directory: Path) -> str:
    """What a calendar program on this machine is given."""
    host = f"[{feed.bind_address}]" if ":" in feed.bind_address else feed.bind_address
    return f"http://{host}:{port}/{token(directory)}/{_LEAF}"


def is_feed(path: str, expected_token: str) -> bool:
    """Whether `path` names the feed; takes as long for a wrong secret as for the right one."""
    given = path.split("?", 1)[0].encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, f"/{expected_token}/{_LEAF}".encode())
