"""The recording of a call: stereo FLAC, caller left, agent right, written while the call runs.

A thread of its own does the writing; whoever hands in sound never waits. FLAC says in its header how many
samples there are, which libsndfile knows only at the end. So that a kill leaves a file every player can read,
the count of what is in the file is put there as it grows (RFC 9639, section 8.2).
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ, SILENCE, TICKS_PER_S
from appliance.errors import StoreFault

WAITING_TICKS_MAX: Final = 30 * TICKS_PER_S
_TO_DISK_EVERY_TICKS: Final = 5 * TICKS_PER_S
_BLOCK_SIZE_OFFSET_BYTES: Final = 8  # STREAMINFO begins after "fLaC" and 4 bytes that announce it
_COUNT_OFFSET_BYTES: Final = 18  # a word of 64 bits, of which the count is the low 36
_COUNT_MASK: Final = (1 << 36) - 1

_log = logging.getLogger(__name__)
OnFault = Callable[[StoreFault], None]


def log_fault(fault: StoreFault) -> None:
    """Say it in the log, when nobody wants to know otherwise."""
    _log.error("recording fault", extra={"code": fault.code, "fault": str(fault)})


class Recorder:
    """Records one call to `path`. `write` and `close` may be called from any one thread.

    A file that is already there was begun before a crash of ours: it is kept and gone on with. A write error
    is told to `on_fault` once, from the recorder's thread, and the rest of the call is not recorded.
    """

    def __init__(self, path: Path, on_fault: OnFault = log_fault) -> None:
        self.path = path
        self._on_fault = on_fault
        self._waiting: deque[tuple[int, bytes, bytes]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._failed = False
        self._next_tick = 0
        self.dropped_ticks = 0
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def write(self, heard: bytes, spoken: bytes, tick: int | None = None) -> None:
        """One tick of both sides, FRAME_BYTES each; never blocks.

        Without `tick` it follows the one before. Ticks that never come are silent in the recording; when the
        disk is slow the oldest are dropped and counted in `dropped_ticks`.
        """
        with self._changed:
            tick = self._next_tick if tick is None else tick
            self._next_tick = tick + 1
            if self._failed or self._closing:
                return
            if len(self._waiting) >= WAITING_TICKS_MAX:
                self._waiting.popleft()
                self.dropped_ticks += 1
            self._waiting.append((tick, heard, spoken))
            self._changed.notify()

    def close(self, timeout_s: float = 2.0) -> bool:
        """Finish the file; True when it is whole. After `timeout_s` a hanging disk is left to itself."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout_s)
        return not self._failed and not self._thread.is_alive()

    # --- the recorder's thread -------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._record()
        except (OSError, soundfile.LibsndfileError) as error:
            with self._changed:
                self._failed = True
                self._waiting.clear()
            self._on_fault(_fault(self.path, error))

    def _record(self) -> None:
        file: _GrowingFlac | None = None
        try:
            while batch := self._next_batch():
                file = file or _GrowingFlac(self.path)  # no sound, no file
                for tick, heard, spoken in batch:
                    file.put(tick, heard, spoken)
        finally:
            if file is not None:
                file.close()

    def _next_batch(self) -> list[tuple[int, bytes, bytes]]:
        """Everything that waits, at least one tick; empty when no more comes."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            batch = list(self._waiting)
            self._waiting.clear()
            return batch


class _GrowingFlac:
    """A FLAC file that is readable at every moment, indexed by tick."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._ticks = 0
        self._counted = 0
        self._on_disk_at_tick = 0
        before = _set_aside(path)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            self._sound = soundfile.SoundFile(
                str(path), "w", SAMPLE_RATE_HZ, channels=2, subtype="PCM_16", format="FLAC"
            )
            if before is not None:
                self._go_on_from(before)
        except BaseException:
            os.close(self._fd)
            raise

    def put(self, tick: int, heard: bytes, spoken: bytes) -> None:
        """One tick; what is missing before it becomes silence, what was already there stays."""
        if tick < self._ticks:
            return
        while self._ticks < tick:
            self._append(SILENCE, SILENCE)
        self._append(heard, spoken)

    def close(self) -> None:
        """Write what the encoder holds, and the final header."""
        try:
            self._sound.close()
            os.fdatasync(self._fd)
        finally:
            os.close(self._fd)

    def _append(self, heard: bytes, spoken: bytes) -> None:
        self._sound.write(_stereo(heard, spoken))
        self._ticks += 1
        if self._ticks - self._on_disk_at_tick >= _TO_DISK_EVERY_TICKS:
            self._on_disk_at_tick = self._ticks
            os.fdatasync(self._fd)
        self._count_in_header()

    def _count_in_header(self) -> None:
        """libFLAC has written every whole block of which it has seen one sample more."""
        block = int.from_bytes(os.pread(self._fd, 2, _BLOCK_SIZE_OFFSET_BYTES), "big")
        whole = (self._ticks * FRAME_SAMPLES - 1) // block * block if block else 0
        if whole > self._counted:
            self._counted = whole
            _put_count(self._fd, whole)

    def _go_on_from(self, before: Path) -> None:
        """Copy what an earlier run recorded; it ends within a tick, the rest of which becomes silence."""
        with soundfile.SoundFile(str(before)) as old:
            for block in old.blocks(FRAME_SAMPLES, dtype="int16", always_2d=True, fill_value=0):
                self._append(block[:, 0].tobytes(), block[:, 1].tobytes())
        before.unlink()


def _set_aside(path: Path) -> Path | None:
    """What an earlier run recorded, moved out of the way; a copy of it that was not finished is dropped."""
    before = path.with_suffix(".before.flac")
    if not before.exists():
        if not _holds_sound(path):
            return None
        path.rename(before)
    return before


def _holds_sound(path: Path) -> bool:
    """Whether there is a file whose header counts any samples."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        header = file.read(_COUNT_OFFSET_BYTES + 8)
    return bool(int.from_bytes(header[_COUNT_OFFSET_BYTES:], "big") & _COUNT_MASK)


def _stereo(heard: bytes, spoken: bytes) -> Any:
    sides = [
        np.frombuffer(side[:FRAME_BYTES].ljust(FRAME_BYTES, b"\0"), np.int16) for side in (heard, spoken)
    ]
    return np.column_stack(sides)


def _put_count(fd: int, samples: int) -> None:
    word = int.from_bytes(os.pread(fd, 8, _COUNT_OFFSET_BYTES), "big")
    os.pwrite(fd, (word & ~_COUNT_MASK | samples).to_bytes(8, "big"), _COUNT_OFFSET_BYTES)


def _fault(path: Path, error: Exception) -> StoreFault:
    fault = StoreFault(
        f"{path}: the recording cannot be written ({error}).",
        remedy="Free space and check that the folder is writable; the call itself goes on.",
    )
    fault.__cause__ = error
    return fault
