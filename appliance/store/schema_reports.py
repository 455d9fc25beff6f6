"""The table of reports: which of them were sent by mail, so that each is sent once."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE reports_mailed (
        report TEXT PRIMARY KEY, -- its length and its first day: week/2026-11-16
        mailed_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
