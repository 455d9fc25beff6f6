"""Tables of the way to other machines: an outbox that keeps its own order, what is known of each destination,
and whom the customer database knows by which number."""

# ruff: noqa: S608  the braces hold our own words
from __future__ import annotations

from typing import Final

_UNSETTLED: Final = "state IN ('waiting', 'claimed')"

_NEXT_OF_CONTACT: Final = f"""
        UPDATE outbox SET follows = 0 WHERE number = (
            SELECT number FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND {_UNSETTLED} AND follows = 1 ORDER BY number LIMIT 1
        ) AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND {_UNSETTLED} AND follows = 0
        )
"""

STATEMENTS: Final = (
    # Whoever has somebody before them that is about the same contact `follows`, and is not looked at until that
    # one is settled: the next row to send is the first of an index, however many wait.
    "ALTER TABLE outbox ADD COLUMN follows INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN tried_at TEXT",  # the beginning of the last attempt
    "DROP INDEX outbox_due",
    "DROP INDEX outbox_contact",
    f"CREATE INDEX outbox_due ON outbox(destination, due_at, number) WHERE {_UNSETTLED} AND follows = 0",
    f"CREATE INDEX outbox_contact ON outbox(destination, contact, follows, number) WHERE {_UNSETTLED}",
    "CREATE INDEX outbox_settled ON outbox(state, settled_at) WHERE state IN ('sent', 'buried')",
    f"""
    UPDATE outbox SET follows = 1 WHERE {_UNSETTLED} AND contact <> '' AND EXISTS (
        SELECT 1 FROM outbox AS earlier WHERE earlier.destination = outbox.destination
        AND earlier.contact = outbox.contact AND earlier.state IN ('waiting', 'claimed')
        AND earlier.number < outbox.number
    )
    """,
    # The tables see to the order themselves, so that nobody who settles a row can forget those behind it.
    f"""
    CREATE TRIGGER outbox_comes AFTER INSERT ON outbox WHEN NEW.contact <> '' AND EXISTS (
        SELECT 1 FROM outbox WHERE destination = NEW.destination AND contact = NEW.contact
        AND {_UNSETTLED} AND number <> NEW.number
    )
    BEGIN UPDATE outbox SET follows = 1 WHERE number = NEW.number; END
    """,
    f"""
    CREATE TRIGGER outbox_settles AFTER UPDATE OF state ON outbox
    WHEN OLD.state IN ('waiting', 'claimed') AND NEW.state IN ('sent', 'buried') AND OLD.contact <> ''
    BEGIN
        {_NEXT_OF_CONTACT};
        UPDATE outbox SET follows = 0 WHERE number = NEW.number;
    END
    """,
    f"""
    CREATE TRIGGER outbox_goes AFTER DELETE ON outbox
    WHEN OLD.state IN ('waiting', 'claimed') AND OLD.contact <> ''
    BEGIN
        {_NEXT_OF_CONTACT};
    END
    """,
    # A contact that is erased leaves the order.
    f"""
    CREATE TRIGGER outbox_changes_contact AFTER UPDATE OF contact ON outbox
    WHEN NEW.state IN ('waiting', 'claimed') AND OLD.contact <> NEW.contact
    BEGIN
        {_NEXT_OF_CONTACT};
        UPDATE outbox SET follows = NEW.contact <> '' AND EXISTS (
            SELECT 1 FROM outbox WHERE destination = NEW.destination AND contact = NEW.contact
            AND {_UNSETTLED} AND number < NEW.number
        ) WHERE number = NEW.number;
    END
    """,
    # What was buried and is tried again takes its old place in the order.
    f"""
    CREATE TRIGGER outbox_returns AFTER UPDATE OF state ON outbox
    WHEN OLD.state IN ('sent', 'buried') AND NEW.state IN ('waiting', 'claimed') AND NEW.contact <> ''
    BEGIN
        UPDATE outbox SET follows = 1 WHERE number = NEW.number AND EXISTS (
            SELECT 1 FROM outbox WHERE destination = NEW.destination AND contact = NEW.contact
            AND {_UNSETTLED} AND follows = 0 AND number < NEW.number
        );
        UPDATE outbox SET follows = 1 WHERE destination = NEW.destination AND contact = NEW.contact
            AND {_UNSETTLED} AND follows = 0 AND number > NEW.number;
    END
    """,
    """
    CREATE TABLE destinations (
        name TEXT PRIMARY KEY,
        last_sent_at TEXT,
        failing_since TEXT, -- the first of the failures in a row; NULL: the last attempt came through
        error TEXT NOT NULL DEFAULT '', -- what the last failure said
        error_at TEXT,
        rests_until TEXT -- it is left alone until then
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE deliveries_by_day (
        destination TEXT NOT NULL,
        day TEXT NOT NULL, -- of the office's calendar
        sent INTEGER NOT NULL,
        PRIMARY KEY (destination, day)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE contacts (
        phone TEXT PRIMARY KEY, -- E.164
        identity TEXT NOT NULL DEFAULT '', -- the customer database's own id
        name TEXT NOT NULL DEFAULT '', -- empty: it knows nobody, or several
        matches INTEGER NOT NULL DEFAULT 0, -- how many it knows with this number
        called_at TEXT NOT NULL, -- when they called last
        asked_at TEXT -- when the customer database was asked last; NULL: never
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX contacts_called_at ON contacts(called_at)",
)
