"""What an engine promises. The agent and the mind know engines only by these protocols.

Each protocol has one contract suite in tests/contracts/, which the fake and the real engine both pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from appliance.domain.commands import ToolSchema
from appliance.domain.events import IntentScore


@dataclass(frozen=True, slots=True)
class WordHeard:
    """One word of an utterance: how sure it is (0 to 1), and where it stands, in ms since the utterance began."""

    word: str
    confidence: float
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser made of an utterance. `confidence` is the mean of the words', 0 to 1.

    A stream that knows certain words only says "[unk]" (conversation.vocabulary.UNKNOWN) where it heard
    others. `words` are those of `text`, one by one; empty from a recogniser that does not tell.
    """

    text: str
    confidence: float = 1.0
    words: tuple[WordHeard, ...] = ()


class Recogniser(Protocol):
    """One stream of speech to words. Not thread safe: one thread owns it. Feed, peek, finish, feed again."""

    def feed(self, pcm: bytes) -> None:
        """Take 16 kHz mono int16 samples, any length."""
        ...

    def partial(self) -> str:
        """The words believed so far; may change with the next piece."""
        ...

    def finish(self) -> Heard:
        """The final words of everything fed since the last `finish`; the stream starts afresh."""
        ...


class RecogniserModel(Protocol):
    """A loaded model, shared by all calls."""

    name: str

    def open(self, words: Sequence[str] = ()) -> Recogniser:
        """A new stream; with `words`, only those words (and unknown) can be heard."""
        ...


class Transcriber(Protocol):
    """Speech to words at leisure: a whole turn at a time, with nobody waiting. One thread owns it."""

    name: str

    def transcribe(self, pcm: bytes) -> str:
        """The words in 16 kHz mono int16 samples; empty when nobody seems to speak."""
        ...


class SpeechDetector(Protocol):
    """Whether somebody speaks. One per stream, one thread owns it."""

    def speech_probability(self, frame: bytes) -> float:
        """Probability 0 to 1 that this 20 ms frame (FRAME_BYTES) holds speech; keeps state between frames."""
        ...


class WakeWord(Protocol):
    """Whether the word that wakes the desk was said. One per stream, one thread owns it."""

    def likelihood(self, frame: bytes) -> float:
        """Probability 0 to 1 that it was just said, as of this 20 ms frame (FRAME_BYTES)."""
        ...

    def forget(self) -> None:
        """Begin afresh, as after long silence."""
        ...


class Voice(Protocol):
    """Text to sound. Thread safe."""

    name: str

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        """16 kHz mono int16 samples, a piece per sentence, the first as soon as it is ready.

        `pace_percent`: 100 is the voice's own pace; at 50 everything takes twice as long. 50 to 200.
        """
        ...


class SentenceVectors(Protocol):
    """Sentences to unit vectors; near in meaning is near in angle. Thread safe."""

    name: str

    def vectors(self, sentences: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a sentence."""
        ...


class IntentFinder(Protocol):
    """Utterance to the intents it is near to, best first."""

    def likely(self, text: str) -> tuple[IntentScore, ...]:
        """At most five of the whole, sorted; their probabilities sum to at most 1. Empty for empty text.

        Where the utterance has several clauses the best of each follows, with `part` its words.
        """
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of composed text of one request; `done` closes it (`text` may be empty then)."""

    request: str
    text: str
    done: bool = False
    outcome: str = "done"  # done | cancelled | failed, meaningful with `done`
    tokens: int = 0


class LanguageModel(Protocol):
    """Several callers' answers from one loaded model. One thread owns it and calls `step` in a loop."""

    name: str
    version: str
    """The engine and its version, for the record."""

    def prepare(self, system: str) -> None:
        """Evaluate `system` now so that requests with the same one start at once."""
        ...

    def begin(
        self,
        request: str,
        system: str,
        prompt: str,
        max_tokens: int,
        *,
        conversation: str = "",
        tools: tuple[ToolSchema, ...] = (),
    ) -> None:
        """Start composing; `request` names it from now on.

        What a `conversation` has had evaluated is kept for its next question, which mostly begins the same.
        An answer that begins with TOOL_MARK is the use of one of `tools`, as their schemas have it.
        """
        ...

    def leave(self, conversation: str) -> None:
        """Forget what is kept of `conversation`; unknown ones are ignored."""
        ...

    def cancel(self, request: str) -> None:
        """Stop composing, within one token; unknown names are ignored. Callable from any thread."""
        ...

    def step(self) -> list[Piece]:
        """Advance every request by at most one token (or one batch of prompt); what came of it."""
        ...

    @property
    def busy(self) -> bool:
        """Whether `step` has anything to do."""
        ...
