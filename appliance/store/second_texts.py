"""What the second pass made of calls: second texts of turns, and how far the first ones were off.

Texts are kept turn by turn, so that a pass which a call interrupts goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from appliance.domain.call import Disposition, Summary
from appliance.store.calls import moment, moment_text
from appliance.store.database import Database


@dataclass(frozen=True, slots=True)
class SecondPass:
    """One call, listened to once more. `texts`: the caller's turns by number, empty where nobody seemed to speak.

    `errors` of `words`: what was changed, added or struck out between the first texts and these.
    """

    call_id: str
    made_at: datetime
    model: str
    words: int
    errors: int
    summary: Summary | None = None
    texts: Mapping[int, str] = field(default_factory=dict)

    @property
    def error_percent(self) -> float | None:
        """The estimate of the live recogniser's word errors; None where there is nothing to compare."""
        return 100 * self.errors / self.words if self.words else None


class SecondTexts:
    """The second texts of a database. Written by the second pass alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, since: datetime, limit: int = 1) -> list[str]:
        """Calls with a recording, offered after `since` and over, to which nobody listened again; newest first."""
        rows = self._database.rows(
            "SELECT call_id FROM calls WHERE offered_at >= ? AND recording IS NOT NULL AND disposition <> ?"
            " AND NOT EXISTS (SELECT 1 FROM second_passes WHERE second_passes.call_id = calls.call_id)"
            " ORDER BY offered_at DESC LIMIT ?",
            [moment_text(since), Disposition.OPEN, limit],
        )
        return [str(row["call_id"]) for row in rows]

    def keep_text(self, call_id: str, number: int, text: str) -> None:
        """The second text of a turn; none where turn or recording went meanwhile, because they had to."""
        with self._database.writing() as tables:
            tables.execute(
                "INSERT INTO second_texts SELECT call_id, number, ? FROM turns JOIN calls USING (call_id)"
                " WHERE call_id = ? AND number = ? AND recording IS NOT NULL"
                " ON CONFLICT DO UPDATE SET text = excluded.text",
                [text, call_id, number],
            )

    def texts(self, call_id: str) -> dict[int, str]:
        """The second texts there are so far, by the number of the turn."""
        rows = self._database.rows("SELECT number, text FROM second_texts WHERE call_id = ?", [call_id])
        return {row["number"]: row["text"] for row in rows}

    def finish(self, done: SecondPass) -> None:
        """The whole call was listened to again; one that is gone meanwhile was not."""
        summary = None if done.summary is None else msgspec.json.encode(done.summary).decode()
        values = [moment_text(done.made_at), done.model, done.words, done.errors, summary, done.call_id]
        with self._database.writing() as tables:
            tables.execute(
                "INSERT INTO second_passes (call_id, made_at, model, words, errors, summary)"
                " SELECT call_id, ?, ?, ?, ?, ? FROM calls WHERE call_id = ? AND recording IS NOT NULL"
                " ON CONFLICT DO UPDATE SET made_at = excluded.made_at, model = excluded.model,"
                " words = excluded.words, errors = excluded.errors, summary = excluded.summary",
                values,
            )

    def get(self, call_id: str) -> SecondPass | None:
        """What the second pass made of a call; None while it was not listened to again."""
        rows = self._database.rows("SELECT * FROM second_passes WHERE call_id = ?", [call_id])
        if not rows:
            return None
        row = rows[0]
        return SecondPass(
            call_id,
            moment(row["made_at"]),
            row["model"],
            row["words"],
            row["errors"],
            None if row["summary"] is None else msgspec.json.decode(row["summary"], type=Summary),
            self.texts(call_id),
        )

    def word_errors(self, since: datetime, until: datetime) -> tuple[int, int]:
        """Words and errors of the calls offered from `since` up to `until`: a day's estimate is their share."""
        rows = self._database.rows(
            "SELECT coalesce(sum(words), 0) AS words, coalesce(sum(errors), 0) AS errors"
            " FROM second_passes JOIN calls USING (call_id) WHERE offered_at >= ? AND offered_at < ?",
            [moment_text(since), moment_text(until)],
        )
        return int(rows[0]["words"]), int(rows[0]["errors"])
