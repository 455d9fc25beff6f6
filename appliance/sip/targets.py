"""Where an extension or number is to be called: as a SIP URI on the phone system we belong to. Pure."""

from __future__ import annotations

import re
from typing import Final

_URI: Final = re.compile(r"sips?:[^\s<>\"]+", re.IGNORECASE)
_DIALLED: Final = re.compile(r"\+?[0-9A-Za-z*#._-]{1,64}")
_HOST: Final = re.compile(r"sips?:(?:[^@>;?]*@)?(\[[^\]]*\](?::\d+)?|[^>;?\s]+)", re.IGNORECASE)


def uri_of(to: str, host: str) -> str:
    """`to` as a URI: itself when it is one, else the user `to` at `host`; empty when it cannot be dialled.

    Nothing that would add a header or a parameter to the URI gets through.
    """
    if _URI.fullmatch(to):
        return to if "?" not in to else ""
    if not host or not _DIALLED.fullmatch(to):
        return ""
    return f"sip:{to.replace('#', '%23')}@{host}"


def host_of(uri: str) -> str:
    """host, or host:port, of the SIP URI in `uri` (in angle brackets or not); empty without one."""
    found = _HOST.search(uri)
    return found[1] if found else ""
