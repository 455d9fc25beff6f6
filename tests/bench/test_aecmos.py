"""The judge gives what speechmos with librosa gave for the same sound."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from appliance.bench.aecmos import Judge, Scenario
from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import ModelMissing

LIBROSA_ECHO, LIBROSA_OTHER = 4.105, 2.135
"""speechmos 0.0.1.1 with librosa 0.11 on `_talk`, scenario dt."""


def _talk() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at_s = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    far = 0.3 * np.sin(2 * np.pi * 440 * at_s * (1 + at_s / 4))
    near = 0.2 * np.sin(2 * np.pi * (200 + 300 * at_s) * at_s) * np.abs(np.sin(7 * at_s))
    return far, near + 0.5 * np.roll(far, 800), near


def test_it_agrees_with_the_original() -> None:
    opinion = Judge().judge(Scenario.DOUBLE_TALK, *_talk())
    assert opinion.echo == pytest.approx(LIBROSA_ECHO, abs=0.02)
    assert opinion.other == pytest.approx(LIBROSA_OTHER, abs=0.02)


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelMissing) as raised:
        Judge()
    assert "./install.sh" in raised.value.remedy
