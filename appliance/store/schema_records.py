"""The tables of records and search: summaries, what flows captured, and the words of every call in an index.

The index (SQLite FTS5, https://www.sqlite.org/fts5.html) has a document for each call that is over, not for each
turn: who looks for "berg oil" finds the call in which both were said, and a call is written to it once, in the
transaction that ends it. Its words are not stored twice: it reads them from the view `spoken` (external content).

`transcripts` gives each document its number, because only an INTEGER PRIMARY KEY survives VACUUM, and counts them
by the time of the call: so the newest are found first, and a stretch of time is a stretch of numbers. `indexed`
is a switch, and its triggers are the only ones that touch the index: 1 puts the call's words in, 0 takes out
exactly what went in, and so must come before a change of the words. `marks` holds disposition and number, so that
a filter is one more word to look for.

unicode61 cuts at what is neither letter nor digit and folds case and accents, in any script that parts its words
("jose" finds José, and "müller" finds Muller); marks that belong to a letter (categories M) part none. A script
that parts no words (Han, Thai) is found by the beginning of a run. Trigrams would find their middles, but no name
of two letters, in an index four times the size, and "oil" in "foil".
"""
# ruff: noqa: S608  the statements are put together from each other, never from a foreign word

from __future__ import annotations

from typing import Final

_RANG_MS: Final = "coalesce(CAST(round((julianday({at}) - 2440587.5) * 86400000) AS INTEGER), 0)"
"""A moment of the tables as milliseconds since 1970."""

_FREE_NUMBER: Final = f"""
    SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM transcripts WHERE number = rang_ms) THEN rang_ms ELSE (
        SELECT number + 1 FROM transcripts AS taken WHERE number >= rang_ms
        AND NOT EXISTS (SELECT 1 FROM transcripts AS later WHERE later.number = taken.number + 1)
        ORDER BY number LIMIT 1
    ) END FROM (SELECT {_RANG_MS.format(at="new.offered_at")} AS rang_ms)
"""


def _trigger(name: str, when: str, condition: str, action: str) -> str:
    return f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN {action}; END"


def _around(name: str, change: str, row: str, *, unless: str = "FALSE") -> tuple[str, str]:
    """Take the call's words out before `change`, put them in again as they are after it; `row` is new or old.

    `unless` is where the change will not come about, and so nobody would put them in again.
    """
    condition = f"EXISTS (SELECT 1 FROM transcripts WHERE call_id = {row}.call_id)"
    before = f"{condition} AND NOT ({unless})"
    switch = f"UPDATE transcripts SET indexed = {{}} WHERE call_id = {row}.call_id"
    return (
        _trigger(f"{name}_begins", f"BEFORE {change}", before, switch.format(0)),
        _trigger(f"{name}_ends", f"AFTER {change}", condition, switch.format(1)),
    )


_IS_KEPT: Final = "EXISTS (SELECT 1 FROM turns WHERE call_id = new.call_id AND number = new.number)"
_BEGIN_TRANSCRIPT: Final = (
    f"INSERT OR IGNORE INTO transcripts (number, call_id, indexed) VALUES (({_FREE_NUMBER}), new.call_id, 1)"
)
_PUT_IN: Final = (
    "INSERT INTO call_words (rowid, words, marks)"
    " SELECT number, words, marks FROM spoken WHERE number = new.number"
)
_TAKE_OUT: Final = (
    "INSERT INTO call_words (call_words, rowid, words, marks)"
    " SELECT 'delete', number, words, marks FROM spoken WHERE number = old.number"
)

STATEMENTS: Final = (
    "ALTER TABLE calls ADD COLUMN summary TEXT",  # JSON object, Summary
    "ALTER TABLE calls ADD COLUMN slots TEXT NOT NULL DEFAULT '{}'",  # JSON object, flow.slot to value
    "CREATE INDEX calls_caller ON calls(caller)",
    """
    CREATE TABLE transcripts (
        number INTEGER PRIMARY KEY, -- when it rang, in milliseconds since 1970; a little later where that is taken
        call_id TEXT NOT NULL UNIQUE REFERENCES calls(call_id) ON DELETE CASCADE,
        indexed INTEGER NOT NULL -- whether its words are in the index
    ) STRICT
    """,
    "CREATE INDEX transcripts_waiting ON transcripts(number) WHERE indexed = 0",
    # A line for each turn, so that the line of a hit tells its turn.
    """
    CREATE VIEW spoken AS SELECT transcripts.number AS number, coalesce((
        SELECT group_concat(replace(text, char(10), ' '), char(10)) FROM (
            SELECT text FROM turns WHERE turns.call_id = calls.call_id ORDER BY turns.number
        )
    ), '') AS words, calls.disposition || ' ' || calls.caller AS marks
    FROM transcripts JOIN calls ON calls.call_id = transcripts.call_id WHERE transcripts.indexed
    """,
    """
    CREATE VIRTUAL TABLE call_words USING fts5(
        words, marks, content = 'spoken', content_rowid = 'number', prefix = '2',
        tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
    )
    """,
    # What is there already gets its numbers, which grow with the time of the call; its words go in when nobody is
    # on the line (upkeep/indexing): for 100,000 calls that takes a quarter of a minute, and a box must start.
    f"""
    INSERT INTO transcripts (number, call_id, indexed)
        SELECT max(rang_ms - place) OVER (ORDER BY place) + place, call_id, 0 FROM (
            SELECT call_id, {_RANG_MS.format(at="offered_at")} AS rang_ms,
                row_number() OVER (ORDER BY offered_at, rowid) AS place
            FROM calls WHERE ended_at IS NOT NULL
        )
    """,
    _trigger("transcripts_added", "AFTER INSERT ON transcripts", "new.indexed", _PUT_IN),
    _trigger("transcripts_on", "AFTER UPDATE ON transcripts", "new.indexed > old.indexed", _PUT_IN),
    _trigger("transcripts_off", "BEFORE UPDATE ON transcripts", "new.indexed < old.indexed", _TAKE_OUT),
    _trigger("transcripts_removed", "BEFORE DELETE ON transcripts", "old.indexed", _TAKE_OUT),
    _trigger("calls_added", "AFTER INSERT ON calls", "new.ended_at IS NOT NULL", _BEGIN_TRANSCRIPT),
    _trigger(
        "calls_ended",
        "AFTER UPDATE OF ended_at ON calls",
        "old.ended_at IS NULL AND new.ended_at IS NOT NULL",
        _BEGIN_TRANSCRIPT,
    ),
    _trigger(
        "calls_reopened",
        "AFTER UPDATE OF ended_at ON calls",
        "old.ended_at IS NOT NULL AND new.ended_at IS NULL",
        "DELETE FROM transcripts WHERE call_id = new.call_id",
    ),
    _trigger(
        "calls_removed",
        "BEFORE DELETE ON calls",
        "TRUE",
        "DELETE FROM transcripts WHERE call_id = old.call_id",
    ),
    *_around("calls_marked", "UPDATE OF disposition, caller ON calls", "new"),
    *_around("turns_added", "INSERT ON turns", "new", unless=_IS_KEPT),  # the same turn twice is one turn
    *_around("turns_changed", "UPDATE OF text, number, call_id ON turns", "old"),
    *_around("turns_removed", "DELETE ON turns", "old"),
)
