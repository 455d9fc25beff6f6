"""A test call to any SIP address: dial, speak or play, listen, and tell what came back.

The caller is a process of its own (bench/caller.py); here is what it says, when, and what is made of it.
"""

from __future__ import annotations

import re
import socket
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soundfile

from appliance.audio.emodel import estimated_mos
from appliance.bench.call_score import CallReport
from appliance.bench.dialer import Dialer, Event
from appliance.bench.word_errors import edits
from appliance.clock import Clock, SystemClock
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import LineFault

RING_LIMIT_S: Final = 60.0
_GREETING_LIMIT_MS: Final = 2_500
_GREETED_LIMIT_MS: Final = 20_000
_QUIET_MS: Final = 900
_END_LIMIT_S: Final = 20.0
_ECHO_WINDOW_S: Final = 1.5
_ECHO_LIKENESS: Final = 0.5
_ENDED_BY: Final = {"caller": "us", "agent": "them"}
_TARGET: Final = re.compile(r"^sips?:(?:[^@\s<>]+@)?(?:\[[^\]\s]+\]|[^\s<>;:@]+)(?::\d+)?(?:;[^\s<>]*)?$")
_HOST: Final = re.compile(r"^sips?:(?:[^@]*@)?(?:\[([^\]]+)\]|([^;:]+))(?::(\d+))?")

