"""The library itself: opened, turned and closed by one thread, the only one to touch its objects.

Settings that parts.md names as matters of life and death: no worker threads (`threadCnt=0`,
`mainThreadOnly`), null sound device, 16 kHz bridge at 20 ms, no voice detection, no echo canceller.
"""

from __future__ import annotations

import contextlib
import gc
import logging
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from appliance import __version__
from appliance.domain.call import LineQuality
from appliance.domain.sound import SAMPLE_RATE_HZ, TICK_MS
from appliance.errors import LineFault
from appliance.sip import lines, message, targets, timers, words
from appliance.sip.call import SipCall, guarded, measure
from appliance.sip.library import BUSY, Library, silent_stdout, turned_away
from appliance.sip.parameters import add_registration, answering, with_headers
from appliance.sip.port import PortPool, SoundPort
from appliance.sip.words import Account, Station

_log = logging.getLogger(__name__)
_RTP_PORTS = 200
_DIGIT_MS = 160
_GOOD_BYE_TURNS = 25  # of 20 ms
_GOOD_BYE_TURNS_MIN = 5
_QUIETLY = 3  # PJSUA_DESTROY_NO_NETWORK: good-byes have been said, do not sleep a second over them
_NO_REQUIRE_REPLACES = 1  # PJSUA_XFER_NO_REQUIRE_REPLACES: some phone systems refuse a Require in Refer-To
_NO_PLACE = 503
_NO_ADDRESS = 404
_NOT_SENT = 500
_METHODS = {"rtp": pj.PJSUA_DTMF_METHOD_RFC2833, "info": pj.PJSUA_DTMF_METHOD_SIP_INFO}


class Line(pj.Account):  # type: ignore[misc]
    """Our address in the SIP world, registered or not."""

    def __init__(self, home: Endpoint) -> None:
        super().__init__()
        self._home = home

    @guarded
    def onIncomingCall(self, parameters: Any) -> None:  # noqa: N802  pjsua2's name
        """An INVITE that pjsua found acceptable."""
        self._home.incoming(parameters.callId, parameters.rdata.wholeMsg)

    @guarded
    def onRegState(self, parameters: Any) -> None:  # noqa: N802
        """The registrar answered, or the time for an answer has run out."""
        accepted = 200 <= parameters.code < 300 and parameters.expiration > 0
        self._home.registered = accepted
        self._home.tell(words.RegistrationAnswered(accepted, parameters.code, parameters.reason))


