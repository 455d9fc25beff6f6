"""Calls about a number, with a recogniser that hears what a script says."""

from __future__ import annotations

import pytest

from appliance.bench.slots_caller import SpokenCaller
from appliance.bench.slots_phone import Ears, calls
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES
from appliance.engines.ports import Heard

NUMBER = "3035550123"
RIGHT = "three oh three five five five oh one two three"


class Scripted(Ears):
    """Hears what stands next in the script, and remembers what was asked."""

    def __init__(self, *heard: str) -> None:
        self._heard = list(heard)
        self.asked: list[Expectation] = []

    def heard(self, said: bytes, asked: Expectation) -> tuple[str, float]:
        self.asked.append(asked)
        return self._heard.pop(0), 1.0


@pytest.mark.parametrize(
    ("heard", "first", "stored", "keys"),
    [
        ((RIGHT, "yes"), True, True, False),
        (("three oh three five five five oh one two four", "no", RIGHT, "yes"), False, True, False),
        (("three oh three", "five five five oh one two three", "yes"), False, True, False),
        (("nine", "hm", "eight", "no"), False, True, True),
        (("three oh three five five five oh one two four", "yes"), False, False, False),  # a no heard as yes
    ],
)
def test_a_call(heard, first, stored, keys):
    ears = Scripted(*heard, *["what"] * 20)
    caller = SpokenCaller(NUMBER, lambda text: text.encode(), habit=1)
    (call,) = calls("plays", [caller], ears, "US")
    assert (call.first_right, call.stored_right, call.keys) == (first, stored, keys)
    assert ears.asked[0] is Expectation.PHONE


class Deaf:
    """A listener that hears always the same, and counts how often it was asked."""

    finished = 0

    def expect(self, expectation: Expectation) -> None:
        assert expectation is Expectation.PHONE

    def feed(self, pcm: bytes) -> None:
        assert len(pcm) == FRAME_BYTES

    def believed(self) -> str:
        return ""

    def finish(self) -> Heard:
        Deaf.finished += 1
        return Heard("nine", 1.0)


def test_what_was_heard_once_is_remembered(tmp_path):
    Deaf.finished = 0
    ears = Ears(Deaf, tmp_path / "heard", "some model")
    sound = bytes(FRAME_BYTES * 3)
    assert ears.heard(sound, Expectation.PHONE) == ears.heard(sound, Expectation.PHONE) == ("nine", 1.0)
    assert Ears(Deaf, tmp_path / "heard", "some model").heard(sound, Expectation.PHONE)[0] == "nine"
    assert Deaf.finished == 1
    Ears(Deaf, tmp_path / "heard", "another model").heard(sound, Expectation.PHONE)
    assert Deaf.finished == 2
