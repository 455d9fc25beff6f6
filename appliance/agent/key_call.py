"""A call served by the keys of the caller's telephone: for when the agent cannot understand, or has no voice.

The same menu as the line plays when there is no agent (`conversation.key_menu`), from the same prepared sounds;
but here the call is on record from the start, its message goes to the inbox at once, and it may have begun as
an ordinary call. Belongs to the event loop; no engine takes part in it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, assert_never

from appliance.agent.connecting import FromLine
from appliance.agent.equipment import Equipment
from appliance.agent.records import CallBook
from appliance.agent.watch import Watchers
from appliance.audio.framing import Framer
from appliance.conversation import key_menu as km
from appliance.conversation.interruption import level_dbfs
from appliance.conversation.menu_words import spoken_message
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import CallEvent, Disposition, LineQuality
from appliance.domain.sound import FrameHeard, ms
from appliance.ops.prepared import MenuSounds

_log = logging.getLogger(__name__)
VOICE_DBFS: Final = -45.0
"""Louder than this, somebody speaks; as the line judges it (line.alone)."""
_FIRST_SPEECH: Final = 1_000_000
"""Speeches are numbered far from those of the session that had the call before."""
_PIECE_FRAMES: Final = 50


class KeyCall:
    """The life of one call in the agent, by keys. The same door as `CallRuntime`.

    `so_far` is how the call would have ended before it came here; None: it begins here.
    """

    def __init__(
        self,
        offered: ev.CallOffered,
        equipment: Equipment,
        sounds: MenuSounds,
        *,
        book: CallBook,
        watchers: Watchers,
        send: Callable[[do.LineCommand], None],
        so_far: Disposition | None = None,
    ) -> None:
        self._offered = offered
        self._call_id = offered.call_id
        self._kit = equipment
        self._sounds = sounds
        self._book = book
        self._watch = watchers
        self._send = send
        self._so_far = so_far
        self._menu = km.KeyMenu(sounds.offers, resumed=offered.resumed or so_far is not None)
        self._tick = offered.tick
        self._speech = _FIRST_SPEECH
        self._plays = False
        self._over = asyncio.Event()
        self._quality: LineQuality | None = None
        self._tasks: asyncio.TaskGroup | None = None

    # --- what comes in --------------------------------------------------------------------------

    def frame(self, frame: FrameHeard) -> None:
        """One tick of sound from the line."""
        self._tick = frame.tick
        self._book.record(frame)
        voice = level_dbfs(frame.heard) > VOICE_DBFS
        self._do(self._menu.tick(frame.tick, plays=self._plays, voice=voice))

    def tell(self, event: ev.SessionEvent | ev.CallerMayBeDone) -> None:
        """Something happened in this call; only keys and its end matter here."""
        match event:
            case ev.DigitPressed(digit=digit, method=method):
                self.note("key", method)
                self._do(self._menu.press(digit))
            case ev.CallerHungUp(quality=quality):
                self._quality = quality
                self._do(self._menu.hung_up())
                self._over.set()
            case _:
                pass

    def of_colleague(self, packet: FromLine) -> None:
        """The line's word on the transfer."""
        if isinstance(packet, ev.ReferAnswered):
            self._do(self._menu.transferred(packet.status, final=packet.final))

    def spoken_to(self, event: ev.SpokenTo) -> None:
        """The line reports how far it is."""
        if event.over and event.speech == self._speech:
            self._plays = False

    def composed(self, answer: ev.ReplySentence | ev.ReplyEnded) -> None:
        """Nobody asked."""

    def mind_state(self, up: bool) -> None:
        """It makes no odds."""

    # --- the life of the call -------------------------------------------------------------------

    async def run(self) -> None:
        """Serve the caller until they hang up, and close the record: here every call ends."""
        if self._so_far is None:
            await self._begin()
        async with asyncio.TaskGroup() as self._tasks:  # a message is on disk before the call's record closes
            self._send(do.StopSpeaking(self._call_id))
            self._do(self._menu.begin(self._tick))
            await self._over.wait()
        disposition = self._disposition()
        await self._book.close(disposition, self._kit.clock.now(), self._quality)
        self._watch.tell("closed", call_id=self._call_id, disposition=disposition)

    async def _begin(self) -> None:
        self._send(do.AnswerCall(self._call_id))
        await self._book.begin(self._offered, self._kit.clock.now(), self._kit.versions)
        self._watch.tell("offered", call_id=self._call_id, caller=self._offered.caller)

    async def give_up(self) -> None:
        """`run` broke for a reason nobody named: the record closes all the same."""
        await self._book.close(Disposition.SYSTEM_FAILURE, self._kit.clock.now(), self._quality)

    def _disposition(self) -> Disposition:
        """What was achieved before counts, unless more was achieved here."""
        if self._so_far is None or self._menu.outcome is not Disposition.ABANDONED:
            return self._menu.outcome
        return self._so_far

    # --- what goes out --------------------------------------------------------------------------

    def _do(self, steps: Sequence[km.MenuStep]) -> None:
        for step in steps:
            match step:
                case km.Play(sounds=sounds):
                    self._play(sounds)
                case km.Record():
                    self._book.begin_message()
                case km.StopRecording():
                    self._recorded(step)
                case km.PutThrough(to=to):
                    self._send(do.Refer(self._call_id, to))
                case km.End():
                    self._send(do.HangUp(self._call_id))
                case _:
                    assert_never(step)

    def _play(self, names: tuple[str, ...]) -> None:
        if self._plays:
            self._send(do.StopSpeaking(self._call_id))
        self._speech += 1
        self._plays = True
        framer = Framer(_PIECE_FRAMES)
        for piece in framer.put(self._sounds.of(names)):
            self._send(do.SoundToSpeak(self._call_id, self._speech, piece))
        self._send(do.SoundToSpeak(self._call_id, self._speech, framer.flush(), last=True))
        self._watch.tell("menu", call_id=self._call_id, sounds=names)

    def _recorded(self, stopped: km.StopRecording) -> None:
        """The message is in the inbox as soon as it is spoken; where it stands in the recording is said in it."""
        self._book.end_message()
        if not stopped.keep:
            return
        message = spoken_message(
            self._call_id,
            self._offered.caller,
            ms(stopped.from_tick),
            ms(stopped.to_tick),
            self._kit.phrases,
        )
        assert self._tasks is not None  # noqa: S101  nothing is recorded before the call is ours
        self._tasks.create_task(self._keep(do.TakeMessage(self._call_id, 1, message)))

    async def _keep(self, order: do.TakeMessage) -> None:
        await self._book.fetch(order)

    def note(self, kind: str, detail: str) -> None:
        """Keep something of the box that this call met."""
        self._book.note(CallEvent(ms(self._tick), kind, detail))
