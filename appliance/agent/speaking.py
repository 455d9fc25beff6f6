"""One call's mouth: sentences in order to sound on the link; what was played back into the session's words.

Synthesis runs in worker threads (Piper works outside the GIL) one sentence after the other; each piece goes
out as soon as it is there. Stopping is a number: pieces of an older generation are thrown away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from appliance.audio.framing import Framer
from appliance.conversation.speakable import speakable
from appliance.domain.commands import SoundToSpeak, Speak
from appliance.domain.events import SpeechPlayed, SpokenTo, VoiceReady
from appliance.domain.sound import frames_in
from appliance.engines.ports import Voice
from appliance.errors import ApplianceError

_log = logging.getLogger(__name__)
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
        voice: Voice,
        workers: Executor,
        *,
        send: Callable[[SoundToSpeak], None],
        tell: Callable[[VoiceReady | SpeechPlayed], None],
        now_tick: Callable[[], int],
    ) -> None:
        self._call_id = call_id
        self._voice = voice
        self._workers = workers
        self._send = send
        self._tell = tell
        self._now_tick = now_tick
        self._sentences: asyncio.Queue[tuple[int, Speak]] = asyncio.Queue()
        self._generation = 0
        self._lengths: dict[int, _Length] = {}

    def say(self, speak: Speak) -> None:
        """Queue a sentence."""
        self._lengths[speak.speech] = _Length()
        self._sentences.put_nowait((self._generation, speak))

    def stop(self) -> None:
        """Throw away what is queued or being made; the line flushes what it holds on its own order."""
        self._generation += 1

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
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[bytes | None] = asyncio.Queue()

        def work() -> None:
            try:
                for pcm in self._voice.speak(speakable(speak.text)):
                    loop.call_soon_threadsafe(pieces.put_nowait, pcm)
                    if generation != self._generation:
                        break
            except ApplianceError:
                _log.exception("voice failed", extra={"call_id": self._call_id})
            finally:
                loop.call_soon_threadsafe(pieces.put_nowait, None)

        work_done = loop.run_in_executor(self._workers, work)
        await self._forward(generation, speak.speech, pieces)
        await work_done

    async def _forward(self, generation: int, speech: int, pieces: asyncio.Queue[bytes | None]) -> None:
        framer = Framer(_PIECE_FRAMES)
        while (pcm := await pieces.get()) is not None:
            if generation != self._generation:
                return
            self._note_length(speech, pcm)
            for piece in framer.put(pcm):
                self._send(SoundToSpeak(self._call_id, speech, piece))
        self._lengths[speech].whole = True
        if generation == self._generation:
            self._send(SoundToSpeak(self._call_id, speech, framer.flush(), last=True))

    def _note_length(self, speech: int, pcm: bytes) -> None:
        length = self._lengths[speech]
        if not length.frames:
            self._tell(VoiceReady(self._call_id, speech, self._now_tick()))
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
