"""What the telephone is told and what it tells: plain dataclasses and protocols, no pjsua2 in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from appliance.domain.call import LineQuality
from appliance.sip.farend import GONE_AFTER_S


@dataclass(frozen=True, slots=True)
class Station:
    """Where a telephone stands and what it can do."""

    bind_address: str = "127.0.0.1"
    port: int = 0
    """UDP port for SIP; 0 takes a free one."""
    public_address: str = ""
    """Written into SIP and SDP instead of the bound address (NAT)."""
    rtp_port: int = 0
    codecs: tuple[str, ...] = ("PCMU", "PCMA", "G722")
    """Best first; every other codec is switched off."""
    calls_max: int = 4
    user: str = "attendant"
    silent_limit_s: float = GONE_AFTER_S
    """A call in which no RTP comes for so long is over, unless the far end holds it."""
    loss_percent: int = 0
    """Share of our own RTP packets thrown away, to try a bad network."""
    jitter_buffer_ms: int | None = None
    """The longest a packet may wait to be heard; None leaves it to pjmedia, which waits longer after bursts."""


@dataclass(frozen=True, slots=True)
class Account:
    """An extension of an office phone system, with digest authentication (RFC 3261, 22)."""

    registrar: str
    user: str
    password: str


# --- what happened ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegistrationAnswered:
    """The registrar's word on our last REGISTER; 408 and 503 also stand for no answer at all."""

    registered: bool
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rang:
    """An INVITE came that could be taken. Only the user parts of the addresses are kept."""

    call_id: str
    caller: str
    called: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """An INVITE was refused before it became a call: 486 no place is free, 488 it offers no codec of ours.

    `dialog` is its Call-ID (RFC 3261, 8.1.1.4): with the same one it is the same call, sent once more.
    """

    call_id: str
    caller: str
    called: str
    status: int
    dialog: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """A provisional answer to our own INVITE (180 ringing, 183)."""

    call_id: str
    status: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """200 OK and ACK were exchanged."""

    call_id: str


@dataclass(frozen=True, slots=True)
class SoundFlows:
    """The call's media are connected to its tap: first time, or again after a re-INVITE."""

    call_id: str
    codec: str


@dataclass(frozen=True, slots=True)
class DigitCame:
    """A key: `method` is rtp (RFC 4733) or info (SIP INFO)."""

    call_id: str
    digit: str
    method: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over; `status` 200 is a plain BYE, 487 a CANCEL."""

    call_id: str
    status: int
    reason: str
    quality: LineQuality


@dataclass(frozen=True, slots=True)
class ReferAnswered:
    """The far end's word on our REFER: its refusal, or a NOTIFY with a sipfrag (RFC 3515); `final` ends it."""

    call_id: str
    status: int
    final: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Two calls hear each other; their taps go on without being heard."""

    call_id: str
    other_id: str


SipEvent = (
    RegistrationAnswered
    | Rang
    | TurnedAway
    | Progressed
    | Confirmed
    | SoundFlows
    | DigitCame
    | Ended
    | ReferAnswered
    | Joined
)


class SoundTap(Protocol):
    """A call's ear and mouth. Both are called in the bridge's clock thread, once a tick: copy and return.

    In every tick `next_spoken` comes first; `put_heard` follows when the far end's sound is connected.
    """

    def next_spoken(self) -> bytes:
        """FRAME_BYTES to play in this tick."""
        ...

    def put_heard(self, heard: bytes) -> None:
        """FRAME_BYTES that came in this tick."""
        ...
