"""Why a call was slow or failed, out of its record: facts in, causes out, worst first. Pure.

The words stand in `rca_words`; here it is decided which of them are true of a call. The limits are what a caller
notices: a prepared answer is there after 0.3 s, an answer over 0.8 s is felt as a pause (docs/performance.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from appliance.domain.call import CallRecord, Disposition, LineQuality, Speaker, Turn, TurnClass
from appliance.ops.rca_words import CAUSES, LEVEL_LOST, OTHER_STATUS, STATUS

SLOW_MS: Final = {
    TurnClass.PHRASE: 800,
    TurnClass.FLOW: 800,
    TurnClass.FACT: 800,
    TurnClass.OPEN: 2500,
}
"""An answer that takes longer is a cause; a composed one is granted more."""
TURNS_NAMED: Final = 3
LATE_P99_MS: Final = 10.0
LATE_WORST_MS: Final = 60.0  # what a jitter buffer of a usual phone still hides
LOSS_SHARE: Final = 0.01
JITTER_MS: Final = 30.0
MOS_POOR: Final = 3.6  # ITU-T G.107, annex B: below it many users are dissatisfied
UNSURE: Final = 0.5
BARGE_INS_MANY: Final = 3
GAVE_UP_STATUS: Final = 487


class Weight(IntEnum):
    """How bad; lower is worse."""

    FAILED = 0  # the call, or a wish in it, came to nothing
    SLOW = 1  # the caller had to wait
    POOR = 2  # what was said came badly through
    NOTED = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that went wrong: `code` is stable, `told` says it, `remedy` what to do. `at_ms` since answer."""

    code: str
    weight: Weight
    told: str
    remedy: str
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Slow:
    """A slow answer, and the step that took most of it."""

    turn: Turn
    gap_ms: int
    step: str
    step_ms: int


def explain(record: CallRecord) -> list[Cause]:
    """Everything that went wrong, worst first, and in the order of the call among equals."""
    causes = [*_ends(record), *_events(record), *_turns(record), *_counts(record)]
    if record.quality is not None:
        causes += _line(record, record.quality)
    return sorted(causes, key=lambda one: (one.weight, one.at_ms or 0))


def _cause(code: str, weight: Weight, at_ms: int | None = None, **told: object) -> Cause:
    text, remedy = CAUSES[code]
    filled = {"at": clock(at_ms or 0), **told}
    return Cause(code, weight, text.format(**filled), remedy.format(**filled), at_ms)


def clock(at_ms: int) -> str:
    """Milliseconds since answer as m:ss."""
    return f"{at_ms // 60_000}:{at_ms // 1000 % 60:02}"


def seconds(duration_ms: float) -> str:
    """A duration as people say it: 320 ms, 1.9 s."""
    return f"{duration_ms / 1000:.1f} s" if duration_ms >= 1000 else f"{duration_ms:.0f} ms"


# --- how it ended -------------------------------------------------------------------------------


def _ends(record: CallRecord) -> Iterator[Cause]:
    match record.disposition:
        case Disposition.OPEN:
            yield _cause("still_open", Weight.NOTED)
        case Disposition.SYSTEM_FAILURE:
            yield _cause("system_failure", Weight.FAILED, call_id=record.call_id)
        case Disposition.SILENT if record.quality is None or record.quality.packets_received:
            yield _cause("silent", Weight.NOTED, call_id=record.call_id)
        case _:
            pass
    if (level := record.versions.get("level")) is not None:
        yield _cause("level_from_start", Weight.FAILED, level=level, lost=LEVEL_LOST.get(level, ""))


def _status(detail: str) -> tuple[int, str, str]:
    status = int(detail) if detail.isdecimal() else 0
    why, remedy = STATUS.get(status, OTHER_STATUS)
    return status, why, remedy or OTHER_STATUS[1]


def _events(record: CallRecord) -> Iterator[Cause]:
    for event in record.events:
        at_ms = event.at_ms
        match event.kind:
            case "refused" if event.detail == str(GAVE_UP_STATUS):
                yield _cause("gave_up", Weight.FAILED)
            case "refused":
                status, why, remedy = _status(event.detail)
                yield _cause("turned_away", Weight.FAILED, status=status, why=why, why_remedy=remedy)
            case "line_lost" | "resumed":
                yield _cause(event.kind, Weight.FAILED, at_ms)
            case "level" if event.detail != "full":
                lost = LEVEL_LOST.get(event.detail, "")
                yield _cause("level", Weight.FAILED, at_ms, level=event.detail, lost=lost)
            case "transfer_refused" | "colleague_gone":
                status, why, _ = _status(event.detail)
                yield _cause(event.kind, Weight.FAILED, at_ms, status=status, why=why)
            case _:
                pass


# --- how long it took ---------------------------------------------------------------------------


