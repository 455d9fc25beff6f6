"""The tables of the second pass: what a better recogniser made of a caller's turns, and how far the first was off."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE second_texts (
        call_id TEXT NOT NULL,
        number INTEGER NOT NULL, -- of the turn; its first text stays where it is
        text TEXT NOT NULL, -- empty: nobody seemed to speak
        PRIMARY KEY (call_id, number),
        FOREIGN KEY (call_id, number) REFERENCES turns(call_id, number) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE second_passes (
        call_id TEXT PRIMARY KEY REFERENCES calls(call_id) ON DELETE CASCADE,
        made_at TEXT NOT NULL,
        model TEXT NOT NULL,
        words INTEGER NOT NULL, -- of the second texts that can be compared
        errors INTEGER NOT NULL, -- words to change, add or strike out in the first texts to come to them
        summary TEXT -- JSON object, Summary
    ) STRICT, WITHOUT ROWID
    """,
)
