"""Looks whether the database is whole; where it is not, puts it right, and tells the office what may be missing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Final

from appliance.clock import Clock
from appliance.domain.appointment import Message
from appliance.store.backups import Backups
from appliance.store.database import DAMAGED, Database
from appliance.store.fields import TABLES
from appliance.store.integrity import Healed, heal, problems_of
from appliance.store.messages import Messages
from appliance.upkeep.chores import comes_round
from appliance.upkeep.journal import Journal
from appliance.upkeep.words import words_of

_log = logging.getLogger(__name__)
THOROUGH: Final = "integrity.thorough"
_WEEK_DAYS: Final = 7


class Checking:
    """A quick look at the start and each night, a thorough one each week, and one at once where anybody met damage.

    `destinations` of the outbox hear of what was done, as of any message for the office.
    """

    name = "integrity"

    def __init__(
        self,
        database: Database,
        backups: Backups,
        journal: Journal,
        clock: Clock,
        *,
        at: str,
        language: str,
        destinations: Sequence[str] = (),
    ) -> None:
        self._database = database
        self._backups = backups
        self._journal = journal
        self._clock = clock
        self._at = time.fromisoformat(at)
        self._words = words_of(language)
        self._destinations = destinations
        self._has_looked = False

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        """At the start and where there is a sign of damage at once, else at night when nobody is on the line."""
        if not self._has_looked or self._sign.exists():
            return True
        return idle and comes_round(now, self._journal.last(self.name), self._at)

    @property
    def _sign(self) -> Path:
        return self._database.path.with_name(self._database.path.name + DAMAGED)

    def do(self, stop: threading.Event) -> None:
        """Look, and heal what is damaged. StoreFault when it cannot be looked at or healed."""
        now = self._clock.now()
        thorough = self._sign.exists() or comes_round(
            now, self._journal.last(THOROUGH), self._at, days=_WEEK_DAYS
        )
        problems = problems_of(self._database.path, thorough=thorough)
        if problems:
            _log.critical("database damaged", extra={"problems": len(problems), "first": problems[0]})
            self._tell(heal(self._database.path, self._backups, self._clock, problems), now)
        self._sign.unlink(missing_ok=True)
        self._has_looked = True
        self._journal.done(self.name, now)
        if thorough:
            self._journal.done(THOROUGH, now)

    def _tell(self, healed: Healed, now: datetime) -> None:
        """An urgent message in the office's inbox, and so to wherever messages go."""
        made_at = None if healed.backup is None else healed.backup.made_at.isoformat(timespec="seconds")
        _log.critical(
            "database replaced",
            extra={"backup": made_at, "aside": healed.aside and healed.aside.name, "missing": healed.missing},
        )
        message = Message(
            message_id=f"damage-{now:%Y%m%dT%H%M%S}",
            call_id="",
            name=self._words.whom,
            phone="",
            matter=self._matter(healed),
            urgent=True,
        )
        Messages(self._database, self._clock, destinations=self._destinations).take(message)

    def _matter(self, healed: Healed) -> str:
        words = self._words
        if healed.backup is None:
            told = [words.began_anew]
        else:
            made_at = healed.backup.made_at.astimezone(self._clock.now().tzinfo)
            told = [words.restored.format(made_at=f"{made_at:%Y-%m-%d %H:%M}")]
        told.append(words.read)
        if healed.missing or not healed.salvaged:
            kinds = ", ".join(name.replace("_", " ") for name in healed.missing or TABLES)
            told.append(words.may_miss.format(kinds=kinds))
        else:
            told.append(words.complete)
        if healed.aside is not None:
            told.append(words.set_aside.format(file=f"{healed.aside.parent.name}/{healed.aside.name}"))
        return " ".join(told)
