"""A real SIP caller in a process of its own, driven by JSON lines: steps on stdin, events on stdout.

    echo '{"do":"wait_agent"}' | python -m appliance.bench.caller --to sip:box@127.0.0.1:5060 --script -

Steps: {"do":"say","pcm":FILE} {"do":"wait_agent","quiet_ms":700,"limit_ms":30000} {"do":"wait_ms","ms":500}
{"do":"wait_speech","for_ms":800,"limit_ms":30000} (the agent has been talking for so long)
{"do":"digits","digits":"12#","method":"rtp"} {"do":"hold","on":true} {"do":"hang_up"}
The end of the script hangs up.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TextIO

import numpy as np

from appliance.bench import recordings
from appliance.bench.dialer import PASSWORD_VARIABLE
from appliance.bench.gap import Event, Stopwatch, ms_of_sample
from appliance.bench.impair import Echo, Noise, Surroundings
from appliance.clock import Clock, SystemClock
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SILENCE, ms
from appliance.errors import EXIT_UNAVAILABLE, ApplianceError
from appliance.sip import words
from appliance.sip.telephone import Telephone

CALL = "call"
_LOOK_UP_S = 0.05
_RINGING = 180
_JITTER_BUFFER_MS = (
    40  # what is measured is when packets arrive; pjmedia's own buffer grows to 400 ms by bursts
)
_DIGIT_S = 0.25  # a key of 160 ms and the pause after it


class Heard(NamedTuple):
    """One tick from the agent, and how many ticks of ours still wait."""

    tick: int
    frame: bytes
    waiting: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the script; None ends it."""

    order: dict[str, Any] | None


class CallerTap:
    """The caller's mouth and ear. Sound is put from the main thread and taken in the clock's."""

    def __init__(self, out: SimpleQueue[Any], surroundings: Surroundings | None = None) -> None:
        self._out = out
        self._surroundings = surroundings or Surroundings()
        self._frames: deque[bytes] = deque()
        self._tick = -1
        self.spoken: list[bytes] = []
        self.heard: list[bytes] = []

    @property
    def next_tick(self) -> int:
        """The tick in which sound that is put now begins, if nothing waits."""
        return self._tick + 1

    def put(self, pcm: bytes) -> None:
        """Say this."""
        self._frames.extend(
            pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for at in range(0, len(pcm), FRAME_BYTES)
        )

    def next_spoken(self) -> bytes:
        """The frame for a new tick."""
        if len(self.heard) < len(self.spoken):  # nothing came in the last tick
            self.put_heard(SILENCE)
        self._tick += 1
        frame = self._surroundings.around(self._frames.popleft() if self._frames else SILENCE)
        self.spoken.append(frame)
        return frame

    def put_heard(self, heard: bytes) -> None:
        """What came in this tick."""
        self.heard.append(heard)
        self._surroundings.hear(heard)
        self._out.put(Heard(self._tick, heard, len(self._frames)))


