"""Documents, their versions, passages and vectors in a SQLite file of their own.

A document's earlier versions stay until five newer ones stand before them, so that a bad one can be rolled
back in a moment; only passages of the versions in force can be found. Vectors are int8, scaled by 127: a
third of a percent is lost of a cosine, and three quarters of the disk saved.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from appliance.errors import NotFound, StoreFault
from appliance.knowledge.passages import Piece
from appliance.knowledge.sentences import sentences_of, stems_of
from appliance.knowledge.words import Words

FILE_NAME: Final = "knowledge.db"
VERSIONS_KEPT: Final = 5
_SCHEMA_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, current INTEGER REFERENCES versions(id)
);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(id), number INTEGER NOT NULL,
    content_hash TEXT NOT NULL, encoder TEXT NOT NULL, kind TEXT NOT NULL, size_bytes INTEGER NOT NULL,
    added_at TEXT NOT NULL, UNIQUE (document, number)
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, headings TEXT NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX passages_of_version ON passages(version, position);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
    part INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX vectors_of_passage ON vectors(passage, part);
CREATE VIRTUAL TABLE words USING fts5(stems, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE word_counts USING fts5vocab(words, 'row');
CREATE TABLE state (generation INTEGER NOT NULL);
INSERT INTO state VALUES (0);
"""

