"""Where a package's archive lies: the wheel behind PyPI's simple index, the tarball behind an npm registry.

Both are asked the way their own clients ask (PEP 503 and 691; the registry's version document), at the places
the environment names, so that an office with a mirror of its own needs no setting here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urldefrag, urljoin

PYPI = "https://pypi.org/simple"
NPM = "https://registry.npmjs.org"
_JSON = "application/vnd.pypi.simple.v1+json"
_INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
_NPM_VARIABLES = ("npm_config_registry", "NPM_CONFIG_REGISTRY")


@dataclass(frozen=True, slots=True)
class Registries:
    """The two registries' addresses."""

    pypi: str = PYPI
    npm: str = NPM


@dataclass(frozen=True, slots=True)
class Archive:
    """A file in a registry; `sha256` is empty where the registry does not tell it."""

    url: str
    sha256: str = ""


class Ask(Protocol):
    """A GET whose answer is small."""

    def __call__(self, url: str, accept: str) -> tuple[str, str]:
        """The answer's media type and text; `SourceError` when there is none."""
        ...


def registries(environment: Mapping[str, str], npmrc: Path) -> Registries:
    """The registries that `environment` and the user's npm settings name, else the public ones."""
    pypi = next((environment[name] for name in _INDEX_VARIABLES if environment.get(name)), PYPI)
    npm = next((environment[name] for name in _NPM_VARIABLES if environment.get(name)), None)
    return Registries(pypi.rstrip("/"), (npm or _npmrc_registry(npmrc) or NPM).rstrip("/"))


def _npmrc_registry(npmrc: Path) -> str | None:
    try:
        text = npmrc.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = re.findall(r"^\s*registry\s*=\s*(\S+)", text, re.MULTILINE)
    return found[-1] if found else None


def wheel(registries: Registries, requirement: str, ask: Ask) -> Archive | None:
    """The wheel of `name==version`; None when the index does not list one."""
    name, version = (part.strip() for part in requirement.split("=="))
    page_url = f"{registries.pypi}/{_normalised(name)}/"
    media_type, text = ask(page_url, f"{_JSON}, text/html;q=0.5")
    for url, digest in _links(text, is_json="json" in media_type):
        if _is_wheel_of(url, name, version):
            return Archive(urljoin(page_url, url), digest)
    return None


def _normalised(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_wheel_of(url: str, name: str, version: str) -> bool:
    filename = url.rsplit("/", 1)[-1]
    parts = filename.removesuffix(".whl").split("-")  # a wheel's own name holds no dash (PEP 427)
    return filename.endswith(".whl") and _normalised(parts[0]) == _normalised(name) and parts[1] == version


def _links(text: str, *, is_json: bool) -> list[tuple[str, str]]:
    """(url, sha256) of every file on an index page."""
    if is_json:
        files: list[dict[str, Any]] = json.loads(text)["files"]
        return [(file["url"], file.get("hashes", {}).get("sha256", "")) for file in files]
    page = _IndexPage()
    page.feed(text)
    split = [urldefrag(link) for link in page.links]
    return [
        (url, fragment.removeprefix("sha256=") if "sha256=" in fragment else "") for url, fragment in split
    ]


class _IndexPage(HTMLParser):
    """PEP 503: every link of the page is a file."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a link."""
        self.links.extend(value for key, value in attrs if tag == "a" and key == "href" and value)


def tarball(registries: Registries, requirement: str, ask: Ask) -> Archive | None:
    """The tarball of `name@version`; None when the registry's answer does not name one."""
    name, version = requirement.rsplit("@", 1)
    _media_type, text = ask(f"{registries.npm}/{quote(name, safe='@')}/{version}", "application/json")
    url = json.loads(text).get("dist", {}).get("tarball", "")
    return Archive(url) if url else None
