"""A settings file replaced whole or not at all, and what it said before kept, with the time and by whom.

The edge of this room: the only file of it that touches a disk. Versions are plain files in a folder of their own
beside the box's data (`ATTENDANT_HOME/history/NAME-xxxxxxxx/`): `0007.toml` as it stood, `0007.json` who put what in
its place and when. They are read without the settings, so that a file that no longer is right can be taken back.
"""

from __future__ import annotations

import contextlib
import fcntl
import getpass
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from appliance.errors import ConfigError, NotFound, StoreFault
from appliance.settings import home

_KEPT_MOST: Final = 200
_PRIVATE: Final = 0o600
_NEW_FILE: Final = 0o640
_HASH_LETTERS: Final = 8


@dataclass(frozen=True, slots=True)
class Version:
    """What a file said until it was replaced."""

    number: int
    replaced_at: str
    """ISO 8601 with offset."""
    by: str
    """Who replaced it: the user's name on this machine."""
    change: str
    """What replaced it, in a few words: "set sip.port"."""


class History:
    """The versions of one file."""

    def __init__(self, file: Path) -> None:
        self.file = file.resolve()
        place = hashlib.sha256(os.fsencode(self.file)).hexdigest()[:_HASH_LETTERS]
        self._folder = home() / "history" / f"{self.file.stem}-{place}"

    def versions(self) -> list[Version]:
        """Newest first."""
        found = sorted((int(one.stem) for one in self._folder.glob("[0-9]*.json")), reverse=True)
        return [version for number in found if (version := self._version(number)) is not None]

    def text(self, number: int | None = None) -> tuple[Version, str]:
        """A version, the newest without a number, and what it says; NotFound."""
        for version in self.versions():
            if number in (None, version.number):
                return version, self._path(version.number, "toml").read_text(encoding="utf-8")
        what = "a former version" if number is None else f"a version {number}"
        raise NotFound(
            f"{self.file}: there is not {what}.", remedy="`appliance config history` lists what there is."
        )

    def now(self) -> str | None:
        """What the file says; None when there is none. ConfigError."""
        try:
            return self.file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise ConfigError(f"{self.file}: is not UTF-8 text.", remedy="Save it as UTF-8.") from error
        except OSError as error:
            raise ConfigError(
                f"{self.file}: cannot be read ({error.strerror}).", remedy="Check the path."
            ) from error

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Nobody else changes the file through us meanwhile. StoreFault."""
        with _told_as_faults(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def replace(self, text: str, change: str, at: datetime) -> Version | None:
        """Put `text` in the file's place; the version that it was until now, None for a new file. StoreFault.

        Call it within `changing`. A power cut leaves the old file or the new one, never half of one.
        """
        before = self.now()
        if before == text:
            return None
        kept = None if before is None else self._keep(before, change, at)
        with _told_as_faults(self.file):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.file, text, like=self.file)
        return kept

    def _keep(self, text: str, change: str, at: datetime) -> Version:
        numbers = [version.number for version in self.versions()]
        version = Version(max(numbers, default=0) + 1, at.isoformat(timespec="seconds"), who(), change)
        with _told_as_faults(self._folder):
            write_whole(self._path(version.number, "toml"), text)
            write_whole(self._path(version.number, "json"), json.dumps(asdict(version)) + "\n")
            for old in sorted(numbers)[: max(0, len(numbers) + 1 - _KEPT_MOST)]:
                self._path(old, "json").unlink(missing_ok=True)
                self._path(old, "toml").unlink(missing_ok=True)
        return version

    def _version(self, number: int) -> Version | None:
        """None for one whose writing was cut off, or that somebody took away meanwhile."""
        try:
            return Version(**json.loads(self._path(number, "json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _path(self, number: int, kind: str) -> Path:
        return self._folder / f"{number:04}.{kind}"


def write_whole(path: Path, text: str, *, like: Path | None = None, mode: int = _PRIVATE) -> None:
    """`text` as the file at `path`, in one step (rename(2)); owner and mode as those of `like`, if it is there."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            _dress(file.fileno(), path, like, mode)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)  # noqa: PTH105  atomic (rename(2)): the one step that matters
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_secret(path: Path, secret: str) -> None:
    """A secret as a file that only its owner reads. StoreFault."""
    with _told_as_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, secret + "\n")


def _dress(descriptor: int, path: Path, like: Path | None, mode: int) -> None:
    """Owner and mode: the old file's; a new one in a folder of the service's is for its group to read."""
    if like is None:
        os.fchmod(descriptor, mode)
        return
    shown = like.stat() if like.exists() else None
    owner = shown or path.parent.stat()
    with contextlib.suppress(PermissionError):  # only root gives files away; who is not keeps what is his
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(shown.st_mode) if shown else _NEW_FILE)


def who() -> str:
    """Who sits at this: whoever became root by sudo is still who they were."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name (a container)
        return str(os.getuid())


@contextlib.contextmanager
def _told_as_faults(place: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise StoreFault(
            f"{place}: you may not write there.", remedy="Run it as root or with sudo."
        ) from error
    except OSError as error:
        raise StoreFault(
            f"{place}: cannot be written ({error.strerror}).", remedy="Look at the disk."
        ) from error
