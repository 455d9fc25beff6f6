"""Brings a model onto the box: official source first, the mirror when that stays silent, whole or not at all.

A model grows in `<models>/.fetching/<name>/`: archives under way, files under way, and `whole/`, where each
file is moved once its sha256 is right. When `whole/` is complete it is renamed to `<models>/<name>`: a reader
sees all of a model or none of it, and a pull that was killed goes on where it was. One process at a time.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from appliance.errors import FetchFailed
from appliance.weights import place, registry
from appliance.weights.download import Downloads, GrowingFile, SourceError
from appliance.weights.manifest import Kind, Model, ModelFile, Reference, Take
from appliance.weights.registry import Archive, Registries
from appliance.weights.unpack import ArchiveError, pour, unpack
from appliance.weights.workshop import Joined, Progress, Workshop

_SPARE_BYTES = 64 << 20


def free_bytes(directory: Path) -> int:
    """What is left on the disk of `directory`."""
    return shutil.disk_usage(directory).free


class Fetcher:
    """Fetches models into `directory`. A source that stayed silent once is not asked again by this object."""

    def __init__(
        self,
        directory: Path,
        registries: Registries,
        downloads: Downloads,
        progress: Progress,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._directory = directory
        self._registries = registries
        self._downloads = downloads
        self._progress = progress
        self._free = free

    def pull(self, model: Model) -> Path:
        """Where `model` lies, fetched if it is not there or not what it should be.

        FetchFailed when no source has it or the disk cannot take it; what has arrived is kept for next time.
        """
        if place.presence(self._directory, model) is place.Presence.VERIFIED:
            return self._directory / model.name  # also where others may only read
        with self._alone(model):
            if not self._is_whole(model):
                self._fetch(model)
        return self._directory / model.name

    def remove(self, model: Model) -> bool:
        """Take `model` and everything half fetched of it off the disk; False when nothing was there."""
        with self._alone(model):
            there = (self._directory / model.name).exists()
            self._clear(model)
            if there:
                (self._directory / model.name).rename(self._workshop(model))
            self._clear(model)
            place.forget_verified(self._directory, model)
        return there

    def _is_whole(self, model: Model) -> bool:
        match place.presence(self._directory, model):
            case place.Presence.VERIFIED:
                return True
            case place.Presence.PRESENT:
                return not place.verify(self._directory, model)
            case _:
                return False

    def _fetch(self, model: Model) -> None:
        work = Workshop(self._workshop(model), model, self._progress)
        self._check_space(work)
        work.expect_missing()
        for file in model.files:
            if not work.is_whole(file):
                self._gather(work, file)
        self._put_in_place(work)

    def _check_space(self, work: Workshop) -> None:
        free, needed = self._free(self._directory), work.bytes_still_needed()
        if free < needed + _SPARE_BYTES:
            raise FetchFailed(
                f"{work.model.name}: needs {needed / 1e9:.1f} GB, {self._directory} has {free / 1e9:.1f} GB.",
                remedy="Free some, or set models.directory in appliance.toml to a larger disk.",
            )

    def _gather(self, work: Workshop, file: ModelFile) -> None:
        """`file`, and what else comes with it, from the first source that has it."""
        failures: dict[str, None] = {}
        takes = list(work.model.takes_for(file))
        for number, take in enumerate(takes):
            work.expect(take)
            try:
                return self._carry_out(work, take)
            except SourceError as failed:
                failures[str(failed)] = None
                work.give_up(take)
                if number + 1 < len(takes):
                    self._progress.said(work.model.name, f"{failed}; taking the mirror instead")
        raise FetchFailed(
            f"{work.model.name}: no source has it ({'; '.join(failures)}).",
            remedy="Check the network and pull again; what has arrived is kept.",
        )

    def _carry_out(self, work: Workshop, take: Take) -> None:
        if take.kind is Kind.FILE:
            self._take_file(work, take)
        elif take.member:
            self._take_member(work, take)
        else:
            self._take_folder(work, take)

    def _take_file(self, work: Workshop, take: Take) -> None:
        (file,) = work.model.files_of(take)
        growing = work.growing(take, file)
        self._download(Archive(take.url, file.sha256), growing, work, take, file.bytes)
        work.keep(file, growing)

    def _take_folder(self, work: Workshop, take: Take) -> None:
        (reference,) = take.references()
        files = {
            take.inside(file.path): file for file in work.model.files_of(take) if not work.is_whole(file)
        }
        archive = self._archive(work, take, reference)

        def store(name: str, stream: IO[bytes]) -> None:
            file = files[name]
            growing = work.growing(take, file)
            with GrowingFile(growing, keep_bytes=0) as grown:
                pour(stream, grown.write, file.bytes)
                grown.sync()
            self._check(file, grown, growing, reference)
            work.keep(file, growing)

        self._unpack(archive, list(files), store, reference)

    def _take_member(self, work: Workshop, take: Take) -> None:
        """One file, out of one archive or joined from several; the parts that are joined are noted."""
        (file,) = work.model.files_of(take)
        growing = work.growing(take, file)
        joined = Joined.read(growing)
        work.advance(take, take.download_bytes * joined.parts // take.parts)
        with GrowingFile(growing, keep_bytes=joined.bytes) as grown:
            for number, reference in enumerate(take.references(), start=1):
                if number <= joined.parts:
                    continue
                archive = self._archive(work, take, reference)

                def store(_name: str, stream: IO[bytes]) -> None:
                    pour(stream, grown.write, file.bytes - grown.size_bytes)

                self._unpack(archive, [reference.member], store, reference)
                grown.sync()
                Joined(number, grown.size_bytes).write(growing)
        self._check(file, grown, growing, reference)
        work.keep(file, growing)

    def _archive(self, work: Workshop, take: Take, reference: Reference) -> Path:
        path = work.archive(reference)
        self._download(self._find(reference), path, work, take, None)
        return path

    def _find(self, reference: Reference) -> Archive:
        if reference.kind is Kind.ZIP:
            return Archive(reference.name)
        ask, pypi = self._downloads.text, reference.kind is Kind.PYPI
        where = urlsplit(self._registries.pypi if pypi else self._registries.npm).hostname or ""
        try:
            found = (registry.wheel if pypi else registry.tarball)(self._registries, reference.name, ask)
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(where, "does not answer like a package registry") from error
        if found is None:
            raise SourceError(where, f"has no {reference.name}")
        return found

    def _download(
        self, source: Archive, path: Path, work: Workshop, take: Take, most_bytes: int | None
    ) -> None:
        """Complete `path`; when its content is wrong and part of it was old, once more from the start."""
        with GrowingFile(path) as file:
            resumed_bytes = file.size_bytes
            work.advance(take, resumed_bytes)

            def received(count: int) -> None:
                work.advance(take, count)

            self._downloads.fetch(source.url, file, received, most_bytes)
            if resumed_bytes and source.sha256 not in ("", file.sha256):
                received(-file.size_bytes)
                file.restart()
                self._downloads.fetch(source.url, file, received, most_bytes)
            file.sync()
        if source.sha256 not in ("", file.sha256):
            path.unlink()
            raise SourceError(urlsplit(source.url).hostname or "", "sends something else (sha256 differs)")

    def _unpack(
        self, archive: Path, wanted: list[str], store: Callable[[str, IO[bytes]], None], reference: Reference
    ) -> None:
        try:
            unpack(archive, wanted, store)
        except ArchiveError as error:
            raise SourceError(reference.name, str(error)) from error
        finally:
            archive.unlink(missing_ok=True)

    def _check(self, file: ModelFile, grown: GrowingFile, path: Path, reference: Reference) -> None:
        if (grown.size_bytes, grown.sha256) != (file.bytes, file.sha256):
            path.unlink()
            Joined.forget(path)
            raise SourceError(reference.name, f"holds another {file.path} (sha256 differs)")

    def _put_in_place(self, work: Workshop) -> None:
        target = self._directory / work.model.name
        if target.exists():  # damaged, or it would not have been fetched
            shutil.rmtree(work.folder / "replaced", ignore_errors=True)
            target.rename(work.folder / "replaced")
        work.whole.rename(target)
        _sync_folder(self._directory)
        self._clear(work.model)
        place.note_verified(self._directory, work.model)
        work.complete()

    def _workshop(self, model: Model) -> Path:
        return self._directory / ".fetching" / model.name

    def _clear(self, model: Model) -> None:
        if self._workshop(model).exists():
            shutil.rmtree(self._workshop(model))

    @contextmanager
    def _alone(self, model: Model) -> Iterator[None]:
        """No other process touches `model` meanwhile; what the disk refuses becomes FetchFailed."""
        try:
            with self._locked(model):
                yield
        except OSError as error:
            raise FetchFailed(
                f"{model.name}: {error.filename or self._directory} cannot be written ({error.strerror}).",
                remedy="Set models.directory in appliance.toml to a place that can.",
            ) from error

    @contextmanager
    def _locked(self, model: Model) -> Iterator[None]:
        lock = self._directory / ".fetching" / f"{model.name}.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("w") as held:  # the kernel lets go when we die
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._progress.said(model.name, "another pull is at it; waiting")
                fcntl.flock(held, fcntl.LOCK_EX)
            yield


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
