"""The line's own thread: everything that happens reaches it through one queue and is dealt with in order.

Ticks are cleaned and sent to the agent; the agent's orders, the network's events and the time go to the
switchboard, whose steps are carried out here. Nothing in this thread waits for anything but the queue.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import assert_never

from appliance.clock import Clock
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.sound import FrameHeard
from appliance.line import switchboard as sb
from appliance.line.alone import Alone, AloneStep, PlayMenu
from appliance.line.beating import Beating
from appliance.line.cleaning import Cleaner
from appliance.line.legs import Legs, LegStep
from appliance.line.phone import Phone, connect
from appliance.line.registration import Registration
from appliance.line.tap import CallTap, Tick
from appliance.line.unserved import Unserved
from appliance.link import BlockingLink, Packet
from appliance.settings import Audio
from appliance.sip import words

_log = logging.getLogger(__name__)
_LOOK_UP_S = 0.1
_ALIVE_EVERY_S = 1.0
_STALLED_S = 5.0
_GRACE_TICKS = 10  # between the last frame and BYE, for what is still in jitter buffers
PREPARED_SPEECH = -1
"""The number of speeches that the line plays by itself; no agent hears of them."""


@dataclass(frozen=True, slots=True)
class AgentCame:
    """There is somebody to talk to."""

    link: BlockingLink


@dataclass(frozen=True, slots=True)
class AgentWent:
    """They are gone."""

    link: BlockingLink


class Beat:
    """The telephone's thread has turned; sent by it twice a second."""


Happening = Tick | words.SipEvent | AgentCame | AgentWent | Packet | Beat


@dataclass(slots=True)
class _Sound:
    tap: CallTap
    cleaner: Cleaner
    idle_ticks: int = 0


