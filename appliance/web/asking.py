"""Asks another machine and reads the answer: whole within the limit and the size, or a fault that says why not."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import httpx

from appliance import __version__
from appliance.clock import Clock, SystemClock
from appliance.errors import ConfigError, NoAnswer

ANSWER_BYTES_MAX: Final = 1024 * 1024
_CONNECT_LIMIT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other machine said; `retry_after_s` where it asks us to wait (RFC 9110, 10.2.3).

    The names in `headers` are in lower case.
    """

    status: int
    body: bytes
    retry_after_s: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)


class Client:
    """One client for many questions; usable from several threads.

    `ca_file`: certificates (PEM) believed beside the system's; ConfigError when it holds none. `bytes_max`: the
    largest answer. Redirects are not followed: what is meant for one address is not shown to another.
    """

    def __init__(
        self, *, ca_file: str = "", clock: Clock | None = None, bytes_max: int = ANSWER_BYTES_MAX
    ) -> None:
        self._clock = clock or SystemClock()
        self._bytes_max = bytes_max
        self._client = httpx.Client(
            verify=trusted_certificates(ca_file),
            headers={
                "User-Agent": f"attendant/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",  # a small answer may unpack to a huge one
            },
        )

    def close(self) -> None:
        """No more questions."""
        self._client.close()

    def ask(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        limit_s: float,
    ) -> Answer:
        """The whole answer; NoAnswer when it is not there after `limit_s`, is cut short, or is too large."""
        host = urlsplit(url).hostname or ""
        until_s = self._clock.monotonic_s() + limit_s
        timeout = httpx.Timeout(limit_s, connect=min(limit_s, _CONNECT_LIMIT_S))
        try:
            with self._client.stream(
                method, url, content=body, headers=dict(headers or {}), timeout=timeout
            ) as response:
                return self._read(response, host, until_s)
        except httpx.TimeoutException as error:
            raise NoAnswer(f"{host} did not answer in time.") from error
        except (httpx.RequestError, httpx.InvalidURL, httpx.StreamError) as error:
            raise NoAnswer(f"{host} cannot be reached ({type(error).__name__}).") from error

    def _read(self, response: httpx.Response, host: str, until_s: float) -> Answer:
        """The whole body. A machine that sends a byte now and then is too slow as well."""
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self._bytes_max:
                raise NoAnswer(f"{host} answers with more than {self._bytes_max} bytes.")
            if self._clock.monotonic_s() > until_s:
                raise NoAnswer(f"{host} did not answer in time.")
        wait_s = self._asked_wait_s(response.headers.get("Retry-After", ""))
        return Answer(response.status_code, bytes(body), wait_s, dict(response.headers))

    def _asked_wait_s(self, said: str) -> float | None:
        """Retry-After in either of its forms: seconds, or the date from which on we may ask again."""
        if said.isdecimal() and said.isascii():
            return float(said[:12])
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return None
        if until.tzinfo is None:
            return None
        return max(0.0, (until - self._clock.now()).total_seconds())


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
