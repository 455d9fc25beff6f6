"""One call as pjsua2 sees it. Lives in the telephone's thread from ring to DISCONNECTED, not a moment longer.

A `pj.Call` freed after its slot was reused hangs up the new call, so the last reference goes inside
`onCallState(DISCONNECTED)`: the endpoint drops it there, and nobody else ever had one.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable
from typing import Any, Protocol

import pjsua2 as pj

from appliance.domain.call import LineQuality
from appliance.sip import message, words
from appliance.sip.farend import GONE_AFTER_S, GONE_STATUS, FarEnd
from appliance.sip.port import SoundPort

_log = logging.getLogger(__name__)
_METHOD_NAMES = {pj.PJSUA_DTMF_METHOD_RFC2833: "rtp", pj.PJSUA_DTMF_METHOD_SIP_INFO: "info"}


class CallHome(Protocol):
    """What a call needs of the endpoint it belongs to."""

    def tell(self, event: words.SipEvent) -> None:
        """Pass an event on."""
        ...

    def connect(self, call: SipCall) -> None:
        """The call's media are active: join them with its port."""
        ...

    def ended(self, call: SipCall) -> None:
        """Forget the call; the last reference goes with this."""
        ...


def guarded(callback: Callable[..., None]) -> Callable[..., None]:
    """A callback whose exceptions are logged here: pjsua2 would swallow them and pin their tracebacks."""

    @functools.wraps(callback)
    def run(*arguments: Any) -> None:
        try:
            callback(*arguments)
        except Exception:  # noqa: BLE001  a foreign library's callback: nothing may escape (parts.md)
            _log.exception("sip callback failed", extra={"callback": callback.__name__})
            forget_last_exception()

    return run


def forget_last_exception() -> None:
    """Let go of what an exception that was printed somewhere still holds."""
    for name in ("last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)


class SipCall(pj.Call):  # type: ignore[misc]
    """A call with its id in the house, its port, and what its streams measured so far."""

    def __init__(
        self,
        account: Any,
        home: CallHome,
        call_id: str,
        port: SoundPort,
        pj_call: int = pj.PJSUA_INVALID_ID,
        *,
        silent_limit_s: float = GONE_AFTER_S,
    ) -> None:
        super().__init__(account, pj_call)
        self.call_id = call_id
        self.port = port
        self.tap: words.SoundTap | None = None
        self.quality = LineQuality()
        self.joined_to = ""
        """The call that hears this one instead of our port; empty in an ordinary call."""
        self._home = home
        self._far_end = FarEnd(silent_limit_s)
        self._held = False
        self._flows = False

    @guarded
    def onCallState(self, _: Any) -> None:  # noqa: N802  pjsua2's name
        """The call took a step: early, confirmed or over."""
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._home.ended(self)
            ended = words.Ended(self.call_id, info.lastStatusCode, info.lastReason, self.quality)
            self._home.tell(ended)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._home.tell(words.Confirmed(self.call_id))
        elif info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self._home.tell(words.Progressed(self.call_id, info.lastStatusCode))

    @guarded
    def onCallMediaState(self, _: Any) -> None:  # noqa: N802
        """Media were negotiated: at the answer, and again after every re-INVITE."""
        info = self.getInfo()  # keep it: its vector's elements are references into it
        for medium in info.media:
            if medium.type == pj.PJMEDIA_TYPE_AUDIO and medium.status in _FLOWING:
                self._flows = True
                self._held = medium.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
                self._home.connect(self)
                self._home.tell(words.SoundFlows(self.call_id, self.codec()))
                return
            self._held = self._held or medium.status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD

    def end_if_alone(self, now_s: float) -> None:
        """Hang up (`Ended` with GONE_STATUS) when the far end has sent nothing for too long."""
        if not self._flows:
            return
        packets = self.getStreamStat(0).rtcp.rxStat.pkt
        if self._far_end.gone(packets, now_s, may_be_silent=self._held):
            _log.warning("far end is gone", extra={"call_id": self.call_id})
            chosen = pj.CallOpParam()
            chosen.statusCode = GONE_STATUS
            self.hangup(chosen)

    @guarded
    def onStreamDestroyed(self, parameters: Any) -> None:  # noqa: N802
        """The last moment at which a stream's figures can be read."""
        self.quality = measure(self, parameters.streamIdx, before=self.quality)

    @guarded
    def onDtmfDigit(self, parameters: Any) -> None:  # noqa: N802
        """A key by RFC 4733, or by an INFO that pjsua itself understands (application/dtmf-relay)."""
        method = _METHOD_NAMES.get(parameters.method, "rtp")
        self._home.tell(words.DigitCame(self.call_id, parameters.digit.upper(), method))

    @guarded
    def onCallTsxState(self, parameters: Any) -> None:  # noqa: N802
        """Look into requests inside the call: pjsua does not read application/dtmf by itself."""
        change = parameters.e.body.tsxState
        if change.tsx.method != "INFO" or change.type != pj.PJSIP_EVENT_RX_MSG:
            return
        text = change.src.rdata.wholeMsg
        if digit := message.plain_info_digit(text):
            self._home.tell(words.DigitCame(self.call_id, digit, "info"))

    @guarded
    def onCallTransferStatus(self, parameters: Any) -> None:  # noqa: N802
        """Our REFER was refused, or a NOTIFY says how far the transfer has come."""
        answered = words.ReferAnswered(self.call_id, parameters.statusCode, parameters.finalNotify)
        self._home.tell(answered)

    @guarded
    def onCallTransferRequest(self, parameters: Any) -> None:  # noqa: N802
        """The far end wants us to call somebody. pjsua would, at the office's expense: declined."""
        parameters.statusCode = pj.PJSIP_SC_DECLINE

    def codec(self) -> str:
        """The name of the codec in use, empty when there is none."""
        try:
            return str(self.getStreamInfo(0).codecName)
        except pj.Error:
            return ""


_FLOWING = (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)


def measure(call: Any, stream: int, *, before: LineQuality) -> LineQuality:
    """What RTCP and the jitter buffer say of `stream`, added to what earlier streams of the call counted."""
    statistics = call.getStreamStat(stream)
    received = statistics.rtcp.rxStat
    return LineQuality(
        codec=call.codec() or before.codec,
        packets_received=before.packets_received + received.pkt,
        packets_lost=before.packets_lost + received.loss,
        jitter_ms=received.jitterUsec.mean / 1000,
    )
