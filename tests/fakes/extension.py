"""A telephone on somebody's desk, in a process of its own: registers, rings, answers, presses keys, hums a tone.

with Extension(office.address, "101", "secret-101", hz=600) as maria:
    maria.wait_for("rang")
    maria.do("answer")
    assert maria.hears(440)
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from tests.fakes.tones import share_at, tone

REPOSITORY = Path(__file__).parent.parent.parent
LISTENS_FRAMES = 25


class Extension:
    """One telephone, one call at a time. `on_ring` is what it does by itself: answer, nothing, or a SIP status."""

    def __init__(
        self, registrar: str, number: str, password: str, *, hz: float = 600, on_ring: str = "answer"
    ) -> None:
        self._arguments = [registrar, number, password, str(hz), on_ring]
        self._changed = threading.Condition()
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Extension:
        command = [sys.executable, "-m", "tests.fakes.extension", *self._arguments]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=REPOSITORY)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.wait_for("registered")["accepted"]
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            with self._changed:
                self.events.append(json.loads(line))
                self._changed.notify_all()

    def do(self, order: str, **more: str) -> None:
        """dial (to, or uri), answer, reject (status), press (digits), refer (to), hang_up."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": order, **more}) + "\n")
        self._process.stdin.flush()

    def wait_for(self, kind: str, limit_s: float = 20.0, nth: int = 1) -> dict[str, Any]:
        """The `nth` event of this kind: registered, rang, ringing, confirmed, ended, key, heard."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.events if one["event"] == kind]

        with self._changed:
            self._changed.wait_for(lambda: len(found()) >= nth, limit_s)
            events = found()
        assert len(events) >= nth, f"no {kind}; came: {[one['event'] for one in self.events]}"
        return events[nth - 1]

    def hears_somebody(self, limit_s: float = 10.0) -> bool:
        """Whether it hears anything louder than a hiss, now or soon."""
        return self._listen_until(lambda heard: bool(heard["is_sound"]), 0.0, limit_s)

    def hears(self, hz: float, limit_s: float = 10.0, *, no_longer: bool = False) -> bool:
        """Whether a tone of `hz` is most of what it hears, now or soon; with `no_longer`, whether that ends."""
        return self._listen_until(lambda heard: (heard["share"] > 0.5) != no_longer, hz, limit_s)

    def _listen_until(self, enough: Callable[[dict[str, Any]], bool], hz: float, limit_s: float) -> bool:
        for _ in range(int(limit_s / 0.25)):
            asked = len([one for one in self.events if one["event"] == "heard"]) + 1
            self.do("listen", hz=str(hz))
            if enough(self.wait_for("heard", nth=asked)):
                return True
            threading.Event().wait(0.25)
        return False


class _Desk:
    """Inside the process: the telephone and what it hears."""

    def __init__(self, registrar: str, number: str, password: str, hz: float, on_ring: str) -> None:
        from appliance.sip.telephone import Telephone
        from appliance.sip.words import Account, Station

        self._registrar, self._on_ring = registrar, on_ring
        self._hum = tone(hz, 1000)
        self._at = 0
        self._heard: deque[bytes] = deque(maxlen=LISTENS_FRAMES)
        self._call = ""
        numbers = count(1)
        self._phone = Telephone(
            Station(user=number),
            account=Account(registrar, number, password),
            on_event=self._happened,
            new_tap=lambda _: self,
            new_call_id=lambda: f"call-{next(numbers)}",
        )

    def run(self) -> None:
        self._phone.start()
        self._phone.register()
        for line in sys.stdin:
            self._obey(json.loads(line))
        self._phone.close()

    def _obey(self, order: dict[str, str]) -> None:
        match order["do"]:
            case "dial":
                self._call = "dialled"
                self._phone.dial("dialled", order.get("uri") or f"sip:{order['to']}@{self._registrar}")
            case "refer":
                self._phone.refer(self._call, order["to"])
            case "answer":
                self._phone.answer(self._call)
            case "reject":
                self._phone.reject(self._call, int(order["status"]))
            case "press":
                self._phone.send_digits(self._call, order["digits"])
            case "hang_up":
                self._phone.hang_up(self._call)
            case "listen":
                heard = b"".join(self._heard)
                share = share_at(heard, float(order["hz"])) if heard else 0.0
                self._tell(
                    "heard", share=share, is_sound=max(map(abs, memoryview(heard).cast("h")), default=0) > 500
                )

    def _tell(self, kind: str, **more: Any) -> None:
        print(json.dumps({"event": kind, **more}), flush=True)

    def _happened(self, event: Any) -> None:
        from appliance.sip import words

        match event:
            case words.RegistrationAnswered(registered=registered):
                self._tell("registered", accepted=registered)
            case words.Rang(call_id=call_id, caller=caller):
                self._call = call_id
                self._phone.ring(call_id)
                self._tell("rang", caller=caller)
                if self._on_ring == "answer":
                    self._phone.answer(call_id)
                elif self._on_ring.isdigit():
                    self._phone.reject(call_id, int(self._on_ring))
            case words.Progressed(status=status):
                self._tell("ringing", status=status)
            case words.Confirmed():
                self._tell("confirmed")
            case words.DigitCame(digit=digit):
                self._tell("key", digit=digit)
            case words.ReferAnswered(status=status):
                self._tell("refer", status=status)
            case words.Ended(status=status):
                self._tell("ended", status=status)

    def next_spoken(self) -> bytes:
        self._at = (self._at + 640) % len(self._hum)
        return self._hum[self._at : self._at + 640].ljust(640, b"\0")

    def put_heard(self, heard: bytes) -> None:
        self._heard.append(heard)


if __name__ == "__main__":
    _Desk(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), sys.argv[5]).run()
