"""What we say to one caller: speeches in, a frame a tick out, and the truth about how far each was played.

Pure: no clock, no lock. `CallTap` asks for a frame in every tick and keeps two threads apart.

    hold:   silent from the next tick on; the queue stays and may grow; no tick counts as played
    go on:  from the beginning of the word that was cut; what is repeated is not counted twice
    flush:  everything is dropped, held or not
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from appliance.domain.commands import SoundToSpeak
from appliance.domain.events import SpeechBegan, SpokenTo
from appliance.domain.sound import FRAME_BYTES, SILENCE, TICKS_PER_S, ticks
from appliance.line import seam

REPORT_EVERY_TICKS = 10
HOLD_TICKS_MAX = ticks(2000)
"""A hold that nobody resolves goes on by itself: a lost order must not leave a caller in silence."""
WAITING_BYTES_MAX = 5 * 60 * TICKS_PER_S * FRAME_BYTES
"""Five minutes of sound; what comes on top is thrown away and counted."""

PlayoutEvent = SpeechBegan | SpokenTo


@dataclass(slots=True)
class _Speech:
    """Samples still to be played, and as many of the played ones as going on may need.

    All ticks count from the beginning of the speech: `at_tick` is played next, `played_ticks` is the furthest
    the caller has heard, before `kept_from_tick` the samples are gone, `floor_tick` is where it last went on.
    """

    number: int
    pcm: bytearray = field(default_factory=bytearray)
    closed: bool = False
    at_tick: int = 0
    played_ticks: int = 0
    kept_from_tick: int = 0
    floor_tick: int = 0

    @property
    def _at_bytes(self) -> int:
        return (self.at_tick - self.kept_from_tick) * FRAME_BYTES

    @property
    def waiting_bytes(self) -> int:
        """How much is still to be played."""
        return max(0, len(self.pcm) - self._at_bytes)

    @property
    def over(self) -> bool:
        return self.closed and not self.waiting_bytes

    @property
    def coming(self) -> bytes | None:
        """The next frame; the last piece of a closed speech is filled up with silence."""
        if self.waiting_bytes >= FRAME_BYTES or (self.waiting_bytes and self.closed):
            at = self._at_bytes
            return bytes(self.pcm[at : at + FRAME_BYTES]).ljust(FRAME_BYTES, b"\0")
        return None

    def take(self) -> bytes | None:
        """Play the next frame."""
        frame = self.coming
        if frame is not None:
            self.at_tick += 1
            self.played_ticks = max(self.played_ticks, self.at_tick)
            self._forget()
        return frame

    def _forget(self) -> None:
        """Let old samples go, now and then."""
        if self.at_tick - self.kept_from_tick >= 2 * seam.BACK_TICKS_MAX:
            del self.pcm[: seam.BACK_TICKS_MAX * FRAME_BYTES]
            self.kept_from_tick += seam.BACK_TICKS_MAX

    def step_back(self) -> None:
        """To the beginning of the word, but never before the place where it went on the last time.

        Without that floor somebody who says "mm" every half second would drive us backwards.
        """
        first = max(self.at_tick - seam.BACK_TICKS_MAX, self.floor_tick)
        begin = (first - self.kept_from_tick) * FRAME_BYTES
        played = bytes(self.pcm[begin : self._at_bytes])
        self.at_tick -= seam.ticks_back(played, from_start=first == self.floor_tick)
        self.floor_tick = self.at_tick


class Playout:
    """The queue of one call. Speeches are played in the order in which they were put."""

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id
        self._speeches: deque[_Speech] = deque()
        self._stopped: set[int] = set()
        self._held_ticks: int | None = None
        self._tail = b""
        self._rises = False
        self.dropped_bytes = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is left to play."""
        return not self._speeches

    @property
    def held(self) -> bool:
        """Whether it keeps silent although there may be something to say."""
        return self._held_ticks is not None

    def put(self, sound: SoundToSpeak) -> None:
        """Queue a piece. Pieces of a speech that was flushed come too late and are ignored."""
        if sound.speech in self._stopped:
            return
        speech = self._speech(sound.speech)
        waiting_bytes = sum(one.waiting_bytes for one in self._speeches)
        room_bytes = max(0, WAITING_BYTES_MAX - waiting_bytes)
        speech.pcm += sound.pcm[:room_bytes]
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

    def hold(self) -> None:
        """Fall silent within a few ms, and keep everything for `go_on` or `flush`; said again it lasts longer."""
        was_held, self._held_ticks = self.held, 0
        if was_held:
            return
        self._tail = self._fading()
        if self._speeches and self._speeches[0].at_tick:
            self._speeches[0].step_back()
            self._rises = True

    def go_on(self) -> None:
        """Take up speech where `hold` cut it; without a hold nothing happens."""
        self._held_ticks = None

    def _fading(self) -> bytes:
        """The few ms in which the speech under way falls silent; one that has not begun has nothing to fade."""
        under_way = self._speeches[0] if self._speeches else None
        coming = under_way.coming if under_way and under_way.at_tick else None
        return seam.fading(coming) if coming else b""

    def next_frame(self, tick: int) -> tuple[bytes, list[PlayoutEvent]]:
        """FRAME_BYTES for `tick` and what is to be reported with it; SILENCE when there is nothing to say."""
        frame, events = (SILENCE, []) if self._waits() else self._advance(tick)
        tail, self._tail = self._tail, b""
        return seam.together(frame, tail) if tail else frame, events

    def _waits(self) -> bool:
        if self._held_ticks is None:
            return False
        self._held_ticks += 1
        if self._held_ticks > HOLD_TICKS_MAX:
            self.go_on()
        return self.held

    def _advance(self, tick: int) -> tuple[bytes, list[PlayoutEvent]]:
        events: list[PlayoutEvent] = []
        while self._speeches:
            speech = self._speeches[0]
            reached = speech.played_ticks
            frame = speech.take()
            if speech.played_ticks > reached:
                events += self._progress(speech, tick)
            if speech.over:
                self._speeches.popleft()
                events.append(self._spoken_to(speech, tick, over=True))
            if frame is not None or not speech.over:
                return self._risen(frame) if frame else SILENCE, events
        return SILENCE, events

    def _risen(self, frame: bytes) -> bytes:
        """The first frame after a hold is faded in."""
        rises, self._rises = self._rises, False
        return seam.rising(frame) if rises else frame

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
        if not self.held:
            self._tail = self._fading()
        events: list[PlayoutEvent] = [
            self._spoken_to(one, tick, over=True, flushed=True) for one in self._speeches
        ]
        self._stopped.update(one.number for one in self._speeches)
        self._speeches.clear()
        self._rises = False
        self.go_on()
        return events

    def forget_numbers(self) -> None:
        """A new agent counts its speeches from the start."""
        self._stopped.clear()
