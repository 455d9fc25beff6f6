"""What rooms beside the TUI do for its screens, handed in by the wiring: it may not know them (docs/architecture.md).

Without them a screen still shows what lies in the database; it says that nobody sends and that nothing was examined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.ops.checks_keeping import UnitFacts
from appliance.ops.doctor import Check
from appliance.ops.health import AgentState
from appliance.ops.vital_signs import Room, room


def _nobody_hears() -> bool:
    return False


def _nobody_sends() -> int | None:
    return None


def _no_remedy(reason: str) -> str:
    return ""


def _no_checks() -> Sequence[Check]:
    return ()


def _no_units() -> Sequence[UnitFacts]:
    return ()


def _no_state() -> AgentState | None:
    return None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`ring` has everything that waits sent now, and says whether anybody heard it; `sender` is the process that
    sends, None for nobody; `remedy_of` a failure of sending; `checks` are the doctor's, `state` is what the agent says
    of itself and of the line, None where none answers; `units` are those of systemd. `log_file` is where a box in
    the foreground writes its log, None for the journal; `machine` where the kernel tells of itself (sysfs), `room` what
    is free on the disk of a folder.
    """

    ring: Callable[[], bool] = _nobody_hears
    sender: Callable[[], int | None] = _nobody_sends
    remedy_of: Callable[[str], str] = _no_remedy
    checks: Callable[[], Sequence[Check]] = _no_checks
    state: Callable[[], AgentState | None] = _no_state
    units: Callable[[], Sequence[UnitFacts]] = _no_units
    log_file: Path | None = None
    machine: Path = Path("/sys")
    room: Callable[[Path], Room | None] = room
