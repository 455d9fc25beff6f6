"""Health: what the doctor finds, and the vital signs: heat, disk, late ticks, when each part was last heard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import DataTable, Static

from appliance.domain.call import LineQuality
from appliance.errors import ApplianceError
from appliance.ops.checks_keeping import UnitFacts
from appliance.ops.doctor import Check, Finding, State, examine, mend
from appliance.ops.health import BEAT_LIMIT_S, AgentState
from appliance.ops.vital_signs import HOT_C, Room, Temperature, temperatures
from appliance.store.calls import Calls
from appliance.tui.asking import Sure
from appliance.tui.record_screen import RecordScreen, begin
from appliance.tui.record_table import Column, Line, RecordTable
from appliance.tui.sheet import Sheet

_CALLS: Final = 20
_LATE_MS: Final = 20.0  # a packet a whole tick late is heard
_GB: Final = 1e9
_FEW: Final = 0.1
_MARKS: Final = {State.FAIL: "FAIL", State.WARN: "warn", State.OK: "ok", State.SKIPPED: "-"}
_STYLES: Final = {State.FAIL: "bold red", State.WARN: "yellow", State.OK: "green", State.SKIPPED: "dim"}
_COLUMNS: Final = (Column("", 5), Column("check", 14), Column("what was found, and what to do"))


@dataclass(frozen=True, slots=True)
class Signs:
    """The vital signs at one moment; `late` are the lines of the last calls, newest first."""

    temperatures: tuple[Temperature, ...]
    room: Room | None
    agent: AgentState | None
    units: tuple[UnitFacts, ...]
    late: tuple[LineQuality, ...]


class HealthScreen(RecordScreen):
    """The doctor's findings below the vital signs."""

    TITLE: ClassVar[str] = "Health"
    KEY: ClassVar[str] = "7"
    EVERY_S: ClassVar[float] = 10.0
    AUTO_FOCUS: ClassVar[str | None] = "#findings"
    CSS = """
    #signs { height: auto; padding: 0 1; }
    #examined { height: 1; padding: 0 1; text-style: bold; margin-top: 1; }
    #findings { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "examine", "examine"),
        Binding("e", "examine_all", "examine all"),
        Binding("f", "mend", "put right"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._checks: tuple[Check, ...] = ()
        self._findings: dict[str, Finding] = {}

    def body(self) -> Iterable[Widget]:
        """Signs, and findings, the worst first."""
        yield Static(id="signs")
        yield Static("The doctor: d examines what is quick.", id="examined", markup=False)
        yield RecordTable(*_COLUMNS, id="findings")

    def on_mount(self) -> None:
        """What is quick is examined when the screen is first shown."""
        self._examine(slow=False)

    # --- vital signs ------------------------------------------------------------------------------

    def gather(self) -> Signs:
        """The signs now. A box that has no database yet has the others."""
        beside = self.feed.neighbours
        return Signs(
            temperatures=tuple(temperatures(beside.machine)),
            room=beside.room(self.directory),
            agent=beside.state(),
            units=tuple(beside.units()),
            late=self._late(),
        )

    def _late(self) -> tuple[LineQuality, ...]:
        try:
            with self.reading() as database:
                calls = Calls(database).recent(_CALLS)
        except ApplianceError:  # the doctor says what is wrong with the database
            return ()
        return tuple(call.quality for call in calls if call.quality is not None)

    def show(self, seen: Signs) -> None:
        """One line a sign."""
        self.query_one("#signs", Static).update(Text("\n").join(_told(seen)))

    # --- the doctor -------------------------------------------------------------------------------

    def action_examine(self) -> None:
        """What takes no time."""
        self._examine(slow=False)

    def action_examine_all(self) -> None:
        """What loads models too: some seconds of a core."""
        begin(self, "order", self._examine_all)

    async def _examine_all(self) -> None:
        question = "Examine everything? It loads models and takes up to a minute of a core."
        if await self.app.push_screen_wait(Sure(question)):
            self._examine(slow=True)

    def _examine(self, *, slow: bool) -> None:
        begin(self, "examine", partial(self._examined, slow))

    async def _examined(self, slow: bool) -> None:
        """Each check in a thread, one after the other; its finding stands there when it is made."""
        try:
            self._checks = tuple(await asyncio.to_thread(self.feed.neighbours.checks))
        except ApplianceError as fault:
            self.tell_outcome(fault)
            return
        wanted = [one for one in self._checks if slow or not one.is_slow]
        for number, check in enumerate(wanted, start=1):
            self._tell(f"examining {check.about} ({number} of {len(wanted)})")
            self._findings[check.name] = await asyncio.to_thread(examine, check)
            self._fill()
        self._tell(_summed_up(self._checks, self._findings))

    def action_mend(self) -> None:
        """Have the finding under the cursor put right, where that is safe."""
        name = self.query_one("#findings", RecordTable).key
        finding = self._findings.get(name or "")
        if finding is None or finding.fix is None:
            self._tell("There is nothing here that can be put right safely; Enter: what to do.")
            return
        check = next(one for one in self._checks if one.name == name)
        self.order(f"Put right: {finding.told} Do it?", partial(self._mend, check, finding))

    def _mend(self, check: Check, finding: Finding) -> str:
        after = mend(check, finding)
        self._findings[check.name] = after
        self.app.call_from_thread(self._fill)
        return after.told

    def _fill(self) -> None:
        worst_first = sorted(self._findings.values(), key=lambda one: list(_MARKS).index(one.state))
        self.query_one("#findings", RecordTable).fill([_line(one) for one in worst_first])

    def _tell(self, told: str) -> None:
        self.query_one("#examined", Static).update(told)

    @on(DataTable.RowSelected, "#findings")
    def _opened(self) -> None:
        name = self.query_one("#findings", RecordTable).key
        if finding := self._findings.get(name or ""):
            actions = (("f", "mend", "put right"),) if finding.fix else ()
            self.open_sheet(lambda: Sheet(_whole(finding), actions), lambda _: self.action_mend())


def _line(one: Finding) -> Line:
    told = f"{one.told} {one.remedy}".rstrip()
    return Line(one.name, (Text(_MARKS[one.state], _STYLES[one.state]), one.name, told))


def _whole(one: Finding) -> Text:
    lines = [f"{one.name}: {one.state}", "", one.told, one.remedy, ""]
    return Text("\n".join([*lines, *(f"{name}: {value}" for name, value in one.figures.items())]))


def _summed_up(checks: Sequence[Check], findings: dict[str, Finding]) -> str:
    if not checks:
        return "The doctor has nothing to examine here: `appliance doctor`."
    count = {state: sum(one.state is state for one in findings.values()) for state in State}
    left = len(checks) - len(findings)
    later = f", {left} not examined (e)" if left else ""
    return f"{count[State.FAIL]} fail, {count[State.WARN]} warn, {count[State.OK]} ok{later}; Enter: more"


# --- the signs, told ------------------------------------------------------------------------------


def _told(seen: Signs) -> Iterator[Text]:
    yield _sign("Box", *_agent(seen.agent))
    yield _sign("Watchdog", *_watchdog(seen))
    yield _sign("Ticks", *_ticks(seen.late))
    yield _sign("Disk", *_disk(seen.room))
    yield _sign("Heat", *_heat(seen.temperatures))


def _sign(name: str, told: str, is_well: bool) -> Text:
    """A sign that is not well is marked by an exclamation mark, and coloured beside."""
    mark, style = (" ", "") if is_well else ("!", "bold yellow")
    return Text.assemble((f"{mark} {name:<9} ", "dim" if is_well else style), (told, style))


def _agent(agent: AgentState | None) -> tuple[str, bool]:
    if agent is None:
        return "no agent answers; `appliance run` starts the box", False
    because = f" ({', '.join(agent.because)})" if agent.because else ""
    unwritten = "; cannot write to its disk" if agent.unwritten else ""
    return f"level {agent.level}{because}, {agent.calls} calls{unwritten}", not (agent.because or unwritten)


def _watchdog(seen: Signs) -> tuple[str, bool]:
    beat_s = None if seen.agent is None else seen.agent.beat_s
    line = "line not heard" if beat_s is None else f"line heard {beat_s:.1f} s ago"
    failed = [one.name for one in seen.units if one.active != "active"]
    restarts = sum(one.restarts for one in seen.units)
    told = f"; systemd: {len(seen.units)} units, {restarts} restarts" if seen.units else ""
    down = f", not active: {', '.join(failed)}" if failed else ""
    return f"{line}{told}{down}", beat_s is not None and beat_s < BEAT_LIMIT_S and not failed


def _ticks(late: Sequence[LineQuality]) -> tuple[str, bool]:
    if not late:
        return "no call was measured yet", True
    last, worst_ms = late[0], max(one.tick_late_worst_ms for one in late)
    told = f"half {last.tick_late_p50_ms:.1f}, 99 % {last.tick_late_p99_ms:.1f} ms late in the last call"
    return f"{told}; worst of {len(late)}: {worst_ms:.1f} ms", last.tick_late_p99_ms < _LATE_MS


def _disk(found: Room | None) -> tuple[str, bool]:
    if found is None:
        return "the folder of the database is not there", False
    told = f"{found.free_bytes / _GB:.1f} GB free of {found.total_bytes / _GB:.1f} GB"
    return told, found.free_bytes > _FEW * found.total_bytes


def _heat(found: Sequence[Temperature]) -> tuple[str, bool]:
    if not found:
        return "this machine has no sensors", True
    told = ", ".join(f"{one.name} {one.celsius:.0f} C" for one in found)
    return told, max(one.celsius for one in found) < HOT_C
