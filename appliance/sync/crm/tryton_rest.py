"""Tryton's REST interface (trytond 8.0): searching, creating, changing records, and asking for a key.

Source: docs.tryton.org, "User Application" and "REST API". Tryton says little when it fails inside: a request
with a JSON body that breaks on a field it does not know comes back as "400 Unable to get RPC method". What is
missing is then asked of its own description of its models (ir.model.field).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from appliance.errors import NoAnswer, NotFound
from appliance.sync.attempts import Later
from appliance.web.asking import Answer, Client

PARTY, MECHANISM, NOTE, LEAD = "party.party", "party.contact_mechanism", "ir.note", "sale.opportunity"
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    PARTY: frozenset({"name", "contact_mechanisms"}),
    MECHANISM: frozenset({"type", "value", "value_compact"}),
    NOTE: frozenset({"resource", "message"}),
    LEAD: frozenset({"party", "company", "reference", "description", "comment", "state"}),
}
"""What we use of each model."""
_TOUCHED: Final = {PARTY: (PARTY, MECHANISM), NOTE: (NOTE,), LEAD: (LEAD,)}
_RECORDS_MAX: Final = 50
"""More than these many matches are no answer to anything we ask."""
_COMPLAINTS: Final = (
    (re.compile(r'field "([^"]+)" in (?:record ".*?" of )?"([^"]+)"', re.DOTALL), 'field "{0}" of "{1}"'),
    (
        re.compile(r'not allowed to (\w+)(?: to)? records (?:".*?" )?of "([^"]+)"', re.DOTALL),
        'its user may not {0} "{1}"',
    ),
    (re.compile(r'not allowed to access "([^"]+)"'), 'its user may not read "{0}"'),
)
"""What may be repeated of a refusal in Tryton's words (asked for in English): the rest may hold people's names."""
_TOO_LONG: Final = re.compile(r"too long \(\d+ > (\d+)\)")
_REFUSALS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "the CRM refuses the key: approve it there, or `appliance sync connect --new`",
    HTTPStatus.FORBIDDEN: "the CRM does not allow it: its administrator gives the key's user access",
    HTTPStatus.NOT_FOUND: "there is no such database at the CRM: see crm.url and crm.database",
    HTTPStatus.TOO_MANY_REQUESTS: "the CRM asks us to wait",
}
_NO_TRYTON: Final = "what answers there is no Tryton: see crm.url"


class NotDone(Exception):
    """A step that did not succeed; `outcome` says why, and is what the whole attempt comes to."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.outcome = Later(reason, wait_s)


class NotTaken(NotDone):
    """Tryton's own rules refuse the values."""


class TooLarge(NotDone):
    """It is larger than is taken; `chars_max` is what one text may have, where that was said."""

    def __init__(self, chars_max: int | None = None) -> None:
        super().__init__("too large for the CRM")
        self.chars_max = chars_max


class _Field(msgspec.Struct):
    """A line of Tryton's description of its models."""

    model: str
    name: str


