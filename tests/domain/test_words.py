"""The words hold what they promise: frozen, documented, and commands know what an interruption does."""

from __future__ import annotations

import dataclasses
import inspect
from types import ModuleType
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain import appointment, call, commands, events, sound


def classes_of(module: ModuleType) -> list[type]:
    found = [
        one
        for _, one in inspect.getmembers(module, inspect.isclass)
        if one.__module__ == module.__name__ and dataclasses.is_dataclass(one)
    ]
    assert found
    return found


@pytest.mark.parametrize("command", classes_of(commands), ids=lambda one: one.__name__)
def test_every_command_says_whether_it_survives_a_barge_in(command):
    assert isinstance(vars(command).get("survives_barge_in"), bool)


@pytest.mark.parametrize("command", classes_of(commands), ids=lambda one: one.__name__)
def test_every_command_is_given_to_somebody(command):
    assert command in get_args(
        commands.LineCommand | commands.MindCommand | commands.SessionCommand | commands.ConnectCommand
    )


@pytest.mark.parametrize(
    "word",
    [one for room in (commands, events, call, appointment, sound) for one in classes_of(room)],
    ids=lambda one: one.__name__,
)
def test_every_word_is_frozen_slotted_and_documented(word):
    assert word.__dataclass_params__.frozen
    assert "__slots__" in vars(word)
    assert word.__doc__
    assert not word.__doc__.startswith(f"{word.__name__}(")


@given(st.integers(0, 10**9).map(lambda microseconds: microseconds / 1000) | st.integers(0, 10**9))
def test_ticks_cover_the_time_asked_for_and_no_more(wanted_ms):
    count = sound.ticks(wanted_ms)
    assert sound.ms(count) >= wanted_ms
    assert sound.ms(count - 1) < wanted_ms


def test_a_partly_filled_frame_counts():
    assert [sound.frames_in(bytes(size)) for size in (0, 2, 640, 642)] == [0, 1, 1, 2]
