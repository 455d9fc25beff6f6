"""Logs in at Salesforce: OAuth 2.0 client credentials (RFC 6749, 4.4), for as long as a token is taken."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from appliance.settings import web_address
from appliance.sync.attempts import Later
from appliance.sync.crm.exchange import Exchange, Halted, json_in
from appliance.web.asking import Answer


@dataclass(frozen=True, slots=True)
class Ticket:
    """A token, and the address of the organisation it is for."""

    token: str
    url: str


class Login:
    """Holds the token; `url` is the organisation's "My Domain" address."""

    def __init__(self, url: str, client_id: str, key: str, exchange: Exchange) -> None:
        self._url = url.rstrip("/")
        self._client_id = client_id
        self._key = key
        self._exchange = exchange
        self._ticket: Ticket | None = None

    def forget(self) -> None:
        """The token is no longer taken."""
        self._ticket = None

    def ticket(self) -> Ticket:
        """The token we have, or a new one. Halted (Later)."""
        if self._ticket is None:
            self._ticket = self._new()
        return self._ticket

    def _new(self) -> Ticket:
        form = {"grant_type": "client_credentials", "client_id": self._client_id, "client_secret": self._key}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"{self._url}/services/oauth2/token"
        answer = self._exchange.post_raw("POST", url, headers, urlencode(form).encode())
        said = json_in(answer)
        if not isinstance(said, dict):
            raise Halted(Later(f"Salesforce: HTTP {answer.status} at the login", answer.retry_after_s))
        if answer.status != HTTPStatus.OK:
            raise Halted(_refused(answer, said))
        return _ticket_in(said)


def _ticket_in(said: dict[str, Any]) -> Ticket:
    """Halted where the address it names is none to send callers' words to."""
    token, url = said.get("access_token"), said.get("instance_url")
    try:
        if not isinstance(token, str) or not isinstance(url, str):
            raise ValueError
        return Ticket(token, web_address(url).rstrip("/"))
    except ValueError:
        raise Halted(Later("Salesforce: the login's answer names no token and address")) from None


def _refused(answer: Answer, said: dict[str, Any]) -> Later:
    """RFC 6749, 5.2. Somebody renews the secret, allows the flow, or Salesforce is well again."""
    error = said.get("error")
    if error in {"invalid_client", "invalid_client_id", "invalid_client_credentials"}:
        return Later(
            "Salesforce refuses the key: put a new one into the secret crm_key, and look at client_id"
        )
    if error in {"invalid_grant", "unauthorized_client", "unsupported_grant_type"}:
        return Later(
            "Salesforce: the key's app is not allowed the client-credentials login, or has no user to run as"
        )
    return Later(f"Salesforce: HTTP {answer.status} at the login", answer.retry_after_s)
