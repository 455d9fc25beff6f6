"""Calls that were served without an agent, as files: the line process writes them, the agent takes them over.

The line may not open the database, and there may be no agent for hours. So each such call leaves a small JSON
file, from its beginning on, in a folder both know; the agent puts it into the database and removes the file,
in that order, and doing it twice does no harm. Writing is done by a thread: the line never waits for a disk.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import msgspec

from appliance.domain.call import Disposition, LineQuality
from appliance.store.calls import recording_path
from appliance.store.recordings import Recorder

_log = logging.getLogger(__name__)
FOLDER: Final = "left_behind"


@dataclass(frozen=True, slots=True)
class LeftCall:
    """One call, or the part of it, that no agent had. Moments are wall time, `_ms` counts from the answer.

    `ended_at` is None while it goes on; `given_back` ended with an agent who goes on with the call.
    `message_from_ms` is where in the recording the message stands, None without one. `recorded`: there is a
    recording, where recordings of calls belong.

    `refused_with` is set for a call that was never answered: the SIP status it ended with. `times`: so many of
    them, of no caller in particular, are this one file.
    """

    call_id: str
    caller: str
    called: str
    began_at: datetime
    began_ms: int
    disposition: Disposition = Disposition.ABANDONED
    ended_at: datetime | None = None
    given_back: bool = False
    message_from_ms: int | None = None
    message_to_ms: int | None = None
    recorded: bool = False
    quality: LineQuality | None = None
    refused_with: int | None = None
    times: int = 1


class LeftBehind:
    """The files under `directory` (settings.data_directory)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._folder = directory / FOLDER
        self._waiting: SimpleQueue[LeftCall | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    # --- the line -------------------------------------------------------------------------------

    def keep(self, call: LeftCall) -> None:
        """Write how the call stands; never blocks."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_all, name="left-behind", daemon=True)
            self._thread.start()
        self._waiting.put(call)

    def recorder(self, call_id: str) -> Recorder:
        """What writes the call's recording; one that an agent had begun is gone on with."""
        path = recording_path(self._directory, call_id)
        with contextlib.suppress(OSError):  # it is said when the first sound cannot be written
            path.parent.mkdir(parents=True, exist_ok=True)
        return Recorder(path)

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what waits; a hanging disk is left to itself."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout_s)

    def end_all(self, now: datetime) -> None:
        """The process that wrote them is gone, and its calls with it: what is not ended, ended. For its heir."""
        for call in self.calls():
            if call.ended_at is None:
                self._write(replace(call, ended_at=now))

    def _write_all(self) -> None:
        while (call := self._waiting.get()) is not None:
            self._write(call)

    def _write(self, call: LeftCall) -> None:
        file = self._file(call.call_id)
        part = file.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_bytes(msgspec.json.encode(call))
            part.replace(file)
        except OSError as error:
            _log.error(
                "a call served without an agent could not be kept",
                extra={"call_id": call.call_id, "reason": error.strerror},
            )

    # --- the agent ------------------------------------------------------------------------------

    def calls(self) -> Iterator[LeftCall]:
        """Every call there is, oldest first; a file that does not read is named in the log and left alone."""
        for file in sorted(self._folder.glob("*.json")):
            try:
                yield msgspec.json.decode(file.read_bytes(), type=LeftCall)
            except (OSError, msgspec.MsgspecError) as error:
                _log.error(
                    "a call left behind does not read", extra={"file": file.name, "reason": str(error)}
                )

    def recording(self, call: LeftCall) -> Path | None:
        """Where its sound is; None without any."""
        path = recording_path(self._directory, call.call_id)
        return path if call.recorded and path.exists() else None

    def taken_over(self, call: LeftCall) -> None:
        """It is in the database: the file goes."""
        self._file(call.call_id).unlink(missing_ok=True)

    def _file(self, call_id: str) -> Path:
        return self._folder / f"{call_id}.json"
