"""What Salesforce's refusals mean: mended by somebody, mended by time, or never taken.

An error is a list of {errorCode, message, fields}. Messages may quote what was sent, so that no word of them is
kept but the name of a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from appliance.sync.attempts import Later, Refused
from appliance.sync.crm.exchange import Halted, json_in
from appliance.web.asking import Answer

OURS: Final = "Attendant_"
"""What the names of our own fields begin with."""
_DAY_LIMIT_WAIT_S: Final = 900.0  # its limit counts the last 24 hours: some room comes back all the time
_SCHEMA: Final = frozenset(
    {
        "INVALID_FIELD",
        "INVALID_TYPE",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "REQUIRED_FIELD_MISSING",
        "NOT_FOUND",
    }
)
"""What is wrong with the organisation's fields, or with what we may do there, rather than with the record."""
_PASSING: Final = frozenset(
    {
        "UNABLE_TO_LOCK_ROW",
        "SERVER_UNAVAILABLE",
        "QUERY_TIMEOUT",
        "ENTITY_IS_DELETED",
        "INVALID_CROSS_REFERENCE_KEY",
    }
)
"""The next attempt looks anew: at rows that are free by then, at a contact that is there."""
_RULES: Final = frozenset({"DUPLICATES_DETECTED", "DUPLICATE_VALUE", "CANNOT_UPDATE_CONVERTED_LEAD",
                           "FIELD_CUSTOM_VALIDATION_EXCEPTION", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"})  # fmt: skip
"""Rules of the organisation's own about who may be made."""
_COLUMN: Final = re.compile(
    r"(?:No such column '|external ID field does not exist or is not accessible: )([A-Za-z0-9_]{1,100})"
)


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    fields: tuple[str, ...]


def well(answer: Answer) -> Answer:
    """The answer, if it is a good one. Halted."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    raise Halted(judged(answer))


def is_of_its_own_rules(answer: Answer) -> bool:
    """Whether the organisation's own rules forbid it: another attempt would find them again."""
    refused = answer.status == HTTPStatus.BAD_REQUEST
    return refused and any(fault.code in _RULES for fault in _faults(answer))


def judged(answer: Answer) -> Later | Refused:
    """What a refusal means."""
    faults = list(_faults(answer))
    codes = {fault.code for fault in faults}
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return Later("Salesforce refuses the key: put a new one into the secret crm_key")
    if "REQUEST_LIMIT_EXCEEDED" in codes:
        return Later("Salesforce: the day's limit of requests", answer.retry_after_s or _DAY_LIMIT_WAIT_S)
    if changed := [fault for fault in faults if _is_schema(fault)]:
        named = ", ".join(dict.fromkeys(name for fault in changed for name in fault.fields or (fault.code,)))
        return Later(f"Salesforce: its fields, or what we may do with them, have changed: {named}")
    told = f"Salesforce: HTTP {answer.status} {' '.join(sorted(codes))}".rstrip()
    if answer.status == HTTPStatus.BAD_REQUEST and codes and not codes & _PASSING:
        return Refused(told)
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Refused(told)
    return Later(told, answer.retry_after_s)


def _is_schema(fault: _Fault) -> bool:
    return (
        fault.code in _SCHEMA
        or fault.code.startswith("INSUFFICIENT_ACCESS")
        or any(name.startswith(OURS) for name in fault.fields)
    )


def _faults(answer: Answer) -> Iterator[_Fault]:
    said = json_in(answer)
    for one in said if isinstance(said, list) else ():
        if isinstance(one, dict):
            column = _COLUMN.search(str(one.get("message", "")))
            fields = [*(one.get("fields") or ()), *([column.group(1)] if column else [])]
            yield _Fault(_token(one.get("errorCode")), tuple(filter(None, map(_token, fields))))


def _token(text: object) -> str:
    """A code or a field's name; anything else, which might be somebody's words, is nothing."""
    found = re.fullmatch(r"[A-Za-z0-9_.]{1,100}", str(text or ""))
    return found.group() if found else ""
