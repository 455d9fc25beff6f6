"""The caller's stopwatch: gaps count from our last speech sample, early answers are told apart."""

from __future__ import annotations

from appliance.bench.gap import Event, Stopwatch
from appliance.domain.sound import SILENCE
from appliance.line.comfort import ComfortNoise
from tests.fakes.tones import tone

VOICE = tone(400, 20)


def _play(watch: Stopwatch, script: str, first_tick: int = 0) -> list[Event]:
    """`V` is a tick of the agent's voice, `.` one of silence."""
    events: list[Event] = []
    for offset, sign in enumerate(script):
        events += watch.heard(first_tick + offset, VOICE if sign == "V" else SILENCE)
    return events


def _kinds(events: list[Event]) -> list[str]:
    return [one["event"] for one in events]


def test_speech_begins_at_its_first_sample_and_ends_after_a_pause() -> None:
    events = _play(Stopwatch(), "..VVV" + "." * 12)
    assert _kinds(events) == ["agent_speech_began", "agent_speech_ended"]
    assert 40 <= events[0]["at_ms"] < 45
    assert 95 <= events[1]["at_ms"] < 100


def test_a_short_pause_is_part_of_speech() -> None:
    assert _kinds(_play(Stopwatch(), "VV....VV....V")) == ["agent_speech_began"]


def test_the_gap_runs_from_our_last_sample_to_the_first_of_the_answer() -> None:
    watch = Stopwatch()
    _play(watch, "VV" + "." * 18)
    watch.say(400, 1000)
    events = _play(watch, "." * 60 + "VV", first_tick=20)
    gap = next(one for one in events if one["event"] == "response_gap")
    assert gap["at_ms"] == 1000
    assert 600 <= gap["response_gap_ms"] < 606
    assert watch.gaps_ms == [gap["response_gap_ms"]]


def test_only_the_first_word_of_an_answer_counts() -> None:
    watch = Stopwatch()
    watch.say(0, 100)
    _play(watch, "." * 10 + "V" + "." * 20 + "V")
    assert len(watch.gaps_ms) == 1


def test_an_answer_before_our_end_is_premature_and_not_averaged_in() -> None:
    watch = Stopwatch()
    watch.say(0, 1000)
    events = _play(watch, "." * 10 + "VV" + "." * 60 + "V")
    assert _kinds(events)[:2] == ["agent_speech_began", "premature"]
    assert (watch.premature, watch.gaps_ms) == (1, [])


def test_speaking_over_the_agent_measures_how_soon_it_stops() -> None:
    watch = Stopwatch()
    _play(watch, "VVVV")
    watch.say(80, 2000)
    events = _play(watch, "VVVVV" + "." * 12, first_tick=4)
    stopped = next(one for one in events if one["event"] == "stopped")
    assert 95 <= stopped["stop_ms"] < 100
    assert watch.premature == 0


def test_quiet_is_counted_and_the_agents_turn_is_known() -> None:
    watch = Stopwatch()
    watch.say(0, 40)
    assert not watch.spoke_since_said
    _play(watch, "...V" + "." * 35)
    assert watch.spoke_since_said
    assert watch.quiet_ms == 700


def test_comfort_noise_is_no_speech() -> None:
    watch, noise = Stopwatch(), ComfortNoise("call")
    assert [event for tick in range(500) for event in watch.heard(tick, noise.frame())] == []
    assert watch.quiet_ms == 10_000
