"""What the doctor says of models: missing, damaged, not for business, deaf, slow, too few cores."""

from __future__ import annotations

import pytest

from appliance.ops import checks_engines as judge
from appliance.ops.checks_engines import CapacityFacts, LoopbackFacts, MindFacts, ModelFacts
from appliance.ops.doctor import State

EAR = ModelFacts("vosk", "recogniser", "Apache-2.0", 70_000_000)
MODEL = ModelFacts("qwen", "language_model", "Apache-2.0", 1_100_000_000)


def pull() -> str:
    return "Fetched."


def test_a_missing_model_is_a_failure_unless_it_is_the_language_model():
    gone = ModelFacts("vosk", "recogniser", "Apache-2.0", 70_000_000, "not on this box")
    assert judge.models([EAR, MODEL], pull).state is State.OK
    failed = judge.models([gone, MODEL], pull)
    assert (failed.state, failed.fix) == (State.FAIL, pull)
    assert "appliance models pull vosk" in failed.remedy
    damaged = ModelFacts("qwen", "language_model", "Apache-2.0", 1, "qwen.gguf is corrupt")
    assert judge.models([EAR, damaged], pull).state is State.WARN


@pytest.mark.parametrize("licence", ["CC-BY-NC-SA-4.0", "LicenseRef-noncommercial", "CC-BY-NC-4.0"])
def test_a_licence_that_bars_business_is_flagged(licence):
    finding = judge.licences([EAR, ModelFacts("hey_jarvis", "wake_word", licence, 1)])
    assert finding.state is State.WARN
    assert licence in finding.told


def test_a_licence_nobody_knows_is_flagged_and_known_ones_are_not():
    assert judge.licences([ModelFacts("own", "voice", "proprietary", 1)]).state is State.WARN
    known = [ModelFacts("a", "voice", one, 1) for one in ("MIT", "CC0-1.0", "CC-BY-SA-4.0", "BSD-2-Clause")]
    assert judge.licences(known).state is State.OK


def test_teaching_is_wanted_once_a_file_and_never_without_vectors():
    assert judge.trained(business="Shop", is_taught=True, teach=pull).state is State.OK
    assert judge.trained(business="Shop", is_taught=False, teach=pull).fix is pull
    assert judge.trained(business="Shop", is_taught=None, teach=pull).state is State.SKIPPED


@pytest.mark.parametrize(
    ("errors", "state"), [(0, State.OK), (6, State.OK), (12, State.WARN), (30, State.FAIL), (36, State.FAIL)]
)
def test_ear_and_voice_are_judged_by_the_words_that_come_through(errors, state):
    assert judge.loopback(LoopbackFacts(36, errors, 9.0, 1.0, 2.0)).state is state


def test_a_voice_without_sound_is_a_failure():
    assert judge.loopback(LoopbackFacts(36, 36, 0.0, 0.0, 0.0)).state is State.FAIL


def test_the_model_is_judged_by_how_fast_it_speaks():
    def state(tokens_per_s: float) -> State:
        return judge.mind(MindFacts("qwen", tokens_per_s, 900, "a trial")).state

    assert judge.mind(None).state is State.SKIPPED
    assert state(12.0) is State.OK
    assert state(5.0) is State.WARN
    assert state(1.0) is State.FAIL


@pytest.mark.parametrize(
    ("cores", "calls", "state"), [(8, 4, State.OK), (2, 4, State.OK), (1, 2, State.WARN), (0, 0, State.FAIL)]
)
def test_capacity_is_an_estimate_and_never_more_than_is_allowed(cores, calls, state):
    finding = judge.capacity(CapacityFacts({"ear": 0.2, "voice": 0.06, "line": 0.06}, cores, 4))
    assert finding.figures["estimated_calls"] == calls
    assert finding.state is state
    assert finding.told.startswith("Estimate")
