"""Backups: whole, checked copies of the database in a folder, each with a page that says what is in it.

Made with SQLite's backup interface in one step: a copy of one moment, page by page, while calls write. (VACUUM
INTO would be smaller, but numbers rows anew, and the full-text index knows them by their numbers.) A copy counts
only once its page lies beside it, and that is written last, after the copy was opened and checked.
"""

# ruff: noqa: S608  the braces hold names of our own tables and columns
from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import msgspec

from appliance import __version__
from appliance.clock import Clock
from appliance.errors import NotFound, StoreFault
from appliance.store.calls import RECORDINGS
from appliance.store.database import LAST_BACKUP, Database
from appliance.store.replacing import disk_fault, sync_file, sync_folder

_STEM: Final = "attendant-{:%Y%m%dT%H%M%SZ}"
_MADE: Final = re.compile(r"attendant-(\d{8}T\d{6}Z)\.json")
_SPARE_BYTES: Final = 64_000_000
"""A backup leaves so much of the disk to the calls."""
_PIECE_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """A recording there was: its name in the folder of recordings, and what it must be."""

    name: str
    size_bytes: int
    sha256: str
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup, as its page says. `rows`: how many there were of each table. `recordings_kept`: their sound
    lies in the folder too."""

    made_at: datetime
    file: str
    size_bytes: int
    sha256: str
    software: str
    rows: dict[str, int]
    recordings: tuple[KeptRecording, ...] = ()
    recordings_kept: bool = False


class Backups:
    """The backups of the database at `database` (its path) in `folder`."""

    def __init__(self, database: Path, folder: Path, clock: Clock) -> None:
        self._database = database
        self.folder = folder
        self._clock = clock

    # --- making ---------------------------------------------------------------------------------

    def make(self, *, recordings: bool = False) -> Backup:
        """A backup of this moment, checked; with `recordings` their files too. StoreFault; then there is none."""
        if not self._database.exists():
            raise NotFound(
                f"{self._database}: there is no database yet.", remedy="It begins with the first call."
            )
        now = self._clock.now().astimezone(UTC).replace(microsecond=0)
        stem = _STEM.format(now)
        part = self.folder / f".{stem}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._refuse_without_room(recordings=recordings)
            backup = self._copied(part, f"{stem}.db", now)
            backup = self._with_recordings(backup, keep=recordings)
            part.replace(self.folder / backup.file)
            self._write_page(self.folder / f"{stem}.json", backup)
            self._write_page(self._database.with_name(LAST_BACKUP), backup)
        except OSError as error:
            raise disk_fault(self.folder, error) from error
        finally:
            for left in (part, part.with_name(f"{part.name}-journal")):
                left.unlink(missing_ok=True)
        return backup

    def _refuse_without_room(self, *, recordings: bool) -> None:
        sound = sum(file.stat().st_size for file in self._recorded()) if recordings else 0
        wanted = self._database.stat().st_size + sound + _SPARE_BYTES
        if shutil.disk_usage(self.folder).free < wanted:
            raise StoreFault(
                f"{self.folder}: too little room for a backup (it needs {wanted // 1_000_000} MB free).",
                remedy="Free space, keep fewer ([keep] backups_days), or choose another disk ([keep] backups).",
            )

    def _copied(self, part: Path, file: str, now: datetime) -> Backup:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with Database(self._database, read_only=True) as source:
            source.copy_to(part)
        sync_file(part)
        rows = rows_of(part)
        return Backup(now, file, part.stat().st_size, sha256_of(part), __version__, rows)

    def _with_recordings(self, backup: Backup, *, keep: bool) -> Backup:
        """What recordings there are; hashed once, as long as they do not change."""
        newest = next(iter(self.all()), None)
        known = {one.name: one for one in newest.recordings} if newest else {}
        listed = tuple(_listed(file, known.get(file.name)) for file in self._recorded())
        if keep:
            self._keep(listed)
        return replace(backup, recordings=listed, recordings_kept=keep)

    def _keep(self, recordings: Iterable[KeptRecording]) -> None:
        """Copy those that are not there yet; each is named by what it holds, so that none is copied twice."""
        folder = self.folder / RECORDINGS
        folder.mkdir(mode=0o700, exist_ok=True)
        for one in recordings:
            kept = folder / f"{one.sha256}.flac"
            if not kept.exists():
                part = kept.with_suffix(".part")
                shutil.copyfile(self._database.parent / RECORDINGS / one.name, part)
                sync_file(part)
                part.replace(kept)

    def _recorded(self) -> list[Path]:
        """The finished recordings (one that grows is of a call that is still on)."""
        return sorted((self._database.parent / RECORDINGS).glob("*.flac"))

    def _write_page(self, page: Path, backup: Backup) -> None:
        part = page.with_suffix(".part")
        part.write_bytes(msgspec.json.format(msgspec.json.encode(backup)))
        sync_file(part)
        part.replace(page)
        sync_folder(page.parent)

    # --- looking --------------------------------------------------------------------------------

    def all(self) -> list[Backup]:
        """Every backup, newest first; a page that does not read is none."""
        if not self.folder.is_dir():
            return []
        pages = sorted((one for one in self.folder.iterdir() if _MADE.fullmatch(one.name)), reverse=True)
        return [backup for backup in map(_read, pages) if backup is not None]

    def find(self, name: str) -> Backup:
        """The backup meant by "latest", a file name or the beginning of a moment (2026-11-21T03); NotFound."""
        every = self.all()
        if name == "latest":
            found = [backup for backup in every if self.fault_of(backup) is None]
        else:
            found = [one for one in every if name in (one.file, one.file.removesuffix(".db"))]
            found = found or [one for one in every if one.made_at.isoformat().startswith(name)]
        if not found:
            raise NotFound(
                f'{self.folder}: no good backup is called "{name}".',
                remedy="`appliance backup list` shows them.",
            )
        return found[0]

    def path_of(self, backup: Backup) -> Path:
        """The copy itself."""
        return self.folder / backup.file

    def fault_of(self, backup: Backup) -> str | None:
        """What is wrong with a backup: its file is gone or not what its page says; None: it is good."""
        path = self.path_of(backup)
        if not path.is_file():
            return "its file is missing"
        if path.stat().st_size != backup.size_bytes or sha256_of(path) != backup.sha256:
            return "its file was changed or damaged"
        return None

    def newest_good(self) -> Backup | None:
        """The newest backup whose file is what its page says."""
        return next((backup for backup in self.all() if self.fault_of(backup) is None), None)

    def bring_back_recordings(self, backup: Backup) -> int:
        """Copy the sound that a backup kept, that calls on record speak of, and that is not there; how many files."""
        with Database(self._database, read_only=True) as database:
            asked = database.rows("SELECT call_id FROM calls WHERE recording IS NOT NULL")
        wanted = {f"{row['call_id']}.flac" for row in asked}
        folder, brought = self._database.parent / RECORDINGS, 0
        folder.mkdir(mode=0o700, exist_ok=True)
        for one in backup.recordings:
            kept, place = self.folder / RECORDINGS / f"{one.sha256}.flac", folder / one.name
            if one.name in wanted and kept.exists() and not place.exists():
                part = place.with_suffix(".back")
                shutil.copyfile(kept, part)
                part.replace(place)
                brought += 1
        return brought

    # --- rotation -------------------------------------------------------------------------------

    def thin(self, days: int, weeks: int) -> list[Backup]:
        """Remove all but those `kept` says; what was removed."""
        every = self.all()
        keep = {backup.file for backup in kept(every, days, weeks)}
        gone = [backup for backup in every if backup.file not in keep]
        for backup in gone:
            with contextlib.suppress(OSError):
                self.path_of(backup).with_suffix(".json").unlink()
                self.path_of(backup).unlink(missing_ok=True)
        self._drop_recordings(backup for backup in every if backup.file in keep)
        return gone

    def _drop_recordings(self, left: Iterable[Backup]) -> None:
        """Sound of which no backup that is left speaks."""
        named = {one.sha256 for backup in left for one in backup.recordings}
        for file in (self.folder / RECORDINGS).glob("*.flac"):
            if file.stem not in named:
                file.unlink(missing_ok=True)


def kept(backups: Sequence[Backup], days: int, weeks: int) -> list[Backup]:
    """Which backups stay: the newest of each of the last `days` days and `weeks` weeks that have one, and always
    the newest of all. Days that passed while the box was off do not count, so none is forgotten for being alone."""
    newest_first = sorted(backups, key=lambda one: one.made_at, reverse=True)
    by_day: dict[date, Backup] = {}
    by_week: dict[tuple[int, int], Backup] = {}
    for backup in newest_first:
        day = backup.made_at.date()
        by_day.setdefault(day, backup)
        by_week.setdefault(day.isocalendar()[:2], backup)
    stay = {one.file for one in [*newest_first[:1], *[*by_day.values()][:days], *[*by_week.values()][:weeks]]}
    return [backup for backup in newest_first if backup.file in stay]


# --- files ----------------------------------------------------------------------------------------


def rows_of(path: Path) -> dict[str, int]:
    """How many rows each table of a database file has, every page read; StoreFault when it is damaged."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as tables:
            if tables.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("integrity_check")
            names = [row[1] for row in tables.execute("PRAGMA table_list") if row[2] == "table"]
            names = sorted(name for name in names if not name.startswith("sqlite_"))
            return {name: tables.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    except sqlite3.Error as error:
        raise StoreFault(
            f"{path}: the copy is damaged, and so most likely is the database.",
            remedy="`appliance backup check` tells more; look for disk errors (dmesg, smartctl).",
        ) from error


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _listed(file: Path, known: KeptRecording | None) -> KeptRecording:
    stat = file.stat()
    if known and (known.size_bytes, known.changed_ns) == (stat.st_size, stat.st_mtime_ns):
        return known
    return KeptRecording(file.name, stat.st_size, sha256_of(file), stat.st_mtime_ns)


def _read(page: Path) -> Backup | None:
    try:
        return msgspec.json.decode(page.read_bytes(), type=Backup)
    except (OSError, msgspec.MsgspecError):
        return None
