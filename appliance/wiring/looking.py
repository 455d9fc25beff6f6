"""Builds what rooms beside the TUI do for its screens: who sends, what the doctor examines, where the log is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from appliance.tui.neighbours import Neighbours
from appliance.wiring.places import run_directory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appliance.business import Business
    from appliance.ops.doctor import Check
    from appliance.ops.health import AgentState
    from appliance.settings import Settings


def neighbours(
    config: Settings, office: Business, settings_file: Path | None = None, log_file: Path | None = None
) -> Neighbours:
    """Of the box with these settings; without `log_file` its log is in the journal."""
    from appliance.ops import machine
    from appliance.sync.bell import ring
    from appliance.sync.lease import Lease
    from appliance.sync.remedies import remedy_of
    from appliance.wiring.examining import Patient, all_checks

    sockets = run_directory(config)

    def sender() -> int | None:
        lease = Lease(sockets)
        return lease.holder() if lease.is_taken() else None

    def checks() -> Sequence[Check]:
        return all_checks(config, office, settings_file)

    def state() -> AgentState | None:
        return Patient(config, office, settings_file).state  # asked anew each time

    return Neighbours(
        ring=lambda: ring(sockets),
        sender=sender,
        remedy_of=remedy_of,
        checks=checks,
        state=state,
        units=machine.units,
        log_file=log_file,
    )
