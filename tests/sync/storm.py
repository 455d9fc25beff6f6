"""A storm over the way from the store to a destination: faults drawn at random, then nothing may be amiss.

`storm(crm, seen, seed, events)` lets a small office's days happen in a real store, on a clock of its own, while a
forwarder carries them to `crm` through whatever the seed draws. When the weather has cleared it asserts that the
destination shows each thing once, that nothing is missing, and that what is about one contact stands in order.
The same seed draws the same storm; it is printed, and the environment's APPLIANCE_SEED repeats it.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.clock import SetClock
from appliance.errors import StoreFault
from appliance.settings import Deliver
from appliance.store.database import FILE_NAME, Database
from appliance.store.outbox import Outbox
from appliance.sync.attempts import Later, Outcome, Sent
from appliance.sync.crm.ports import Crm
from appliance.sync.forwarder import Destination, Forwarder
from appliance.sync.happenings import Happening
from tests.sync.days import Days

Seen = Callable[[], Mapping[str, Sequence[str]]]
"""What the destination shows: by the contact's number the identities about it, in the order it has them."""

NOON: Final = datetime(2026, 11, 21, 19, tzinfo=UTC)
DESTINATION: Final = "crm"
_DELIVER: Final = Deliver()
_FAULTS_IN: Final = 0.25
"""How many attempts meet with a fault."""
_ROUNDS_MAX: Final = 60


def seed_of(default: int | None = None) -> int:
    """The seed of this run: APPLIANCE_SEED, else `default`, else a new one."""
    said = os.environ.get("APPLIANCE_SEED")
    if said:
        return int(said)
    return random.randrange(2**32) if default is None else default


class Killed(BaseException):
    """The process is gone, here and now: nothing of ours catches it."""


