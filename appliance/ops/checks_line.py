"""What the doctor thinks of the telephone side: registration, codecs, the way through NAT. Pure.

What the phone system sees of us comes from the `received` and `rport` of its answer's Via (RFC 3581).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.ops.doctor import Finding, State
from appliance.ops.registering import judge


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """`registered` None: it is not known. `by`: who says so, the running box or a trial of ours."""

    registrar: str
    user: str
    registered: bool | None
    status: int = 0
    reason: str = ""
    by: str = ""


def registration(facts: RegistrationFacts | None) -> Finding:
    """Whether the phone system takes us; None: no registrar is set."""
    if facts is None:
        told = "Not wanted: sip.registrar is empty, calls come in directly."
        return Finding("registration", State.SKIPPED, told)
    who = f"{facts.user} at {facts.registrar}"
    figures = {"status": facts.status, "by": facts.by}
    if facts.registered is None:
        told = f"{who}: a box runs, but does not say whether it is registered."
        remedy = "Restart it, or look at the phone system's list of registered extensions."
        return Finding("registration", State.WARN, told, remedy, figures)
    if facts.registered:
        return Finding("registration", State.OK, f"{who}: accepted ({facts.by}).", "", figures)
    refused = f"refused with {facts.status} {facts.reason}" if facts.status else "not registered"
    remedy = judge(facts.status) if facts.status else "The log of the line process says what it was answered."
    return Finding("registration", State.FAIL, f"{who}: {refused} ({facts.by}).", remedy, figures)


# --- NAT ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NatFacts:
    """One OPTIONS to the phone system and back. `ours`: the address it was sent from, `seen`: the one it came from
    as the phone system has it, empty where it does not say. `answered` False: nothing came back."""

    registrar: str
    answered: bool
    ours: str = ""
    seen: str = ""
    took_ms: int | None = None
    public_address: str = ""


def nat(facts: NatFacts | None) -> Finding:
    """Whether the address we write into SIP and SDP is one the phone system can reach."""
    if facts is None:
        return Finding("nat", State.SKIPPED, "There is no registrar to ask.")
    if not facts.answered:  # some answer no strangers, so this alone is no failure
        told = f"{facts.registrar}: no answer to a SIP OPTIONS, so it cannot be told how it sees us."
        remedy = f"Where `registration` is in order and callers are heard, nothing. Else: {judge(408)}"
        return Finding("nat", State.WARN, told, remedy)
    figures = {"ours": facts.ours, "seen": facts.seen, "took_ms": facts.took_ms}
    if not facts.seen:
        told = f"{facts.registrar} answers, but does not say from where it sees us."
        return Finding("nat", State.OK, told, "", figures)
    written = facts.public_address or facts.ours
    if facts.seen == written:
        told = (
            f"None in the way: {facts.registrar} sees us at {facts.seen}, which is what we write into calls."
        )
        return Finding("nat", State.OK, told, "", figures)
    told = f"{facts.registrar} sees us at {facts.seen}, but calls carry {written}: callers may hear nothing."
    remedy = (
        f'Set sip.public_address = "{facts.seen}" and pass SIP and RTP ports on to the box, or bring both'
        " into one network."
    )
    return Finding("nat", State.WARN, told, remedy, figures)


# --- codecs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodecFacts:
    """`wanted` by the settings, `there` in the SIP library; `used`: calls of late by codec; `refused`: calls of late
    that offered none of ours."""

    wanted: tuple[str, ...]
    there: tuple[str, ...]
    used: Mapping[str, int]
    refused: int = 0


def codecs(facts: CodecFacts) -> Finding:
    """Whether what the settings offer exists here, and whether callers can be heard with it."""
    figures = {"there": list(facts.there), "used": dict(facts.used), "refused": facts.refused}
    lacking = [one for one in facts.wanted if one not in facts.there]
    if lacking:
        told = f"The SIP library here has no {', '.join(lacking)}."
        remedy = f"Take {', '.join(lacking)} out of sip.codecs, or build PJSIP: ./install.sh sip-from-source."
        return Finding("codecs", State.FAIL, told, remedy, figures)
    offered = f"Offered: {', '.join(facts.wanted)}."
    if facts.refused:
        told = f"{offered} {facts.refused} calls of late offered none of these and were refused (488)."
        remedy = "Allow one of them for this extension on the phone system, or add theirs to sip.codecs."
        return Finding("codecs", State.WARN, told, remedy, figures)
    used = ", ".join(f"{codec} {calls}" for codec, calls in facts.used.items())
    return Finding("codecs", State.OK, f"{offered} Calls of late: {used or 'none yet'}.", "", figures)
