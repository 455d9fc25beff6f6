"""The product's main job, shown: a box on loopback, a caller who calls it, the conversation as it happens.

Two processes speak real SIP and RTP: the box answers as it would in an office, the caller is
`bench.caller` with another voice. What is shown and printed comes from the caller's clock, the box's
watch socket and the record on disk, never from the script.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from appliance import business, settings
from appliance.bench import script
from appliance.bench.box import Box, Watch, free_udp_port, write_config
from appliance.bench.dialer import Dialer, Event
from appliance.bench.exchanges import caller_ahead_ms
from appliance.clock import SystemClock
from appliance.errors import EngineFault
from appliance.settings import Settings, home
from appliance.store.appointments import appointment_of_call
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.export import as_json
from appliance.store.messages import Messages

Show = Callable[[dict[str, Any]], None]
_KEPT_DEMOS = 5
_MATCH_MS = 1500  # how far two clocks of a starved machine jump between two answers, which lie further apart
_QUIET_MS = 600
_TURN_LIMIT_S = 30.0


@dataclass
class Demonstration:
    """One call, from first ring to the record."""

    folder: Path
    business_name: str = "auto_repair"
    models: dict[str, str] = field(default_factory=dict)
    show: Show = lambda _: None
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _turns_said: int = 0
    _turns_heard_out: int = 0

    def run(self, say: Sequence[Path] = ()) -> dict[str, Any]:
        """Hold the conversation (`say`: the caller's recordings, else the script) and return the record."""
        port = free_udp_port()
        config = write_config(
            self.folder,
            tables={"sip": {"bind_address": "127.0.0.1", "port": port, "rtp_port": 0}, "models": self.models},
            business=self.business_name,
        )
        sounds = list(say) or self._scripted()
        with Box(config, self.folder) as box:
            self.show({"kind": "starting"})
            box.wait_ready()
            box.wait_for("mind ready")
            with box.watch() as watch:
                threading.Thread(target=self._look_on, args=(watch,), daemon=True).start()
                events = self._call(f"sip:attendant@127.0.0.1:{port}", sounds)
        return self._record(config, events)

    def _hear_out(self, dialer: Dialer) -> None:
        """Let the agent finish its turn: "let me see" is followed by an answer, however long that takes."""
        with self._changed:
            self._changed.wait_for(lambda: self._turns_said > self._turns_heard_out, _TURN_LIMIT_S)
            self._turns_heard_out = self._turns_said
        dialer.wait_agent(_QUIET_MS)

    def _tell_gap(self, event: Event) -> None:
        if event["event"] == "response_gap":
            self.show({"kind": "gap", "response_gap_ms": event["response_gap_ms"]})

    def _look_on(self, watch: Watch) -> None:
        for line in watch:
            self.show(line)
            with self._changed:
                self._turns_said += line["kind"] == "said"
                self._changed.notify_all()

    def _scripted(self) -> list[Path]:
        office = business.load(self.business_name)
        lines = script.caller_lines(office, SystemClock().now().astimezone(office.zone).date())
        return CallerVoice(home() / "cache" / "caller").sounds(lines)

    def _call(self, uri: str, sounds: Sequence[Path]) -> list[dict[str, Any]]:
        with Dialer(uri, record=self.folder / "caller.wav", on_event=self._tell_gap) as dialer:
            for sound in sounds:
                self._hear_out(dialer)
                dialer.say(sound)
            self._hear_out(dialer)
            dialer.hang_up()
            dialer.wait_end()
            return dialer.events

    def _record(self, config: Path, events: Sequence[Event]) -> dict[str, Any]:
        chosen = settings.load(config)
        record = last_call(chosen)
        turns = record["turns"]
        assign_gaps(turns, events)
        return record


def assign_gaps(turns: list[dict[str, Any]], events: Sequence[Event]) -> None:
    """Put what the caller measured in place of what the box believes, and `first_sound_ms` beside it.

    An answer's gap runs from the end of what the caller said last to the sound that the caller heard when the
    answer began (negative when it came too soon); each that is found sets the two clocks against each other
    anew. It counts to the answer's first word: an acknowledgement before it is only the first sound
    (measure.md). The caller's own `response_gap` would not do: a last "one moment" that the caller began to
    speak over has used it up.
    """
    ahead_ms = caller_ahead_ms(events, turns)
    for turn in turns:
        turn["response_gap_ms"] = turn["first_sound_ms"] = None
    for before, turn in pairwise(turns):
        if (before["speaker"], turn["speaker"]) != ("caller", "agent"):
            continue
        sound_ms = _sound_near(turn["started_ms"] + ahead_ms, events)
        ended_ms = _said_before(sound_ms, events)
        if sound_ms is not None and ended_ms is not None:
            turn["first_sound_ms"] = sound_ms - ended_ms
            turn["response_gap_ms"] = turn["first_sound_ms"] + _acknowledged_ms(turn)
            ahead_ms = sound_ms - turn["started_ms"]


def _sound_near(moment_ms: int, events: Sequence[Event]) -> int | None:
    """When the caller heard the agent begin, of all beginnings the one nearest to `moment_ms`."""
    began_ms = (event["at_ms"] for event in events if event["event"] == "agent_speech_began")
    nearest_ms = min(began_ms, key=lambda ms: abs(ms - moment_ms), default=None)
    return nearest_ms if nearest_ms is not None and abs(nearest_ms - moment_ms) <= _MATCH_MS else None


def _said_before(sound_ms: int | None, events: Sequence[Event]) -> int | None:
    """The end of what the caller had begun to say last when the agent was heard."""
    ends_ms = (
        event["at_ms"]
        for event in events
        if event["event"] == "said" and sound_ms is not None and event["from_ms"] < sound_ms
    )
    return max(ends_ms, default=None)


def _acknowledged_ms(turn: dict[str, Any]) -> int:
    """The caller hears a sound; the answer's first word comes later when "let me see" was said first."""
    times = turn["waterfall"]
    return int(times["first_packet_ms"] - times["first_sound_ms"])


def last_call(chosen: Settings) -> dict[str, Any]:
    """The newest call's record as the demo prints it."""
    with Database(settings.data_directory(chosen) / "attendant.db", read_only=True) as database:
        calls = Calls(database)
        record = calls.get("last")
        appointment = appointment_of_call(database, record.call_id)
        return as_json(record, appointment, Messages(database).of_call(record.call_id))


class CallerVoice:
    """The demo's caller: Kokoro, so that it is another person than the agent's Piper; made once, kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sounds(self, lines: Sequence[str]) -> list[Path]:
        """One raw 16 kHz file a line."""
        from appliance.engines.cached_voice import CachedVoice
        from appliance.engines.kokoro_tts import KokoroVoice
        from appliance.weights.place import resolve

        model = resolve(Settings(), "caller_voice")
        if model is None:
            raise EngineFault(
                "the demo's caller has no voice.", remedy="Run: appliance models pull --profile demo"
            )
        voice = CachedVoice(KokoroVoice(model, "af_heart"), self._folder)
        voice.prepare(list(lines))
        return [self._write(line, voice.speak(line)) for line in lines]

    def _write(self, line: str, pieces: Iterable[bytes]) -> Path:
        path = self._folder / f"{hashlib.sha256(line.encode()).hexdigest()[:16]}.pcm"
        path.write_bytes(b"".join(pieces))
        return path


def newest_folder() -> Path:
    """The folder of the latest demonstration."""
    return max((home() / "demo").iterdir())


def new_folder() -> Path:
    """A folder for this demonstration; those of the last few runs are kept, older ones go."""
    parent = home() / "demo"
    parent.mkdir(parents=True, exist_ok=True)
    for old in sorted(parent.iterdir())[: -(_KEPT_DEMOS - 1)]:
        shutil.rmtree(old, ignore_errors=True)
    folder = parent / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    folder.mkdir(exist_ok=True)
    return folder
