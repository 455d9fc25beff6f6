"""The tables, and how a database made by an older release becomes one of today.

A step once released never changes: a change is a new function at the end of STEPS, and a dump of the schema
it makes goes to tests/store/schemas/, where a test migrates from every older one. sqlite-utils keeps the
table of steps already taken. Moments are UTC text of fixed width (they sort as text); the diary counts whole
minutes since 1970 UTC, because only there are sums of times free of clock changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlite_utils import Migrations

from appliance.store import schema_records, schema_reports, schema_second, schema_sync

Step = Callable[[Any], None]


def v1_calls_diary_messages(db: Any) -> None:
    """Calls with what was said in them, the diary, and messages for the office."""
    for statement in _V1:
        db.execute(statement)


def v2_staff_resources_history(db: Any) -> None:
    """Appointments take staff and resources, are moved and cancelled, and keep their history; calendars block.
    Messages may be for somebody, and urgent."""
    for statement in _V2:
        db.execute(statement)


def v3_outbox(db: Any) -> None:
    """What is to be told to other machines, written with what it tells and kept until they have it."""
    for statement in _V3:
        db.execute(statement)


def v4_sync(db: Any) -> None:
    """The outbox keeps its own order; destinations have an account, callers a name the customer database has."""
    for statement in schema_sync.STATEMENTS:
        db.execute(statement)


def v5_records(db: Any) -> None:
    """Summaries, what flows captured, and the words of every call in an index."""
    for statement in schema_records.STATEMENTS:
        db.execute(statement)


def v6_reports(db: Any) -> None:
    """Which reports were mailed."""
    for statement in schema_reports.STATEMENTS:
        db.execute(statement)


def v7_second_pass(db: Any) -> None:
    """What a better recogniser makes of recordings when the box is idle."""
    for statement in schema_second.STATEMENTS:
        db.execute(statement)


STEPS: Final[tuple[Step, ...]] = (
    v1_calls_diary_messages,
    v2_staff_resources_history,
    v3_outbox,
    v4_sync,
    v5_records,
    v6_reports,
    v7_second_pass,
)


def migrations(steps: Sequence[Step]) -> Migrations:
    """`steps` as sqlite-utils applies them: in order, each once, each whole or not at all."""
    made = Migrations("attendant")
    for step in steps:
        made(name=step.__name__)(step)
    return made


_V1: Final = (
    """
    CREATE TABLE calls (
        call_id TEXT PRIMARY KEY,
        caller TEXT NOT NULL,
        called TEXT NOT NULL,
        offered_at TEXT NOT NULL,
        answered_at TEXT,
        ended_at TEXT,
        disposition TEXT NOT NULL,
        recording TEXT,
        versions TEXT NOT NULL, -- JSON object
        quality TEXT -- JSON object, LineQuality
    ) STRICT
    """,
    "CREATE INDEX calls_offered_at ON calls(offered_at)",
    """
    CREATE TABLE turns (
        call_id TEXT NOT NULL REFERENCES calls(call_id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        speaker TEXT NOT NULL,
        text TEXT NOT NULL,
        started_ms INTEGER NOT NULL, -- since the call was answered
        ended_ms INTEGER NOT NULL,
        class TEXT,
        response_gap_ms INTEGER,
        interrupted INTEGER NOT NULL,
        confidence REAL,
        waterfall TEXT, -- JSON object, Waterfall
        PRIMARY KEY (call_id, number)
    ) STRICT
    """,
    """
    CREATE TABLE events (
        event_id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(call_id) ON DELETE CASCADE,
        at_ms INTEGER NOT NULL, -- since the call was answered
        kind TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX events_call_id ON events(call_id)",
    # No foreign key to calls: a promise made to a caller is kept even where the record of the call is not.
    """
    CREATE TABLE appointments (
        appointment_id TEXT PRIMARY KEY,
        call_id TEXT NOT NULL,
        service TEXT NOT NULL,
        place INTEGER NOT NULL, -- bay, chair: 0 and up
        starts_minute INTEGER NOT NULL, -- since 1970 UTC
        ends_minute INTEGER NOT NULL,
        timezone TEXT NOT NULL, -- the office's, when it was booked
        name TEXT NOT NULL,
        phone TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX appointments_starts_minute ON appointments(starts_minute)",
    "CREATE INDEX appointments_phone ON appointments(phone)",
    "CREATE INDEX appointments_call_id ON appointments(call_id)",
    # One row for each minute of each place: two appointments cannot both have it, whoever writes them and
    # whatever the grid was when they were made.
    """
    CREATE TABLE taken_minutes (
        place INTEGER NOT NULL,
        minute INTEGER NOT NULL,
        appointment_id TEXT NOT NULL REFERENCES appointments(appointment_id) ON DELETE CASCADE,
        PRIMARY KEY (place, minute)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX taken_minutes_appointment_id ON taken_minutes(appointment_id)",
    """
    CREATE TABLE messages (
        message_id TEXT PRIMARY KEY,
        call_id TEXT NOT NULL,
        taken_at TEXT NOT NULL,
        name TEXT NOT NULL,
        phone TEXT NOT NULL,
        matter TEXT NOT NULL,
        read_at TEXT
    ) STRICT
    """,
    "CREATE INDEX messages_taken_at ON messages(taken_at)",
    "CREATE INDEX messages_call_id ON messages(call_id)",
)

_V2: Final = (
    "ALTER TABLE appointments ADD COLUMN staff TEXT NOT NULL DEFAULT ''",  # who does it
    "ALTER TABLE appointments ADD COLUMN asked_for TEXT NOT NULL DEFAULT ''",  # who was wished for
    "ALTER TABLE appointments ADD COLUMN standing TEXT NOT NULL DEFAULT 'agreed'",
    "ALTER TABLE appointments ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
    # What an appointment that is agreed takes: pool and member, with the minutes kept free before and after.
    """
    CREATE TABLE claims (
        appointment_id TEXT NOT NULL REFERENCES appointments(appointment_id) ON DELETE CASCADE,
        what TEXT NOT NULL, -- place/0, staff/maria, bay/bay_1
        starts_minute INTEGER NOT NULL,
        ends_minute INTEGER NOT NULL,
        PRIMARY KEY (appointment_id, what)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX claims_starts_minute ON claims(starts_minute)",
    # One row for each minute of each of them: nobody and nothing can be had twice, whoever writes it.
    """
    CREATE TABLE claimed_minutes (
        what TEXT NOT NULL,
        minute INTEGER NOT NULL,
        appointment_id TEXT NOT NULL REFERENCES appointments(appointment_id) ON DELETE CASCADE,
        PRIMARY KEY (what, minute)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX claimed_minutes_appointment_id ON claimed_minutes(appointment_id)",
    "INSERT INTO claims SELECT appointment_id, 'place/' || place, starts_minute, ends_minute FROM appointments",
    "INSERT INTO claimed_minutes SELECT 'place/' || place, minute, appointment_id FROM taken_minutes",
    "DROP TABLE taken_minutes",
    "ALTER TABLE appointments DROP COLUMN place",
    """
    CREATE TABLE appointment_changes (
        change_id INTEGER PRIMARY KEY,
        appointment_id TEXT NOT NULL REFERENCES appointments(appointment_id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        changed_at TEXT, -- unknown for what was agreed before there was a history
        call_id TEXT NOT NULL, -- where it was agreed; empty: at the desk
        starts_minute INTEGER NOT NULL,
        ends_minute INTEGER NOT NULL,
        staff TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX appointment_changes_call_id ON appointment_changes(call_id)",
    "CREATE INDEX appointment_changes_appointment_id ON appointment_changes(appointment_id)",
    """
    CREATE UNIQUE INDEX appointment_changes_once ON appointment_changes(appointment_id, sequence)
        WHERE kind <> 'repeated'
    """,
    """
    INSERT INTO appointment_changes
        (appointment_id, kind, sequence, call_id, starts_minute, ends_minute, staff)
        SELECT appointment_id, 'agreed', 0, call_id, starts_minute, ends_minute, '' FROM appointments
        ORDER BY rowid
    """,
    """
    CREATE TABLE calendars (
        name TEXT PRIMARY KEY,
        what TEXT NOT NULL, -- whom it keeps busy, as in claims; empty: the whole business
        imported_at TEXT NOT NULL,
        until_minute INTEGER NOT NULL -- events that recur were followed up to here
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE busy_times (
        calendar TEXT NOT NULL REFERENCES calendars(name) ON DELETE CASCADE,
        starts_minute INTEGER NOT NULL,
        ends_minute INTEGER NOT NULL,
        summary TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX busy_times_ends_minute ON busy_times(ends_minute)",
    "CREATE INDEX busy_times_calendar ON busy_times(calendar)",
    "ALTER TABLE messages ADD COLUMN whom TEXT NOT NULL DEFAULT ''",  # empty: for anybody
    "ALTER TABLE messages ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0",
)

_V3: Final = (
    """
    CREATE TABLE outbox (
        number INTEGER PRIMARY KEY, -- the order in which things happened
        kind TEXT NOT NULL, -- what it tells of: message
        subject TEXT NOT NULL, -- the id of that
        destination TEXT NOT NULL, -- email, webhook
        idempotency_key TEXT NOT NULL UNIQUE, -- the same at every attempt: who has it already can tell
        contact TEXT NOT NULL, -- whom it is about; what is about one of them is sent in order
        call_id TEXT NOT NULL, -- it is not sent before this call is over; empty: at once
        payload TEXT NOT NULL, -- JSON object
        state TEXT NOT NULL DEFAULT 'waiting', -- then claimed, and sent or buried
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        due_at TEXT NOT NULL, -- of the next attempt; of a claim: when it lapses
        settled_at TEXT,
        reason TEXT NOT NULL DEFAULT '' -- what the last attempt met with
    ) STRICT
    """,
    "CREATE INDEX outbox_due ON outbox(destination, due_at) WHERE state IN ('waiting', 'claimed')",
    "CREATE INDEX outbox_contact ON outbox(destination, contact) WHERE state IN ('waiting', 'claimed')",
    "CREATE INDEX outbox_subject ON outbox(subject)",
)
