"""One exchange of JSON with a CRM over HTTP: the answer, or the outcome that says why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from appliance.errors import NoAnswer
from appliance.sync.attempts import Later, Outcome, Refused, Sent
from appliance.web.asking import Answer, Client

_JSON: Final = "application/json"


class Halted(Exception):
    """What was begun cannot go on; `outcome` is what to say of it."""

    def __init__(self, outcome: Later | Refused) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


def outcome_of(errand: Callable[[], None]) -> Outcome:
    """Sent when the errand came to its end, else what halted it."""
    try:
        errand()
    except Halted as halted:
        return halted.outcome
    return Sent()


class Exchange:
    """Asks one CRM. Its answers are given as they are; only that there is none is halted here."""

    def __init__(self, client: Client, limit_s: float) -> None:
        self._client = client
        self._limit_s = limit_s

    def ask(self, method: str, url: str, headers: Mapping[str, str], content: object = None) -> Answer:
        """Ask with `content` as JSON. Halted (Later) when the answer is not there, whole, in time."""
        body = None if content is None else msgspec.json.encode(content)
        kind = {} if body is None else {"Content-Type": _JSON}
        return self.post_raw(method, url, {**headers, **kind}, body)

    def post_raw(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Ask with a body that is encoded already. Halted as `ask`."""
        try:
            return self._client.ask(method, url, body=body, headers=headers, limit_s=self._limit_s)
        except NoAnswer as fault:
            raise Halted(Later(fault.message)) from fault


def json_in(answer: Answer) -> Any:
    """What the body says. None where it is no JSON: a proxy's page, an empty answer."""
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def json_object(answer: Answer) -> dict[str, Any]:
    """The object in a body that must be one. Halted (Later) where it is none: something else answers there."""
    found = json_in(answer)
    if not isinstance(found, dict):
        raise Halted(Later(f"HTTP {answer.status}, and no JSON: something else answers at this address"))
    return found


def units(text: str) -> int:
    """Length as Java counts it, in which HubSpot and Salesforce state their limits: UTF-16 code units."""
    return len(text) + sum(one > "\uffff" for one in text)


def fitting(make: Callable[[int], str], most: int) -> str:
    """What `make` makes of so many characters that it is `most` units long at most."""
    chars = most
    while (length := units(made := make(chars))) > most and chars:
        chars = chars * most // (length + 1)
    return made


def clipped(text: str, most: int) -> str:
    """`text`, or its beginning and an ellipsis: `most` units at most."""
    if units(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"
