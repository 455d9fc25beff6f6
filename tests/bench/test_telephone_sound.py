"""The band is narrow, the noise is as loud as asked for, lost packets are repeated and fade."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.bench.telephone_sound import (
    TELEPHONE_HZ,
    Impairment,
    Law,
    arrived,
    companded,
    with_loss,
    with_noise,
)
from appliance.domain.sound import FRAME_BYTES
from tests.fakes.tones import share_at, tone


@pytest.mark.parametrize("law", list(Law))
def test_a_tone_comes_through_either_law(law: Law) -> None:
    pcm = arrived(tone(440, 500), Impairment(law=law), b"", seed=1)
    assert share_at(pcm, 440) > 0.95
    assert len(pcm) % FRAME_BYTES == 0


def test_nothing_above_the_band_comes_through() -> None:
    pcm = arrived(tone(6000, 500), Impairment(), b"", seed=1)
    assert np.abs(np.frombuffer(pcm, "<i2")[800:-800]).max() < 200


def test_the_same_seed_is_the_same_sound() -> None:
    way = Impairment(noise_db=10, loss=0.05)
    noise = np.random.default_rng(0).normal(0, 800, 32_000).astype("<i2").tobytes()
    first, again, other = (arrived(tone(440, 500), way, noise, seed) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("over_db", [20.0, 10.0, 5.0])
def test_noise_is_as_loud_as_asked_for(over_db: float) -> None:
    chance = np.random.default_rng(3)
    speech = 3000 * np.sin(2 * np.pi * 440 * np.arange(2 * TELEPHONE_HZ) / TELEPHONE_HZ)
    added = with_noise(speech, chance.normal(0, 50, TELEPHONE_HZ), over_db, chance) - speech
    assert 10 * np.log10((speech**2).mean() / (added**2).mean()) == pytest.approx(over_db, abs=0.3)


def test_the_laws_differ_and_keep_silence() -> None:
    loud = 12_345 * np.ones(160)
    assert companded(loud, Law.MU)[0] != companded(loud, Law.A)[0]
    assert not companded(np.zeros(160), Law.MU).any()


def test_a_lost_packet_is_the_one_before_it_and_fades() -> None:
    packets = np.repeat(np.arange(1.0, 11.0) * 1000, 160)

    class Never:
        def random(self) -> float:
            return 0.0  # every packet but the first is lost

    received = with_loss(packets, 0.5, Never()).reshape(10, 160)[:, 0]  # type: ignore[arg-type]
    assert received.tolist()[:5] == [1000, 750, 500, 250, 0]


def test_about_as_many_are_lost_as_asked_for() -> None:
    packets = np.repeat(np.arange(1.0, 2001.0), 160)
    received = with_loss(packets, 0.05, np.random.default_rng(1))
    lost = (received != packets).reshape(2000, 160)[:, 0].mean()
    assert 0.03 < lost < 0.07
