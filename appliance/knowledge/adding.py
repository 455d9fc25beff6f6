"""Files and folders onto the shelf: only what changed is read again, and each file's fate is told."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from appliance.errors import DocumentRefused
from appliance.knowledge import reading
from appliance.knowledge.careful_reader import CarefulReader
from appliance.knowledge.passages import Piece, passages_of
from appliance.knowledge.search import Encoder
from appliance.knowledge.shelf import Shelf, Version, packed, parts_of

RULES: Final = "1"
"""The edition of reading and cutting; a new one reads everything again."""
_FILES_MAX: Final = 20_000
_TOLD_EVERY: Final = 16


class Fate(StrEnum):
    """What became of a file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: what became of it, and what is to be said about it (a refusal's reason, a name that lies)."""

    name: str
    fate: Fate
    version: int = 0
    passages: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """File `done` of `total`; of its texts `encoded` of `texts` have a vector."""

    name: str
    done: int
    total: int
    encoded: int = 0
    texts: int = 0


Tell = Callable[[Progress], None]


class Adding:
    """Puts documents on a shelf at `now`. `tell` hears of every file and every sixteenth text."""

    def __init__(
        self, shelf: Shelf, encoder: Encoder | None, now: datetime, tell: Tell = lambda _: None
    ) -> None:
        self._shelf = shelf
        self._encoder = encoder
        self._encoder_name = encoder.name if encoder else ""
        self._now = now
        self._tell = tell

    def add(self, paths: Sequence[Path]) -> Iterator[Outcome]:
        """Files, folders and zipped folders (an exported web site); one that is refused stops no other."""
        with tempfile.TemporaryDirectory() as unpacked, CarefulReader() as reader:
            files: list[tuple[str, Path]] = []
            for path in paths:
                try:
                    files += _files(path, Path(unpacked))
                except DocumentRefused as refused:
                    yield Outcome(path.name, Fate.REFUSED, note=str(refused))
            for done, (name, file) in enumerate(files):
                try:
                    yield self._add(name, file, reader, Progress(name, done, len(files)))
                except DocumentRefused as refused:
                    yield Outcome(name, Fate.REFUSED, note=str(refused))

    def _add(self, name: str, file: Path, reader: CarefulReader, progress: Progress) -> Outcome:
        self._tell(progress)
        before = self._shelf.current(name)
        hashed = _hash(file)
        if before is not None and (before.content_hash, before.encoder) == (hashed, self._encoder_name):
            return Outcome(name, Fate.UNCHANGED, before.number, before.passages)
        document = reader.read(file)
        pieces = passages_of(document.markdown, self._shelf.words)
        if not pieces:
            raise DocumentRefused(f"{name}: holds nothing that could be said.")
        number = self._shelf.put(
            name,
            pieces,
            self._vectors(pieces, before, progress),
            content_hash=hashed,
            encoder=self._encoder_name,
            kind=document.kind,
            size_bytes=file.stat().st_size,
            added_at=self._now,
        )
        lie = f"is not what its name says but {document.kind}" if document.lied else ""
        return Outcome(name, Fate.CHANGED if before else Fate.ADDED, number, len(pieces), lie)

    def _vectors(
        self, pieces: Sequence[Piece], before: Version | None, progress: Progress
    ) -> dict[str, bytes]:
        """A vector for every text, those of the version before taken over where a text is the same."""
        if self._encoder is None:
            return {}
        shelf, same = self._shelf, before is not None and before.encoder == self._encoder_name
        known = shelf.vectors(before.document, before.number) if before is not None and same else {}
        texts = dict.fromkeys(text for piece in pieces for text in parts_of(piece, shelf.words).values())
        found: dict[str, bytes] = {}
        for done, text in enumerate(texts):
            if done % _TOLD_EVERY == 0:
                self._tell(replace(progress, encoded=done, texts=len(texts)))
            found[text] = known[text] if text in known else packed(self._encoder.vectors([text])[0])
        return found


def _files(path: Path, unpacked: Path) -> Iterator[tuple[str, Path]]:
    """The files at `path` with the names they go by: their own, or from their folder down."""
    if path.is_dir():
        yield from ((file.relative_to(path.parent).as_posix(), file) for file in _documents_in(path))
    elif path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
        folder = unpacked / path.stem
        yield from ((file.relative_to(unpacked).as_posix(), file) for file in _unpacked(path, folder))
    else:
        yield path.name, path


def _documents_in(folder: Path) -> list[Path]:
    """By name: whatever else lies in a folder (pictures, programs) is passed over in silence."""
    found = (file for file in sorted(folder.rglob("*")) if file.suffix.lower() in reading.SUFFIXES)
    hidden = (
        file for file in found if not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )
    return [file for file in hidden if file.is_file()][:_FILES_MAX]


def _unpacked(path: Path, folder: Path) -> list[Path]:
    with zipfile.ZipFile(path) as parts:
        members = parts.infolist()
        if any(one.flag_bits & 1 for one in members):
            raise DocumentRefused(f"{path.name}: is encrypted.", remedy="Pack it without a password.")
        if sum(one.file_size for one in members) > reading.UNPACKED_BYTES_MAX or len(members) > _FILES_MAX:
            raise DocumentRefused(
                f"{path.name}: unpacks to too much.", remedy="Unpack it and choose from it."
            )
        parts.extractall(folder)  # ZipFile keeps members inside the folder and makes no links
    return _documents_in(folder)


def _hash(file: Path) -> str:
    """Of the content, and of the rules by which it was read."""
    try:
        if file.stat().st_size > reading.FILE_BYTES_MAX:
            return ""  # `read` says so
        return hashlib.sha256(RULES.encode() + file.read_bytes()).hexdigest()
    except OSError as error:
        raise DocumentRefused(
            f"{file.name}: cannot be opened ({error.strerror}).", remedy="Check the path and its permissions."
        ) from error
