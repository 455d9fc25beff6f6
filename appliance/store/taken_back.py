"""What was kept of a call and may not be: turns whose words go, recordings that are blanked or deleted after all.

What is to go from a recording is an event of the call before it is done, so that a crash in between is put right
when the box starts again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import soundfile

from appliance.domain.call import Disposition
from appliance.domain.recording import BLANKED, DISCARDED, span_of
from appliance.errors import StoreFault
from appliance.store.calls import RECORDINGS, recording_path
from appliance.store.database import Database
from appliance.store.recordings import blank_file, discard, is_blank

_HALF_DONE: Final = "*.blanked.flac"
_UNDONE: Final = f"""
    SELECT events.call_id, kind, detail FROM events JOIN calls USING (call_id)
    WHERE disposition IN (?, ?) AND (kind = '{BLANKED}' OR kind = '{DISCARDED}' AND NOT EXISTS
        (SELECT 1 FROM messages WHERE messages.call_id = events.call_id)) -- spoken later, on purpose
"""  # noqa: S608  our own words


class TakenBack:
    """What may no longer stand in a database and its recordings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hide_turns(self, call_id: str, mark: str, numbers: Sequence[int] = ()) -> None:
        """`mark` instead of the words of these turns; of all there are when none are named."""
        which = f" AND number IN ({', '.join('?' * len(numbers))})" if numbers else ""
        with self._database.writing() as tables:
            sql = f"UPDATE turns SET text = ? WHERE call_id = ?{which}"  # noqa: S608  question marks only
            tables.execute(sql, [mark, call_id, *numbers])

    def repair(self, directory: Path) -> int:
        """Finish what a crash interrupted in the recordings under `directory`; how many there were.

        Before any call is taken, after `Calls.repair`. StoreFault names a recording that refuses.
        """
        for left in (directory / RECORDINGS).glob(_HALF_DONE):
            left.unlink(missing_ok=True)
        undone = self._database.rows(_UNDONE, [Disposition.SYSTEM_FAILURE, Disposition.OPEN])
        return sum(
            _finish(recording_path(directory, row["call_id"]), row["kind"], row["detail"]) for row in undone
        )


def _finish(path: Path, kind: str, detail: str) -> bool:
    """Whether there was still something to do."""
    if not path.exists():
        return False
    try:
        if kind == DISCARDED:
            discard(path)
            return True
        if is_blank(path, span_of(detail)):
            return False
        blank_file(path, [span_of(detail)])
    except (OSError, soundfile.LibsndfileError) as error:
        raise StoreFault(
            f"{path}: what may not be kept in this recording could not be taken out ({error}).",
            remedy="Free space and start again, or delete the file.",
        ) from error
    return True
