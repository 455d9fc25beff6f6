"""The recording of a call: stereo FLAC, caller left, agent right, written while the call runs.

A thread of its own does the writing; whoever hands in sound never waits. FLAC says in its header how many
samples there are, which libsndfile knows only at the end. So that a kill leaves a file every player can read,
the count of what is in the file is put there as it grows (RFC 9639, section 8.2).

What turns out to be nobody's business after it was written is blanked: the file is copied with silence there
and the copy takes its place, so that at every moment there is one file that plays.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
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
_COPIED_TICKS: Final = 5 * TICKS_PER_S  # at a time; the encoder works without the interpreter meanwhile

Span = tuple[int, int]
"""From a tick up to, and without, another."""

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
        self._waiting: deque[_Order] = deque()
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
                self._drop_oldest()
            self._waiting.append((tick, heard, spoken))
            self._changed.notify()

    def blank(self, from_tick: int, to_tick: int) -> None:
        """What was written of these ticks, without the last, becomes silence on disk; never blocks."""
        self._order((from_tick, to_tick))

    def discard(self) -> None:
        """Delete what was written; never blocks. What is handed in later begins a new file."""
        self._order(None)

    def _order(self, order: Span | None) -> None:
        with self._changed:
            if not self._failed and not self._closing:
                self._waiting.append(order)
                self._changed.notify()

    def _drop_oldest(self) -> None:
        """Sound may be lost, orders never are."""
        for index, order in enumerate(self._waiting):
            if order is not None and len(order) == 3:
                del self._waiting[index]
                self.dropped_ticks += 1
                return

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
                for order in batch:
                    file = self._carry_out(order, file)
        finally:
            if file is not None:
                file.close()

    def _carry_out(self, order: _Order, file: _GrowingFlac | None) -> _GrowingFlac | None:
        match order:
            case (int(), bytes(), bytes()):
                file = file or _opened(self.path)  # no sound, no file
                file.put(*order)
            case (int(), int()) if file is not None or _holds_sound(self.path):
                file = file or _opened(self.path)
                file.close()
                file = _blanked(self.path, [order])
            case None:
                if file is not None:
                    file.close()
                discard(self.path)
                return None
        return file

    def _next_batch(self) -> list[_Order]:
        """Everything that waits, at least one tick or order; empty when no more comes."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            batch = list(self._waiting)
            self._waiting.clear()
            return batch


_Order = tuple[int, bytes, bytes] | Span | None
"""A tick of sound; a span to be blanked; None: everything goes."""


class _GrowingFlac:
    """A FLAC file that is readable at every moment, indexed by tick. Begins empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ticks = 0
        self._counted = 0
        self._on_disk_at_tick = 0
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            self._sound = soundfile.SoundFile(
                str(path), "w", SAMPLE_RATE_HZ, channels=2, subtype="PCM_16", format="FLAC"
            )
        except BaseException:
            os.close(self._fd)
            raise

    def put(self, tick: int, heard: bytes, spoken: bytes) -> None:
        """One tick; what is missing before it becomes silence, what was already there stays."""
        if tick < self._ticks:
            return
        while self._ticks < tick:
            self._write(_stereo(SILENCE, SILENCE), 1)
        self._write(_stereo(heard, spoken), 1)

    def copy(self, old: Path, spans: Sequence[Span] = ()) -> None:
        """What `old` holds, `spans` of it silent; where it ends within a tick, the rest of that is silence."""
        with soundfile.SoundFile(str(old)) as sound:
            while len(block := sound.read(_COPIED_TICKS * FRAME_SAMPLES, dtype="int16", always_2d=True)):
                ticks = -(-len(block) // FRAME_SAMPLES)
                whole = np.zeros((ticks * FRAME_SAMPLES, 2), np.int16)
                whole[: len(block)] = block
                for first, end in spans:
                    begin = max(first - self._ticks, 0)
                    whole[begin * FRAME_SAMPLES : max(end - self._ticks, begin) * FRAME_SAMPLES] = 0
                self._write(whole, ticks)

    def close(self) -> None:
        """Write what the encoder holds, and the final header; once."""
        fd, self._fd = self._fd, -1
        if fd < 0:
            return
        try:
            self._sound.close()
            os.fdatasync(fd)
        finally:
            os.close(fd)

    def _write(self, samples: Any, ticks: int) -> None:
        self._sound.write(samples)
        self._ticks += ticks
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


def _opened(path: Path) -> _GrowingFlac:
    """The recording at `path`, to be gone on with where there is one: what it holds is copied."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = _set_aside(path)
    file = _GrowingFlac(path)
    if before is not None:
        try:
            file.copy(before)
        except BaseException:
            file.close()
            raise
        before.unlink()
    return file


# --- taking back ----------------------------------------------------------------------------------


def blank_file(path: Path, spans: Sequence[Span]) -> None:
    """Make `spans` of a recording that nobody writes silent. OSError, soundfile.LibsndfileError.

    `path` plays at every moment: as it was, or blanked.
    """
    _blanked(path, spans).close()


def is_blank(path: Path, span: Span) -> bool:
    """Whether nothing is to be heard in `span` of a recording. OSError, soundfile.LibsndfileError."""
    with soundfile.SoundFile(str(path)) as sound:
        first = min(span[0] * FRAME_SAMPLES, sound.frames)
        sound.seek(first)
        heard = sound.read(max(span[1] * FRAME_SAMPLES - first, 0), dtype="int16", always_2d=True)
    return not np.any(heard)


def discard(path: Path) -> None:
    """Delete a recording and whatever a crash left beside it. OSError."""
    for one in (path, path.with_suffix(".before.flac"), _blanked_name(path)):
        one.unlink(missing_ok=True)


def _blanked(path: Path, spans: Sequence[Span]) -> _GrowingFlac:
    """A copy with silence in `spans`, in the place of the recording; what cannot be blanked is not kept."""
    aside = _blanked_name(path)
    try:
        file = _GrowingFlac(aside)
        try:
            file.copy(path, spans)
            aside.replace(path)
        except BaseException:
            file.close()
            raise
    except (OSError, soundfile.LibsndfileError):
        discard(path)
        raise
    return file


def _blanked_name(path: Path) -> Path:
    return path.with_suffix(".blanked.flac")


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
