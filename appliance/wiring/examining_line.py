"""Gathers what the doctor judges of the telephone side: a running box is asked, else we register for a moment."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from appliance.errors import EngineFault
from appliance.ops import checks_line
from appliance.ops.doctor import Check, Finding

if TYPE_CHECKING:
    from appliance.wiring.examining import Patient

_LIBRARY_LIMIT_S: Final = 90.0  # most of it waiting for a busy processor
_CALLS_OF_LATE: Final = 200
_CODECS_OF_LATE: Final = """
    SELECT json_extract(quality, '$.codec') AS codec, count(*) AS calls
    FROM (SELECT quality FROM calls WHERE quality IS NOT NULL ORDER BY offered_at DESC LIMIT ?)
    GROUP BY codec HAVING codec <> '' ORDER BY calls DESC
"""
_REFUSED_OF_LATE: Final = """
    SELECT count(*) AS calls FROM events WHERE kind = 'refused' AND detail = '488' AND call_id IN
    (SELECT call_id FROM calls ORDER BY offered_at DESC LIMIT ?)
"""


def checks(box: Patient) -> list[Check]:
    """Registration, the way through NAT, codecs."""
    return [
        Check("registration", "whether the phone system takes us", lambda: _registration(box)),
        Check("nat", "whether the phone system can reach what we write into calls", lambda: _nat(box)),
        Check("codecs", "whether callers can be heard", lambda: _codecs(box)),
    ]


def _registration(box: Patient) -> Finding:
    sip = box.config.sip
    if not sip.registrar:
        return checks_line.registration(None)
    if box.runs:  # a second binding might throw out the box's own
        return checks_line.registration(_told(box))
    return checks_line.registration(_trial(box))


def _told(box: Patient) -> checks_line.RegistrationFacts:
    """What the running line, else its agent, knows of the phone system's last word."""
    sip, last = box.config.sip, box.line.get("registration") or {}
    known = last.get("registered", box.state.registered if box.state else None)
    return checks_line.RegistrationFacts(
        sip.registrar, sip.user, known, last.get("status", 0), last.get("reason", ""), "the running box"
    )


def _trial(box: Patient) -> checks_line.RegistrationFacts:
    from appliance.ops.registering import try_registration
    from appliance.wiring.examining import secret

    sip = box.config.sip
    tried = try_registration(sip, secret("sip_password") or "")
    return checks_line.RegistrationFacts(
        sip.registrar, sip.user, tried.registered, tried.status, tried.reason, "a trial"
    )


def _nat(box: Patient) -> Finding:
    from appliance.sip.probing import probe

    sip = box.config.sip
    if not sip.registrar:
        return checks_line.nat(None)
    seen = probe(sip.registrar, bind_address=sip.bind_address)
    return checks_line.nat(
        checks_line.NatFacts(
            sip.registrar, seen.answered, seen.ours, seen.seen, seen.took_ms, sip.public_address
        )
    )


def _codecs(box: Patient) -> Finding:
    used = {row["codec"]: row["calls"] for row in box.rows(_CODECS_OF_LATE, [_CALLS_OF_LATE])}
    refused = sum(row["calls"] for row in box.rows(_REFUSED_OF_LATE, [_CALLS_OF_LATE]))
    wanted = tuple(codec.value for codec in box.config.sip.codecs)
    return checks_line.codecs(checks_line.CodecFacts(wanted, _library_codecs(), used, refused))


def _library_codecs() -> tuple[str, ...]:
    """What the SIP library can do; it is once a process, so one is started that tells and ends."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "appliance.sip.known_codecs"],
            capture_output=True,
            text=True,
            timeout=_LIBRARY_LIMIT_S,
            check=True,
        )
        return tuple(json.loads(done.stdout))
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise EngineFault(
            "The SIP library does not start.", remedy="Install it again: ./install.sh setup (or system)."
        ) from error