Hears = Callable[[bytes], str]
"""16 kHz mono int16 to the words in it; empty without a recogniser."""
Wave = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do in the call. `sounds` are recordings, played one after the other, each after the other side has been
    heard out; `said`: their words, where they are known; `listen_s`: how long its answer is waited for.
    `account`: registrar, user, password to call with."""

    to: str
    sounds: Sequence[Path] = ()
    said: str = ""
    listen_s: float = 8.0
    caller: str = "attendant-test"
    codec: str | None = None
    record: Path | None = None
    account: tuple[str, str, str] | None = None


def target_of(text: str, registrar: str = "") -> str:
    """`text` as a SIP URI: one already, user@host, or a bare number on `registrar`. ValueError says what is wrong."""
    uri = text if text.startswith(("sip:", "sips:")) else f"sip:{text}"
    if "@" not in uri and registrar and not uri.removeprefix("sip:").count("."):
        uri = f"{uri}@{registrar}"
    if not _TARGET.match(uri):
        raise ValueError(f"{text!r} is no SIP address like sip:100@192.168.1.2 or 100@pbx.office.example.")
    return uri


def facing(uri: str) -> str:
    """Our own address on the way to `uri`; LineFault when there is no way."""
    found = _HOST.match(uri)
    host, port = (found[1] or found[2], int(found[3] or 5060)) if found else (uri, 5060)
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(place)  # no packet is sent: this asks the kernel for the way
            return str(probe.getsockname()[0])
    except (OSError, UnicodeError) as error:
        raise LineFault(
            f"{host}: there is no way there.", remedy="Compare its name, and look at this machine's network."
        ) from error


@dataclass
class TrialCall:
    """One call, from dial to report. `tell` is handed each event of the caller (bench/caller.py) as it comes."""

    plan: Plan
    hears: Hears = lambda _: ""
    tell: Callable[[Event], None] = lambda _: None
    clock: Clock = field(default_factory=SystemClock)
    _at_s: dict[str, float] = field(default_factory=dict)

    def place(self) -> CallReport:
        """Call, and say what came of it. LineFault when it cannot even be tried."""
        plan = self.plan
        with tempfile.TemporaryDirectory(prefix="call-") as folder:
            record = plan.record or Path(folder) / "call.wav"
            with Dialer(
                plan.to,
                record=record,
                codec=plan.codec,
                user=plan.caller,
                bind=facing(plan.to),
                account=plan.account,
                on_event=self._happened,
            ) as dialer:
                self._converse(dialer)
                ended = dialer.wait_end(_END_LIMIT_S)
                summary = dialer.wait_for("summary", _END_LIMIT_S)
            if ended is None or summary is None:
                raise LineFault(f"{plan.to}: the call never ended.", remedy="Look at the network in between.")
            return self._report(ended, summary, dialer, record)

    def _happened(self, event: Event) -> None:
        self._at_s.setdefault(event["event"], self.clock.monotonic_s())
        self.tell(event)

    def _converse(self, dialer: Dialer) -> None:
        """Say what there is to say; a call that is over meanwhile is over."""
        listen_ms = round(self.plan.listen_s * 1000)
        if dialer.wait_for("accepted", RING_LIMIT_S) is None:
            dialer.hang_up()
            return
        if self.plan.sounds:
            self._hear_out(dialer)
        for sound in self.plan.sounds:
            dialer.say(sound)
            dialer.wait_agent(_QUIET_MS, listen_ms)
        if not self.plan.sounds:
            dialer.wait_ms(listen_ms)
        dialer.hang_up()

    def _hear_out(self, dialer: Dialer) -> None:
        """A greeting, if one comes: an echo or a person may say nothing first."""
        if dialer.wait_speech(100, _GREETING_LIMIT_MS):
            dialer.wait_agent(_QUIET_MS, _GREETED_LIMIT_MS)

    # --- what came of it ------------------------------------------------------------------------

    def _report(self, ended: Event, summary: Event, dialer: Dialer, record: Path) -> CallReport:
        quality: dict[str, Any] = summary["quality"]
        accepted = next(iter(dialer.all("accepted")), None)
        first = next(iter(dialer.all("first_agent_packet")), None)
        spoken, heard = _sides(record)
        words = self.hears(heard) if accepted and heard else ""
        echo_ms = echo_delay_ms(spoken, heard) if accepted else None
        codec = (accepted or {}).get("codec") or quality["codec"]
        received, lost = quality["packets_received"], quality["packets_lost"]
        return CallReport(
            to=self.plan.to,
            status=accepted["status"] if accepted else ended["status"],
            reason=ended["reason"],
            codec=codec,
            ringing_ms=self._since_dial_ms("ringing"),
            answered_ms=self._since_dial_ms("accepted"),
            first_sound_ms=first["ms"] if first else None,
            lasted_s=round(summary["heard_ms"] / 1000, 1) if accepted else 0.0,
            packets_received=received,
            packets_lost=lost,
            jitter_ms=round(quality["jitter_ms"], 1),
            mos=estimated_mos(codec, received, lost, quality["jitter_ms"]),
            gaps_ms=tuple(summary["gaps_ms"]) if echo_ms is None else (),
            said=self.plan.said,
            heard=words,
            echo_ms=echo_ms,
            echo_word_error=_word_error(self.plan.said, words) if echo_ms is not None else None,
            ended_by=_ENDED_BY[ended["by"]] if accepted else "",
        )

    def _since_dial_ms(self, event: str) -> int | None:
        at_s = self._at_s.get(event)
        return None if at_s is None else round((at_s - self._at_s["dialing"]) * 1000)


def _word_error(said: str, heard: str) -> float | None:
    """The share of our own words that came back otherwise; None where they are not known."""
    words = plain_words(said)
    return round(edits(words, heard) / len(words.split()), 3) if words else None


def plain_words(text: str) -> str:
    """Lower case, no marks: as a recogniser writes."""
    return " ".join(re.sub(r"[^\w\s']", " ", text.lower()).split())


def _sides(record: Path) -> tuple[bytes, bytes]:
    """What was said and what was heard, 16 kHz mono int16."""
    if not record.is_file():
        return b"", b""
    samples, _ = soundfile.read(record, dtype="int16", always_2d=True)
    return samples[:, 0].tobytes(), samples[:, 1].tobytes()


def echo_delay_ms(spoken: bytes, heard: bytes) -> int | None:
    """How late our own sound came back, up to 1.5 s; None where what came is something else.

    The peak of the normalised cross-correlation of the two sides' envelopes says where, its height whether.
    """
    ours, theirs = _envelope(spoken), _envelope(heard)
    if not ours.any() or not theirs.any():
        return None
    likeness = [_likeness(ours, theirs, lag) for lag in range(round(_ECHO_WINDOW_S * 1000) // _ENVELOPE_MS)]
    best = int(np.argmax(likeness))
    return best * _ENVELOPE_MS if likeness[best] >= _ECHO_LIKENESS else None


_ENVELOPE_MS: Final = 10


def _envelope(pcm: bytes) -> Wave:
    """Loudness in steps of _ENVELOPE_MS, silence at 0."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    step = SAMPLE_RATE_HZ * _ENVELOPE_MS // 1000
    whole = len(samples) // step * step
    return np.sqrt((samples[:whole].reshape(-1, step) ** 2).mean(axis=1)) if whole else np.zeros(0)


def _likeness(ours: Wave, theirs: Wave, lag: int) -> float:
    length = min(len(ours), len(theirs) - lag)
    if length <= 0:
        return 0.0
    one, other = ours[:length], theirs[lag : lag + length]
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size else 0.0
