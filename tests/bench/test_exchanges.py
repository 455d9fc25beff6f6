"""The caller's clock and the box's record joined: whose answer a sound is, what was cut, what came too early."""

from __future__ import annotations

from typing import Any

from appliance.bench.exchanges import Call, Exchange, Utterance, exchanges

AHEAD_MS = 60  # the caller's clock shows so much more than the box's


def said(from_ms: int, at_ms: int, gap_ms: int | None = None) -> list[dict[str, Any]]:
    """An utterance on the caller's clock and, with `gap_ms`, the sound that followed it."""
    events: list[dict[str, Any]] = [{"event": "said", "from_ms": from_ms, "at_ms": at_ms}]
    if gap_ms is not None:
        events.append({"event": "response_gap", "at_ms": at_ms, "response_gap_ms": gap_ms})
    return events


def caller(started_ms: int, ended_ms: int) -> dict[str, Any]:
    """A turn of the caller on the box's clock."""
    return {"speaker": "caller", "started_ms": started_ms, "ended_ms": ended_ms}


def agent(started_ms: int, kind: str = "fact", *, word_ms: int = 0, asked: bool = True) -> dict[str, Any]:
    """A turn of the agent on the box's clock whose first word comes `word_ms` after its first sound."""
    heard = started_ms - 400 if asked else None
    waterfall = {
        "speech_ended_ms": heard,
        "turn_decided_ms": started_ms - 100 if asked else None,
        "final_text_ms": started_ms - 60 if asked else None,
        "reply_decided_ms": started_ms - 40,
        "first_audio_ms": None,
        "first_packet_ms": started_ms + word_ms,
        "first_sound_ms": started_ms,
        "prepared": True,
    }
    return {
        "speaker": "agent",
        "started_ms": started_ms,
        "ended_ms": started_ms + 900,
        "class": kind,
        "waterfall": waterfall,
    }


def of(events: list[dict[str, Any]], *turns: dict[str, Any], n: int = 1) -> list[Exchange]:
    """A call that began with a greeting both sides heard."""
    greeting = agent(100, "phrase", asked=False)
    began = {"event": "agent_speech_began", "at_ms": 100 + AHEAD_MS}
    return exchanges(Call([Utterance("human")] * n, [began, *events], [greeting, *turns], {}))


def test_a_gap_counts_to_the_answers_first_word() -> None:
    [one] = of(said(2000, 3000, gap_ms=500), caller(1950, 2900), agent(3500 - AHEAD_MS, "open", word_ms=1400))
    assert (one.turn_class, one.first_sound_ms, one.gap_ms) == ("open", 500, 1900)
    assert one.prepared is True
    assert not one.cut


def test_steps_count_from_the_end_of_speech_as_the_box_heard_it() -> None:
    [one] = of(said(2000, 3000, gap_ms=500), caller(1950, 2900), agent(3440))
    assert one.done_ms == {
        "turn decided": 300,
        "final text": 340,
        "reply decided": 360,
        "first packet": 400,
    }


def test_an_utterance_the_box_took_for_two_is_cut() -> None:
    [one, other] = of(
        said(2000, 5000, gap_ms=500) + said(9000, 9500, gap_ms=400),
        caller(1950, 3000),
        caller(3600, 4900),
        agent(5440),
        caller(8940, 9400),
        agent(9840),
        n=2,
    )
    assert (one.turns_heard, one.cut) == (2, True)
    assert (other.turns_heard, other.cut) == (1, False)


def test_a_reply_that_begins_inside_the_utterance_is_premature_and_no_gap() -> None:
    [one] = of(said(2000, 5000), caller(1950, 3000), agent(3440))
    assert (one.premature, one.gap_ms, one.turn_class) == (True, None, None)


def test_a_late_answer_to_what_was_said_before_is_not_premature() -> None:
    first, second = of(
        said(2000, 3000) + said(9000, 12_000, gap_ms=500),
        caller(1940, 2900),
        agent(10_000) | {"waterfall": agent(3300)["waterfall"]},
        caller(8940, 11_900),
        agent(12_440),
        n=2,
    )
    assert (first.gap_ms, first.premature) == (None, False)
    assert (second.gap_ms, second.premature) == (500, False)


def test_what_the_agent_says_unasked_answers_nothing() -> None:
    [one] = of(said(2000, 3000, gap_ms=8000), agent(11_000 - AHEAD_MS, "phrase", asked=False))
    assert (one.turn_class, one.gap_ms, one.first_sound_ms) == (None, None, None)
    assert one.turns_heard == 0


def test_clocks_that_drift_apart_are_set_again_at_each_answer() -> None:
    events: list[dict[str, Any]] = []
    turns: list[dict[str, Any]] = []
    for number in range(10):
        at_ms, drift_ms = 3000 + 5000 * number, 300 * number
        events += said(at_ms - 900, at_ms, gap_ms=500)
        box_ms = at_ms - AHEAD_MS - drift_ms
        turns += [caller(box_ms - 900, box_ms - 50), agent(box_ms + 500, "flow")]
    found = of(events, *turns, n=10)
    assert [one.turn_class for one in found] == ["flow"] * 10
    assert [one.gap_ms for one in found] == [500] * 10


def test_what_only_leads_up_to_a_measurement_is_not_measured() -> None:
    call = Call(
        [Utterance("synthetic", counted=False), Utterance("human", dictated=True)],
        said(2000, 3000, 500) + said(6000, 7000, 300) + said(9000, 9900),
        [caller(2000, 3000), agent(3500), caller(6000, 7000), agent(7300)],
        {},
    )
    assert [one.gap_ms for one in exchanges(call)] == [300]
