"""What the agent counts for Prometheus, under names that stand in docs/observing.md.

Everything here is told by those who know it anyway: a turn when it is saved, a call when it is closed, an engine
when it has worked, the line once a second. Telling costs microseconds; the text is made when somebody asks for
it. Labels have few values, known beforehand, and none is of a person. Conventions: prometheus.io/docs/practices.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from appliance.conversation.degradation import Part
from appliance.domain.call import Disposition, LineQuality, Speaker, Turn, TurnClass
from appliance.domain.events import LATE_BOUNDS_MS, CallTurnedAway, LineBeat, ReplyEnded

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
GAP_BOUNDS_S: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0)
_ENGINE_BOUNDS_S: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 8.0)
_FIRST_TOKEN_BOUNDS_S: Final = (0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 3.0, 5.0, 8.0, 12.0)
_TOKEN_RATE_BOUNDS: Final = (1, 2, 4, 6, 8, 12, 16, 24, 32, 64, 128)
_ERLE_BOUNDS_DB: Final = (0, 5, 10, 15, 20, 25, 30, 40, 50)
_JITTER_BOUNDS_S: Final = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1)
TURNED_AWAY_BECAUSE: Final = {486: "busy", 488: "codec", 480: "nobody", 487: "gave_up"}
VOICE_CACHE: Final = "voice"
"""Sound of fixed phrases, on disk."""
ANSWER_CACHE: Final = "answer"
"""Answers made while the caller still spoke (`Waterfall.prepared`)."""

disable_created_metrics()  # type: ignore[no-untyped-call]  # a series a counter for when it began, that nobody reads


class Figures:
    """What one agent has counted since it started. Thread safe."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._late = _LateTicks()
        self._registry.register(self._late)
        self._gap = self._histogram(
            "response_gap_seconds",
            "From the caller's last sound to the first of our answer, by the class of the answer.",
            GAP_BOUNDS_S,
            "class",
        )
        self._asr = self._histogram(
            "asr_seconds",
            "The recogniser's work between the last sound and the final text.",
            _ENGINE_BOUNDS_S,
        )
        self._tts = self._histogram(
            "tts_seconds", "The voice's work until the first sound of a sentence.", _ENGINE_BOUNDS_S
        )
        self._first_token = self._histogram(
            "llm_first_token_seconds",
            "From a question to the first token of the language model's answer.",
            _FIRST_TOKEN_BOUNDS_S,
        )
        self._token_rate = self._histogram(
            "llm_tokens_per_second", "How fast an answer came after its first token.", _TOKEN_RATE_BOUNDS
        )
        self._answers = self._counter(
            "llm_answers", "Answers of the language model, by their end.", "outcome"
        )
        self._hits = self._counter("cache_hits", "Sound that was there before it was wanted.", "cache")
        self._misses = self._counter("cache_misses", "Sound that had to be made when it was wanted.", "cache")
        self._barge_ins = self._counter("barge_ins", "Turns of ours that a caller cut short.")
        self._turns = self._counter("turns", "Turns on record.", "speaker")
        self._calls = self._counter("calls", "Calls that are over, by how they ended.", "disposition")
        self._rejected = self._counter("calls_rejected", "Calls that were never answered.", "reason")
        self._erle = self._histogram(
            "erle_db", "What the echo canceller took out of a call in the end (ERLE).", _ERLE_BOUNDS_DB
        )
        self._jitter = self._histogram("jitter_seconds", "Jitter of a call's packets.", _JITTER_BOUNDS_S)
        self._packets = self._counter("packets_received", "Packets of sound that came.")
        self._lost = self._counter("packets_lost", "Packets of sound that never came.")
        self._dropped = self._counter(
            "frames_dropped", "Ticks of sound the box itself could not keep up with."
        )
        self._begin_all()

    def _histogram(self, name: str, told: str, bounds: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"attendant_{name}", told, labels, buckets=bounds, registry=self._registry)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"attendant_{name}", told, labels, registry=self._registry)

    def _begin_all(self) -> None:
        """Every series from the start, at nought: what begins at one has no rate."""
        for one in TurnClass:
            self._gap.labels(one.value)
        for speaker in Speaker:
            self._turns.labels(speaker.value)
        for disposition in Disposition:
            self._calls.labels(disposition.value)
        for reason in (*TURNED_AWAY_BECAUSE.values(), "other"):
            self._rejected.labels(reason)
        for cache in (VOICE_CACHE, ANSWER_CACHE):
            self._hits.labels(cache)
            self._misses.labels(cache)
        for outcome in ("done", "late", "cancelled", "failed"):
            self._answers.labels(outcome)

    # --- what is told ---------------------------------------------------------------------------

    def turn(self, turn: Turn) -> None:
        """A turn is put on record."""
        self._turns.labels(turn.speaker.value).inc()
        if turn.interrupted:
            self._barge_ins.inc()
        if turn.response_gap_ms is not None and turn.turn_class is not None:
            self._gap.labels(turn.turn_class.value).observe(max(0, turn.response_gap_ms) / 1000)
        if turn.waterfall is not None and turn.waterfall.prepared is not None:
            self.cache(ANSWER_CACHE, hit=turn.waterfall.prepared)

    def closed(self, disposition: Disposition, quality: LineQuality | None) -> None:
        """A call's record is closed."""
        self._calls.labels(disposition.value).inc()
        if quality is None:
            return
        self._packets.inc(quality.packets_received)
        self._lost.inc(max(0, quality.packets_lost))
        self._dropped.inc(quality.frames_dropped)
        self._erle.observe(quality.erle_db)
        if quality.packets_received:
            self._jitter.observe(quality.jitter_ms / 1000)

    def turned_away(self, news: CallTurnedAway) -> None:
        """The line did not answer a call, or several."""
        self._rejected.labels(TURNED_AWAY_BECAUSE.get(news.status, "other")).inc(news.times)

    def composed(self, ended: ReplyEnded) -> None:
        """The language model is done with a question, well or badly."""
        self._answers.labels(ended.outcome if ended.outcome in _OUTCOMES else "failed").inc()
        if ended.outcome != "done" or not ended.first_token_ms:
            return
        self._first_token.observe(ended.first_token_ms / 1000)
        rest_ms = ended.lasted_ms - ended.first_token_ms
        if ended.tokens > 1 and rest_ms > 0:
            self._token_rate.observe((ended.tokens - 1) * 1000 / rest_ms)

    def took(self, part: Part, seconds: float) -> None:
        """An engine did a piece of work that somebody waited for."""
        if part is Part.RECOGNISER:
            self._asr.observe(seconds)
        elif part is Part.VOICE:
            self._tts.observe(seconds)

    def cache(self, cache: str, *, hit: bool) -> None:
        """Sound was wanted: VOICE_CACHE or ANSWER_CACHE had it, or not."""
        (self._hits if hit else self._misses).labels(cache).inc()

    def beat(self, beat: LineBeat) -> None:
        """The line's ticks since it told last."""
        self._late.add(beat)

    def exposition(self) -> bytes:
        """All of it, in Prometheus's text format."""
        return generate_latest(self._registry)


_OUTCOMES: Final = frozenset({"done", "late", "cancelled", "failed"})


class _LateTicks(Collector):
    """A histogram that is counted elsewhere and comes in handfuls."""

    def __init__(self) -> None:
        self._counts = [0] * (len(LATE_BOUNDS_MS) + 1)
        self._late_ms = 0.0

    def add(self, beat: LineBeat) -> None:
        self._counts = [sum(pair) for pair in zip(self._counts, beat.late_ticks, strict=True)]
        self._late_ms += beat.late_ms

    def collect(self) -> Iterator[HistogramMetricFamily]:
        bounds = [*(str(bound_ms / 1000) for bound_ms in LATE_BOUNDS_MS), "+Inf"]
        yield HistogramMetricFamily(
            "attendant_tick_late_seconds",
            "How late the 20 ms ticks of calls fired, and with them the packets that we send.",
            buckets=list(zip(bounds, accumulate(self._counts), strict=True)),
            sum_value=self._late_ms / 1000,
        )
