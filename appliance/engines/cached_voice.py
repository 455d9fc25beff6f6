"""A voice that remembers on disk what it will be asked to say again: greeting, questions, confirmations.

Only texts it was told to prepare are kept, so that no caller's name, number or date gathers in a folder; at
another pace than the usual one from the first time they are said. Each is a file named by the hash of voice,
text and pace: the SHA-256 of the samples, then the samples. A file that is not what its hash says is made again; a
disk that cannot be written costs the memory, never the voice.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from appliance.engines.ports import Voice

FORMAT: Final = "1"
"""Raise it when mastering changes what the same voice and text sound like."""
LIMIT_BYTES: Final = 200_000_000
_DIGEST_BYTES: Final = hashlib.sha256().digest_size
_SUFFIX: Final = ".speech"
_USUAL_PERCENT: Final = 100

log = logging.getLogger(__name__)


class CachedVoice:
    """`voice`, with its prepared phrases kept in `folder`. Thread safe, also between processes."""

    def __init__(
        self,
        voice: Voice,
        folder: Path,
        *,
        limit_bytes: int = LIMIT_BYTES,
        on_use: Callable[[bool], None] = lambda kept: None,
    ) -> None:
        """Nothing is read or written yet. Beyond `limit_bytes` the phrases unused for longest go.

        `on_use` is told of everything that is said whether it was kept.
        """
        self.name = voice.name
        self._voice = voice
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._on_use = on_use
        self._prepared: set[str] = set()
        self._writing = threading.Lock()
        self._writable = True

    def prepare(self, texts: Iterable[str]) -> int:
        """Synthesise and keep those `texts` that are not kept yet; how many that were."""
        made = 0
        for text in texts:
            self._prepared.add(text.strip())
            if not self.has(text):
                self._keep(self._file(text), b"".join(self._voice.speak(text)))
                made += 1
        return made

    def has(self, text: str) -> bool:
        """Whether `speak(text)` would come from the disk, whole and at once."""
        return self._kept(self._file(text)) is not None

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        """The kept samples in one piece, or the voice itself; a prepared text that got lost is kept again."""
        file = self._file(text, pace_percent)
        kept = self._kept(file)
        self._on_use(kept is not None)
        if kept is not None:
            yield from (kept,) if kept else ()
            return
        pieces = []
        for piece in self._voice.speak(text, pace_percent):
            pieces.append(piece)
            yield piece
        if text.strip() in self._prepared:  # reached only when nobody stopped listening half-way
            self._keep(file, b"".join(pieces))

    def _file(self, text: str, pace_percent: int = _USUAL_PERCENT) -> Path:
        paced = (str(pace_percent),) if pace_percent != _USUAL_PERCENT else ()
        key = "\0".join((FORMAT, self.name, text.strip(), *paced))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}{_SUFFIX}"

    def _kept(self, file: Path) -> bytes | None:
        """The samples on disk; None when there are none, or not the ones that were written."""
        try:
            content = file.read_bytes()
            digest, pcm = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
            if hashlib.sha256(pcm).digest() != digest:
                return None
        except OSError:
            return None
        self._touch(file)
        return pcm

    def _touch(self, file: Path) -> None:
        """Note that it was used; a folder that cannot be written forgets only the order of use."""
        if self._writable:
            try:
                os.utime(file)
            except OSError as error:
                self._give_up(error)

    def _keep(self, file: Path, pcm: bytes) -> None:
        if not self._writable:
            return
        part = file.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(hashlib.sha256(pcm).digest() + pcm)
            part.replace(file)
            self._make_room(file)
        except OSError as error:
            self._give_up(error)
            _remove(part)

    def _make_room(self, newest: Path) -> None:
        """Remove what was unused for longest until the folder keeps its limit; never the newest."""
        with self._writing:
            files = [(file.stat(), file) for file in self._folder.glob(f"*{_SUFFIX}") if file != newest]
            total = newest.stat().st_size + sum(stat.st_size for stat, _ in files)
            for stat, file in sorted(files, key=lambda one: one[0].st_mtime_ns):
                if total <= self._limit_bytes:
                    return
                file.unlink(missing_ok=True)
                total -= stat.st_size

    def _give_up(self, error: OSError) -> None:
        """From now on only read; said once."""
        with self._writing:
            was_writable, self._writable = self._writable, False
        if was_writable:
            log.error(
                "phrases are no longer kept on disk: the folder cannot be written",
                extra={"folder": str(self._folder), "reason": error.strerror},
            )


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        log.debug("an unfinished phrase file could not be removed", extra={"file": file.name})
