"""How many callers a box serves at once, measured where the callers are (measure.md, capacity).

One box; rounds of one, two, three ... callers, in an order in which no number of callers has the machine's
best or worst minutes for itself. Each caller is a process of its own with a conversation of its own; they ring
some seconds apart, so that they talk at the same time but not in step.
"""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from appliance import business, settings
from appliance.bench import checkout
from appliance.bench.box import Box, free_udp_port, write_config
from appliance.bench.capacity_figures import CALLERS, Round, Served, findings
from appliance.bench.dialer import Dialer
from appliance.bench.exchanges import Call, Exchange, exchanges
from appliance.bench.figures import Findings
from appliance.bench.gap_figures import Setting
from appliance.bench.gaps import Saying, Visit, converse, scripted
from appliance.bench.onlooker import Onlooker
from appliance.bench.processes import cpu_s, descendants, machine, process_name, pss_mb
from appliance.bench.recognition import plain
from appliance.bench.scenarios import scenarios
from appliance.bench.script import open_weekday
from appliance.bench.word_errors import edits
from appliance.clock import Clock, SystemClock
from appliance.domain.call import CallRecord, LineQuality, Speaker
from appliance.errors import EngineFault, LineFault
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.export import as_json

WHEEL_CALLS_MAX: Final = 4
"""What the pjsua2 wheel was compiled for (parts.md); a 5th call is refused unless PJSIP is built from source."""
_BUSINESS: Final = "auto_repair"
_PLACES: Final = 50
_APART_S: Final = 3.0
_CLOSING_LIMIT_S: Final = 15.0
_PAUSE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure: at least `calls` calls for each number of callers from one to `most`."""

    calls: int = 4
    most: int = WHEEL_CALLS_MAX
    profile: str = "default"

    @property
    def command(self) -> str:
        """What to type to measure this again."""
        profile = "" if self.profile == "default" else f" --profile {self.profile}"
        return f"appliance bench capacity --calls {self.calls} --most {self.most}{profile}"


def schedule(calls: int, most: int) -> list[int]:
    """How many call at once in each round: every number as often as `calls` calls need, spread over the run."""
    rounds = [
        ((turn + 0.5) / -(-calls // callers), -callers)
        for callers in range(1, most + 1)
        for turn in range(-(-calls // callers))
    ]
    return [-callers for _, callers in sorted(rounds)]


def measure(plan: Plan, folder: Path, tell: Callable[[str], None]) -> Findings:
    """Hold the calls of `plan` with a box that lives in `folder`; `tell` is told how far it is."""
    edits("a", "a")  # say now that it cannot be counted, not after the work
    tell("making what the callers say")
    visits = _visits()
    port = free_udp_port()
    config = write_config(
        folder,
        tables={
            "sip": {
                "bind_address": "127.0.0.1",
                "port": port,
                "rtp_port": 0,
                "max_calls": max(plan.most, WHEEL_CALLS_MAX),
            },
            "models": {"profile": plan.profile},
        },
        business=str(_roomy(folder)),
    )
    with Box(config, folder) as box:
        box.wait_ready()
        box.wait_for("mind ready")
        bench = Bench(box, f"sip:attendant@127.0.0.1:{port}", folder / FILE_NAME, visits, tell)
        bench.warm_up()
        rounds = [bench.hold(callers) for callers in schedule(plan.calls, plan.most)]
    return findings(rounds, Setting("capacity", plan.command, _conditions(plan), bench.versions))


def _conditions(plan: Plan) -> dict[str, str]:
    return {
        "machine": machine(),
        "revision": checkout.revision(),
        "profile": plan.profile,
        "speech": "synthetic (Kokoro af_heart and am_michael at several speeds, pauses in dictation put in)",
        "line": "G.711 mu-law, loopback",
        "callers": "a process each, on the same cores as the box: what they take is missing there",
        "order": "rounds of different numbers of callers alternate, one box for all, a call ahead to warm it up",
    }


def _visits() -> list[Visit]:
    """Every scenario's caller; all sounds are made before the first call."""
    office = business.load(_BUSINESS)
    day = open_weekday(office, SystemClock().now().astimezone(office.zone).date())
    return [scripted(scenario) for scenario in scenarios(day)]


def _roomy(folder: Path) -> Path:
    """The auto-repair shop with so many bays that the last caller of a run finds the diary as the first did."""
    folder.mkdir(parents=True, exist_ok=True)
    shop = settings.shipped(f"config/businesses/{_BUSINESS}.toml").read_text(encoding="utf-8")
    path = folder / "roomy.toml"
    path.write_text(re.sub(r"(?m)^places = \d+$", f"places = {_PLACES}", shop), encoding="utf-8")
    return path


# --- calls ------------------------------------------------------------------------------------------


