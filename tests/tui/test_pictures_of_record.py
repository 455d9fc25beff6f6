"""A picture of each screen of record for the docs, made by this run (ATTENDANT_KEEP=1) and compared with the screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appliance.ops.doctor import Check, Finding, State
from appliance.ops.health import AgentState
from appliance.ops.vital_signs import Room
from appliance.tui.neighbours import Neighbours
from tests.tui.office import feed_of, looking, played, until
from tests.tui.test_logs import line
from tests.tui.test_pictures import _SIZE, PICTURES, _words

_SHOWS = {
    "calls": "1-4 of 4",
    "desk": "2 open messages",
    "sync": "Not sent",
    "health": "1 warn, 1 ok",
    "logs": "following: 3 of 3",
}
_FINDINGS = (
    Finding("directories", State.OK, "All folders are there and can be written."),
    Finding("backups", State.WARN, "The last backup is 3 days old.", "See `appliance backup list`."),
)


def _beside(folder: Path) -> Neighbours:
    """A box that runs, and what its doctor finds."""
    log = folder / "box.log"
    log.write_text(
        line(1, "info", "call begun", call_id="a1b2c3")
        + line(3, "warning", "the disk is slow", took_ms=412)
        + line(9, "info", "call closed", call_id="a1b2c3")
    )
    return Neighbours(
        sender=lambda: 4711,
        remedy_of=lambda _: "It has trouble of its own: tried again until it is over.",
        checks=lambda: [Check(one.name, one.name, lambda one=one: one) for one in _FINDINGS],
        state=lambda: AgentState("full", calls=1, beat_s=0.3),
        log_file=log,
        machine=folder,
        room=lambda _: Room(41_000_000_000, 64_000_000_000),
    )


@pytest.mark.parametrize("name", _SHOWS)
@played
async def test_the_picture_in_the_docs_is_the_screen(tmp_path: Path, name: str) -> None:
    file = PICTURES / f"tui-{name}.svg"
    async with looking(name, feed_of(tmp_path, neighbours=_beside(tmp_path)), _SIZE) as pilot:
        await until(pilot, _SHOWS[name])
        now = pilot.app.export_screenshot(title="appliance tui")
    if os.environ.get("ATTENDANT_KEEP") == "1":
        file.write_text(now, encoding="utf-8")
    assert _words(file.read_text(encoding="utf-8")) == _words(now)
