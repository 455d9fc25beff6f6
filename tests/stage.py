"""A stage for one call, tick by tick: who speaks when, with everything real that decides and no clock at all.

Real: ear, turn-taking, interruption, session, foresight, playout, diary. Played: the detector (loud is
speech), the recogniser (reads the words out of the samples, a little late), the mouth (no threads), the model
(a script). A tick of the stage is a tick of the line: what is decided in one is heard in the next. A minute
of a call takes well under a second, and the same call is the same twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from appliance.agent.hearing import Ear
from appliance.agent.recognition import Listener
from appliance.agent.turn_words import TurnWords
from appliance.business import Business
from appliance.business.callers import callers
from appliance.conversation.foresight import Foreseen, Foresight, likely_answers
from appliance.conversation.interruption import Interruption
from appliance.conversation.lessons import lessons, sentences_of
from appliance.conversation.phrases import Phrases
from appliance.conversation.reply import question_share
from appliance.conversation.second_thoughts import Conversation
from appliance.conversation.session import Session
from appliance.conversation.turns import Asked, TurnTaker
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.call import Turn
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SILENCE, FrameHeard, ticks
from appliance.line.playout import Playout
from appliance.settings import Mind, Turns
from tests.fakes.detector import FakeDetector
from tests.fakes.finder import FakeFinder
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

CALL = "call"
Fetch = Callable[[do.FindOpenings | do.Book | do.TakeMessage], ev.SessionEvent]

_RECOGNISER_LATE_TICKS = 10
_NO_QUESTION = 2.0  # a share that is never reached
_GRACE_TICKS = 10  # between our last frame and BYE, as the line keeps it
_LOUD, _SOFT = 6000, 8  # of a word, and of the breath between two words: quiet, but not digital silence
TICKS_A_LETTER, _BREATH_TICKS = 3, 3
_STAMP, _STAMP_AT = (77, -77), 100  # as soft as a breath, behind the few ms in which the playout fades


# --- sound --------------------------------------------------------------------------------------


def words_of_caller(text: str, gap_ms: int = 0) -> list[bytes]:
    """The frames of a caller who says `text`, with `gap_ms` of silence between two words."""
    frames: list[bytes] = []
    for word in text.split():
        sound = b"".join(FakeVoice().speak(word))
        spoken = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)][:-1]
        frames += [SILENCE] * (ticks(gap_ms) if frames else 0) + spoken
    return frames


def cough(length_ms: int) -> list[bytes]:
    """As loud as speech, and no word in it."""
    loud = np.where(np.arange(FRAME_SAMPLES) % 2, _LOUD, -_LOUD).astype("<i2").tobytes()
    return [loud] * ticks(length_ms)


def _sound_of(speak: do.Speak) -> bytes:
    """Our voice: a word lasts as long as its letters; each frame says which word of which speech it is."""
    frames = [
        _stamped(speak.speech, number, is_loud=at < max(1, length - _BREATH_TICKS))
        for number, word in enumerate(speak.text.split())
        for length in [len(word) * TICKS_A_LETTER]
        for at in range(length)
    ]
    return b"".join(frames)


def _stamped(speech: int, word: int, *, is_loud: bool) -> bytes:
    level = _LOUD if is_loud else _SOFT
    samples = np.where(np.arange(FRAME_SAMPLES) % 2, level, -level).astype("<i2")
    samples[_STAMP_AT : _STAMP_AT + 4] = *_STAMP, speech, word
    return samples.tobytes()


def _stamp(frame: bytes) -> tuple[int, int] | None:
    """(speech, word) of one of our frames; None when nothing of ours is in it."""
    if frame == SILENCE:
        return None
    samples = np.frombuffer(frame, "<i2")
    *stamp, speech, word = (int(sample) for sample in samples[_STAMP_AT : _STAMP_AT + 4])
    return (speech, word) if tuple(stamp) == _STAMP else None


# --- what happened ------------------------------------------------------------------------------


@dataclass
class Score:
    """What both sides did, tick by tick: everything a play may ask about."""

    ours: list[tuple[int, int] | None] = field(default_factory=list)
    """Of each tick the (speech, word) we played, None for silence."""
    theirs: list[bool] = field(default_factory=list)
    """Of each tick whether the caller made a sound."""
    began: list[tuple[int, do.Speak]] = field(default_factory=list)
    heard: list[ev.UtteranceHeard] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    done: list[tuple[int, do.SessionCommand]] = field(default_factory=list)
    speeches: dict[int, do.Speak] = field(default_factory=dict)

    def commands(self, kind: type[do.SessionCommand]) -> list[do.SessionCommand]:
        """Every command of one kind, in order."""
        return [command for _, command in self.done if isinstance(command, kind)]


# --- the model ----------------------------------------------------------------------------------


@dataclass
class ScriptedModel:
    """Composes what the script says, sentence after sentence, each `after_ms` later than the one before."""

    script: deque[tuple[int, str]] = field(default_factory=deque)
    _coming: deque[tuple[int, ev.ReplySentence | ev.ReplyEnded]] = field(default_factory=deque)

    def ask(self, ask: int, tick: int) -> None:
        """A question: the whole script is its answer."""
        while self.script:
            after_ms, text = self.script.popleft()
            tick += ticks(after_ms)
            self._coming.append((tick, ev.ReplySentence(CALL, ask, text)))
        self._coming.append((tick, ev.ReplyEnded(CALL, ask, "done")))

    def cancel(self, ask: int) -> None:
        """Nothing more of this answer."""
        self._coming = deque(one for one in self._coming if one[1].ask != ask)

    def due(self, tick: int) -> list[ev.SessionEvent]:
        """What is composed by now."""
        came: list[ev.SessionEvent] = []
        while self._coming and self._coming[0][0] <= tick:
            came.append(self._coming.popleft()[1])
        return came


# --- the mouth ----------------------------------------------------------------------------------


class StageMouth:
    """`agent.speaking.Mouth` without threads: sentences in order, made in `voice_ms` unless prepared."""

    def __init__(self, playout: Playout, voice_ms: int) -> None:
        self._playout = playout
        self._voice_ms = voice_ms
        self._prepared: set[str] = set()
        self._waiting: deque[tuple[int, bool, do.Speak]] = deque()
        self._frames: dict[int, int] = {}

    def prepare(self, texts: tuple[str, ...]) -> None:
        """These are made by the time they are wanted."""
        self._prepared.update(texts)

    def say(self, speak: do.Speak, tick: int) -> None:
        """Queue a sentence."""
        prepared = speak.text in self._prepared
        ready = tick + (0 if prepared else ticks(self._voice_ms))
        self._waiting.append((ready, prepared, speak))

    def stop(self) -> None:
        """Throw away what has not been made."""
        self._waiting.clear()

    def make(self, tick: int) -> list[ev.SessionEvent]:
        """Hand what is made to the line."""
        ready: list[ev.SessionEvent] = []
        while self._waiting and self._waiting[0][0] <= tick:
            _, prepared, speak = self._waiting.popleft()
            pcm = _sound_of(speak)
            self._frames[speak.speech] = len(pcm) // FRAME_BYTES
            self._playout.put(do.SoundToSpeak(CALL, speak.speech, pcm, last=True))
            ready.append(ev.VoiceReady(CALL, speak.speech, tick, prepared))
        return ready

    def played(self, event: ev.SpokenTo) -> ev.SpeechPlayed:
        """What the line reports, in shares of the sentence."""
        share = min(1.0, event.played_ticks / max(1, self._frames[event.speech]))
        return ev.SpeechPlayed(CALL, event.speech, event.tick, share, over=event.over)

    @property
    def idle(self) -> bool:
        """Whether nothing is left to say."""
        return not self._waiting and self._playout.idle


# --- the stage ----------------------------------------------------------------------------------


class Stage:
    """One call. `step` lets a tick pass; the caller is played by `says`, `presses` and `hangs_up`.

    `prepares=False` leaves foresight out: the same things must be done. `voice_ms` is what a sentence costs
    that was not prepared.
    """

    def __init__(
        self,
        office: Business,
        fetch: Fetch,
        now: datetime,
        *,
        caller: str = "",
        prepares: bool = True,
        voice_ms: int = 0,
        limits: Turns | None = None,
    ) -> None:
        self.limits = limits or Turns()
        self.score = Score()
        self.model = ScriptedModel()
        self.tick = 0
        self.is_over = False
        self.expectation = Expectation.ANYTHING
        self._anticipated = Expectation.ANYTHING
        self._question_share = _NO_QUESTION
        self._office = office
        self._fetch = fetch
        self._now = now
        self._prepares = prepares
        self._playout = Playout(CALL)
        self._mouth = StageMouth(self._playout, voice_ms)
        self._ear = self._make_ear()
        self.session = Conversation(
            Session(
                CALL, office, Phrases("en", office.phrases), turns=self.limits, mind=Mind(), has_model=True
            )
        )
        self._calling: deque[bytes] = deque()
        self._happening: deque[ev.SessionEvent | ev.CallerMayBeDone] = deque()
        self._idle_ticks: int | None = None  # since we were to hang up and had nothing more to say
        self._tell(ev.CallAnswered(CALL, caller, now.isoformat()))

    def _make_ear(self) -> Ear:
        finder = FakeFinder(sentences_of(lessons(self._office, callers(self._office.language))))
        recogniser = FakeRecogniserModel(late_ticks=_RECOGNISER_LATE_TICKS)
        return Ear(
            CALL,
            FakeDetector(),
            TurnWords(CALL, Listener(recogniser), finder),
            TurnTaker(self.limits),
            Interruption(),
            speech_threshold=self.limits.speech_threshold,
            now_tick=lambda: self.tick,
        )

    # --- the caller -----------------------------------------------------------------------------

    @property
    def caller_speaks(self) -> bool:
        """Whether the caller has not said it all yet."""
        return bool(self._calling)

    @property
    def agent_is_idle(self) -> bool:
        """Whether we have nothing more to say for now."""
        return self._mouth.idle

    def says(self, frames: list[bytes]) -> None:
        """From the next tick on the caller makes this sound."""
        self._calling.extend(frames)

    def presses(self, digit: str) -> None:
        """A key."""
        self._tell(ev.DigitPressed(CALL, digit, self.tick))

    def hangs_up(self) -> None:
        """The far end is gone."""
        self._tell(ev.CallerHungUp(CALL, self.tick, 200))

    # --- time -----------------------------------------------------------------------------------

    def step(self) -> None:
        """20 ms pass."""
        if self.is_over:
            return
        spoken = self._play()
        heard = self._calling.popleft() if self._calling else SILENCE
        self.score.theirs.append(heard != SILENCE)
        self._happening.extend(self._ear.hear(FrameHeard(CALL, self.tick, heard, heard, spoken)))
        self._happening.extend(self.model.due(self.tick))
        self._let_happen()
        self._maybe_hang_up()
        self.tick += 1

    def _play(self) -> bytes:
        self._happening.extend(self._mouth.make(self.tick))
        spoken, reports = self._playout.next_frame(self.tick)
        self.score.ours.append(_stamp(spoken))
        self._reported(reports)
        return spoken

    def _reported(self, reports: list[ev.SpeechBegan | ev.SpokenTo]) -> None:
        for report in reports:
            if isinstance(report, ev.SpokenTo):
                self._happening.append(self._mouth.played(report))
            else:
                self.score.began.append((self.tick, self.score.speeches[report.speech]))
                self._happening.append(report)

    def _maybe_hang_up(self) -> None:
        if self._idle_ticks is None:
            return
        self._idle_ticks = self._idle_ticks + 1 if self._mouth.idle else 0
        if self._idle_ticks >= _GRACE_TICKS:
            self.hangs_up()

    # --- events in, commands out ----------------------------------------------------------------

    def _tell(self, event: ev.SessionEvent) -> None:
        self._happening.append(event)
        self._let_happen()

    def _let_happen(self) -> None:
        while self._happening and not self.is_over:
            event = self._happening.popleft()
            if isinstance(event, ev.CallerMayBeDone):
                self._prepare(event)
                continue
            if isinstance(event, ev.UtteranceHeard):
                self.score.heard.append(event)
            for command in self.session.handle(event, self.tick):
                self.score.done.append((self.tick, command))
                self._carry_out(command)
            self._after(event)

    def _after(self, event: ev.SessionEvent) -> None:
        """What the runtime sees to besides: foresight, and whether our question has been heard."""
        if isinstance(event, ev.SpeechBegan):
            self._anticipate()
        if isinstance(event, ev.SpeechPlayed) and event.share >= self._question_share:
            self._question_share = _NO_QUESTION
            self._ear.question_heard()

    def _carry_out(self, command: do.SessionCommand) -> None:
        match command:
            case do.Speak():
                self.score.speeches[command.speech] = command
                self._question_share = question_share(command.text)
                self._mouth.say(command, self.tick)
            case do.StopSpeaking():
                self._mouth.stop()
                self._reported(self._playout.flush(self.tick))
            case do.HoldSpeaking():
                self._playout.hold()
            case do.GoOnSpeaking():
                self._playout.go_on()
            case do.HangUp():
                self._idle_ticks = 0
            case do.Expect(expectation=expectation):
                self.expectation = self._anticipated = expectation
                self._ear.expect(Asked(expectation, self._office.region, self._now))
            case do.AskModel(ask=ask):
                self._happening.append(ev.ModelAsked(CALL, ask))
                self.model.ask(ask, self.tick)
            case do.CancelAsk(ask=ask):
                self.model.cancel(ask)
            case do.FindOpenings() | do.Book() | do.TakeMessage():
                self._happening.append(self._fetch(command))
            case do.SaveTurn(turn=turn):
                self.score.turns.append(turn)
            case do.CloseCall():
                self.is_over = True
            case do.Note():
                pass

    # --- foresight ------------------------------------------------------------------------------

    def _anticipate(self) -> None:
        answers, self._anticipated = likely_answers(self._anticipated), Expectation.ANYTHING
        for text in answers:
            self._prepare(ev.CallerMayBeDone(CALL, text, self.tick, self.tick, self.tick))

    def _prepare(self, maybe: ev.CallerMayBeDone) -> None:
        """What `agent.preparing` does: make the voice, look into the diary, nothing else."""
        if not self._prepares:
            return
        foresight = Foresight(self.session)
        foreseen = foresight.heard(maybe)
        self._get_ready(foreseen)
        if foreseen.lookup is not None:
            found = self._fetch(foreseen.lookup)
            if isinstance(found, ev.OpeningsFound):
                self._get_ready(foresight.found(found, self.tick))

    def _get_ready(self, foreseen: Foreseen) -> None:
        self._mouth.prepare(foreseen.speeches)
