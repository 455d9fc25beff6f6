"""Who fell silent: speech found behind breaths and clicks, silences compared with the agent's own."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.bench.overlap import Pauses, loud_ticks, silences, speech_start
from appliance.domain.sound import FRAME_SAMPLES

RATE_HZ = 16_000


def voice(seconds: float, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return chance.normal(0, 3000, int(seconds * RATE_HZ)).astype(np.int16)


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE_HZ), np.int16)


def agent(*parts: tuple[str, float]) -> np.ndarray:
    return np.concatenate([voice(length) if kind == "#" else quiet(length) for kind, length in parts])


def test_a_click_before_the_first_word_is_not_its_beginning():
    click = voice(0.01, seed=2)
    sound = np.concatenate([quiet(0.1), click, quiet(0.4), voice(1.0)])
    assert speech_start(sound) == pytest.approx(0.51 * RATE_HZ, abs=RATE_HZ // 50)


def test_a_soft_first_sound_belongs_to_the_word():
    soft = (voice(0.08, seed=3) * 0.08).astype(np.int16)
    sound = np.concatenate([quiet(0.3), soft, voice(1.0)])
    assert speech_start(sound) == pytest.approx(0.3 * RATE_HZ, abs=RATE_HZ // 50)


def test_the_noise_of_the_room_is_not_speech():
    noise = np.random.default_rng(4).normal(0, 150, RATE_HZ).astype(np.int16)
    sound = np.concatenate([noise, (voice(1.0) + noise).astype(np.int16)])
    assert speech_start(sound) == pytest.approx(RATE_HZ, abs=RATE_HZ // 50)


def test_silence_has_no_beginning():
    assert speech_start(quiet(0.5)) == 0
    assert speech_start(quiet(0.0)) == 0


def test_silences_know_their_place_in_the_text():
    loud = loud_ticks(agent((".", 0.2), ("#", 1.0), (".", 0.3), ("#", 0.4), (".", 0.1)))
    assert [(one.tick, one.length, one.place) for one in silences(loud)] == [(60, 15, 50), (95, 5, 70)]


def test_the_agents_own_pauses_do_not_count():
    own = (("#", 1.0), (".", 0.3), ("#", 1.0), (".", 0.3), ("#", 2.0))
    assert Pauses(agent(*own)).fell_silent(agent(*own), 0, 200, 100) == []


def test_a_hold_in_the_middle_of_a_word_is_found_with_its_length():
    pauses = Pauses(agent(("#", 1.0), (".", 0.3), ("#", 3.0)))
    held = agent(("#", 1.0), (".", 0.3), ("#", 1.0), (".", 0.4), ("#", 2.0))
    (fell,) = pauses.fell_silent(held, 0, 200, 100)
    assert fell.held_ms == 400
    assert fell.last_heard_ms == pytest.approx(2300, abs=3)


def test_a_hold_in_a_pause_counts_only_what_is_longer():
    pauses = Pauses(agent(("#", 1.0), (".", 0.3), ("#", 3.0)))
    (fell,) = pauses.fell_silent(agent(("#", 1.0), (".", 0.5), ("#", 3.0)), 0, 200, 100)
    assert fell.held_ms == 200


def test_only_what_began_in_the_time_asked_for_counts():
    pauses = Pauses(agent(("#", 10.0)))
    held = agent(("#", 1.0), (".", 0.4), ("#", 1.0), (".", 0.4), ("#", 1.0))
    assert [one.tick for one in pauses.fell_silent(held, 60, 200, 100)] == [120]


def test_falling_silent_for_good_is_falling_silent():
    pauses = Pauses(agent(("#", 10.0)))
    (fell,) = pauses.fell_silent(agent(("#", 1.0), (".", 2.0)), 0, 200, 300)
    assert fell.held_ms == 2000
    assert fell.tick * FRAME_SAMPLES == RATE_HZ
