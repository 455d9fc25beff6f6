"""A whole box on loopback, as a test starts, calls and looks at it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance import settings
from appliance.bench.box import Box, free_udp_port, write_config
from appliance.bench.demo import last_call
from appliance.bench.dialer import Dialer
from appliance.bench.processes import descendants, process_name


@dataclass
class Office:
    """A running box and what a test does with it."""

    box: Box
    folder: Path
    config: Path
    uri: str

    def dial(self, **options: Any) -> Dialer:
        return Dialer(self.uri, **options)

    def hold(self, *sounds: Path, **options: Any) -> None:
        """A whole call: wait for the agent before each sound and after the last, then hang up."""
        with self.dial(**options) as dialer:
            for sound in sounds:
                dialer.wait_agent()
                dialer.say(sound)
            dialer.wait_agent()
            dialer.hang_up()
            dialer.wait_end()

    def wait_for_again(self, text: str, limit_s: float = 60) -> None:
        """Wait until the supervisor says `text` once more than it has by now."""
        before = sum(text in line for line in self.box.output)
        waiting, waited_s = threading.Event(), 0.0
        while sum(text in line for line in self.box.output) == before and waited_s < limit_s:
            waiting.wait(0.1)
            waited_s += 0.1
        assert sum(text in line for line in self.box.output) > before, f"never said again: {text}"

    def record(self, limit_s: float = 60) -> dict[str, Any]:
        """The newest call, closed: the caller knows of its end a moment before the record does."""
        waiting, waited_s = threading.Event(), 0.0
        while (record := last_call(settings.load(self.config)))["ended_at"] is None:
            assert waited_s < limit_s, "the call is never closed on record"
            waiting.wait(0.1)
            waited_s += 0.1
        return record

    def pid_of(self, process: str) -> int:
        return next(pid for pid in descendants(self.box.pid) if process_name(pid) == process)


def open_office(folder: Path, **tables: dict[str, Any]) -> Office:
    port = free_udp_port()
    sip = {"bind_address": "127.0.0.1", "port": port, "rtp_port": 0, **tables.pop("sip", {})}
    models = {"profile": "small", **tables.pop("models", {})}
    config = write_config(folder, tables={"sip": sip, "models": models, **tables})
    return Office(Box(config, folder), folder, config, f"sip:attendant@127.0.0.1:{port}")