class BrittleDatabase(Database):
    """A database whose next transactions end as they are told to; "" is well."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.fates: list[str] = []

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator:  # type: ignore[type-arg]
        fate = self.fates.pop(0) if self.fates else ""
        if fate == "full":
            raise StoreFault(f"{self.path}: the disk is full.")
        with super().writing(durable=durable) as tables:
            yield tables
            if fate == "killed before the commit":
                raise Killed
        if fate == "killed after the commit":
            raise Killed


@dataclass
class Weather:
    """Stands between the forwarder and the destination, and decides what becomes of each attempt."""

    crm: Crm
    rng: random.Random
    clock: SetClock
    database: BrittleDatabase
    second: Callable[[], object] = lambda: None
    fair: bool = False
    attempts: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    in_flight: set[str] = field(default_factory=set)

    def send(self, happening: Happening) -> Outcome:
        """What the forwarder calls."""
        whom = {happening.identity, happening.contact.phone} - {""}
        assert not whom & self.in_flight, "sent twice at once, or two of one contact at once"
        self.attempts[happening.identity] += 1
        self.in_flight |= whom
        try:
            return self._attempt(happening)
        finally:
            self.in_flight -= whom

    def contacts(self, phone: str) -> tuple:  # type: ignore[type-arg]
        """As the destination has it."""
        return self.crm.contacts(phone)

    def _attempt(self, happening: Happening) -> Outcome:
        if self.fair or self.rng.random() > _FAULTS_IN:
            return self._told(happening)
        fate = self.rng.choice(_FATES)
        self.met[fate.__name__.strip("_")] += 1
        return fate(self, happening)

    def _told(self, happening: Happening) -> Outcome:
        """The destination may have weather of its own."""
        outcome = self.crm.send(happening)
        self.excused[happening.identity] += not isinstance(outcome, Sent)
        return outcome

    # --- fates ----------------------------------------------------------------------------------

    def _away(self, happening: Happening) -> Outcome:
        self.excused[happening.identity] += 1
        return Later("cannot be reached")

    def _busy(self, happening: Happening) -> Outcome:
        self.excused[happening.identity] += 1
        return Later("HTTP 429", wait_s=self.rng.uniform(0, 3600))

    def _answer_lost(self, happening: Happening) -> Outcome:
        self._told(happening)
        return self._away(happening)

    def _fault_of_ours(self, happening: Happening) -> Outcome:
        self.excused[happening.identity] += 1
        raise RuntimeError("a bug")

    def _killed_before(self, happening: Happening) -> Outcome:
        self.excused[happening.identity] += 1
        raise Killed

    def _killed_after(self, happening: Happening) -> Outcome:
        self._told(happening)
        return self._killed_before(happening)

    def _not_acknowledged(self, happening: Happening) -> Outcome:
        self.excused[happening.identity] += 1
        return self._then(happening, self.rng.choice(["killed before the commit", "full"]))

    def _killed_once_acknowledged(self, happening: Happening) -> Outcome:
        return self._then(happening, "killed after the commit")

    def _then(self, happening: Happening, fate: str) -> Outcome:
        outcome = self._told(happening)
        if isinstance(outcome, Sent):
            self.database.fates = [fate]
        return outcome

    def _clock_jumps(self, happening: Happening) -> Outcome:
        self.clock.at += timedelta(seconds=self.rng.uniform(-1, 1) * 10 ** self.rng.uniform(0, 7))
        return self._told(happening)

    def _somebody_else_sends_too(self, happening: Happening) -> Outcome:
        second, self.second = self.second, lambda: None
        try:
            second()
        finally:
            self.second = second
        return self._told(happening)


_FATES: Final = (
    Weather._away,
    Weather._busy,
    Weather._answer_lost,
    Weather._fault_of_ours,
    Weather._killed_before,
    Weather._killed_after,
    Weather._not_acknowledged,
    Weather._killed_once_acknowledged,
    Weather._clock_jumps,
    Weather._somebody_else_sends_too,
)


def box_forwarder(
    database: Database,
    clock: SetClock,
    destinations: Mapping[str, Destination],
    days: Days,
    deliver: Deliver = _DELIVER,
) -> Forwarder:
    """A forwarder as the box builds it, for these destinations."""
    return Forwarder(Outbox(database, clock), destinations, days.happening_of, deliver, clock)


def storm(crm: Crm, seen: Seen, seed: int, events: int) -> None:
    """Let `events` things happen and be told to `crm` in a storm, then see that nothing is amiss."""
    print(f"APPLIANCE_SEED={seed} repeats this storm of {events} events")
    with (
        tempfile.TemporaryDirectory(prefix="storm-", dir=_fast_disk()) as folder,
        BrittleDatabase(Path(folder) / FILE_NAME) as database,
    ):
        _rage(crm, seen, random.Random(seed), events, database)


def _rage(crm: Crm, seen: Seen, rng: random.Random, events: int, database: BrittleDatabase) -> None:
    clock = SetClock(NOON)
    days = Days(database, clock, rng, (DESTINATION,))
    weather = Weather(crm, rng, clock, database)

    def forwarder() -> Forwarder:
        return Forwarder(Outbox(database, clock), {DESTINATION: weather}, days.happening_of, Deliver(), clock)

    def started_again() -> Forwarder:
        """As the process begins: alone, so that what is claimed was claimed by the dead."""
        Outbox(database, clock).release()
        return forwarder()

    weather.second = lambda: _survived(forwarder(), forwarder)
    current = forwarder()
    while days.count < events:
        days.happen()
        if rng.random() < 0.3:
            clock.advance(rng.expovariate(1 / 120))
            current = _survived(current, started_again)
    weather.fair = True
    current = started_again()
    for _ in range(_ROUNDS_MAX):
        if not _unsettled(database):
            break
        current = _survived(current, started_again)
        clock.advance(600)
    print(f"met with: {dict(weather.met)}")
    _judge(seen(), days.told, weather, database)


def _survived(current: Forwarder, again: Callable[[], Forwarder]) -> Forwarder:
    """Send what is due; who was killed is started again, who met a full disk tries again."""
    try:
        current.send_due()
    except Killed:
        return again()
    except StoreFault:
        pass
    return current


def _unsettled(database: Database) -> int:
    rows = database.rows("SELECT count(*) AS n FROM outbox WHERE state NOT IN ('sent', 'buried')")
    return int(rows[0]["n"])


def _judge(
    shown: Mapping[str, Sequence[str]],
    told: Mapping[str, Sequence[str]],
    weather: Weather,
    database: Database,
) -> None:
    standing = database.rows("SELECT state, reason, count(*) AS n FROM outbox GROUP BY state, reason")
    assert {row["state"] for row in standing} == {"sent"}, standing
    for contact, identities in told.items():
        there = list(shown.get(contact, ()))
        assert sorted(there) == sorted(identities), "missing, or there more than once"
        assert not contact or there == list(identities), "out of order"
    assert sum(map(len, shown.values())) == sum(map(len, told.values())), "what never happened"
    again = {one: n for one, n in weather.attempts.items() if n > 1 + weather.excused[one]}
    assert not again, f"sent again though it was acknowledged: {again}"


@dataclass
class Ledger:
    """A destination in memory, as strict as one can be: by identity, each once, in the order told."""

    kept: dict[str, Happening] = field(default_factory=dict)

    def send(self, happening: Happening) -> Outcome:
        """Write it down, once."""
        before = self.kept.setdefault(happening.identity, happening)
        assert type(before) is type(happening), "one identity for two things"
        assert before.contact.phone == happening.contact.phone, "one identity for two people"
        return Sent()

    def contacts(self, phone: str) -> tuple:  # type: ignore[type-arg]
        """Nobody."""
        return ()

    def seen(self) -> dict[str, list[str]]:
        """As `storm` asks for it."""
        shown: dict[str, list[str]] = defaultdict(list)
        for happening in self.kept.values():
            shown[happening.contact.phone].append(happening.identity)
        return shown


def _fast_disk() -> str | None:
    """Memory, where there is some: the storm is about order, and its thousand commits need no spindle."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) else None
