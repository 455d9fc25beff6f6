"""The callers whom the line serves by itself, because there is no agent: a menu by keys for each of them.

What to do is decided by `conversation.key_menu`; here its sounds are found, its message is recorded, and what
happened is left behind for the next agent. Belongs to the loop's thread, which nothing in here makes wait.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from appliance.clock import Clock
from appliance.conversation import key_menu as km
from appliance.conversation.interruption import level_dbfs
from appliance.domain import commands as do
from appliance.domain.call import LineQuality
from appliance.domain.sound import ms
from appliance.line.tap import Tick
from appliance.ops.prepared import MenuSounds, PreparedSounds
from appliance.sip import words
from appliance.store.left_behind import LeftBehind, LeftCall
from appliance.store.recordings import Recorder

_log = logging.getLogger(__name__)
VOICE_DBFS: Final = -45.0
"""Louder than this, somebody speaks: a telephone's own noise is some 10 dB below, a soft voice 10 above."""


@dataclass(frozen=True, slots=True)
class PlayMenu:
    """Drop what is queued and play `pcm` instead."""

    call_id: str
    pcm: bytes


AloneStep = PlayMenu | do.Refer | do.HangUp


@dataclass(slots=True)
class _Caller:
    menu: km.KeyMenu
    left: LeftCall
    recorder: Recorder | None = None


class Alone:
    """Everybody who is served without an agent. `ready` first: it fetches the sounds."""

    def __init__(self, prepared: PreparedSounds, left: LeftBehind, clock: Clock) -> None:
        self._prepared = prepared
        self._left = left
        self._clock = clock
        self._sounds: MenuSounds | None = None
        self._callers: dict[str, _Caller] = {}

    def ready(self) -> bool:
        """Whether callers can be served: everything the menu needs was prepared by an agent, once."""
        self._sounds = self._prepared.menu() or self._sounds
        return self._sounds is not None

    def serves(self, call_id: str) -> bool:
        """Whether this caller is ours."""
        return call_id in self._callers

    @property
    def busy(self) -> frozenset[str]:
        """Callers who must not be taken away now: they dictate a message or are being put through."""
        return frozenset(call_id for call_id, one in self._callers.items() if one.menu.is_busy)

    # --- what happens ---------------------------------------------------------------------------

    def begin(self, rang: words.Rang, tick: int, *, resumed: bool) -> list[AloneStep]:
        """Serve this caller from `tick` on."""
        if self._sounds is None:
            return []
        menu = km.KeyMenu(self._sounds.offers, resumed=resumed)
        left = LeftCall(rang.call_id, rang.caller, rang.called, self._clock.now(), ms(tick))
        caller = self._callers[rang.call_id] = _Caller(menu, left)
        self._left.keep(left)
        _log.warning("a caller is served without an agent", extra={"call_id": rang.call_id})
        return self._do(caller, menu.begin(tick))

    def pressed(self, call_id: str, digit: str) -> list[AloneStep]:
        """A key."""
        caller = self._callers[call_id]
        return self._do(caller, caller.menu.press(digit))

    def ticked(self, tick: Tick, *, plays: bool) -> list[AloneStep]:
        """20 ms of the call; `plays`: something of ours is still heard or to be heard."""
        caller = self._callers[tick.call_id]
        voice = False
        if caller.recorder is not None:
            caller.recorder.write(tick.heard, tick.spoken, tick.tick)
            voice = level_dbfs(tick.heard) > VOICE_DBFS
        return self._do(caller, caller.menu.tick(tick.tick, plays=plays, voice=voice))

    def refer_answered(self, call_id: str, status: int, *, final: bool) -> list[AloneStep]:
        """The phone system's word on a transfer."""
        caller = self._callers[call_id]
        return self._do(caller, caller.menu.transferred(status, final=final))

    def ended(self, call_id: str, quality: LineQuality) -> None:
        """The call is over."""
        caller = self._callers.pop(call_id)
        self._do(caller, caller.menu.hung_up())
        self._leave(caller, quality)

    def give_back(self) -> list[str]:
        """An agent is there: who is not busy goes on with it. Their ids."""
        back = [call_id for call_id in self._callers if call_id not in self.busy]
        for call_id in back:
            self._leave(self._callers.pop(call_id), None, given_back=True)
        return back

    # --- what is done ---------------------------------------------------------------------------

    def _do(self, caller: _Caller, steps: Sequence[km.MenuStep]) -> list[AloneStep]:
        return [done for step in steps for done in self._one(caller, step)]

    def _one(self, caller: _Caller, step: km.MenuStep) -> list[AloneStep]:
        call_id = caller.left.call_id
        match step:
            case km.Play(sounds=sounds):
                return [PlayMenu(call_id, self._sounds.of(sounds))] if self._sounds else []
            case km.Record():
                caller.recorder = self._left.recorder(call_id)
            case km.StopRecording():
                self._recorded(caller, step)
            case km.PutThrough(to=to):
                return [do.Refer(call_id, to)]
            case km.End():
                return [do.HangUp(call_id)]
            case _:
                assert_never(step)
        return []

    def _recorded(self, caller: _Caller, stopped: km.StopRecording) -> None:
        """The message is safe as soon as its file is written, whatever becomes of the call."""
        if caller.recorder is not None:
            caller.recorder.close(timeout_s=0.0)  # its thread finishes by itself
            caller.recorder = None
        if stopped.keep:
            caller.left = replace(
                caller.left,
                message_from_ms=ms(stopped.from_tick),
                message_to_ms=ms(stopped.to_tick),
                disposition=caller.menu.outcome,
                recorded=True,
            )
            self._left.keep(caller.left)

    def _leave(self, caller: _Caller, quality: LineQuality | None, *, given_back: bool = False) -> None:
        caller.left = replace(
            caller.left,
            ended_at=self._clock.now(),
            given_back=given_back,
            disposition=caller.menu.outcome,
            quality=quality,
        )
        self._left.keep(caller.left)