class Endpoint:
    """pjsua2 in the hands of one thread. `Telephone` is the way in for everybody else."""

    def __init__(
        self,
        station: Station,
        account: Account | None,
        *,
        on_event: Callable[[words.SipEvent], None],
        new_tap: Callable[[str], words.SoundTap],
        new_call_id: Callable[[], str],
        on_begun: Callable[[], None],
        set_up_log: Callable[[Any], object] | None = None,
    ) -> None:
        self._station = station
        self._account_settings = account
        self.tell = on_event
        self._new_tap = new_tap
        self._new_call_id = new_call_id
        self._on_begun = on_begun
        self._set_up_log = set_up_log
        self._log_writer: object = None  # what writes the library's log lives as long as the library
        self._calls: dict[str, SipCall] = {}
        self._callers: set[str] = set()  # calls that came in; those we make for them are not counted as calls
        self._library = Library(self._turned_away)
        self._line: Line | None = None
        self._ports: PortPool | None = None
        self._nowhere: Any = None
        self.address = ""
        """host:port that others can dial: the public address, or a real one for 0.0.0.0."""
        self.registered = False
        self.lines = 0
        """How many calls, colleagues' legs included, there can be; known once open."""

    # --- opening and closing --------------------------------------------------------------------

    def open(self) -> None:
        """Start the library and take the port; LineFault says what stood in the way."""
        try:
            with silent_stdout():  # it speaks there before its log level can be set
                self._library.libCreate()
            timers.shorten()
            self._library.libInit(self._configuration())
            self._library.audDevManager().setNullDev()
            self._open_transport()
            self._choose_codecs()
            self._library.libStart()
            self._open_line()
        except pj.Error as error:
            self.close()
            raise LineFault(
                f"sip.port: {self._where()}: the telephone cannot start ({error.reason}).",
                remedy="Choose an address of this machine and a port that nothing else uses.",
            ) from error
        self.lines = lines.present()
        self._ports = PortPool(self.lines)
        self._nowhere = self._library.audDevManager().getPlaybackDevMedia()

    def _where(self) -> str:
        return f"{self._station.bind_address}:{self._station.port}"

    def _configuration(self) -> Any:
        """Jitter buffer and bridge as measured (tests/line/test_path.py, and RTP by hand with jitter).

        The jitter buffer keeps its defaults: it starts without prefetch and grows with the jitter it meets (5,
        23, 60 ms for jitter of 0, 20, 40 ms, nothing lost); a prefetch of 20 ms costs 13 ms on a quiet network.
        A bridge of 10 ms would add 10 ms: frames and packets of 20 ms would be put together from halves.
        """
        chosen = pj.EpConfig()
        chosen.logConfig.level = 0
        chosen.logConfig.consoleLevel = 0
        if self._set_up_log is not None:
            self._log_writer = self._set_up_log(chosen.logConfig)
        chosen.uaConfig.threadCnt = 0
        chosen.uaConfig.mainThreadOnly = True
        chosen.uaConfig.maxCalls = lines.wanted(self._station.calls_max)
        chosen.uaConfig.userAgent = f"Attendant/{__version__}"
        media = chosen.medConfig
        media.clockRate = media.sndClockRate = SAMPLE_RATE_HZ
        media.audioFramePtime = media.ptime = TICK_MS
        media.channelCount = 1
        media.noVad = True
        media.ecTailLen = 0
        media.sndAutoCloseTime = -1
        media.txDropPct = self._station.loss_percent
        if self._station.jitter_buffer_ms is not None:
            media.jbInit = media.jbMinPre = media.jbMaxPre = 0
            media.jbMax = self._station.jitter_buffer_ms
        return chosen

    def _open_transport(self) -> None:
        chosen = pj.TransportConfig()
        chosen.port = self._station.port
        chosen.boundAddress = self._station.bind_address
        chosen.publicAddress = self._station.public_address
        chosen.qosType = pj.PJ_QOS_TYPE_SIGNALLING
        transport = self._library.transportCreate(pj.PJSIP_TRANSPORT_UDP, chosen)
        self.address = str(self._library.transportGetInfo(transport).localName)

    def _choose_codecs(self) -> None:
        """Ours in our order, all others off, so that an offer without any of them is not acceptable (488)."""
        all_known = self._library.codecEnum2()  # keep it: its elements are references into it
        for known in all_known:
            self._library.codecSetPriority(known.codecId, self._priority(known.codecId.partition("/")[0]))

    def _priority(self, codec: str) -> int:
        ours = self._station.codecs
        return 255 - ours.index(codec) if codec in ours else 0

    def _open_line(self) -> None:
        chosen = pj.AccountConfig()
        chosen.idUri = f"sip:{self._station.user}@{self.address}"
        chosen.regConfig.registerOnAdd = False
        chosen.regConfig.retryIntervalSec = chosen.regConfig.firstRetryIntervalSec = 0
        chosen.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
        media = chosen.mediaConfig
        media.transportConfig.port = self._station.rtp_port
        media.transportConfig.portRange = _RTP_PORTS if self._station.rtp_port else 0
        media.transportConfig.boundAddress = self._station.bind_address
        media.transportConfig.publicAddress = self._station.public_address
        media.transportConfig.qosType = pj.PJ_QOS_TYPE_VOICE
        if self._account_settings:
            add_registration(chosen, self._account_settings)
        self._line = Line(self)
        self._line.create(chosen, True)

    @property
    def busy(self) -> bool:
        """Whether there is a call."""
        return bool(self._calls)

    def turn(self, limit_ms: int) -> None:
        """Let the library work for at most `limit_ms`."""
        self._library.libHandleEvents(limit_ms)

    def close(self) -> None:
        """Say good-bye and take everything down in the one order that does not abort (parts.md)."""
        if self._line is not None:
            self._say_good_bye(self._line)
            self._calls.clear()
            self._line.shutdown()
            self._line = None
        self._nowhere = None
        self._ports = None
        gc.collect()
        self._library.libDestroy(_QUIETLY)

    def _say_good_bye(self, line: Line) -> None:
        """BYE to everybody, the binding taken back; the answers are waited for, but not for long."""
        self._library.hangupAllCalls()
        if self.registered:
            line.setRegistration(False)
        for turn in range(_GOOD_BYE_TURNS):
            if turn >= _GOOD_BYE_TURNS_MIN and not self._calls and not self.registered:
                return
            self._library.libHandleEvents(TICK_MS)

    # --- calls, from the world ------------------------------------------------------------------

    def incoming(self, pj_call: int, invite: str) -> None:
        """Somebody rings: give the call an id, a port and a tap, or the busy signal."""
        self._on_begun()
        port = self._take_port() if len(self._callers) < self._station.calls_max else None
        if port is None:
            self._refuse(pj_call, invite)
            return
        call_id = self._new_call_id()
        self._callers.add(call_id)
        limit_s = self._station.silent_limit_s
        call = SipCall(self._line, self, call_id, port, pj_call, silent_limit_s=limit_s)
        call.tap = self._new_tap(call_id)
        self._calls[call_id] = call
        self.tell(words.Rang(call_id, message.caller_of(invite), message.called_of(invite)))

    def _take_port(self) -> SoundPort | None:
        return self._ports.take() if self._ports else None

    def _refuse(self, pj_call: int, invite: str) -> None:
        call = pj.Call(self._line, pj_call)
        call.hangup(answering(BUSY))
        self._turned_away(invite, BUSY)

    def _turned_away(self, invite: str, status: int) -> None:
        self.tell(turned_away(self._new_call_id(), invite, status))

    def connect(self, call: SipCall) -> None:
        """Join the call's sound with its port; again after every re-INVITE."""
        sound = call.getAudioMedia(-1)
        port = call.port
        port.startTransmit(self._nowhere)  # keeps the ticks coming while the far end holds the call
        port.tap = call.tap
        other = self._calls.get(call.joined_to)
        if other is not None:
            sound.startTransmit(other.getAudioMedia(-1))
            other.getAudioMedia(-1).startTransmit(sound)
            return
        port.startTransmit(sound)
        sound.startTransmit(port)

    def ended(self, call: SipCall) -> None:
        """The call is over: its port is free again, its last reference goes."""
        self._calls.pop(call.call_id, None)
        self._callers.discard(call.call_id)
        if call.port.tap is not None:
            call.port.tap = None
            call.port.stopTransmit(self._nowhere)
        if self._ports is not None:
            self._ports.give_back(call.port)

    def look_after(self, now_s: float) -> None:
        """Now and then: end the calls whose far end is gone."""
        for call in list(self._calls.values()):
            with contextlib.suppress(pj.Error):  # between two streams there is nothing to count
                call.end_if_alone(now_s)

    def qualities(self) -> dict[str, LineQuality]:
        """What the network has done so far to each call that has sound."""
        measured = {}
        for call_id, call in self._calls.items():
            with contextlib.suppress(pj.Error):  # no stream yet, or none any more
                measured[call_id] = measure(call, 0, before=call.quality)
        return measured

    # --- orders ---------------------------------------------------------------------------------

    def ring(self, call_id: str) -> None:
        """180."""
        if call := self._calls.get(call_id):
            call.answer(answering(180))

    def answer(self, call_id: str) -> None:
        """200."""
        if call := self._calls.get(call_id):
            call.answer(answering(200))

    def reject(self, call_id: str, status: int) -> None:
        """Refuse a call that has not been answered."""
        if call := self._calls.get(call_id):
            call.hangup(answering(status))

    def hang_up(self, call_id: str) -> None:
        """BYE, CANCEL or 603, whichever the call's state asks for."""
        if call := self._calls.get(call_id):
            call.hangup(pj.CallOpParam())

    def dial(self, call_id: str, uri: str, headers: dict[str, str]) -> None:
        """INVITE `uri`; a call that cannot even be tried is over at once."""
        self._on_begun()
        port = self._take_port()
        if port is None or not uri:
            self._never_begun(call_id, _NO_PLACE if port is None else _NO_ADDRESS)
            if port is not None and self._ports is not None:
                self._ports.give_back(port)
            return
        call = SipCall(self._line, self, call_id, port, silent_limit_s=self._station.silent_limit_s)
        call.tap = self._new_tap(call_id)
        self._calls[call_id] = call
        try:
            call.makeCall(uri, with_headers(headers))
        except pj.Error:
            if call_id in self._calls:
                self.ended(call)
                self._never_begun(call_id, _NO_ADDRESS)
            raise

    def _never_begun(self, call_id: str, status: int) -> None:
        self.tell(words.Ended(call_id, status, "not dialled", LineQuality()))

    def dial_for(self, call_id: str, leg_id: str, to: str) -> None:
        """INVITE the colleague `to` on behalf of a caller."""
        self.dial(leg_id, targets.uri_of(to, self._host_of(call_id)), {})

    def _host_of(self, call_id: str) -> str:
        """The phone system: the one we are registered with, else the one this call came from."""
        if self._account_settings:
            return self._account_settings.registrar
        call = self._calls.get(call_id)
        return targets.host_of(call.getInfo().remoteContact) if call else ""

    def refer(self, call_id: str, to: str) -> None:
        """REFER the far end to `to`."""
        uri = targets.uri_of(to, self._host_of(call_id))
        self._refer(call_id, lambda call: call.xfer(uri, pj.CallOpParam(True)), can=bool(uri))

    def refer_replacing(self, call_id: str, leg_id: str) -> None:
        """REFER the far end into our place in `leg_id` (RFC 3891)."""
        leg = self._calls.get(leg_id)
        chosen = pj.CallOpParam(True)
        chosen.options = _NO_REQUIRE_REPLACES
        self._refer(call_id, lambda call: call.xferReplaces(leg, chosen), can=leg is not None)

    def _refer(self, call_id: str, send: Callable[[SipCall], None], *, can: bool) -> None:
        """A REFER that cannot even be sent is answered by ourselves."""
        call = self._calls.get(call_id)
        if call is None or not can:
            self.tell(words.ReferAnswered(call_id, _NO_ADDRESS, True))
            return
        try:
            send(call)
        except pj.Error:
            self.tell(words.ReferAnswered(call_id, _NOT_SENT, True))
            raise

    def join(self, call_id: str, other_id: str) -> None:
        """Let two calls hear each other, and us neither."""
        call, other = self._calls.get(call_id), self._calls.get(other_id)
        if call is None or other is None:
            return
        call.joined_to, other.joined_to = other_id, call_id
        for one in (call, other):
            sound = one.getAudioMedia(-1)
            one.port.stopTransmit(sound)
            sound.stopTransmit(one.port)
        self.connect(call)
        self.tell(words.Joined(call_id, other_id))

    def send_digits(self, call_id: str, digits: str, method: str) -> None:
        """Press keys, by RFC 4733 (`rtp`) or SIP INFO (`info`)."""
        if call := self._calls.get(call_id):
            pressed = pj.CallSendDtmfParam()
            pressed.digits, pressed.method, pressed.duration = digits, _METHODS[method], _DIGIT_MS
            call.sendDtmf(pressed)

    def hold(self, call_id: str, on: bool) -> None:
        """Put the far end on hold, or take it back, by re-INVITE."""
        if call := self._calls.get(call_id):
            if on:
                call.setHold(pj.CallOpParam(True))
            else:
                chosen = pj.CallOpParam(True)
                chosen.opt.flag = pj.PJSUA_CALL_UNHOLD
                call.reinvite(chosen)

    def register(self, on: bool) -> None:
        """REGISTER, or take the registration back."""
        if self._line is not None and self._account_settings:
            self._line.setRegistration(on)
