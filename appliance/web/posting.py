"""Posts JSON and reads the answer: whole within the limit and the size, or a fault that says why not."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from appliance import __version__
from appliance.clock import Clock, SystemClock
from appliance.errors import ConfigError, NoAnswer
from appliance.web.signing import signed_headers

_ANSWER_BYTES_MAX: Final = 64 * 1024
_CONNECT_LIMIT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other machine said; `retry_after_s` where it asks us to wait (RFC 9110, 10.2.3)."""

    status: int
    body: bytes
    retry_after_s: float | None = None


class Poster:
    """One client for many posts; usable from several threads. `ca_file`: certificates believed beside the system's.

    Redirects are not followed: what is signed for one address is not shown to another.
    """

    def __init__(self, *, ca_file: str = "", clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._client = httpx.Client(
            verify=trusted_certificates(ca_file),
            headers={
                "User-Agent": f"attendant/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # a small answer may unpack to a huge one
            },
        )

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
        host = urlsplit(url).hostname or ""
        timeout = httpx.Timeout(limit_s, connect=min(limit_s, _CONNECT_LIMIT_S))
        try:
            with self._client.stream(
                "POST", url, content=body, headers={**(headers or {}), **own, **signed}, timeout=timeout
            ) as response:
                return self._read(response, host, self._clock.monotonic_s() + limit_s)
        except httpx.TimeoutException as error:
            raise NoAnswer(f"{host} did not answer in time.") from error
        except (httpx.RequestError, httpx.InvalidURL, httpx.StreamError) as error:
            raise NoAnswer(f"{host} cannot be reached ({type(error).__name__}).") from error

    def _read(self, response: httpx.Response, host: str, until_s: float) -> Answer:
        """The whole body. A machine that sends a byte now and then is too slow as well."""
        body = b""
        for piece in response.iter_raw():
            body += piece
            if len(body) > _ANSWER_BYTES_MAX:
                raise NoAnswer(f"{host} answers with more than {_ANSWER_BYTES_MAX} bytes.")
            if self._clock.monotonic_s() > until_s:
                raise NoAnswer(f"{host} did not answer in time.")
        wait = response.headers.get("Retry-After", "")
        return Answer(response.status_code, body, float(wait) if wait.isdecimal() else None)


def trusted_certificates(ca_file: str) -> ssl.SSLContext:
    """What servers must show: a certificate the system believes, or one that `ca_file` (PEM) vouches for."""
    context = httpx.create_ssl_context()
    context.load_default_certs()  # an office may have a certificate authority of its own
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(
                f"{ca_file}: holds no certificates that can be read.", remedy="Give a PEM file, or none."
            ) from error
    return context
