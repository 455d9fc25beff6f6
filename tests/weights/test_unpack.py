"""Members of archives: only those wanted, whole, from zip and tar alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import pytest

from appliance.weights.unpack import ArchiveError, pour, unpack
from tests.fakes.sources import tarred, zipped

MEMBERS = {"a/one.bin": b"1" * 5000, "a/two.bin": b"2" * 10, "other": b"3"}
Pack = Callable[[Mapping[str, bytes]], bytes]


def stored(archive: Path, wanted: list[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def store(name: str, stream: IO[bytes]) -> None:
        found[name] = stream.read()

    unpack(archive, wanted, store)
    return found


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_only_wanted_members_come_out(tmp_path: Path, pack: Pack) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(pack(MEMBERS))
    assert stored(archive, ["a/one.bin", "other"]) == {"a/one.bin": b"1" * 5000, "other": b"3"}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_member_that_is_not_there_is_named(tmp_path: Path, pack: Pack) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(pack(MEMBERS))
    with pytest.raises(ArchiveError, match=r"without a/three\.bin"):
        stored(archive, ["other", "a/three.bin"])


@pytest.mark.parametrize(
    "content", [b"", b"<html>log in first</html>", zipped(MEMBERS)[:-200], tarred(MEMBERS)[:60]]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(content)
    with pytest.raises(ArchiveError):
        stored(archive, ["a/one.bin"])


def test_a_member_longer_than_it_may_be_is_cut_off(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(zipped(MEMBERS))
    written: list[bytes] = []
    with pytest.raises(ArchiveError, match="longer than its 100 bytes"):
        unpack(archive, ["a/one.bin"], lambda _name, stream: pour(stream, written.append, 100))
    assert written == []
