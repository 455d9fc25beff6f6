"""pjsip lets itself be told how long to wait for an answer."""

from __future__ import annotations

import ctypes

import pjsua2 as pj
import pytest

from appliance.sip import timers


def test_this_build_has_its_timers_shortened() -> None:
    assert timers.shorten()
    settings = (ctypes.c_int * 24).in_dll(ctypes.CDLL(pj._pjsua2.__file__), "pjsip_sip_cfg_var")
    assert timers.ANSWER_LIMIT_MS in list(settings)
    assert 500 in list(settings), "T1 is as it was"


def test_a_build_that_hides_the_function_keeps_its_timers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert not timers.shorten()
