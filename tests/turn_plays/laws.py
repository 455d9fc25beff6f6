"""What holds in every call, whoever speaks when: each law a function of the stage's score."""

from __future__ import annotations

from itertools import groupby, pairwise

from appliance.domain import commands as do
from appliance.domain.call import Speaker, Turn
from appliance.domain.sound import ms, ticks
from tests.stage import Score, Stage
from tests.turn_plays.notation import QUIET_TICKS, Span

_REACTION_TICKS = ticks(200)
"""Who begins within this time of the other could not have known: a collision, nobody's fault."""
_SLACK_TICKS = ticks(2500)  # a turn without words ends, and then silence counts in whole seconds


def hold(stage: Stage, spans: list[Span], *, may_err: bool = False) -> None:
    """Every law, on a call that is over. `spans` is what the caller said.

    `may_err`: their turn may have been held to be over in one of their pauses, as no play would allow.
    """
    assert stage.is_over
    closes_once(stage.score)
    one_speech_at_a_time(stage.score)
    never_premature(stage.score, spans, may_err=may_err)
    nothing_done_twice(stage.score)
    the_record_is_true(stage.score)
    nobody_waits_in_silence(stage)


def closes_once(score: Score) -> None:
    """The record closes once, and nothing is ordered after it."""
    closings = [index for index, (_, one) in enumerate(score.done) if isinstance(one, do.CloseCall)]
    assert closings == [len(score.done) - 1]


def one_speech_at_a_time(score: Score) -> None:
    """What we say comes in the order in which it was decided, each speech in one stretch, its words in order."""
    spoken = [one for one in score.ours if one is not None]
    speeches = [number for number, _ in groupby(speech for speech, _ in spoken)]
    assert speeches == sorted(set(speeches))


def never_premature(score: Score, spans: list[Span], *, may_err: bool = False) -> None:
    """We never begin to speak while the caller is in the middle of an utterance; going on is not beginning."""
    new = [tick for tick in starts(score.ours) if not _goes_on(score, tick)]
    for utterance in utterances(spans):
        decided = [one.decided_tick for one in score.heard if one.decided_tick > utterance.first]
        first = utterance.first + _REACTION_TICKS
        last = min([utterance.last, *decided]) if may_err else utterance.last
        cut_in = [tick for tick in new if first <= tick <= last]
        assert not cut_in, (
            f"the agent began at {[ms(tick) for tick in cut_in]} ms "
            f"inside what the caller said from {ms(utterance.first)} to {ms(utterance.last)} ms"
        )


def _goes_on(score: Score, tick: int) -> bool:
    """Whether what sounds at `tick` had been begun before."""
    now = score.ours[tick]
    return now is not None and any(one is not None and one[0] == now[0] for one in score.ours[:tick])


def nothing_done_twice(score: Score) -> None:
    """No appointment is made twice, no message taken twice, no turn written twice."""
    booked = [one.appointment.appointment_id for one in _of(score, do.Book)]
    taken = [one.message.message_id for one in _of(score, do.TakeMessage)]
    numbers = [turn.number for turn in score.turns]
    for once in (booked, taken, numbers):
        assert len(once) == len(set(once))


def _of(score: Score, kind):
    return [one for _, one in score.done if isinstance(one, kind)]


def the_record_is_true(score: Score) -> None:
    """Our turns on record hold what was played, word for word, and no word that was not played."""
    played: dict[int, int] = {}  # of each speech the words that were begun
    for one in score.ours:
        if one is not None:
            played[one[0]] = max(played.get(one[0], 0), one[1] + 1)
    by_reply = groupby(sorted(played), key=lambda speech: score.speeches[speech].reply)
    heard = [" ".join(_begun(score, speech, played[speech]) for speech in reply) for _, reply in by_reply]
    kept = sorted((turn for turn in score.turns if turn.speaker is Speaker.AGENT), key=_started)
    for turn in kept:
        assert any(words.startswith(turn.text) for words in heard), f"never played: {turn.text!r}"
    whole = [turn.text for turn in kept if not turn.interrupted]
    assert all(text in heard for text in whole)


def _started(turn: Turn) -> int:
    return turn.started_ms


def _begun(score: Score, speech: int, words: int) -> str:
    return " ".join(score.speeches[speech].text.split()[:words])


def nobody_waits_in_silence(stage: Stage) -> None:
    """Both sides are never silent for longer than we wait before we ask again."""
    score = stage.score
    longest = quiet = 0
    for ours, theirs in zip(score.ours, score.theirs, strict=True):
        quiet = 0 if ours is not None or theirs else quiet + 1
        longest = max(longest, quiet)
    assert longest <= ticks(stage.limits.reprompt_after_ms) + _SLACK_TICKS, f"{ms(longest)} ms of silence"


def utterances(spans: list[Span]) -> list[Span]:
    """The caller's spans, those that go on joined to what they go on from."""
    joined: list[Span] = []
    for span in spans:
        if span.goes_on and joined:
            joined[-1] = Span(joined[-1].first, span.last)
        else:
            joined.append(span)
    return joined


def starts(ours: list[tuple[int, int] | None]) -> list[int]:
    """The ticks at which the agent began to sound after a silence that was more than a breath."""
    sounding = [tick for tick, one in enumerate(ours) if one is not None]
    return [*sounding[:1], *(after for before, after in pairwise(sounding) if after - before > QUIET_TICKS)]
