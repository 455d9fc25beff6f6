"""How long callers wait for an answer, by class of turn, measured at the caller's RTP (measure.md).

A box of its own is called again and again with the same sentences; the class of each answer is what the
record says it was, the time is what the caller's clock says. Synthetic speech (Kokoro): marked as such.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from appliance import settings
from appliance.bench.box import Box, free_udp_port, write_config
from appliance.bench.demo import CallerVoice, assign_gaps, last_call
from appliance.bench.dialer import Dialer
from appliance.bench.processes import machine
from appliance.domain.call import TurnClass

SENTENCES = (
    "Hello there.",
    "Can I pay by credit card?",
    "What time do you open on Monday?",
    "I need an oil change.",
    "Tuesday morning.",
    "Never mind.",
    "Where are you located?",
    "I'd like to book an inspection.",
    "Never mind.",
    "Do you work on hybrid cars?",
    "Never mind.",
    "Is there a place where I can wait?",
    "Never mind.",
    "Thank you very much.",
)
SPEECH = "synthetic (Kokoro af_heart), G.711, loopback"
_QUIET_MS = 900
_TURNS_FOR_P95 = 30


def measure(folder: Path, calls: int, profile: str, tell: Callable[[int], None]) -> dict[str, Any]:
    """Hold `calls` calls and sum up; the rows of all turns are kept in `folder`/turns.jsonl by the caller."""
    port = free_udp_port()
    config = write_config(
        folder,
        tables={
            "sip": {"bind_address": "127.0.0.1", "port": port, "rtp_port": 0},
            "models": {"profile": profile},
        },
    )
    sounds = CallerVoice(settings.home() / "cache" / "caller").sounds(SENTENCES)
    held: list[dict[str, Any]] = []
    with Box(config, folder) as box:
        box.wait_ready()
        box.wait_for("mind ready")
        for number in range(calls):
            held.append(_hold(f"sip:attendant@127.0.0.1:{port}", sounds, config))
            tell(number + 1)
    return summary(held) | {"profile": profile, "models": held[0]["versions"]}


def _hold(uri: str, sounds: Sequence[Path], config: Path) -> dict[str, Any]:
    """One call; its record with the caller's own times, and what went wrong in it."""
    with Dialer(uri) as dialer:
        for sound in sounds:
            dialer.wait_agent(_QUIET_MS if sound != sounds[-1] else 2 * _QUIET_MS)
            dialer.say(sound)
        dialer.wait_agent(_QUIET_MS)
        dialer.hang_up()
        dialer.wait_end()
        gaps, premature = dialer.all("response_gap"), len(dialer.all("premature"))
    record = last_call(settings.load(config))
    assign_gaps(record["turns"], gaps)
    return record | {"premature": premature, "utterances": len(sounds)}


def summary(held: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of all calls. A p95 stands only on 30 turns or more, else it is None."""
    answers = [turn for call in held for turn in call["turns"] if turn.get("response_gap_ms") is not None]
    utterances = sum(call["utterances"] for call in held)
    heard = sum(turn["speaker"] == "caller" for call in held for turn in call["turns"])
    by_class = {
        kind.value: spread([turn["response_gap_ms"] for turn in answers if turn["class"] == kind.value])
        for kind in TurnClass
    }
    return by_class | {
        "first_sound": spread(
            [turn["first_sound_ms"] for turn in answers if turn["class"] == TurnClass.OPEN]
        ),
        "premature_replies": sum(call["premature"] for call in held),
        "false_endings_share": round(max(0, heard - utterances) / utterances, 4) if utterances else None,
        "calls": len(held),
        "speech": SPEECH,
        "machine": machine(),
        "revision": revision(),
    }


def spread(values_ms: Sequence[int]) -> dict[str, int | None]:
    """n, p50, p95 and p99 of some times; None where there are too few."""
    count = len(values_ms)
    cuts = quantiles(values_ms, n=100, method="inclusive") if count > 1 else []
    enough = count >= _TURNS_FOR_P95
    return {
        "n": count,
        "p50_ms": round(cuts[49]) if cuts else None,
        "p95_ms": round(cuts[94]) if enough else None,
        "p99_ms": round(cuts[98]) if enough else None,
    }


def revision() -> str:
    """The git revision that was measured; "unknown" outside a checkout."""
    asked = subprocess.run(
        ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"],  # noqa: S607  whichever git
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
