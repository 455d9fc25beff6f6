"""Which plays can be spoken to a box that stands alone, and how its diary stands before each of them."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.bench.box import Box
from appliance.bench.spoken_plays import Play, SpokenPlays, Stage, read_play
from appliance.clock import SetClock
from appliance.errors import Misused
from appliance.store.appointments import Diary
from appliance.store.database import Database

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)


def play(tmp_path, *lines: str) -> Play:
    file = tmp_path / "some.call"
    file.write_text("\n".join(["business: auto_repair", *lines, "hang up:"]))
    return read_play(file, None)


@pytest.fixture
def stage(tmp_path):
    with Database(tmp_path / "box.db") as database:
        diary = Diary(database, OFFICE, SetClock(NOW))
        box = Box(tmp_path / "appliance.toml", tmp_path)
        yield Stage(OFFICE, box, "sip:attendant@127.0.0.1", database, diary, NOW)


def on(stage: Stage) -> list[str]:
    return [f"{one.starts_at:%d %H:%M} {one.name}" for one in stage.diary.on(datetime(2026, 11, 24).date())]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("caller: hello", ""),
        ("key: 1", ""),
        ("likely: fact:hours 0.9", ""),
        ("colleague: answers", "telephones of colleagues"),
        ("tool order_status: state ready", "tools that say what the play wants"),
        ("model ends: failed", "a language model that says what the play wants"),
        ("transfers: no", "a telephone that can put nobody through"),
        ("interrupts: 0.5 wait", "a caller who talks over the agent at a given word"),
    ],
)
def test_what_a_box_alone_cannot_play_is_said(tmp_path, line, needs):
    assert play(tmp_path, line).needs == needs


def test_a_play_that_cannot_be_spoken_starts_no_box(tmp_path):
    told = []
    (held,) = SpokenPlays("small", told.append).hold([play(tmp_path, "colleague: answers")])
    assert told == [held]
    assert held.skipped == "telephones of colleagues"
    assert not held.spoken


def test_a_play_stands_at_its_own_moment_or_at_that_of_all(tmp_path):
    assert play(tmp_path).now == "2026-11-19T10:00"
    assert play(tmp_path, "now: 2026-12-28T10:00").now == "2026-12-28T10:00"
    assert play(tmp_path).business == "auto_repair"


def test_before_each_play_the_diary_holds_what_it_names_and_nothing_else(tmp_path, stage):
    stage.prepare(play(tmp_path, "appointment: oil_change 2026-11-24 09:30 Alice Miller +13035550172"))
    assert on(stage) == ["24 09:30 Alice Miller"]
    stage.prepare(play(tmp_path, "appointment: oil_change 2026-11-24 09:30 Bob King +13035550177"))
    assert on(stage) == ["24 09:30 Bob King"]
    stage.prepare(play(tmp_path))
    assert on(stage) == []


def test_an_appointment_that_cannot_stand_there_is_told(tmp_path, stage):
    with pytest.raises(Misused, match="no opening for oil_change"):
        stage.prepare(play(tmp_path, "appointment: oil_change 2026-11-22 09:30 Alice Miller +13035550172"))
