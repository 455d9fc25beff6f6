"""The outbox as whoever looks after it sees it: how much waits for each destination, since when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from appliance.clock import Clock, SystemClock
from appliance.errors import NotFound
from appliance.store.database import Database, Row
from appliance.store.moments import moment, moment_text
from appliance.store.outbox import COLUMNS, UNSETTLED, Delivery, DeliveryState, delivery_of

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one destination.

    `oldest_at`: since when the oldest row waits; `sent_lately`: rows in the last minute. `failing_since` is None
    when the last attempt came through; `rests_until` when it is asked at present.
    """

    destination: str
    waiting: int
    oldest_at: datetime | None
    sent_today: int
    sent_ever: int
    sent_lately: int
    buried: int
    last_sent_at: datetime | None
    failing_since: datetime | None
    error: str
    error_at: datetime | None
    rests_until: datetime | None

    @property
    def done_in_s(self) -> float | None:
        """How long the rest takes at the pace of the last minute; None where nothing goes or nothing waits."""
        return self.waiting / self.sent_lately * 60 if self.waiting and self.sent_lately else None


class Backlog:
    """The outbox of a database, for whoever looks and puts right."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    # --- looking --------------------------------------------------------------------------------

    def standing(self, destinations: Sequence[str]) -> list[Standing]:
        """How things stand with these, and with others there still are rows for."""
        others = self._database.rows(
            f"SELECT DISTINCT destination FROM outbox WHERE {UNSETTLED} OR state = 'buried'"  # noqa: S608
        )
        names = [*destinations, *(row["destination"] for row in others)]
        return [self._standing(name) for name in dict.fromkeys(names)]

    def waiting(self, destination: str = "") -> int:
        """How many rows are not settled yet; for one destination, or for all."""
        found = self._database.rows(
            f"SELECT count(*) AS n FROM outbox WHERE {UNSETTLED} AND (? = '' OR destination = ?)",  # noqa: S608
            [destination, destination],
        )
        return int(found[0]["n"])

    def rows(
        self, states: Sequence[DeliveryState], destination: str = "", limit: int = 20, *, after: int = 0
    ) -> list[Delivery]:
        """The oldest rows in these states whose number is above `after`."""
        marks = ", ".join("?" * len(states))
        found = self._database.rows(
            f"SELECT {COLUMNS} FROM outbox WHERE state IN ({marks})"  # noqa: S608  our own words
            " AND number > ? AND (? = '' OR destination = ?) ORDER BY number LIMIT ?",
            [*map(str, states), after, destination, destination, limit],
        )
        return [delivery_of(row) for row in found]

    def get(self, number: int) -> Delivery:
        """One row; NotFound."""
        found = self._database.rows(f"SELECT {COLUMNS} FROM outbox WHERE number = ?", [number])  # noqa: S608
        if not found:
            raise NotFound(f"There is no row {number}.", remedy="`appliance sync show` lists what there is.")
        return delivery_of(found[0])

    def _standing(self, name: str) -> Standing:
        now = self._clock.now()
        with self._database.reading() as tables:

            def one(sql: str, *values: Any) -> Row:
                return next(tables.query(sql, list(values)))

            waiting = one(_WAITING, name)
            buried = one("SELECT count(*) AS n FROM outbox WHERE state = 'buried' AND destination = ?", name)
            sent = one(_SENT, now.date().isoformat(), name)
            lately = one(_LATELY, name, moment_text(now - _MINUTE))
            account: Row = next(tables.query("SELECT * FROM destinations WHERE name = ?", [name]), {})
        rests_until = _moment(account.get("rests_until"))
        return Standing(
            destination=name,
            waiting=waiting["n"],
            oldest_at=_moment(waiting["oldest"]),
            sent_today=sent["today"],
            sent_ever=sent["ever"],
            sent_lately=lately["n"],
            buried=buried["n"],
            last_sent_at=_moment(account.get("last_sent_at")),
            failing_since=_moment(account.get("failing_since")),
            error=account.get("error", ""),
            error_at=_moment(account.get("error_at")),
            rests_until=rests_until if rests_until is not None and rests_until > now else None,
        )

    # --- putting right ----------------------------------------------------------------------------

    def retry(self, *, number: int | None = None, destination: str = "", buried: bool = False) -> int:
        """Have rows tried now: that one, or those that wait (for `destination`); with `buried`, those given up.

        How many rows that are. NotFound for a row that is not there, or was sent.
        """
        if number is not None:
            if self.get(number).state is DeliveryState.SENT:
                raise NotFound(f"Row {number} was sent already.")
            return self._again("number = ? AND state IN ('waiting', 'buried')", number)
        states = "state = 'buried'" if buried else "state = 'waiting'"
        return self._again(f"{states} AND (? = '' OR destination = ?)", destination, destination)

    def bury(self, number: int, why: str) -> None:
        """Give a row up. NotFound for one that is not there, or is settled."""
        if self.get(number).settled_at is not None:
            raise NotFound(f"Row {number} is settled already.", remedy="`appliance sync show` tells how.")
        self._change(
            f"UPDATE outbox SET state = 'buried', reason = ?, settled_at = ? WHERE number = ? AND {UNSETTLED}",  # noqa: S608
            *(why, moment_text(self._clock.now()), number),
        )

    def _again(self, condition: str, *values: Any) -> int:
        now = moment_text(self._clock.now())
        again = f"UPDATE outbox SET state = 'waiting', due_at = ?, tried_at = ?, settled_at = NULL WHERE {condition}"  # noqa: S608
        return self._change(again, now, now, *values)

    def _change(self, sql: str, *values: Any) -> int:
        with self._database.writing() as tables:
            return int(tables.execute(sql, list(values)).rowcount)


_WAITING: Final = f"""
    SELECT count(*) AS n, min(created_at) AS oldest FROM outbox WHERE destination = ? AND {UNSETTLED}
"""  # noqa: S608
_SENT: Final = """
    SELECT coalesce(sum(sent) FILTER (WHERE day = ?), 0) AS today, coalesce(sum(sent), 0) AS ever
    FROM deliveries_by_day WHERE destination = ?
"""
_LATELY: Final = """
    SELECT count(*) AS n FROM outbox WHERE state = 'sent' AND destination = ? AND settled_at >= ?
"""


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)