@dataclass
class Bench:
    """A box that is called by several at once."""

    box: Box
    uri: str
    database: Path
    visits: Sequence[Visit]
    tell: Callable[[str], None]
    clock: Clock = field(default_factory=SystemClock)
    versions: Mapping[str, str] = field(default_factory=dict)
    _rounds: int = 0
    _calls: Counter[int] = field(default_factory=Counter)

    def warm_up(self) -> None:
        """One short call that is not measured: what is loaded at first use is loaded. EngineFault without one."""
        held = self._converse("first", Visit(self.visits[0].sayings[:1]))
        if held is None:
            raise EngineFault("the box answered no call.", remedy="Look at its log.")
        self.versions = held.call.versions

    def hold(self, callers: int) -> Round:
        """So many callers at once, for as long as their conversations take."""
        self._rounds += 1
        self.tell(f"round {self._rounds}: {callers} at once")
        with ThreadPoolExecutor(callers) as pool:
            calls = []
            for number in range(1, callers + 1):
                calls.append(pool.submit(self._converse, f"caller{number}", self._next_visit(callers)))
                threading.Event().wait(_APART_S)
            used_s, began_s = self._usage_s(), self.clock.monotonic_s()
            wait(calls, return_when=FIRST_COMPLETED)
            busy = busy_percent(used_s, self._usage_s(), self.clock.monotonic_s() - began_s)
            memory_mb = self._memory_mb()
        held = [one for call in calls if (one := call.result()) is not None]
        return Round(self._rounds, callers, served(held), busy, memory_mb)

    def _next_visit(self, callers: int) -> Visit:
        """The scenarios go round for each number of callers, so that all of them have the same to say."""
        visit = self.visits[self._calls[callers] % len(self.visits)]
        self._calls[callers] += 1
        return visit

    def _converse(self, caller: str, visit: Visit) -> Conversation | None:
        """One call from ring to closed record; None when there was no conversation."""
        try:
            with (
                Onlooker(self.box.watch(), caller) as onlooker,
                Dialer(self.uri, user=caller, codec="PCMU") as dialer,
            ):
                spoken = converse(dialer, visit, onlooker)
                closed = onlooker.wait_closed(_CLOSING_LIMIT_S if spoken else 0)
        except LineFault as fault:  # one caller less; the others are in the middle of theirs
            self.tell(f"{caller}: {fault}")
            return None
        if not closed or onlooker.call_id is None:
            self.tell(f"{caller}: no conversation")
            return None
        with Database(self.database, read_only=True) as database:
            record = Calls(database).get(onlooker.call_id)
        return conversation(caller, spoken, dialer.events, record)

    # --- what it costs --------------------------------------------------------------------------

    def _usage_s(self) -> dict[str, float]:
        """Processor time so far: of the box by process, and of all that makes callers, those gone included."""
        of_box = self._processes()
        ours = [pid for pid in (os.getpid(), *descendants(os.getpid())) if pid not in of_box]
        gone = os.times()
        return {
            **{name: cpu_s(pid) for pid, name in of_box.items()},
            CALLERS: sum(map(cpu_s, ours)) + gone.children_user + gone.children_system,
        }

    def _memory_mb(self) -> dict[str, float]:
        return {name: pss_mb(pid) for pid, name in self._processes().items()}

    def _processes(self) -> dict[int, str]:
        return {pid: process_name(pid) for pid in (self.box.pid, *descendants(self.box.pid))}


def busy_percent(
    before_s: Mapping[str, float], after_s: Mapping[str, float], seconds: float
) -> dict[str, float]:
    """Share of one core that each process used in between."""
    if seconds <= 0:
        return {}
    return {
        name: round(100 * (used_s - before_s.get(name, 0.0)) / seconds, 1) for name, used_s in after_s.items()
    }


# --- what counts ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conversation:
    """One call as caller and box have it: all words said and heard, and when the box had it on the line."""

    caller: str
    said: str
    heard: str
    call: Call
    answered_at: datetime
    ended_at: datetime
    quality: LineQuality | None


def conversation(
    caller: str, spoken: Sequence[Saying], events: Sequence[dict[str, Any]], record: CallRecord
) -> Conversation | None:
    """Joins what a caller did with what the box kept of it; None when the box never answered."""
    if record.answered_at is None or record.ended_at is None:
        return None
    turns = [turn.text for turn in record.turns if turn.speaker is Speaker.CALLER]
    return Conversation(
        caller,
        plain(_PAUSE.sub(" ", " ".join(saying.words for saying in spoken))),
        plain(" ".join(turns)),
        Call([saying.utterance for saying in spoken], events, as_json(record)["turns"], record.versions),
        record.answered_at,
        record.ended_at,
        record.quality,
    )


def served(held: Sequence[Conversation]) -> list[Served]:
    """The calls of a round; of their exchanges those that began and ended while all were on the line."""
    return [
        Served(
            one.caller,
            _exchanges_between(
                one, max(other.answered_at for other in held), min(other.ended_at for other in held)
            ),
            len(one.said.split()),
            edits(one.said, one.heard),
            one.quality,
        )
        for one in held
    ]


def _exchanges_between(one: Conversation, from_at: datetime, until_at: datetime) -> list[Exchange]:
    """The caller's clock begins with the sound, which is when the box answers."""
    said = [event for event in one.call.events if event["event"] == "said"]
    return [
        exchange
        for exchange, event in zip(exchanges(one.call), said, strict=False)
        if from_at <= one.answered_at + timedelta(milliseconds=event["from_ms"])
        and one.answered_at + timedelta(milliseconds=event["at_ms"]) <= until_at
    ]
