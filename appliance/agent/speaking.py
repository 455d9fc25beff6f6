"""One call's mouth: sentences in order to sound on the link; what was played back into the session's words.

Sound comes from `Voicing`, often before it was ordered; each piece goes out as soon as it is there. Stopping
is a number: sentences of an older generation are thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from appliance.agent.voicing import Making, Voicing
from appliance.audio.framing import Framer
from appliance.domain.commands import SoundToSpeak, Speak
from appliance.domain.events import SpeechPlayed, SpokenTo, VoiceReady
from appliance.domain.sound import frames_in

_PIECE_FRAMES = 50


@dataclass
class _Length:
    """How long a speech is, as far as it has been made."""

    frames: int = 0
    whole: bool = False


class Mouth:
    """Speaks what it is told, in order. All methods belong to the event loop."""

    def __init__(
        self,
        call_id: str,
        voicing: Voicing,
        *,
        send: Callable[[SoundToSpeak], None],
        tell: Callable[[VoiceReady | SpeechPlayed], None],
        now_tick: Callable[[], int],
    ) -> None:
        self._call_id = call_id
        self._voicing = voicing
        self._send = send
        self._tell = tell
        self._now_tick = now_tick
        self._sentences: asyncio.Queue[tuple[int, Speak]] = asyncio.Queue()
        self._generation = 0
        self._making: Making | None = None
        self._lengths: dict[int, _Length] = {}

    def say(self, speak: Speak) -> None:
        """Queue a sentence."""
        self._lengths[speak.speech] = _Length()
        self._sentences.put_nowait((self._generation, speak))

    def stop(self) -> None:
        """Throw away what is queued or being made; the line flushes what it holds on its own order."""
        self._generation += 1
        if self._making is not None:
            self._making.abandon()

    async def run(self) -> None:
        """Make sound until cancelled."""
        while True:
            generation, speak = await self._sentences.get()
            if generation == self._generation:
                await self._make(generation, speak)
            self._sentences.task_done()

    async def all_sent(self) -> None:
        """Wait until everything queued has been made and handed to the line."""
        await self._sentences.join()

    async def _make(self, generation: int, speak: Speak) -> None:
        self._making = making = self._voicing.take(speak.text, speak.pace_percent)
        prepared = making.is_ready
        framer = Framer(_PIECE_FRAMES)
        async for pcm in making.sound():
            self._note_length(speak.speech, pcm, prepared=prepared)
            for piece in framer.put(pcm):
                self._send(SoundToSpeak(self._call_id, speak.speech, piece))
        self._making = None
        if generation == self._generation:
            self._lengths[speak.speech].whole = True
            self._send(SoundToSpeak(self._call_id, speak.speech, framer.flush(), last=True))

    def _note_length(self, speech: int, pcm: bytes, *, prepared: bool) -> None:
        length = self._lengths[speech]
        if not length.frames:
            self._tell(VoiceReady(self._call_id, speech, self._now_tick(), prepared))
        length.frames += frames_in(pcm)

    def played(self, event: SpokenTo) -> None:
        """The line reports how far it is: say it in shares of the sentence."""
        length = self._lengths.get(event.speech)
        if length is None:
            return
        share = event.played_ticks / length.frames if length.frames else 0.0
        if event.over and not event.flushed and length.whole:
            share = 1.0
        if event.over:
            del self._lengths[event.speech]
        self._tell(SpeechPlayed(self._call_id, event.speech, event.tick, min(share, 1.0), over=event.over))
