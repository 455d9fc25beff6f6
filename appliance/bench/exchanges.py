"""One utterance of a caller and what the box made of it: joins the caller's clock with the box's record. Pure.

The caller counts ms since its media began, the record ms since the box answered; the greeting is heard on
both and sets one clock against the other, and so does each answer again. Gaps are the caller's own; the
record tells the class of an answer, the steps before it, and into how many turns the box cut the utterance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Plain = Mapping[str, Any]

_TOUCHES_MS = 200  # a turn of the record belongs to an utterance when it comes this near to it
_ANSWERS_MS = 800  # and an answer to a sound heard by the caller when they began this near to each other

STEPS: Final = (
    ("turn decided", "turn_decided_ms"),
    ("final text", "final_text_ms"),
    ("reply decided", "reply_decided_ms"),
    ("first audio", "first_audio_ms"),
    ("first packet", "first_packet_ms"),
)
"""The waterfall of a response: what each step is called, and the moment at which it is done."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said to the box: human or synthetic, dictated or not. Only `counted` ones are measured."""

    speech: str
    dictated: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Exchange:
    """An utterance and its answer. `gap_ms` counts to the answer's first word, both None without an answer.

    `done_ms` are the steps of the waterfall, each as ms after the box heard the caller's speech end.
    """

    utterance: Utterance
    turn_class: str | None
    gap_ms: int | None
    first_sound_ms: int | None
    done_ms: Mapping[str, int]
    prepared: bool | None
    turns_heard: int
    premature: bool

    @property
    def cut(self) -> bool:
        """Whether the box took one utterance for two or more."""
        return self.turns_heard > 1


@dataclass(frozen=True, slots=True)
class Call:
    """One call as both sides saw it: what the caller's process told, and the turns on record."""

    utterances: Sequence[Utterance]
    events: Sequence[Plain]
    turns: Sequence[Plain]
    versions: Mapping[str, str]


def exchanges(call: Call) -> list[Exchange]:
    """Everything that was said in a call, in order; what was planned and never said is not there."""
    said = [event for event in call.events if event["event"] == "said"]
    ends_ms = [event["from_ms"] for event in said[1:]] + [None]
    ahead_ms = caller_ahead_ms(call.events, call.turns)
    found = []
    for utterance, event, until_ms in zip(call.utterances, said, ends_ms, strict=False):
        sound_ms = _first_sound_ms(event, call.events)
        answer = _answer_at(event, sound_ms, until_ms, call.turns, ahead_ms)
        if utterance.counted:
            found.append(_exchange(utterance, event, sound_ms, answer, call=call, ahead_ms=ahead_ms))
        if answer is not None and sound_ms is not None:  # two clocks of a busy machine drift apart
            ahead_ms = event["at_ms"] + sound_ms - answer["started_ms"]
    return found


def caller_ahead_ms(events: Sequence[Plain], turns: Sequence[Plain]) -> int:
    """What to add to a moment of the record to have it on the caller's clock: both heard the greeting begin."""
    began = next((event["at_ms"] for event in events if event["event"] == "agent_speech_began"), None)
    greeting = next((turn["started_ms"] for turn in turns if turn["speaker"] == "agent"), None)
    return 0 if began is None or greeting is None else int(began - greeting)


def _exchange(
    utterance: Utterance,
    said: Plain,
    sound_ms: int | None,
    answer: Plain | None,
    *,
    call: Call,
    ahead_ms: int,
) -> Exchange:
    asked = answer is not None and _answers(answer, said, ahead_ms)
    times = (answer or {}).get("waterfall") or {}
    return Exchange(
        utterance=utterance,
        turn_class=answer["class"] if answer and asked else None,
        gap_ms=sound_ms + _acknowledged_ms(times) if sound_ms is not None and asked else None,
        first_sound_ms=sound_ms if asked else None,
        done_ms=_done_ms(times) if asked else {},
        prepared=times.get("prepared") if asked else None,
        turns_heard=_turns_heard(said, call.turns, ahead_ms),
        premature=any(_is_premature(turn, said, ahead_ms) for turn in call.turns),
    )


def _answers(turn: Plain, said: Plain, ahead_ms: int) -> bool:
    """Whether a turn of the agent answers this utterance: not an earlier one, late, and not nobody, unasked."""
    ended_ms = (turn.get("waterfall") or {}).get("speech_ended_ms")
    return ended_ms is not None and ended_ms + ahead_ms >= said["from_ms"] - _TOUCHES_MS


def _is_premature(turn: Plain, said: Plain, ahead_ms: int) -> bool:
    """Whether the agent began to answer this utterance before it was over."""
    began_ms = turn["started_ms"] + ahead_ms
    within = said["from_ms"] < began_ms <= said["at_ms"]
    return turn["speaker"] == "agent" and within and _answers(turn, said, ahead_ms)


def _first_sound_ms(said: Plain, events: Sequence[Plain]) -> int | None:
    """The gap to the first sound of any kind, as the caller's clock has it."""
    found = (
        event["response_gap_ms"]
        for event in events
        if event["event"] == "response_gap" and event["at_ms"] == said["at_ms"]
    )
    return next(found, None)


def _answer_at(
    said: Plain, sound_ms: int | None, until_ms: int | None, turns: Sequence[Plain], ahead_ms: int
) -> Plain | None:
    """The agent's turn that began when the caller heard a sound begin; None when none did."""
    if sound_ms is None:
        return None
    heard_ms = said["at_ms"] + sound_ms
    near = [
        (abs(turn["started_ms"] + ahead_ms - heard_ms), turn["started_ms"], turn)
        for turn in turns
        if turn["speaker"] == "agent" and (until_ms is None or turn["started_ms"] + ahead_ms < until_ms)
    ]
    distance_ms, _, turn = min(near, default=(None, 0, None), key=lambda one: one[:2])
    return turn if distance_ms is not None and distance_ms <= _ANSWERS_MS else None


def _acknowledged_ms(times: Plain) -> int:
    """From the first sound to the answer's first word: "let me see" is a sound and no answer (measure.md)."""
    return int(times["first_packet_ms"] - times["first_sound_ms"])


def _done_ms(times: Plain) -> dict[str, int]:
    """When each step was done, after the end of the caller's speech as the box heard it."""
    began_ms = times["speech_ended_ms"]
    return {name: times[key] - began_ms for name, key in STEPS if times.get(key) is not None}


def _turns_heard(said: Plain, turns: Sequence[Plain], ahead_ms: int) -> int:
    """How many of the caller's turns on record lie in this utterance."""
    first_ms, last_ms = said["from_ms"] - ahead_ms - _TOUCHES_MS, said["at_ms"] - ahead_ms + _TOUCHES_MS
    return sum(
        turn["speaker"] == "caller" and turn["started_ms"] <= last_ms and turn["ended_ms"] >= first_ms
        for turn in turns
    )
