"""One download: takes up what was broken off, believes nobody, and asks a silent host only once."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.weights.download import Downloads, GrowingFile, SourceError, new_client
from tests.fakes.sources import Sources, serving, silent_address

CONTENT = random.Random(1).randbytes(900_000)


@pytest.fixture
def sources() -> Iterator[Sources]:
    with serving() as started:
        yield started


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def downloads(waits: list[float]) -> Iterator[Downloads]:
    with new_client() as client:
        yield Downloads(client, wait=waits.append)


def fetched(downloads: Downloads, url: str, path: Path, **limits: int) -> int:
    """Fetch `url` to `path`; how many bytes were reported."""
    counted: list[int] = []
    with GrowingFile(path) as file:
        downloads.fetch(url, file, counted.append, **limits)
    return sum(counted)


def test_a_file_comes_whole(sources: Sources, downloads: Downloads, tmp_path: Path) -> None:
    url = sources.add("file", CONTENT)
    assert fetched(downloads, url, tmp_path / "file") == len(CONTENT)
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_after_a_break_only_the_rest_is_asked_for(
    sources: Sources, downloads: Downloads, tmp_path: Path, waits: list[float]
) -> None:
    url = sources.add("file", CONTENT)
    sources.break_once_after["/file"] = 300_000
    assert fetched(downloads, url, tmp_path / "file") == len(CONTENT)
    assert (tmp_path / "file").read_bytes() == CONTENT
    first, second = sources.asked_for("file")
    assert first == 0
    assert 0 < second <= 300_000
    assert len(waits) == 1


def test_what_an_earlier_run_left_is_not_asked_for_again(
    sources: Sources, downloads: Downloads, tmp_path: Path
) -> None:
    url = sources.add("file", CONTENT)
    (tmp_path / "file").write_bytes(CONTENT[:654_321])
    assert fetched(downloads, url, tmp_path / "file") == len(CONTENT) - 654_321
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert sources.asked_for("file") == [654_321]


def test_a_complete_file_is_left_alone(sources: Sources, downloads: Downloads, tmp_path: Path) -> None:
    url = sources.add("file", CONTENT)
    (tmp_path / "file").write_bytes(CONTENT)
    assert fetched(downloads, url, tmp_path / "file") == 0
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_server_without_ranges_starts_again(sources: Sources, downloads: Downloads, tmp_path: Path) -> None:
    url = sources.add("file", CONTENT)
    sources.without_ranges = True
    (tmp_path / "file").write_bytes(CONTENT[:1000])
    assert fetched(downloads, url, tmp_path / "file") == len(CONTENT) - 1000
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_file_longer_than_the_source_starts_again(
    sources: Sources, downloads: Downloads, tmp_path: Path
) -> None:
    url = sources.add("file", CONTENT)
    (tmp_path / "file").write_bytes(b"x" * (len(CONTENT) + 7))
    fetched(downloads, url, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_source_that_keeps_breaking_without_progress_is_given_up(
    sources: Sources, downloads: Downloads, tmp_path: Path, waits: list[float]
) -> None:
    url = sources.add("file", CONTENT)
    sources.break_always_after["/file"] = 0
    with pytest.raises(SourceError, match="breaks off"):
        fetched(downloads, url, tmp_path / "file")
    assert len(sources.asked) == len(waits) + 1 == 3


def test_a_refusal_is_told(sources: Sources, downloads: Downloads, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="answers 404"):
        fetched(downloads, sources.url("nothing"), tmp_path / "file")
    with pytest.raises(SourceError, match="answers 404"):
        downloads.text(sources.url("nothing"), "text/html")


def test_a_source_that_sends_too_much_is_cut_off(
    sources: Sources, downloads: Downloads, tmp_path: Path
) -> None:
    url = sources.add("file", CONTENT)
    with pytest.raises(SourceError, match="sends more than the 1000 bytes"):
        fetched(downloads, url, tmp_path / "file", most_bytes=1000)
    assert (tmp_path / "file").stat().st_size <= 1000


def test_a_silent_host_is_asked_once(tmp_path: Path, waits: list[float]) -> None:
    asked: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        raise httpx.ConnectTimeout("nobody there", request=request)

    downloads = Downloads(httpx.Client(transport=httpx.MockTransport(refuse)), wait=waits.append)
    for url in ("https://gone.example/a", "https://gone.example/b"):
        with pytest.raises(SourceError, match=r"gone\.example does not answer"):
            fetched(downloads, url, tmp_path / "file")
    with pytest.raises(SourceError, match=r"gone\.example does not answer"):
        downloads.text("https://gone.example/c", "text/html")
    with pytest.raises(SourceError, match=r"other\.example does not answer"):
        fetched(downloads, "https://other.example/a", tmp_path / "file")
    assert asked == ["gone.example", "other.example"]
    assert waits == []


def test_nobody_at_an_address_is_found_out_at_once(downloads: Downloads, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not answer"):
        fetched(downloads, f"{silent_address()}/file", tmp_path / "file")


@given(pieces=st.lists(st.binary(max_size=40)), reopened_after=st.integers(0, 10), keep=st.integers(0, 200))
def test_a_growing_file_always_knows_its_hash(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], reopened_after: int, keep: int
) -> None:
    path = tmp_path_factory.mktemp("growing") / "file"
    with GrowingFile(path) as file:
        for piece in pieces[:reopened_after]:
            file.write(piece)
    with GrowingFile(path, keep_bytes=keep) as file:
        for piece in pieces[reopened_after:]:
            file.write(piece)
        size, digest = file.size_bytes, file.sha256
    expected = b"".join(pieces[:reopened_after])[:keep] + b"".join(pieces[reopened_after:])
    assert path.read_bytes() == expected
    assert (size, digest) == (len(expected), hashlib.sha256(expected).hexdigest())
