"""Plays for the level: what the parts tell, then the level and the try-outs that must follow."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.conversation.degradation import (
    AWAY_S,
    LEVEL_WITHOUT,
    STEADY_S,
    TRY_FIRST_S,
    TRY_LIMIT_S,
    TRY_MOST_S,
    Came,
    Degradation,
    Failed,
    Forced,
    Level,
    Part,
    Passed,
    Standing,
    TryOut,
    Went,
    Worked,
)

EAR, VOICE, MIND = Part.RECOGNISER, Part.VOICE, Part.MIND


@pytest.fixture
def box() -> Degradation:
    """All parts well."""
    return Degradation()


def fail(box: Degradation, part: Part, now_s: float) -> None:
    """As often as it takes."""
    box.handle(Failed(part, "broken"), now_s)
    box.handle(Failed(part, "broken"), now_s)


def test_a_box_begins_with_everything(box: Degradation) -> None:
    assert box.standing == Standing(Level.FULL)
    assert box.handle(Passed(), 1.0) == []


def test_one_failure_is_tried_out_at_once_and_the_second_decides(box: Degradation) -> None:
    assert box.handle(Failed(EAR, "broken"), 10.0) == [TryOut(EAR)]
    assert box.standing.level is Level.FULL
    assert box.handle(Failed(EAR, "broken"), 10.5) == [Standing(Level.KEYS, ("recogniser: broken",))]


def test_a_hiccup_changes_nothing(box: Degradation) -> None:
    box.handle(Failed(VOICE, "broken"), 1.0)
    assert box.handle(Worked(VOICE), 1.2) == []
    box.handle(Failed(VOICE, "broken"), 2.0)
    assert box.standing.level is Level.FULL


@pytest.mark.parametrize(("part", "level"), LEVEL_WITHOUT.items())
def test_each_part_has_its_level_and_comes_back_by_itself(box: Degradation, part: Part, level: Level) -> None:
    fail(box, part, 0.0)
    assert box.standing.level is level
    assert box.handle(Passed(), TRY_FIRST_S - 0.1) == []
    assert box.handle(Passed(), TRY_FIRST_S) == [TryOut(part)]
    assert box.handle(Worked(part), TRY_FIRST_S + 1) == []
    assert box.standing.level is level, "one lucky moment is not enough"
    assert box.handle(Passed(), 2 * TRY_FIRST_S + 1) == [TryOut(part)]
    assert box.handle(Worked(part), 2 * TRY_FIRST_S + 2) == [Standing(Level.FULL)]


def test_what_stays_down_is_tried_more_and_more_seldom(box: Degradation) -> None:
    fail(box, EAR, 0.0)
    tried_at_s = []
    for now_s in range(1, 600):
        if TryOut(EAR) in box.handle(Passed(), float(now_s)):
            tried_at_s.append(now_s)
            box.handle(Failed(EAR, "broken"), float(now_s))
    pauses = [later - sooner for sooner, later in pairwise(tried_at_s)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == TRY_MOST_S
    assert box.standing.level is Level.KEYS


def test_a_try_out_that_never_ends_is_a_failure(box: Degradation) -> None:
    box.handle(Failed(VOICE, "broken"), 0.0)
    assert box.handle(Passed(), TRY_LIMIT_S - 0.1) == []
    assert box.handle(Passed(), TRY_LIMIT_S) == [Standing(Level.PREPARED, ("voice: no answer",))]


def test_the_worst_part_decides_and_each_is_named(box: Degradation) -> None:
    fail(box, VOICE, 0.0)
    fail(box, EAR, 1.0)
    assert box.standing == Standing(Level.PREPARED, ("recogniser: broken", "voice: broken"))
    box.handle(Worked(VOICE), 2.0)
    box.handle(Worked(VOICE), 3.0)
    assert box.standing == Standing(Level.KEYS, ("recogniser: broken",))


def test_a_model_that_is_started_anew_in_time_was_never_down(box: Degradation) -> None:
    box.handle(Went(MIND), 0.0)
    assert box.handle(Passed(), AWAY_S - 0.1) == []
    box.handle(Came(MIND), AWAY_S - 0.1)
    assert box.handle(Passed(), 3 * AWAY_S) == []


def test_a_model_that_stays_away_and_one_that_only_looks_in(box: Degradation) -> None:
    box.handle(Went(MIND), 0.0)
    assert box.handle(Passed(), AWAY_S) == [Standing(Level.RULES, ("mind: away",))]
    box.handle(Came(MIND), 10.0)
    box.handle(Went(MIND), 10.0 + STEADY_S - 0.1)
    assert box.handle(Passed(), 10.0 + STEADY_S) == []
    box.handle(Came(MIND), 20.0)
    assert box.handle(Passed(), 20.0 + STEADY_S) == [Standing(Level.FULL)]


def test_a_slow_model_is_rested_and_asked_again(box: Degradation) -> None:
    assert box.handle(Failed(MIND, "slow"), 0.0) == [TryOut(MIND)]
    assert box.handle(Failed(MIND, "slow"), 4.0) == [Standing(Level.RULES, ("mind: slow",))]


def test_by_hand_holds_whatever_the_parts_say(box: Degradation) -> None:
    assert box.handle(Forced(Level.KEYS), 0.0) == [Standing(Level.KEYS, (), forced=True)]
    fail(box, VOICE, 1.0)
    assert box.standing == Standing(Level.KEYS, ("voice: broken",), forced=True)
    assert box.handle(Forced(None), 2.0) == [Standing(Level.PREPARED, ("voice: broken",))]


def test_levels_have_names_and_say_what_they_can_do() -> None:
    assert [Level.named(level.word) for level in Level] == list(Level)
    assert Level.named("somewhat") is None
    assert [level.asks_model for level in Level] == [True, False, False, False, False]
    assert [level.listens for level in Level] == [True, True, False, False, False]


happenings = st.one_of(
    st.builds(Failed, st.sampled_from(Part), st.just("broken")),
    st.builds(Worked, st.sampled_from(Part)),
    st.builds(Went, st.just(MIND)),
    st.builds(Came, st.just(MIND)),
    st.just(Passed()),
)


@given(st.lists(happenings, max_size=40))
def test_whatever_happened_it_comes_back_to_full_when_all_is_well(happened: list[object]) -> None:
    box = Degradation()
    for now_s, event in enumerate(happened):
        box.handle(event, float(now_s))  # type: ignore[arg-type]
    box.handle(Came(MIND), 100.0)
    for second in range(101, 400):
        for command in box.handle(Passed(), float(second)):
            if isinstance(command, TryOut):
                box.handle(Worked(command.part), float(second))
    assert box.standing == Standing(Level.FULL)
