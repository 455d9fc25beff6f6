"""Callers with a number: what they say holds the number, whatever their habits."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from appliance.bench.slots_caller import recorded_callers, said_by_habit, spoken_callers
from appliance.conversation.assent import yes_or_no
from appliance.conversation.digits import digits_heard
from appliance.errors import NotFound


@given(st.text("0123456789", min_size=7, max_size=10), st.integers(0, 40))
def test_any_habit_says_the_same_number(digits, habit):
    assert digits_heard(said_by_habit(digits, habit)) == digits


def test_habits_differ():
    assert said_by_habit("3035550100", 1) == "three oh three, five five five, oh one zero zero"
    assert said_by_habit("3035550123", 2) == "three oh three, triple five, oh one two three"
    assert said_by_habit("8005551234", 3) == "eight hundred, five five five, one two three four"


def test_made_up_callers_are_always_the_same_and_answer_plainly():
    said: list[str] = []

    def voice(text: str) -> bytes:
        said.append(text)
        return text.encode()

    callers = spoken_callers([voice], 12)
    assert [caller.number for caller in callers] == [caller.number for caller in spoken_callers([voice], 12)]
    for caller in callers:
        assert yes_or_no(caller.answers(right=True, attempt=0).decode()) is True
        assert yes_or_no(caller.answers(right=False, attempt=0).decode()) is False
        assert digits_heard(caller.dictates(caller.number, slowly=True, attempt=3).decode()) == caller.number


def _data(folder, digits: str) -> None:
    place = folder / "digits_fsdd_8k"
    place.mkdir()
    for name in {f"{digit}_ann_0.wav" for digit in digits} | {"number.wav"}:
        soundfile.write(place / name, np.full(800, 0.1), 8000)
    (place / "phone10_refs.tsv").write_text(
        f"path\tspeaker\tdigits\nnumber.wav\tann\t{digits}\n", encoding="utf-8"
    )
    rows = "".join(f"{digit}_ann_0.wav\tann\t{digit}\n" for digit in sorted(set(digits)))
    (place / "refs.tsv").write_text(f"path\tspeaker\tdigit\n{rows}", encoding="utf-8")


def test_people_say_it_as_recorded_and_then_in_other_takes(tmp_path):
    _data(tmp_path, "3035550123")
    (caller,) = recorded_callers(tmp_path, lambda text: text.encode(), None)
    first = caller.dictates("3035550123", slowly=False, attempt=0)
    again = caller.dictates("3035550123", slowly=False, attempt=1)
    slowly = caller.dictates("3035550123", slowly=True, attempt=1)
    assert len(first) < len(again) < len(slowly)
    assert caller.corrects(0) is None


def test_a_folder_without_numbers_is_named(tmp_path):
    with pytest.raises(NotFound, match="phone10_refs"):
        recorded_callers(tmp_path, lambda text: b"", None)
