"""Calls as a list that somebody pages through: newest first, a page at a time, however many there are.

A page begins after the last call of the one before (its moment and id), so that the thousandth page costs what
the first does and a call that rings meanwhile shifts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appliance.domain.call import CallRecord
from appliance.store.calls import Calls, record_of
from appliance.store.database import Database
from appliance.store.moments import moment_text
from appliance.store.search import Hit, Search, known_callers

Place = tuple[datetime, str]
"""After which call a page begins: when it rang, and its id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls: in which `words` were said, that rang from `since` on and before `until` (timezone-aware), that
    ended with `disposition`, and that came from the number `caller` in any notation."""

    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    disposition: str | None = None
    caller: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: the call without its turns, and what was found in it where words were looked for."""

    call: CallRecord
    hit: Hit | None = None

    @property
    def place(self) -> Place:
        """Where the page after this line begins."""
        return self.call.offered_at, self.call.call_id


class CallPages:
    """The calls of a database, a page at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._calls = Calls(database)

    def page(self, wanted: Wanted, limit: int, after: Place | None = None) -> list[Listed]:
        """The newest `limit` calls that are wanted, after the place `after`. StoreFault."""
        condition, values = self._condition(wanted)
        if after is not None:
            condition += " AND (offered_at, call_id) < (?, ?)"
            values += [moment_text(after[0]), after[1]]
        rows = self._database.rows(
            f"SELECT * FROM calls WHERE {condition} ORDER BY offered_at DESC, call_id DESC LIMIT ?",  # noqa: S608
            [*values, limit],
        )
        return [Listed(record_of(row)) for row in rows]

    def count(self, wanted: Wanted) -> int:
        """How many calls are wanted in all, whatever was said in them. StoreFault."""
        condition, values = self._condition(wanted)
        found = self._database.rows(f"SELECT count(*) AS n FROM calls WHERE {condition}", values)  # noqa: S608
        return int(found[0]["n"])

    def found(self, wanted: Wanted, limit: int) -> list[Listed]:
        """The best `limit` finished calls in which the words were said, as Search ranks them. StoreFault."""
        hits = Search(self._database).find(
            wanted.words,
            since=wanted.since,
            until=wanted.until,
            disposition=wanted.disposition,
            caller=wanted.caller,
            limit=limit,
        )
        calls = self._of_ids([hit.call_id for hit in hits])
        return [Listed(calls[hit.call_id], hit) for hit in hits if hit.call_id in calls]

    def _of_ids(self, call_ids: Sequence[str]) -> dict[str, CallRecord]:
        marks = ", ".join("?" * len(call_ids))
        rows = self._database.rows(f"SELECT * FROM calls WHERE call_id IN ({marks})", call_ids)  # noqa: S608
        return {row["call_id"]: record_of(row) for row in rows}

    def _condition(self, wanted: Wanted) -> tuple[str, list[Any]]:
        condition, values = "TRUE", list[Any]()
        if wanted.since is not None:
            condition += " AND offered_at >= ?"
            values.append(moment_text(wanted.since))
        if wanted.until is not None:
            condition += " AND offered_at < ?"
            values.append(moment_text(wanted.until))
        if wanted.disposition is not None:
            condition += " AND disposition = ?"
            values.append(wanted.disposition)
        if wanted.caller is not None:
            with self._database.reading() as tables:
                callers = known_callers(tables, wanted.caller)
            condition += f" AND caller IN ({', '.join('?' * len(callers))})"
            values += callers
        return condition, values