@dataclass
class Caller:
    """One call from dial to end. `happen` takes everything in order; `tell` writes what is worth telling."""

    out: TextIO
    clock: Clock = field(default_factory=SystemClock)
    record: Path | None = None
    surroundings: Surroundings | None = None

    def __post_init__(self) -> None:
        self.inbox: SimpleQueue[Any] = SimpleQueue()
        self._tap = CallerTap(self.inbox, self.surroundings)
        self._watch = Stopwatch()
        self._steps: deque[dict[str, Any] | None] = deque()
        self._step: dict[str, Any] | None = None
        self._step_until_s = 0.0
        self._said_until_tick = 0
        self._accepted_at_s: float | None = None
        self._heard_first = False
        self._agent_began_ms = 0
        self._codec = ""
        self._hung_up = False
        self.over = False

    # --- the call -------------------------------------------------------------------------------

    def run(self, uri: str, station: words.Station, account: words.Account | None = None) -> None:
        """Dial, follow the script, end. LineFault when there is no port for us."""
        self._phone = Telephone(
            station,
            on_event=self.inbox.put,
            new_tap=lambda _: self._tap,
            new_call_id=lambda: "uninvited",
            account=account,
        )
        self._phone.start()
        try:
            self._hold_call(uri)
        finally:
            self._phone.close()
        if self.record is not None:
            recordings.write_stereo(self.record, b"".join(self._tap.spoken), b"".join(self._tap.heard))

    def _hold_call(self, uri: str) -> None:
        self._tell({"event": "dialing", "to": uri})
        self._phone.dial(CALL, uri)
        while not self.over:
            with contextlib.suppress(Empty):
                self._happen(self.inbox.get(timeout=_LOOK_UP_S))
            self._go_on()

    def _tell(self, event: Event) -> None:
        self.out.write(json.dumps(event) + "\n")
        self.out.flush()

    def _happen(self, happening: Heard | Step | words.SipEvent) -> None:
        match happening:
            case Heard():
                self._listen(happening)
            case Step(order=order):
                self._steps.append(order)
            case words.Progressed(status=status):
                self._tell({"event": "ringing" if status == _RINGING else "progress", "status": status})
            case words.SoundFlows(codec=codec):
                self._codec = codec
            case words.Confirmed():
                self._accepted_at_s = self.clock.monotonic_s()
                self._tell({"event": "accepted", "status": 200, "codec": self._codec})
            case words.Rang(call_id=call_id):
                self._phone.reject(call_id, 486)
            case words.Ended(call_id="call"):
                self._ended(happening)
            case _:
                pass

    def _listen(self, heard: Heard) -> None:
        events = self._watch.heard(heard.tick, heard.frame)
        for event in events:
            self._tell(event)
            if event["event"] == "agent_speech_began":
                self._agent_began_ms = event["at_ms"]
        if events and not self._heard_first:
            self._heard_first = True
            since_s = self.clock.monotonic_s() - (self._accepted_at_s or self.clock.monotonic_s())
            self._tell({"event": "first_agent_packet", "ms": round(since_s * 1000)})

    def _ended(self, ended: words.Ended) -> None:
        by = "caller" if self._hung_up else "agent"
        self._tell({"event": "hung_up", "status": ended.status, "by": by, "reason": ended.reason})
        gaps_ms, premature = self._watch.gaps_ms, self._watch.premature
        summary = {"gaps_ms": gaps_ms, "premature": premature, "heard_ms": len(self._tap.heard) * 20}
        self._tell({"event": "summary", **summary, "quality": asdict(ended.quality)})
        self.over = True

    # --- the script -----------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Finish the step under way if it is done; begin the next."""
        while not self.over:
            if self._step is not None:
                outcome = self._outcome(self._step)
                if outcome is None:
                    return
                self._tell({"event": "done", "do": self._step["do"], "ok": outcome})
                self._step = None
            if not self._steps:
                return
            self._begin(self._steps.popleft() or {"do": "hang_up"})

    def _begin(self, step: dict[str, Any]) -> None:
        if step["do"] in {"say", "digits"} and self._accepted_at_s is None:
            self._steps.appendleft(step)
            self._step = {"do": "wait_accepted"}
            return
        self._step = step
        match step["do"]:
            case "say":
                self._say(Path(step["pcm"]))
            case "digits":
                self._phone.send_digits(CALL, step["digits"], step.get("method", "rtp"))
                self._wait_s(len(step["digits"]) * _DIGIT_S)
            case "hold":
                self._phone.hold(CALL, step["on"])
            case "wait_ms":
                self._wait_s(step["ms"] / 1000)
            case "wait_agent" | "wait_speech":
                self._wait_s(step.get("limit_ms", 30_000) / 1000)
            case "hang_up":
                self._hung_up = True
                self._phone.hang_up(CALL)

    def _wait_s(self, seconds: float) -> None:
        self._step_until_s = self.clock.monotonic_s() + seconds

    def _outcome(self, step: dict[str, Any]) -> bool | None:
        """True or False when the step is done, None while it is under way."""
        late = self.clock.monotonic_s() >= self._step_until_s
        match step["do"]:
            case "say":
                return True if self._tap.next_tick >= self._said_until_tick else None
            case "wait_ms" | "digits":
                return True if late else None
            case "wait_agent":
                done = self._watch.spoke_since_said and self._watch.quiet_ms >= step.get("quiet_ms", 700)
                return True if done else (False if late else None)
            case "wait_speech":
                talked_ms = ms(len(self._tap.heard)) - self._agent_began_ms
                done = self._watch.speaking and talked_ms >= step["for_ms"]
                return True if done else (False if late else None)
            case "wait_accepted":
                return None if self._accepted_at_s is None else True
            case "hang_up":
                return None  # the end of the call ends everything
            case _:
                return True

    def _say(self, path: Path) -> None:
        pcm = recordings.load(path)
        first, last = recordings.speech_bounds(pcm)
        start = self._tap.next_tick * FRAME_SAMPLES
        self._watch.say(ms_of_sample(start + first), ms_of_sample(start + last))
        self._said_until_tick = self._tap.next_tick + -(-len(pcm) // FRAME_BYTES)
        self._tap.put(pcm)
        self._tell(
            {"event": "said", "at_ms": ms_of_sample(start + last), "from_ms": ms_of_sample(start + first)}
        )


def _read_script(script: str, inbox: SimpleQueue[Any]) -> None:
    source = sys.stdin if script == "-" else Path(script).open(encoding="utf-8")  # noqa: SIM115
    for line in source:
        if line.strip():
            inbox.put(Step(json.loads(line)))
    inbox.put(Step(None))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", required=True, help="whom to call: sip:user@host:port")
    parser.add_argument("--script", default="-", help="a file of JSON lines, - for stdin")
    parser.add_argument("--record", type=Path, help="write what was said and heard to this WAV (caller left)")
    parser.add_argument("--codec", action="append", choices=["PCMU", "PCMA", "G722"], help="offer only this")
    parser.add_argument(
        "--loss", type=int, default=0, metavar="PERCENT", help="lose this share of our packets"
    )
    parser.add_argument("--noise", type=Path, metavar="FILE", help="what is heard behind the caller")
    parser.add_argument("--snr-db", type=float, default=15.0, help="how far --noise lies under speech")
    parser.add_argument("--echo-db", type=float, help="send the agent's sound back, so much louder")
    parser.add_argument("--echo-ms", type=int, default=100, help="how late --echo-db comes back")
    parser.add_argument("--echo-room", type=Path, metavar="FILE", help="impulse response of the echo's room")
    parser.add_argument("--user", default="caller", help="who calls: the user part of From")
    parser.add_argument("--bind", default="127.0.0.1", help="address to call from")
    parser.add_argument(
        "--account",
        metavar="USER@HOST",
        help=f"call as this extension; its password is in {PASSWORD_VARIABLE}",
    )
    return parser.parse_args()


def _account(chosen: argparse.Namespace) -> words.Account | None:
    """Who to be when the phone system asks; nothing is registered."""
    if not chosen.account:
        return None
    user, _, registrar = chosen.account.rpartition("@")
    return words.Account(registrar, user, os.environ.get(PASSWORD_VARIABLE, ""))


def _surroundings(chosen: argparse.Namespace) -> Surroundings:
    room = recordings.load(chosen.echo_room) if chosen.echo_room else None
    response = None if room is None else np.frombuffer(room, np.int16).astype(np.float64)
    echo = None if chosen.echo_db is None else Echo(chosen.echo_db, chosen.echo_ms, response)
    noise = Noise(recordings.load(chosen.noise), chosen.snr_db) if chosen.noise else None
    return Surroundings(echo, noise)


def main() -> int:
    """Make one call."""
    chosen = _arguments()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")  # ours alone: C code may print on descriptor 1
    os.dup2(2, 1)
    try:
        caller = Caller(out, record=chosen.record, surroundings=_surroundings(chosen))
    except ApplianceError as error:
        return _failed(out, error)
    threading.Thread(target=_read_script, args=(chosen.script, caller.inbox), daemon=True).start()
    station = words.Station(
        bind_address=chosen.bind,
        codecs=tuple(chosen.codec or ("PCMU", "PCMA", "G722")),
        user=chosen.user,
        loss_percent=chosen.loss,
        jitter_buffer_ms=_JITTER_BUFFER_MS,
    )
    try:
        caller.run(chosen.to, station, _account(chosen))
    except ApplianceError as error:
        return _failed(out, error)
    return 0


def _failed(out: TextIO, error: ApplianceError) -> int:
    out.write(json.dumps({"event": "error", "message": str(error)}) + "\n")
    out.flush()
    return EXIT_UNAVAILABLE


if __name__ == "__main__":
    sys.stdout.flush()
    sys.exit(main())
