"""One download: goes on where it was broken off, never trusts a length, and remembers hosts that stay silent.

Nothing here knows of models: a URL goes in, a file grows (RFC 9110, range requests).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from appliance import __version__

CONNECT_LIMIT_S = 4.0
_READ_LIMIT_S = 30.0
_TRIES = 3
_PAUSE_S = 1.0
_PIECE_BYTES = 1 << 18
_RESUMED = 206
_NOTHING_LEFT = 416

Received = Callable[[int], None]
"""Told of so many more bytes; fewer than none when some had to be thrown away."""


class SourceError(Exception):
    """A source did not answer, or what it sent is not what was asked for: the next one may do better."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} {why}")


class GrowingFile:
    """A file in the making and the sha256 of what it holds; opened again, it goes on where it ended."""

    def __init__(self, path: Path, keep_bytes: int | None = None) -> None:
        """Open `path`, made if need be; of what is there at most `keep_bytes` are kept."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("r+b" if path.exists() else "w+b")
        if keep_bytes is not None:
            self._file.truncate(min(keep_bytes, path.stat().st_size))
        self._begin()
        while piece := self._file.read(_PIECE_BYTES):
            self._count(piece)

    def _begin(self) -> None:
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def _count(self, piece: bytes) -> None:
        self._digest.update(piece)
        self.size_bytes += len(piece)

    @property
    def sha256(self) -> str:
        """Of everything written so far."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        """Add to the end."""
        self._file.write(piece)
        self._count(piece)

    def restart(self) -> None:
        """Throw away what is there."""
        self._file.seek(0)
        self._file.truncate()
        self._begin()

    def sync(self) -> None:
        """Return once it would survive a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def new_client() -> httpx.Client:
    """A client that gives up soon on hosts that do not answer and believes the system's certificates too."""
    trusted = httpx.create_ssl_context()
    trusted.load_default_certs()  # an office may have a certificate authority of its own
    return httpx.Client(
        follow_redirects=True,
        headers={"User-Agent": f"attendant/{__version__}", "Accept-Encoding": "identity"},
        timeout=httpx.Timeout(_READ_LIMIT_S, connect=CONNECT_LIMIT_S),
        verify=trusted,
    )


class Downloads:
    """Downloads through one client. A host that could not be reached is not asked again."""

    def __init__(self, client: httpx.Client, wait: Callable[[float], object] | None = None) -> None:
        """`wait` is called with the seconds to let pass before a broken download is taken up again."""
        self._client = client
        self._wait = wait or threading.Event().wait
        self._silent_hosts: set[str] = set()

    def text(self, url: str, accept: str) -> tuple[str, str]:
        """The media type and text of a small answer; SourceError when there is none."""
        host = self._host(url)
        try:
            response = self._client.get(url, headers={"Accept": accept})
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise self._silent(host) from error
        if not response.is_success:
            raise SourceError(host, f"answers {response.status_code}")
        return response.headers.get("Content-Type", ""), response.text

    def fetch(self, url: str, file: GrowingFile, received: Received, most_bytes: int | None = None) -> None:
        """Let `file` grow until it holds everything `url` has; what it holds already is not asked for again.

        A connection that breaks is taken up again as long as it brings something. SourceError when the
        source is silent, refuses, or sends more than `most_bytes`; what has arrived stays in `file`.
        """
        host = self._host(url)
        at_first, tries = file.size_bytes, 0
        while True:
            before = file.size_bytes
            try:
                return self._once(url, host, file, received, most_bytes)
            except (httpx.RequestError, httpx.InvalidURL) as error:
                if file.size_bytes == at_first and isinstance(
                    error, httpx.ConnectError | httpx.ConnectTimeout
                ):
                    raise self._silent(host) from error
                tries = 1 if file.size_bytes > before else tries + 1
                if tries == _TRIES:
                    raise SourceError(host, "breaks off") from error
                self._wait(_PAUSE_S * tries)

    def _once(
        self, url: str, host: str, file: GrowingFile, received: Received, most_bytes: int | None
    ) -> None:
        have = file.size_bytes
        with self._client.stream("GET", url, headers={"Range": f"bytes={have}-"} if have else {}) as response:
            if response.status_code == _NOTHING_LEFT and _total_of(response) == have:
                return
            if not response.is_success and response.status_code != _NOTHING_LEFT:
                raise SourceError(host, f"answers {response.status_code}")
            if have and not _continues(response, have):
                received(-have)
                file.restart()
            if response.is_success:
                _pour(response, host, file, received, most_bytes)
                return
        self._once(url, host, file, received, most_bytes)  # it has less than we had: from the start

    def _host(self, url: str) -> str:
        """Who is asked; SourceError at once for one that stayed silent before."""
        host = urlsplit(url).netloc
        if host in self._silent_hosts:
            raise SourceError(host, "does not answer")
        return host

    def _silent(self, host: str) -> SourceError:
        self._silent_hosts.add(host)
        return SourceError(host, "does not answer")


def _pour(
    response: httpx.Response, host: str, file: GrowingFile, received: Received, most_bytes: int | None
) -> None:
    for piece in response.iter_raw():  # as it arrives: what is held back to fill a piece is lost in a break
        if most_bytes is not None and file.size_bytes + len(piece) > most_bytes:
            raise SourceError(host, f"sends more than the {most_bytes} bytes it should")
        file.write(piece)
        received(len(piece))


def _continues(response: httpx.Response, have: int) -> bool:
    """Whether the answer begins right behind what we have."""
    starts = f"bytes {have}-"
    return response.status_code == _RESUMED and response.headers.get("Content-Range", "").startswith(starts)


def _total_of(response: httpx.Response) -> int | None:
    """The whole length, from `Content-Range: bytes */1234`."""
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(total) if total.isdigit() else None
