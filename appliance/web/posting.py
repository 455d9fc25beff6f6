"""Posts what is signed: so that the receiver knows that it is ours, whole, and new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from appliance.clock import Clock, SystemClock
from appliance.web.asking import Answer, Client
from appliance.web.signing import signed_headers

_ANSWER_BYTES_MAX: Final = 64 * 1024


class Poster:
    """One client for many posts; usable from several threads. `ca_file` and redirects: as `Client`."""

    def __init__(self, *, ca_file: str = "", clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._client = Client(ca_file=ca_file, clock=clock, bytes_max=_ANSWER_BYTES_MAX)

    def close(self) -> None:
        """No more posts."""
        self._client.close()

    def post(
        self,
        url: str,
        body: bytes,
        *,
        identity: str,
        secret: str | None,
        limit_s: float,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Post `body`; NoAnswer when the answer is not there, whole, after `limit_s`.

        `identity` is the idempotency key: the same for a repetition.
        """
        signed = signed_headers(secret, identity, int(self._clock.now().timestamp()), body)
        own = {"Content-Type": content_type, "Idempotency-Key": identity}
        return self._client.ask(
            "POST", url, body=body, headers={**(headers or {}), **own, **signed}, limit_s=limit_s
        )
