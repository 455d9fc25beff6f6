"""How many calls the library holds: asked for generously, told by the library itself."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys

import pytest

from appliance.sip import lines

_OPENED = """
import json
from appliance.sip.telephone import Telephone
from appliance.sip.words import Station

phone = Telephone(
    Station(bind_address="127.0.0.1", port=0, calls_max=8),
    on_event=lambda event: None, new_tap=lambda call: None, new_call_id=lambda: "none",
)
phone.start()
print(json.dumps(phone.lines))
phone.close()
"""


@pytest.mark.parametrize(("calls_max", "asked"), [(1, 4), (2, 4), (4, 8), (20, 40), (64, 64)])
def test_each_caller_may_need_a_second_line_for_a_colleague(calls_max: int, asked: int) -> None:
    assert lines.wanted(calls_max) == asked


@pytest.mark.real
def test_an_open_telephone_knows_what_the_library_took() -> None:
    """The wheel takes four of the sixteen; a build from source takes them all."""
    done = subprocess.run(
        [sys.executable, "-c", _OPENED], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) in {lines.OF_THE_WHEEL, lines.wanted(8)}


def test_a_build_that_hides_the_function_counts_as_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert lines.present() == lines.OF_THE_WHEEL
