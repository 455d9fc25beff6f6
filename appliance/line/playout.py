"""What we say to one caller: speeches in, a frame a tick out, and the truth about how far each was played.

Pure: no clock, no lock. `CallTap` asks for a frame in every tick and keeps two threads apart.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from appliance.domain.commands import SoundToSpeak
from appliance.domain.events import SpeechBegan, SpokenTo
from appliance.domain.sound import FRAME_BYTES, SILENCE, TICKS_PER_S

REPORT_EVERY_TICKS = 10
WAITING_BYTES_MAX = 5 * 60 * TICKS_PER_S * FRAME_BYTES
"""Five minutes of sound; what comes on top is thrown away and counted."""

PlayoutEvent = SpeechBegan | SpokenTo


@dataclass(slots=True)
class _Speech:
    number: int
    pcm: bytearray = field(default_factory=bytearray)
    closed: bool = False
    played_ticks: int = 0

    def take(self) -> bytes | None:
        """The next frame; the last piece of a closed speech is filled up with silence."""
        if len(self.pcm) >= FRAME_BYTES or (self.pcm and self.closed):
            frame = bytes(self.pcm[:FRAME_BYTES])
            del self.pcm[:FRAME_BYTES]
            self.played_ticks += 1
            return frame.ljust(FRAME_BYTES, b"\0")
        return None

    @property
    def over(self) -> bool:
        return self.closed and not self.pcm


class Playout:
    """The queue of one call. Speeches are played in the order in which they were put."""

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id
        self._speeches: deque[_Speech] = deque()
        self._stopped: set[int] = set()
        self._waiting_bytes = 0
        self.dropped_bytes = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is left to play."""
        return not self._speeches

    def put(self, sound: SoundToSpeak) -> None:
        """Queue a piece. Pieces of a speech that was flushed come too late and are ignored."""
        if sound.speech in self._stopped:
            return
        speech = self._speech(sound.speech)
        room_bytes = max(0, WAITING_BYTES_MAX - self._waiting_bytes)
        speech.pcm += sound.pcm[:room_bytes]
        self._waiting_bytes += min(len(sound.pcm), room_bytes)
        self.dropped_bytes += max(0, len(sound.pcm) - room_bytes)
        speech.closed = speech.closed or sound.last

    def _speech(self, number: int) -> _Speech:
        """The last speech if it has this number; else a new one, which closes the one before."""
        if self._speeches and self._speeches[-1].number == number:
            return self._speeches[-1]
        if self._speeches:
            self._speeches[-1].closed = True
        self._speeches.append(_Speech(number))
        return self._speeches[-1]

    def next_frame(self, tick: int) -> tuple[bytes, list[PlayoutEvent]]:
        """FRAME_BYTES for `tick` and what is to be reported with it; SILENCE when there is nothing to say."""
        events: list[PlayoutEvent] = []
        while self._speeches:
            speech = self._speeches[0]
            frame = speech.take()
            if frame is not None:
                self._waiting_bytes = max(0, self._waiting_bytes - FRAME_BYTES)
                events += self._progress(speech, tick)
            if speech.over:
                self._speeches.popleft()
                events.append(self._spoken_to(speech, tick, over=True))
            if frame is not None or not speech.over:
                return frame or SILENCE, events
        return SILENCE, events

    def _progress(self, speech: _Speech, tick: int) -> list[PlayoutEvent]:
        if speech.played_ticks == 1:
            return [SpeechBegan(self._call_id, speech.number, tick)]
        if speech.played_ticks % REPORT_EVERY_TICKS == 0 and not speech.over:
            return [self._spoken_to(speech, tick)]
        return []

    def _spoken_to(
        self, speech: _Speech, tick: int, *, over: bool = False, flushed: bool = False
    ) -> SpokenTo:
        return SpokenTo(self._call_id, speech.number, speech.played_ticks, tick, over, flushed)

    def flush(self, tick: int) -> list[PlayoutEvent]:
        """Drop everything; each speech that was waiting or under way is reported over and flushed."""
        events: list[PlayoutEvent] = [
            self._spoken_to(one, tick, over=True, flushed=True) for one in self._speeches
        ]
        self._stopped.update(one.number for one in self._speeches)
        self._speeches.clear()
        self._waiting_bytes = 0
        return events

    def forget_numbers(self) -> None:
        """A new agent counts its speeches from the start."""
        self._stopped.clear()