QUESTION_PART: Final = -2
WHOLE_PART: Final = -1
"""Parts from 0 on are a passage's sentences."""

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document. `encoder` names the model its vectors are of; empty: it has none."""

    document: str
    number: int
    content_hash: str
    encoder: str
    kind: str
    size_bytes: int
    added_at: str
    passages: int
    is_current: int


@dataclass(frozen=True, slots=True)
class Shelved:
    """A passage as it stands on the shelf."""

    passage_id: int
    document: str
    version: int
    headings: tuple[str, ...]
    question: str
    text: str
    stems: frozenset[str]


def parts_of(piece: Piece, words: Words) -> dict[int, str]:
    """The texts of a passage that get a vector: its question, the whole of it under its headings, its sentences."""
    way = ": ".join(piece.headings[-2:])
    parts = {WHOLE_PART: f"{way}: {piece.text}" if way else piece.text}
    if piece.question:
        parts[QUESTION_PART] = piece.question
    return parts | dict(enumerate(sentences_of(piece.text, words)))


def packed(vector: Sequence[float]) -> bytes:
    """A unit vector as int8."""
    scaled = np.rint(np.asarray(vector, dtype=np.float32) * 127.0)
    return bytes(np.clip(scaled, -127, 127).astype(np.int8).tobytes())


def _set_of(stems: str) -> frozenset[str]:
    return frozenset(stems.split())


class Shelf:
    """The file. Usable from any thread, one at a time. `read_only` looks without touching; none is an empty shelf."""

    def __init__(self, path: Path, words: Words, *, read_only: bool = False) -> None:
        self.path = path
        self.words = words
        self._read_only = read_only
        self._lock = threading.RLock()
        self._open: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close; the next use opens again."""
        with self._lock:
            connection, self._open = self._open, None
            if connection is not None:
                connection.close()

    # --- looking --------------------------------------------------------------------------------

    def generation(self) -> int:
        """A number that changes with everything that can be found."""
        rows = self.rows("SELECT generation FROM state")
        return int(rows[0][0]) if rows else -1

    def versions(self, name: str | None = None) -> list[Version]:
        """Every version on the shelf, of one document or of all, newest first."""
        rows = self.rows(
            """SELECT d.name, v.number, v.content_hash, v.encoder, v.kind, v.size_bytes, v.added_at,
                      (SELECT count(*) FROM passages p WHERE p.version = v.id), v.id IS d.current
               FROM versions v JOIN documents d ON d.id = v.document
               WHERE ?1 IS NULL OR d.name = ?1 ORDER BY d.name, v.number DESC""",
            (name,),
        )
        return [Version(*row) for row in rows]

    def current(self, name: str) -> Version | None:
        """The version in force of a document; None when there is none."""
        return next((one for one in self.versions(name) if one.is_current), None)

    def pieces(self, name: str, number: int) -> list[Piece]:
        """The passages of one version, in order; NotFound when there is no such version."""
        version = self._version_id(name, number)
        rows = self.rows(
            "SELECT text, headings, question FROM passages WHERE version = ? ORDER BY position", (version,)
        )
        return [Piece(row[0], tuple(json.loads(row[1])), row[2]) for row in rows]

    def shelved(self, passage_ids: Iterable[int]) -> dict[int, Shelved]:
        """Passages by their ids."""
        wanted = json.dumps(list(passage_ids))
        rows = self.rows(
            """SELECT p.id, d.name, v.number, p.headings, p.question, p.text, w.stems
               FROM json_each(?) j JOIN passages p ON p.id = j.value JOIN words w ON w.rowid = p.id
               JOIN versions v ON v.id = p.version JOIN documents d ON d.id = v.document""",
            (wanted,),
        )
        return {
            row[0]: Shelved(
                row[0], row[1], row[2], tuple(json.loads(row[3])), row[4], row[5], _set_of(row[6])
            )
            for row in rows
        }

    def vectors(self, name: str, number: int) -> dict[str, bytes]:
        """What has been encoded for a version: packed vectors by the text they are of."""
        found: dict[str, bytes] = {}
        version = self._version_id(name, number)
        packed_parts = self.rows(
            """SELECT p.position, x.part, x.vector FROM passages p JOIN vectors x ON x.passage = p.id
               WHERE p.version = ?""",
            (version,),
        )
        texts = [parts_of(piece, self.words) for piece in self.pieces(name, number)]
        for position, part, vector in packed_parts:
            if part in texts[position]:
                found[texts[position][part]] = vector
        return found

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a SELECT finds; nothing when there is no file to read yet."""
        with self._lock, self._translated():
            if self._read_only and not self.path.exists():
                return []
            return self._connection().execute(sql, tuple(values)).fetchall()

    # --- changing -------------------------------------------------------------------------------

    def put(
        self,
        name: str,
        pieces: Sequence[Piece],
        vectors: Mapping[str, bytes],
        *,
        content_hash: str,
        encoder: str,
        kind: str,
        size_bytes: int,
        added_at: datetime,
    ) -> int:
        """A new version of a document, in force from now on, all of it or nothing; its number."""
        with self._changing() as tables:
            tables.execute("INSERT INTO documents (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
            document = tables.execute("SELECT id FROM documents WHERE name = ?", (name,)).fetchone()[0]
            number = tables.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE document = ?", (document,)
            ).fetchone()[0]
            version = tables.execute(
                """INSERT INTO versions (document, number, content_hash, encoder, kind, size_bytes, added_at)
                   VALUES (?, ?, ?, ?, ?, ?, ?)""",
                (document, number, content_hash, encoder, kind, size_bytes, added_at.isoformat()),
            ).lastrowid
            for position, piece in enumerate(pieces):
                self._put_piece(tables, version, position, piece, vectors)
            self._put_in_force(tables, document, version)
            self._forget_old(tables, document)
        return int(number)

    def roll_back(self, name: str, number: int | None = None) -> int:
        """Put an earlier version in force (without a number, the one before today's); which it is now.

        NotFound when there is no such document or no such version.
        """
        known = self.versions(name)
        in_force = next((one.number for one in known if one.is_current), None)
        earlier = [one.number for one in known if in_force is None or one.number < in_force]
        wanted = number if number is not None else next(iter(earlier), None)
        if not known or wanted is None:
            raise NotFound(
                f"{name}: has no earlier version.", remedy="`appliance kb list` shows the documents."
            )
        version = self._version_id(name, wanted)
        with self._changing() as tables:
            self._put_in_force(tables, self._document_id(tables, name), version)
        return wanted

    def remove(self, name: str) -> None:
        """Nothing of this document is found any more; `roll_back` brings it back. NotFound when it is not there."""
        if self.current(name) is None:
            raise NotFound(f"{name}: is not on the shelf.", remedy="`appliance kb list` shows the documents.")
        with self._changing() as tables:
            self._put_in_force(tables, self._document_id(tables, name), None)

    def check(self) -> list[str]:
        """What is wrong with the file; empty when nothing is."""
        faults = [row[0] for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]
        faults += [f"{row[0]} refers to what is not there" for row in self.rows("PRAGMA foreign_key_check")]
        unlisted = self.rows(
            """SELECT count(*) FROM passages p JOIN documents d ON d.current = p.version
               WHERE p.id NOT IN (SELECT rowid FROM words)"""
        )
        return faults + (["passages are missing from the full text"] if unlisted and unlisted[0][0] else [])

    # --- inside ---------------------------------------------------------------------------------

    def _put_piece(
        self,
        tables: sqlite3.Connection,
        version: int | None,
        position: int,
        piece: Piece,
        vectors: Mapping[str, bytes],
    ) -> None:
        passage = tables.execute(
            "INSERT INTO passages (version, position, headings, question, text) VALUES (?, ?, ?, ?, ?)",
            (version, position, json.dumps(piece.headings), piece.question, piece.text),
        ).lastrowid
        parts = parts_of(piece, self.words).items()
        tables.executemany(
            "INSERT INTO vectors (passage, part, vector) VALUES (?, ?, ?)",
            [(passage, part, vectors[text]) for part, text in parts if text in vectors],
        )

    def _put_in_force(self, tables: sqlite3.Connection, document: int, version: int | None) -> None:
        tables.execute(
            """DELETE FROM words WHERE rowid IN (SELECT p.id FROM passages p JOIN documents d
               ON d.current = p.version WHERE d.id = ?)""",
            (document,),
        )
        tables.execute("UPDATE documents SET current = ? WHERE id = ?", (version, document))
        rows = tables.execute(
            "SELECT id, headings, question, text FROM passages WHERE version = ?", (version,)
        )
        tables.executemany(
            "INSERT INTO words (rowid, stems) VALUES (?, ?)",
            [
                (row[0], self._stems(" ".join((*json.loads(row[1]), row[2], row[3]))))
                for row in rows.fetchall()
            ],
        )
        tables.execute("UPDATE state SET generation = generation + 1")

    def _stems(self, text: str) -> str:
        return " ".join(stems_of(text, self.words))

    def _forget_old(self, tables: sqlite3.Connection, document: int) -> None:
        tables.execute(
            """DELETE FROM versions WHERE document = ?1 AND id NOT IN
               (SELECT id FROM versions WHERE document = ?1 ORDER BY number DESC LIMIT ?2)""",
            (document, VERSIONS_KEPT),
        )

    def _document_id(self, tables: sqlite3.Connection, name: str) -> int:
        return int(tables.execute("SELECT id FROM documents WHERE name = ?", (name,)).fetchone()[0])

    def _version_id(self, name: str, number: int) -> int:
        rows = self.rows(
            "SELECT v.id FROM versions v JOIN documents d ON d.id = v.document WHERE d.name = ? AND v.number = ?",
            (name, number),
        )
        if not rows:
            raise NotFound(f"{name}: has no version {number}.", remedy="`appliance kb show NAME` lists them.")
        return int(rows[0][0])

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            tables = self._connection()
            tables.execute("BEGIN IMMEDIATE")
            try:
                yield tables
                tables.execute("COMMIT")
            finally:
                tables.rollback()  # nothing is left to roll back after a commit

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self._open = self._opened()
        return self._open

    def _opened(self) -> sqlite3.Connection:
        mode = "ro" if self._read_only else "rwc"
        if not self._read_only:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        tables = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        try:
            if not self._read_only:
                tables.execute("PRAGMA journal_mode=WAL")
                tables.execute("PRAGMA foreign_keys=ON")
            self._migrate(tables)
        except BaseException:
            tables.close()
            raise
        return tables

    def _migrate(self, tables: sqlite3.Connection) -> None:
        version = tables.execute("PRAGMA user_version").fetchone()[0]
        if version > _SCHEMA_VERSION:
            raise StoreFault(f"{self.path}: was made by a newer release.", remedy="Install that release.")
        if version == 0 and not self._read_only:
            tables.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version={_SCHEMA_VERSION}; COMMIT;")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self.close()
            raise StoreFault(
                f"{self.path}: the documents cannot be read or written ({error}).",
                remedy="Check the disk; `appliance kb check` looks closer. The file can be made anew by `kb add`.",
            ) from error
        except OSError as error:
            raise StoreFault(
                f"{self.path}: {error.strerror}.", remedy="Check the disk and the folder."
            ) from error
