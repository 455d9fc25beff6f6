"""What sync costs and whether it keeps its word: commits while calls run, the drain, memory, nothing lost or twice.

The real sync process works against a strict customer system on loopback (`strict_crm`), from a database that is
filled through the product's own store.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

from appliance.bench.box import write_config
from appliance.bench.figures import Findings
from appliance.bench.processes import pss_mb
from appliance.bench.strict_crm import SECRET, Failing, How, StrictCrm, open_crm
from appliance.bench.sync_figures import Commit, Counted, Measured, findings
from appliance.clock import Clock
from appliance.domain.appointment import Message
from appliance.domain.call import Disposition, LineQuality, Speaker, Turn
from appliance.errors import EngineFault
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages

Tell = Callable[[str], None]

_DESTINATION: Final = ("webhook",)
_KINDS: Final = ["call", "message", "appointment", "disposition"]
_WARM_ROWS: Final = 50
_PEOPLE: Final = 2000
_BLOCK_S: Final = 5.0
_WRITE_EVERY_S: Final = 0.02
"""Four callers cause some two writes a second; at this pace a minute closes enough calls for a p99."""
_TURNS: Final = 3
_UNANSWERED_ONE_IN: Final = 50
_AFTER_KILL_ROWS: Final = 200
_PATIENCE_S: Final = 120.0
_STOP_LIMIT_S: Final = 20.0


def measure(
    folder: Path,
    clock: Clock,
    *,
    queued_rows: int,
    drained_rows: int,
    writing_s: float,
    command: str,
    conditions: Mapping[str, str],
    tell: Tell,
) -> Findings:
    """Queue so many rows, close calls for `writing_s`, drain so many. `folder` is used up."""
    weather = _Weather()
    with open_crm(weather) as crm, _Filling(folder / FILE_NAME) as filling:
        config = _config(folder, crm)
        box = _Office(filling, clock)
        tell("an empty outbox")
        box.take_messages(_WARM_ROWS)
        with _sync(config) as process:
            _wait(crm, _WARM_ROWS)
            memory_empty_mb = pss_mb(process.pid)
        tell(f"queueing {queued_rows} rows")
        box.take_messages(queued_rows)
        with Database(folder / FILE_NAME) as database:
            run = _Run(crm, weather, config, _Office(database, clock, first=box.happened), tell)
            return findings(
                run.measured(queued_rows, drained_rows, writing_s, memory_empty_mb, clock),
                command=command,
                conditions=conditions,
            )


class _Run:
    """The part with a full outbox."""

    def __init__(self, crm: StrictCrm, weather: _Weather, config: Path, office: _Office, tell: Tell) -> None:
        self._crm, self._weather, self._config = crm, weather, config
        self._office, self._tell = office, tell

    def measured(
        self, queued_rows: int, drained_rows: int, writing_s: float, memory_empty_mb: float, clock: Clock
    ) -> Measured:
        with _sync(self._config) as process:
            _wait(self._crm, self._held() + _WARM_ROWS)
            self._tell("closing calls while it drains")
            commits = list(self._office.close_calls(writing_s, self._weather))
            self._tell("draining")
            began_s, before = clock.monotonic_s(), self._held()
            self._crm.wait_for(before + drained_rows, _PATIENCE_S)
            drained_s, drained = clock.monotonic_s() - began_s, self._held() - before
            memory_mb = pss_mb(process.pid)
            process.kill()
            process.wait()
        self._tell("killed, and started again")
        with _sync(self._config) as process:
            self._crm.wait_for(min(self._held() + _AFTER_KILL_ROWS, self._office.happened), _PATIENCE_S)
            memory_mb = max(memory_mb, pss_mb(process.pid))
        counted = self._office.counted(self._crm, excused=self._weather.unanswered + 1)
        return Measured(commits, queued_rows, drained, drained_s, memory_empty_mb, memory_mb, counted)

    def _held(self) -> int:
        return len(self._crm.identities)


class _Weather:
    """The destination drops an answer now and then; while the gate is shut it lets everybody wait."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.unanswered = 0
        self._asked = count(1)

    def __call__(self, identity: str) -> Failing | None:
        self.gate.wait(2 * _BLOCK_S)
        if next(self._asked) % _UNANSWERED_ONE_IN:
            return None
        self.unanswered += 1
        return Failing(How.DROPPED, kept=True)


