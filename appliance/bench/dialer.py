"""Drives a `bench.caller` from another process: tests, the demo and benchmarks speak through this.

    with Dialer("sip:box@127.0.0.1:5060", record=Path("call.wav")) as dialer:
        dialer.wait_agent()
        dialer.say(Path("question.wav"))

It starts the caller by exec and never imports pjsua2 itself: the library wants a process of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from appliance.errors import LineFault

PASSWORD_VARIABLE = "ATTENDANT_CALLER_PASSWORD"  # noqa: S105  the name of it
_CLOSING_LIMIT_S = 10.0

Event = dict[str, Any]


class Dialer:
    """One call. `events` is everything the caller told so far, `event["event"]` its kind."""

    def __init__(
        self,
        to_uri: str,
        *,
        record: Path | None = None,
        codec: str | None = None,
        loss_percent: int = 0,
        user: str = "caller",
        noise: Path | None = None,
        snr_db: float = 15.0,
        echo_db: float | None = None,
        echo_ms: int = 100,
        echo_room: Path | None = None,
        bind: str = "127.0.0.1",
        account: tuple[str, str, str] | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self._arguments = ["--to", to_uri, "--script", "-", "--user", user, "--loss", str(loss_percent)]
        self._arguments += ["--record", str(record)] if record else []
        self._arguments += ["--codec", codec] if codec else []
        self._arguments += ["--noise", str(noise), "--snr-db", str(snr_db)] if noise else []
        self._arguments += (
            ["--echo-db", str(echo_db), "--echo-ms", str(echo_ms)] if echo_db is not None else []
        )
        self._arguments += ["--echo-room", str(echo_room)] if echo_room else []
        self._arguments += ["--bind", bind]
        self._env = dict(os.environ)
        if (
            account is not None
        ):  # registrar, user, password: by the environment, where no list of processes shows it
            self._arguments += ["--account", f"{account[1]}@{account[0]}"]
            self._env[PASSWORD_VARIABLE] = account[2]
        self._on_event = on_event
        self._process: subprocess.Popen[str] | None = None
        self._changed = threading.Condition()
        self._ended = False
        self.events: list[Event] = []

    def __enter__(self) -> Dialer:
        command = [sys.executable, "-m", "appliance.bench.caller", *self._arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self._env
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()  # the end of the script hangs up
        try:
            process.wait(_CLOSING_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join(_CLOSING_LIMIT_S)
        if process.stdout is not None:
            process.stdout.close()

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            event: Event = json.loads(line)
            self._on_event(event)
            with self._changed:
                self.events.append(event)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    # --- steps ----------------------------------------------------------------------------------

    def say(self, recording: Path) -> bool:
        """Play a recording (any .wav, or raw 16 kHz .pcm) to its end; False if the call ended before."""
        return self._do({"do": "say", "pcm": str(recording)})

    def wait_agent(self, quiet_ms: int = 700, limit_ms: int = 30_000) -> bool:
        """Wait until the agent has spoken (since we last did) and then been quiet; False if it did not."""
        return self._do({"do": "wait_agent", "quiet_ms": quiet_ms, "limit_ms": limit_ms})

    def wait_speech(self, for_ms: int, limit_ms: int = 30_000) -> bool:
        """Wait until the agent has been talking for `for_ms`; False if it did not."""
        return self._do({"do": "wait_speech", "for_ms": for_ms, "limit_ms": limit_ms})

    def wait_ms(self, ms: int) -> bool:
        """Do nothing for a while."""
        return self._do({"do": "wait_ms", "ms": ms})

    def digits(self, digits: str, method: str = "rtp") -> bool:
        """Press keys, by RFC 4733 (`rtp`) or SIP INFO (`info`)."""
        return self._do({"do": "digits", "digits": digits, "method": method})

    def hold(self, on: bool) -> bool:
        """Put the agent on hold by re-INVITE, or take it back."""
        return self._do({"do": "hold", "on": on})

    def hang_up(self) -> None:
        """End the call now."""
        self._send({"do": "hang_up"})

    def _send(self, step: dict[str, Any]) -> bool:
        if self._process is None or self._process.stdin is None:
            return False
        try:
            self._process.stdin.write(json.dumps(step) + "\n")
            self._process.stdin.flush()
        except OSError:  # the call is over and the caller gone
            return False
        return True

    def _do(self, step: dict[str, Any]) -> bool:
        seen = len(self.events)
        if not self._send(step):
            return False
        done = self._first(lambda one: one["event"] == "done" and one["do"] == step["do"], seen, None)
        return done is not None and bool(done["ok"])

    # --- what happened --------------------------------------------------------------------------

    def all(self, kind: str) -> list[Event]:
        """Every event of this kind so far."""
        with self._changed:
            return [one for one in self.events if one["event"] == kind]

    def wait_for(self, kind: str, limit_s: float = 30.0) -> Event | None:
        """The first event of this kind, waiting for it if it is still to come; None if it does not."""
        return self._first(lambda one: one["event"] == kind, 0, limit_s)

    def wait_end(self, limit_s: float = 30.0) -> Event | None:
        """The `hung_up` event: status, and whether the caller or the agent ended the call."""
        return self.wait_for("hung_up", limit_s)

    def _first(self, wanted: Callable[[Event], bool], start: int, limit_s: float | None) -> Event | None:
        def found() -> Event | None:
            return next((one for one in self.events[start:] if wanted(one)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._ended, limit_s)
            event = found()
        if event is None and (fault := next(iter(self.all("error")), None)):
            raise LineFault(fault["message"])
        return event
