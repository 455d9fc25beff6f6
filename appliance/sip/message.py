"""Reads the few things we need from a SIP message as text: headers, addresses, the key in an INFO.

pjsip has parsed and accepted the message already; this never raises, whatever stands in it.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_USER = re.compile(r"(?:sips?|tel):([^@;>\s]*)", re.IGNORECASE)
_KEY = re.compile(r"[0-9A-D*#]")
_EVENT_NUMBERS = {"10": "*", "11": "#"}
_USER_CHARACTERS_MAX = 64
_COMPACT = {"from": "f", "to": "t", "call-id": "i", "content-type": "c"}


def header(message: str, name: str) -> str:
    """The value of the first header called `name` (or by its compact form), unfolded; empty without one."""
    head = re.sub(r"\r?\n[ \t]+", " ", message.partition("\r\n\r\n")[0])
    wanted = {name.lower(), _COMPACT.get(name.lower(), name.lower())}
    for line in head.splitlines()[1:]:
        key, colon, value = line.partition(":")
        if colon and key.strip().lower() in wanted:
            return value.strip()
    return ""


def body(message: str) -> str:
    """What follows the headers."""
    return message.partition("\r\n\r\n")[2]


def user_of(address: str) -> str:
    """The user part of a SIP or tel URI, in a header or alone; printable, at most 64 characters."""
    found = _USER.search(address)
    if not found:
        return ""
    text = unquote(found[1].partition(":")[0], errors="replace")
    return "".join(one for one in text if one.isprintable() and not one.isspace())[:_USER_CHARACTERS_MAX]


def caller_of(message: str) -> str:
    """Who calls: the asserted identity if the phone system gives one (RFC 3325), else From."""
    return user_of(header(message, "P-Asserted-Identity")) or user_of(header(message, "From"))


def called_of(message: str) -> str:
    """Whom they call: the To header's user part, which survives a proxy's rewriting of the target."""
    return user_of(header(message, "To"))


def plain_info_digit(message: str) -> str:
    """The key of an INFO of type application/dtmf, whose body is the key itself; empty if it is none.

    application/dtmf-relay ("Signal=5") is read by pjsua and comes another way.
    """
    kind = header(message, "Content-Type").partition(";")[0].strip().lower()
    if kind != "application/dtmf":
        return ""
    bare = body(message).strip().upper()
    return bare if _KEY.fullmatch(bare) else _EVENT_NUMBERS.get(bare, "")
