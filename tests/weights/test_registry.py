"""Finding a package's archive: index pages in both formats, npm documents, and mirrors that people name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appliance.weights.registry import NPM, PYPI, Archive, Registries, registries, tarball, wheel

HERE = Registries("https://index.example/simple", "https://npm.example")


class Answers:
    """Gives the same answer to everything and remembers what was asked."""

    def __init__(self, media_type: str, text: str) -> None:
        self.answer = (media_type, text)
        self.asked: list[str] = []

    def __call__(self, url: str, accept: str) -> tuple[str, str]:
        self.asked.append(url)
        return self.answer


PAGE = """<html><body>
<a href="https://files.example/a_b-1.0.tar.gz#sha256=11">a_b-1.0.tar.gz</a>
<a href="../../files/a_b-1.0.1-py3-none-any.whl">a_b-1.0.1-py3-none-any.whl</a>
<a href="../../files/a_b-1.0-py3-none-any.whl#sha256=22" data-requires-python="&gt;=3.9">wheel</a>
</body></html>"""


def test_a_wheel_is_found_on_an_html_page() -> None:
    ask = Answers("text/html", PAGE)
    found = wheel(HERE, "A.b==1.0", ask)
    assert found == Archive("https://index.example/files/a_b-1.0-py3-none-any.whl", "22")
    assert ask.asked == ["https://index.example/simple/a-b/"]


def test_a_wheel_is_found_on_a_json_page() -> None:
    files = [
        {"filename": "a_b-1.0.tar.gz", "url": "https://files.example/a_b-1.0.tar.gz", "hashes": {}},
        {
            "filename": "w",
            "url": "https://files.example/a_b-1.0-py3-none-any.whl",
            "hashes": {"sha256": "33"},
        },
    ]
    ask = Answers("application/vnd.pypi.simple.v1+json", json.dumps({"files": files}))
    assert wheel(HERE, "a-b==1.0", ask) == Archive("https://files.example/a_b-1.0-py3-none-any.whl", "33")


def test_another_version_is_not_taken_instead() -> None:
    assert wheel(HERE, "a-b==2.0", Answers("text/html", PAGE)) is None


def test_a_tarball_is_found() -> None:
    ask = Answers("application/json", json.dumps({"dist": {"tarball": "https://npm.example/x.tgz"}}))
    assert tarball(HERE, "@scope/x@1.2.1", ask) == Archive("https://npm.example/x.tgz")
    assert ask.asked == ["https://npm.example/@scope%2Fx/1.2.1"]


def test_the_public_registries_are_the_default(tmp_path: Path) -> None:
    assert registries({}, tmp_path / "none") == Registries(PYPI, NPM)


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "PIP_INDEX_URL"])
def test_an_index_of_ones_own_is_honoured(tmp_path: Path, variable: str) -> None:
    found = registries({variable: "https://index.example/simple/"}, tmp_path / "none")
    assert found == Registries("https://index.example/simple", NPM)


def test_an_npm_registry_of_ones_own_is_honoured(tmp_path: Path) -> None:
    npmrc = tmp_path / ".npmrc"
    npmrc.write_text("fund=false\nregistry = https://npm.example/\n")
    assert registries({}, npmrc).npm == "https://npm.example"
    assert registries({"npm_config_registry": "https://other.example/"}, npmrc).npm == "https://other.example"