def slow_turns(record: CallRecord) -> list[Slow]:
    """The answers a caller had to wait for, the slowest first."""
    found = [slow for turn in record.turns if (slow := _slow(turn)) is not None]
    return sorted(found, key=lambda one: -one.gap_ms)


def slowest_answer(record: CallRecord) -> Turn | None:
    """The answer with the longest gap, slow or not; None where nobody was answered."""
    answered = [turn for turn in record.turns if turn.response_gap_ms is not None]
    return max(answered, key=lambda turn: turn.response_gap_ms or 0, default=None)


def _slow(turn: Turn) -> Slow | None:
    kind, gap_ms = turn.turn_class, turn.response_gap_ms
    if kind is None or gap_ms is None or gap_ms <= SLOW_MS[kind]:
        return None
    step, step_ms = max(_steps(turn).items(), key=lambda one: one[1], default=("waiting", gap_ms))
    return Slow(turn, gap_ms, step, step_ms)


def _steps(turn: Turn) -> dict[str, int]:
    """How long each known step of an answer took, in ms."""
    if turn.waterfall is None:
        return {}
    times = turn.waterfall
    steps = {}
    before_ms = times.speech_ended_ms
    for name, done_ms in (
        ("waiting", times.turn_decided_ms),
        ("recogniser", times.final_text_ms),
        ("model" if turn.turn_class is TurnClass.OPEN else "reply", times.reply_decided_ms),
        ("voice", times.first_audio_ms),
        ("playout", times.first_packet_ms),
    ):
        if done_ms is None or before_ms is None:
            continue
        steps[name] = done_ms - before_ms
        before_ms = done_ms
    return steps


def _turns(record: CallRecord) -> Iterator[Cause]:
    slow = slow_turns(record)
    for one in slow[:TURNS_NAMED]:
        yield _cause(
            f"turn_{one.step}",
            Weight.SLOW,
            one.turn.started_ms,
            gap=seconds(one.gap_ms),
            kind=one.turn.turn_class,
            step=seconds(one.step_ms),
            call_id=record.call_id,
        )
    if len(slow) > TURNS_NAMED:
        yield _cause("more_slow_turns", Weight.SLOW, count=len(slow) - TURNS_NAMED, call_id=record.call_id)


# --- how often ----------------------------------------------------------------------------------


def _counts(record: CallRecord) -> Iterator[Cause]:
    kinds = Counter(event.kind for event in record.events)
    for code, weight in (
        ("unanswered", Weight.FAILED),
        ("guard_refused", Weight.NOTED),
        ("model", Weight.FAILED),
    ):
        if kinds[code]:
            yield _cause(code, weight, count=kinds[code], call_id=record.call_id)
    failed = [
        event.detail.split(" ", 1)[0] for event in record.events if _is_failed_tool(event.kind, event.detail)
    ]
    if failed:
        tools = ", ".join(sorted(set(failed)))
        yield _cause("tool", Weight.FAILED, count=len(failed), tools=tools, call_id=record.call_id)
    heard = [turn for turn in record.turns if turn.speaker is Speaker.CALLER]
    unsure = [turn for turn in heard if turn.confidence is not None and turn.confidence < UNSURE]
    if unsure:
        yield _cause("unsure", Weight.POOR, count=len(unsure), turns=len(heard), call_id=record.call_id)
    cut_short = sum(turn.interrupted for turn in record.turns)
    if cut_short >= BARGE_INS_MANY:
        yield _cause("barge_ins", Weight.NOTED, count=cut_short)


def _is_failed_tool(kind: str, detail: str) -> bool:
    return kind == "tool" and " failed (" in detail


# --- the line -----------------------------------------------------------------------------------


def _line(record: CallRecord, quality: LineQuality) -> Iterator[Cause]:
    if record.answered_at is not None and record.ended_at is not None and not quality.packets_received:
        yield _cause("no_sound", Weight.FAILED)
    p99, worst = quality.tick_late_p99_ms, quality.tick_late_worst_ms
    if p99 > LATE_P99_MS or worst > LATE_WORST_MS:
        yield _cause("late_ticks", Weight.POOR, p99=seconds(p99), worst=seconds(worst))
    sent = quality.packets_received + quality.packets_lost
    share = quality.packets_lost / sent if sent else 0.0
    if share > LOSS_SHARE:
        yield _cause("loss", Weight.POOR, share=f"{share:.1%}")
    if quality.jitter_ms > JITTER_MS:
        yield _cause("jitter", Weight.POOR, jitter=seconds(quality.jitter_ms))
    if quality.mos is not None and quality.mos < MOS_POOR:
        yield _cause("poor_sound", Weight.POOR, mos=f"{quality.mos:.1f}", call_id=record.call_id)
    if quality.frames_dropped:
        yield _cause("dropped", Weight.POOR, count=quality.frames_dropped)
