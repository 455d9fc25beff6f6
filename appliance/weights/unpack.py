"""Streams wanted members out of a wheel, a zip file or an npm tarball, without unpacking the rest."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO

_PIECE_BYTES = 1 << 20
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)

Store = Callable[[str, IO[bytes]], None]
"""Given the name of a member and the stream of its content."""


class ArchiveError(Exception):
    """It cannot be read as an archive, or lacks a member that was wanted."""


def unpack(archive: Path, wanted: Collection[str], store: Store) -> None:
    """Hand each member of `archive` named in `wanted` to `store`; ArchiveError when one is not there."""
    try:
        missing = set(wanted) - (_zip if zipfile.is_zipfile(archive) else _tar)(archive, wanted, store)
    except _BROKEN as error:
        raise ArchiveError("sends a broken archive") from error
    if missing:
        raise ArchiveError(f"sends an archive without {min(missing)}")


def _zip(archive: Path, wanted: Collection[str], store: Store) -> set[str]:
    with zipfile.ZipFile(archive) as opened:
        found = [name for name in opened.namelist() if name in wanted]
        for name in found:
            with opened.open(name) as stream:
                store(name, stream)
    return set(found)


def _tar(archive: Path, wanted: Collection[str], store: Store) -> set[str]:
    found = set()
    with tarfile.open(archive, "r:*") as opened:
        for member in opened:
            if member.name in wanted and (stream := opened.extractfile(member)):
                store(member.name, stream)
                found.add(member.name)
    return found


def pour(stream: IO[bytes], write: Callable[[bytes], None], most_bytes: int) -> None:
    """Copy `stream` piece by piece; ArchiveError once it is longer than `most_bytes`."""
    copied = 0
    while piece := stream.read(_PIECE_BYTES):
        copied += len(piece)
        if copied > most_bytes:
            raise ArchiveError(f"sends a file longer than its {most_bytes} bytes")
        write(piece)
