"""What HubSpot's refusals mean: mended by somebody, mended by time, or never taken; or there already.

HubSpot's messages quote what was sent, so that no word of them is kept: only codes and names of properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import msgspec

from appliance.sync.attempts import Later, Refused
from appliance.sync.crm.exchange import Halted, json_in
from appliance.web.asking import Answer

OURS: Final = "attendant_"
"""What the names of our own properties begin with."""
_DAY_LIMIT_WAIT_S: Final = 3600.0
_SCHEMA: Final = frozenset(
    {"PROPERTY_DOESNT_EXIST", "INVALID_OPTION", "REQUIRED_FIELD", "REQUIRED_PROPERTY", "READ_ONLY_VALUE"}
)
"""What is wrong with the account's properties rather than with the record."""
_TAKEN: Final = "CONFLICTING_UNIQUE_VALUE"


def well(answer: Answer) -> Answer:
    """The answer, if it is a good one. Halted."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    raise Halted(_judged(answer))


def _judged(answer: Answer) -> Later | Refused:
    """What a refusal means."""
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return Later("HubSpot refuses the key: put a new one into the secret crm_key")
        case HTTPStatus.FORBIDDEN:
            return Later("HubSpot: the private app lacks a scope (docs/crm_hubspot.md names them)")
        case HTTPStatus.TOO_MANY_REQUESTS:
            return _too_many(answer)
        case HTTPStatus.BAD_REQUEST:
            return _invalid(answer)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE | HTTPStatus.UNPROCESSABLE_ENTITY:
            return Refused(f"HubSpot: HTTP {answer.status}")
    return Later(
        f"HubSpot: HTTP {answer.status}", answer.retry_after_s
    )  # also 423 (locked) and 477 (it moves)


def _too_many(answer: Answer) -> Later:
    """Of a day's limit nothing is won by asking every ten seconds."""
    policy = _policy(answer)
    interval_ms = answer.headers.get("x-hubspot-ratelimit-interval-milliseconds", "")
    wait_s = float(interval_ms) / 1000 if interval_ms.isdecimal() else None
    if policy == "DAILY":
        wait_s = _DAY_LIMIT_WAIT_S
    return Later(f"HubSpot: rate limit {policy}".rstrip(), answer.retry_after_s or wait_s)


def _policy(answer: Answer) -> str:
    said = json_in(answer)
    return _token(said.get("policyName")) if isinstance(said, dict) else ""


def _invalid(answer: Answer) -> Later | Refused:
    """Whether the account's properties are not what they were (that is mended), or the record is none to take."""
    faults = list(_faults(answer))
    schema = [name for code, name in faults if code in _SCHEMA or name.startswith(OURS)]
    if schema:
        named = ", ".join(dict.fromkeys(schema))
        return Later(f"HubSpot: its properties have changed: {named} (appliance sync connect makes ours)")
    if faults:
        return Refused("HubSpot: " + ", ".join(f"{code} {name}".rstrip() for code, name in faults))
    return Later("HubSpot: HTTP 400, without saying what it does not like")


def is_taken(answer: Answer) -> bool:
    """Whether it is refused because it is there already."""
    if answer.status == HTTPStatus.CONFLICT:
        return True
    return answer.status == HTTPStatus.BAD_REQUEST and any(code == _TAKEN for code, _ in _faults(answer))


def _faults(answer: Answer) -> Iterator[tuple[str, str]]:
    """Code and property of each fault: as `errors`, or, as the older form has it, as JSON inside the message."""
    said = json_in(answer)
    if not isinstance(said, dict):
        return
    for one in said.get("errors") or ():
        names = one.get("context", {}).get("propertyName") or [one.get("name", "")]
        yield _token(one.get("code") or one.get("error")), _token(names[0])
    if inside := re.search(r"\[\{.*\}\]", str(said.get("message", "")), re.DOTALL):
        for one in _list_in(inside.group()):
            yield _token(one.get("error")), _token(one.get("name"))


def _list_in(text: str) -> list[dict[str, Any]]:
    try:
        return msgspec.json.decode(text, type=list[dict[str, Any]])
    except msgspec.MsgspecError:
        return []


def unknown_options(answer: Answer) -> set[str]:
    """The properties whose value is none of those that this account has."""
    if answer.status != HTTPStatus.BAD_REQUEST:
        return set()
    return {name for code, name in _faults(answer) if code == "INVALID_OPTION"}


def is_of_this_second(answer: Answer) -> bool:
    """Whether it was one too many in this second: searches are limited by the second."""
    return answer.status == HTTPStatus.TOO_MANY_REQUESTS and _policy(answer) == "SECONDLY"


def is_absent(answer: Answer) -> bool:
    """Whether it says that there is no such object, rather than no such address."""
    said = json_in(answer) if answer.status == HTTPStatus.NOT_FOUND else None
    return isinstance(said, dict) and said.get("category") == "OBJECT_NOT_FOUND"


def _token(text: object) -> str:
    """A code or a property's name; anything else, which might be somebody's words, is nothing."""
    found = re.fullmatch(r"[A-Za-z0-9_]{1,100}", str(text or ""))
    return found.group() if found else ""