class Rest:
    """One database of a Tryton server, as the user whose `key` it is. Every method: NotDone, NoAnswer."""

    def __init__(self, client: Client, url: str, database: str, key: str, limit_s: float) -> None:
        self._client = client
        self._root = f"{_database_url(url, database)}/rest/model"
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Accept-Language": "en",  # refusals are read below; Tryton would use its user's language
        }
        self._limit_s = limit_s

    def search(self, model: str, domain: Sequence[object], *fields: str) -> list[dict[str, Any]]:
        """The records that `domain` (Tryton's own form) finds, the first 50 by age, with their `id` and `fields`."""
        asked = [("f", name) for name in ("id", *fields)]
        asked += [("d", _base64(domain)), ("o", _base64([["id", "ASC"]])), ("s", str(_RECORDS_MAX))]
        found = self._done("GET", f"{model}?{urlencode(asked)}", None, model)
        if not isinstance(found, list):
            raise NotDone(_NO_TRYTON)
        return found

    def create(self, model: str, values: Mapping[str, object], *, company: int | None = None) -> int:
        """A new record; its id. `company`: in whose name."""
        context = {} if company is None else {"X-Tryton-Context": _base64({"company": company})}
        made = self._done("POST", f"{model}?f=id", values, model, context)
        if not isinstance(made, dict) or not isinstance(made.get("id"), int):
            raise NotDone(_NO_TRYTON)
        return int(made["id"])

    def change(self, model: str, number: int, values: Mapping[str, object]) -> None:
        """Write `values` into a record."""
        self._done("PUT", f"{model}/{number}?f=id", values, model)

    def company(self) -> int | None:
        """The company the key's user works in at present."""
        said = self._done("POST", "res.user/get_preferences", {"context_only": True}, "res.user")
        number = said.get("company") if isinstance(said, dict) else None
        return number if isinstance(number, int) else None

    def accepts_key(self) -> bool:
        """Whether the key has been approved."""
        asked = urlencode([("f", "id"), ("s", "1")])
        answer = self._answer("GET", f"{PARTY}?{asked}", None, {})
        if answer.status == HTTPStatus.UNAUTHORIZED:
            return False
        self._content(answer, PARTY)
        return True

    def lacks(self, model: str) -> str:
        """What we use of `model` and the CRM does not have; empty when it has everything, or does not say."""
        models = _TOUCHED.get(model, ())
        asked = [("f", "model"), ("f", "name"), ("d", _base64([["model", "in", models]]))]
        try:
            answer = self._answer("GET", f"ir.model.field?{urlencode(asked)}", None, {})
            described = msgspec.json.decode(answer.body, type=list[_Field])
        except (NoAnswer, ValueError):
            return ""
        if answer.status != HTTPStatus.OK:
            return ""
        return _missing({(field.model, field.name) for field in described}, models)

    def _done(
        self, method: str, path: str, values: object, model: str, headers: Mapping[str, str] | None = None
    ) -> object:
        return self._content(self._answer(method, path, values, headers or {}), model)

    def _answer(self, method: str, path: str, values: object, headers: Mapping[str, str]) -> Answer:
        typed = {} if values is None else {"Content-Type": "application/json"}
        return self._client.ask(
            method,
            f"{self._root}/{path}",
            body=None if values is None else msgspec.json.encode(values),
            headers={**self._headers, **typed, **headers},
            limit_s=self._limit_s,
        )

    def _content(self, answer: Answer, model: str) -> object:
        """What the answer holds, or why there is nothing in it."""
        if answer.status == HTTPStatus.OK:
            return _json_of(answer)
        if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise TooLarge
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR}:
            _raise_refused(answer, model)
            raise NotDone(self.lacks(model) or f"the CRM failed inside (HTTP {answer.status})")
        raise NotDone(_REFUSALS.get(answer.status, f"HTTP {answer.status}"), answer.retry_after_s)


def request_key(client: Client, url: str, database: str, user: str, *, limit_s: float = 20.0) -> str:
    """A key for `user`, which the administrator has to approve first. NoAnswer, NotFound.

    Tryton does not say whether there is such a user, or whether an earlier request of theirs is still open: the
    key is then never approved.
    """
    body = msgspec.json.encode({"user": user, "application": "rest"})
    answer = client.ask(
        "POST",
        f"{_database_url(url, database)}/user/application/",
        body=body,
        headers={"Content-Type": "application/json"},
        limit_s=limit_s,
    )
    if answer.status == HTTPStatus.NOT_FOUND:
        raise NotFound(
            f'There is no Tryton database "{database}" at that address.',
            remedy="See crm.url and crm.database in the settings.",
        )
    try:
        key = msgspec.json.decode(answer.body, type=str) if answer.status == HTTPStatus.OK else ""
    except ValueError:
        key = ""
    if not key:
        raise NoAnswer(
            f"No key came (HTTP {answer.status}).", remedy="Is crm.url the address of a Tryton server?"
        )
    return key


def _database_url(url: str, database: str) -> str:
    return f"{url.rstrip('/')}/{quote(database, safe='')}"


def _json_of(answer: Answer) -> object:
    try:
        return msgspec.json.decode(answer.body)
    except ValueError as error:
        raise NotDone(_NO_TRYTON) from error


def _raise_refused(answer: Answer, model: str) -> None:
    """Raise what Tryton's rules have against the values, if it is that."""
    try:
        said = msgspec.json.decode(answer.body)
    except ValueError:
        return
    if not isinstance(said, dict) or "message" not in said:
        return
    message = str(said["message"])
    if too_long := _TOO_LONG.search(message):
        raise TooLarge(int(too_long[1]))
    for pattern, repeated in _COMPLAINTS:
        if found := pattern.search(message):
            raise NotTaken(f"the CRM does not take it: {repeated.format(*found.groups())}")
    raise NotTaken(f"the CRM does not take it: {model}")


def _missing(known: set[tuple[str, str]], models: Sequence[str]) -> str:
    for model in models:
        if not any(there == model for there, _ in known):
            return f"the CRM has no {model}: its module is not installed there"
        if lacking := sorted(name for name in FIELDS[model] if (model, name) not in known):
            return f"the CRM's schema has changed: {model} has no {', '.join(lacking)}"
    return ""


def _base64(value: object) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode()
