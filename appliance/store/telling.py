"""What happened is put into the outbox here, inside the transaction that makes it so: neither without the other.

The rows hold ids, and of what may change later only what it was; the rest is read when a row is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlite_utils

from appliance.domain.appointment import ChangeKind
from appliance.domain.call import Disposition
from appliance.store.moments import moment_text
from appliance.store.outbox import Note, put

CALL: Final = "call"
APPOINTMENT: Final = "appointment"
DISPOSITION: Final = "disposition"
BOX: Final = "box"
"""Who corrects a call that was thought over and went on."""


def tell_call(
    tables: sqlite_utils.Database, call_id: str, destinations: Sequence[str], now: datetime
) -> bool:
    """The call is over; whether that is news to anybody, or nobody is to be told."""
    row = next(tables.query("SELECT caller FROM calls WHERE call_id = ?", [call_id]))
    return put(tables, Note(CALL, call_id, row["caller"], call_id, {}), destinations, now) or not destinations


def tell_disposition(
    tables: sqlite_utils.Database,
    call_id: str,
    destinations: Sequence[str],
    now: datetime,
    *,
    was: Disposition,
    by: str,
) -> None:
    """Somebody (`by`) corrected how a call ended; the call holds the new disposition by now."""
    row = next(tables.query("SELECT caller, disposition FROM calls WHERE call_id = ?", [call_id]))
    at = moment_text(now)
    said = {"disposition": row["disposition"], "was": str(was), "by": by, "at": at}
    put(tables, Note(DISPOSITION, f"{call_id}.{at}", row["caller"], call_id, said), destinations, now)


def tell_appointment(
    tables: sqlite_utils.Database,
    appointment_id: str,
    kind: ChangeKind,
    destinations: Sequence[str],
    now: datetime,
) -> None:
    """The last line of the appointment's history is new; a repeated wish is no change."""
    if kind is ChangeKind.REPEATED:
        return
    row = next(tables.query(_LAST_CHANGE, [appointment_id]))
    note = Note(
        APPOINTMENT,
        f"{appointment_id}.{row['sequence']}",
        row["phone"],
        row["call_id"],
        {"change_id": row["change_id"]},
    )
    put(tables, note, destinations, now)


_LAST_CHANGE: Final = """
    SELECT change_id, appointment_changes.sequence, appointment_changes.call_id, phone
    FROM appointment_changes JOIN appointments USING (appointment_id)
    WHERE appointment_id = ? ORDER BY change_id DESC LIMIT 1
"""