class _Filling(Database):
    """A database that is filled quickly: a bench that loses its power starts again."""

    def _connect(self) -> Any:
        tables = super()._connect()
        tables.execute("PRAGMA synchronous=OFF")
        return tables


class _Office:
    """Messages and calls of people, through the store; `happened` counts what has a row in the outbox."""

    def __init__(self, database: Database, clock: Clock, first: int = 0) -> None:
        self._database, self._clock = database, clock
        self._calls = Calls(database, destinations=_DESTINATION)
        self._messages = Messages(database, clock, destinations=_DESTINATION)
        self.happened = first

    def take_messages(self, number: int) -> None:
        """So many messages, from a couple of thousand people, one after the other."""
        for _ in range(number):
            self.happened += 1
            phone = f"+1303{5_550_000 + self.happened % _PEOPLE}"
            words = "please call me back about the brakes, the car is making that noise again"
            self._messages.take(Message(f"m{self.happened}", "", "Bo Berg", phone, words))

    def close_calls(self, seconds: float, weather: _Weather) -> Iterator[Commit]:
        """Calls begin, go on and are closed for so long; in blocks, with the forwarder draining and at rest."""
        pause, block = threading.Event(), 0
        until_s = self._clock.monotonic_s() + seconds
        ends_s = 0.0
        while (now_s := self._clock.monotonic_s()) < until_s:
            if now_s >= ends_s:
                block, ends_s = block + 1, now_s + _BLOCK_S
                (weather.gate.set if block % 2 else weather.gate.clear)()
            took_ms = self._one_call(pause)
            yield Commit(weather.gate.is_set(), took_ms)
        weather.gate.set()

    def _one_call(self, pause: threading.Event) -> float:
        """How long the last of its commits took, ms."""
        self.happened += 1
        call_id, now = f"c{self.happened}", self._clock.now()
        self._calls.begin(
            call_id, f"+1720555{self.happened % 10_000:04d}", "100", now, {"attendant": "bench"}
        )
        self._calls.answered(call_id, now)
        for number in range(1, _TURNS + 1):
            pause.wait(_WRITE_EVERY_S)
            speaker = Speaker.CALLER if number % 2 else Speaker.AGENT
            words = "i would like to bring my car in some day next week if that is possible"
            self._calls.add_turn(call_id, Turn(number, speaker, words, number * 4000, number * 4000 + 2500))
        pause.wait(_WRITE_EVERY_S)
        began_s = self._clock.monotonic_s()
        self._calls.close(call_id, Disposition.ANSWERED, self._clock.now(), LineQuality("PCMU", 4000, 3, 2.5))
        return (self._clock.monotonic_s() - began_s) * 1000

    def counted(self, crm: StrictCrm, *, excused: int) -> Counted:
        """What became of everything. `excused`: how many answers were lost, each of which may cost one repetition."""
        rows = self._database.rows("SELECT kind, subject, idempotency_key, state FROM outbox")
        held = set(crm.identities)
        queued = sum(row["state"] in ("waiting", "claimed") for row in rows)
        gone = sum(row["state"] == "sent" and row["idempotency_key"] not in held for row in rows)
        buried = sum(row["state"] == "buried" for row in rows)
        twice = len(rows) - len({(row["kind"], row["subject"]) for row in rows})
        return Counted(
            happened=self.happened,
            held=len(held),
            still_queued=queued,
            lost=gone + buried + self.happened - len(rows) + twice,
            duplicated=twice + max(0, crm.repeats - excused),
            told_again=crm.repeats,
        )


def _config(folder: Path, crm: StrictCrm) -> Path:
    deliver = {"webhook_url": crm.url, "webhook_tells": _KINDS, "retry_first_s": 0.1}
    return write_config(folder, tables={"deliver": deliver})


@contextmanager
def _sync(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The sync process, as the box starts it, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "appliance.wiring", "sync", "--config", str(config)],
        env={**os.environ, "ATTENDANT_WEBHOOK_SECRET": SECRET},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
        process.terminate()
        process.wait(_STOP_LIMIT_S)
    finally:
        process.kill()
        process.wait()


def _wait(crm: StrictCrm, number: int) -> None:
    if not crm.wait_for(number, _PATIENCE_S):
        raise EngineFault(
            f"bench sync: the sync process delivered {len(crm.identities)} of {number} rows, then nothing."
        )