class CallLoop:
    """`put` things from any thread; `run` deals with them until `stop`."""

    def __init__(
        self,
        *,
        audio: Audio,
        prepared: Path,
        alone: Alone,
        unserved: Unserved,
        registration: Registration,
        clock: Clock,
        jitter: Callable[[], float],
        alive: Callable[[], None],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`say` has one line for the operator when callers begin or cease to be served without an agent."""
        self._audio = audio
        self._prepared = prepared
        self._alone = alone
        self._unserved = unserved
        self._say = say
        self._registration = registration
        self._clock = clock
        self._jitter = jitter
        self._alive = alive
        self._happenings: SimpleQueue[Happening] = SimpleQueue()
        self._sounds: dict[str, _Sound] = {}
        self._board = sb.Switchboard()
        self._legs = Legs()
        self._beating = Beating()
        self._link: BlockingLink | None = None
        self._phone: Phone | None = None
        self._ready: ev.LineReady | None = None
        self._last_registration: ev.RegistrationChanged | None = None
        self._register_at_s: float | None = None
        self._alive_at_s = clock.monotonic_s()
        self._looked_up_at_s = self._alive_at_s
        self._ticked_at_s = self._alive_at_s

    def put(self, happening: Happening) -> None:
        """Something happened. Thread safe."""
        self._happenings.put(happening)

    def new_tap(self, call_id: str) -> CallTap:
        """The tap of a new call; called in the telephone's thread before the call is told of."""
        tap = CallTap(call_id, self._happenings, self._clock)
        self._sounds[call_id] = _Sound(tap, Cleaner(self._audio))
        return tap

    def run(self, phone: Phone, ready: ev.LineReady, stop: threading.Event) -> None:
        """Deal with what happens until `stop`."""
        self._phone, self._ready = phone, ready
        self._board.serves_alone = self._alone.ready()
        while not stop.is_set():
            with contextlib.suppress(Empty):
                self._deal_with(self._happenings.get(timeout=_LOOK_UP_S))
            self._look_up()

    def _deal_with(self, happening: Happening) -> None:
        match happening:
            case Tick():
                self._sound(happening)
            case Beat():
                self._beat()
            case AgentCame(link=link):
                self._agent_came(link)
            case AgentWent(link=link):
                self._agent_went(link)
            case do.SoundToSpeak() | do.StopSpeaking() | do.HoldSpeaking() | do.GoOnSpeaking():
                self._speak(happening)
            case do.PlayWaiting(call_id=call_id, region=region):
                if sound := self._sounds.get(call_id):
                    sound.tap.ring(region)
            case do.HangUp(call_id=leg_id) if leg_id in self._legs:
                self._take(self._legs.hang_up(leg_id))
            case do.AnswerCall() | do.RejectCall() | do.HangUp():
                self._take(self._board.obey(happening, self._clock.monotonic_s()))
            case do.DialColleague() | do.Refer() | do.ReferReplacing() | do.JoinCalls():
                self._take(self._legs.obey(happening, self._clock.monotonic_s()))
            case _:
                self._network(happening)

    def _network(self, happening: words.SipEvent | Packet) -> None:
        match happening:
            case words.RegistrationAnswered():
                self._registered(happening)
            case words.Rang():
                self._take(self._board.rang(happening, self._clock.monotonic_s()))
            case words.TurnedAway():
                self._tell_of_unserved(self._unserved.refused(happening))
            case words.Progressed(call_id=leg_id, status=status):
                self._take(self._legs.progressed(leg_id, status))
            case words.Confirmed(call_id=call_id):
                self._take([*self._board.confirmed(call_id), *self._legs.confirmed(call_id)])
            case words.DigitCame(call_id=call_id, digit=digit) if self._alone.serves(call_id):
                self._take_alone(self._alone.pressed(call_id, digit))
            case words.DigitCame():
                self._take([*self._board.digit(happening), *self._legs.digit(happening)])
            case words.ReferAnswered():
                self._take(self._legs.refer_answered(happening, self._clock.monotonic_s()))
            case words.Joined(call_id=call_id):
                self._board.joined(call_id)
                self._take(self._legs.joined(happening))
            case words.Ended():
                self._ended(happening)
            case _:
                _log.debug("nothing to do", extra={"happening": type(happening).__name__})

    # --- sound ----------------------------------------------------------------------------------

    def _sound(self, tick: Tick) -> None:
        self._ticked_at_s = self._looked_up_at_s
        sound = self._sounds.get(tick.call_id)
        if sound is None:
            return
        self._board.ticked(tick.call_id, tick.tick)
        for event in tick.events:
            if event.speech != PREPARED_SPEECH:
                self._send(event)
        if self._alone.serves(tick.call_id):
            self._take_alone(self._alone.ticked(tick, plays=not sound.tap.idle))
        elif not self._legs.is_joined(tick.call_id):  # what they say to each other is theirs
            self._tell_frame(tick, sound.cleaner)
        sound.idle_ticks = sound.idle_ticks + 1 if sound.tap.idle else 0
        if sound.idle_ticks >= _GRACE_TICKS:
            self._take([*self._board.silent(tick.call_id), *self._legs.silent(tick.call_id)])

    def _tell_frame(self, tick: Tick, cleaner: Cleaner) -> None:
        """A colleague's sound is not cleaned: nobody listens to it for words."""
        is_leg = tick.call_id in self._legs
        cleaned = tick.heard if is_leg else cleaner.clean(tick.heard, tick.spoken)
        self._send(FrameHeard(tick.call_id, tick.tick, tick.heard, cleaned, tick.spoken, cleaner.erle_db))

    def _speak(self, command: do.SoundToSpeak | do.StopSpeaking | do.HoldSpeaking | do.GoOnSpeaking) -> None:
        sound = self._sounds.get(command.call_id)
        if sound is None:
            return
        match command:
            case do.SoundToSpeak():
                sound.tap.put(command)
            case do.StopSpeaking():
                sound.tap.flush()
            case do.HoldSpeaking():
                sound.tap.hold()
            case do.GoOnSpeaking():
                sound.tap.go_on()
            case _:
                assert_never(command)

    def _ended(self, ended: words.Ended) -> None:
        sound = self._sounds.pop(ended.call_id, None)
        if sound is not None:
            self._beating.ended(ended.call_id, sound.tap.lateness)
        if ended.call_id in self._legs:
            self._take(self._legs.leg_ended(ended.call_id, ended.status))
            return
        self._take(self._legs.caller_ended(ended.call_id, self._clock.monotonic_s()))
        if sound is None:
            return
        dropped = sound.tap.dropped_ticks + (self._link.dropped_frames if self._link else 0)
        late = sound.tap.lateness
        quality = replace(
            ended.quality,
            erle_db=round(sound.cleaner.erle_db, 1),
            frames_dropped=dropped,
            tick_late_p50_ms=late.percentile_ms(50),
            tick_late_p99_ms=late.percentile_ms(99),
            tick_late_worst_ms=round(late.worst_ms, 1),
        )
        if self._alone.serves(ended.call_id):
            self._alone.ended(ended.call_id, quality)
        self._take(self._board.ended(replace(ended, quality=quality)))

    def _play_prepared(self, step: sb.PlayPrepared) -> None:
        path = self._prepared / f"{step.name}.pcm"
        self._play(step.call_id, path.read_bytes() if path.is_file() else b"")

    def _play(self, call_id: str, pcm: bytes) -> None:
        if sound := self._sounds.get(call_id):
            sound.tap.flush()
            sound.tap.new_agent()
            sound.tap.put(do.SoundToSpeak(call_id, PREPARED_SPEECH, pcm, last=True))

    # --- the agent ------------------------------------------------------------------------------

    def _agent_came(self, link: BlockingLink) -> None:
        self._link = link
        if self._ready is not None:
            self._send(self._ready)
        if self._last_registration is not None:
            self._send(self._last_registration)
        for call_id in self._alone.give_back():
            self._sounds[call_id].tap.flush()
        for sound in self._sounds.values():
            sound.tap.new_agent()
        self._say("the agent is there: it serves the calls")
        self._take(self._board.agent_came(self._clock.monotonic_s(), staying=self._alone.busy))

    def _agent_went(self, link: BlockingLink) -> None:
        if link is not self._link:
            return
        _log.warning("agent lost", extra={"calls": len(self._board)})
        self._link = None
        self._board.serves_alone = self._alone.ready()
        by_keys = "served by their keys, from prepared sound" if self._board.serves_alone else "sent away"
        self._say(f"level alone: there is no agent, callers are {by_keys}")
        self._take([*self._board.agent_went(self._clock.monotonic_s()), *self._legs.agent_went()])

    def _send(self, packet: Packet) -> None:
        if self._link is None:
            return
        try:
            self._link.send(packet)
        except OSError:
            self._agent_went(self._link)

    # --- steps ----------------------------------------------------------------------------------

    def _take(self, steps: Sequence[sb.Step | LegStep]) -> None:
        for step in steps:
            self._carry_out(step)

    def _take_alone(self, steps: Sequence[AloneStep]) -> None:
        """What an agent would order, ordered by ourselves."""
        for step in steps:
            if isinstance(step, PlayMenu):
                self._play(step.call_id, step.pcm)
            else:
                self._deal_with(step)

    def _tell(self, event: ev.LineEvent) -> None:
        """An event is for whoever serves the call."""
        if isinstance(event, ev.ReferAnswered) and self._alone.serves(event.call_id):
            self._take_alone(self._alone.refer_answered(event.call_id, event.status, final=event.final))
        else:
            self._send(event)

    def _tell_of_unserved(self, news: ev.CallTurnedAway | None) -> None:
        if news is not None:
            self._send(news)

    def _carry_out(self, step: sb.Step | LegStep) -> None:
        phone = self._phone
        if phone is None:
            return
        match step:
            case sb.Tell(event=event):
                self._tell(event)
            case sb.ServeAlone(rang=rang, tick=tick, resumed=resumed):
                self._take_alone(self._alone.begin(rang, tick, resumed=resumed))
            case sb.KeepUnserved(rang=rang, status=status, rang_at_s=rang_at_s):
                self._tell_of_unserved(self._unserved.rang_in_vain(rang, status, rang_at_s))
            case sb.Ring(call_id=call_id):
                phone.ring(call_id)
            case sb.Answer(call_id=call_id):
                phone.answer(call_id)
            case sb.Reject(call_id=call_id, status=status):
                phone.reject(call_id, status)
            case sb.Disconnect(call_id=call_id):
                phone.hang_up(call_id)
            case sb.PlayPrepared():
                self._play_prepared(step)
            case _:
                connect(phone, step)

    # --- registration and time ------------------------------------------------------------------

    def _registered(self, answer: words.RegistrationAnswered) -> None:
        change = self._registration.answered(
            registered=answer.registered,
            status=answer.status,
            reason=answer.reason,
            jitter=self._jitter(),
        )
        wait_s = change.retry_in_s
        self._register_at_s = None if wait_s is None else self._clock.monotonic_s() + wait_s
        self._last_registration = change
        _log.info(
            "registration changed",
            extra={"registered": change.registered, "status": change.status, "retry_in_s": wait_s},
        )
        self._send(change)

    def _look_up(self) -> None:
        """Ten times a second: what does the time say?"""
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_up_at_s < _LOOK_UP_S:
            return
        self._looked_up_at_s = now_s
        self._tell_of_unserved(self._unserved.passed(now_s))
        self._take([*self._board.passed(now_s), *self._legs.passed(now_s)])
        if self._register_at_s is not None and now_s >= self._register_at_s and self._phone:
            self._register_at_s = None
            self._phone.register()
        if self._link is not None:
            self._flush_link(self._link)

    def _flush_link(self, link: BlockingLink) -> None:
        try:
            link.flush()
        except OSError:
            self._agent_went(link)

    def _beat(self) -> None:
        """The telephone's thread turns and this one deals with it: the line is alive, unless sound stalls."""
        now_s = self._clock.monotonic_s()
        if now_s - self._alive_at_s < _ALIVE_EVERY_S:
            return
        stalled = self._board.answered_since(now_s - _STALLED_S) and now_s - self._ticked_at_s > _STALLED_S
        if stalled:
            _log.error("sound stands still", extra={"calls": len(self._board)})
            return
        self._alive_at_s = now_s
        self._alive()
        ticking = {call_id: sound.tap.lateness for call_id, sound in list(self._sounds.items())}
        self._send(self._beating.beat(len(self._board), ticking))
