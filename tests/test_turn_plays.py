"""Golden plays of turn-taking: every `.call` in tests/turn_plays, in sound and in 20 ms ticks.

Each is held twice, with foresight and without: preparing must make no difference to what is said and done.
Then callers whom nobody wrote down: whatever they do, the laws hold.
"""

from __future__ import annotations

import contextlib
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance import business
from appliance.agent.records import fetch
from appliance.clock import SetClock
from appliance.domain import commands as do
from appliance.domain.sound import ticks
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages
from tests.stage import CALL, Stage, cough, words_of_caller
from tests.turn_plays import laws
from tests.turn_plays.notation import Performance, PlayFailed, Span, lines

PLAYS = sorted((Path(__file__).parent / "turn_plays").glob("*.call"))
OFFICE = business.load("auto_repair")
THURSDAY = datetime.fromisoformat("2026-11-19T10:00")


class Box:
    """Opens stages, each with a diary of its own on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._databases: list[Database] = []

    def new_stage(self, *, now: datetime, **more) -> Stage:
        """A call at `now`, office time; `more` as the stage takes it."""
        now = now.replace(tzinfo=ZoneInfo(OFFICE.timezone))
        clock = SetClock(now)
        database = Database(self._folder / f"{len(self._databases)}.db")
        self._databases.append(database)
        diary, messages = Diary(database, OFFICE, clock), Messages(database, clock)
        Calls(database).begin(CALL, "", "", now, {})
        return Stage(OFFICE, partial(fetch, diary=diary, messages=messages), now, **more)

    def close(self) -> None:
        """Close the diaries."""
        for database in self._databases:
            database.close()


@pytest.fixture
def box(tmp_path):
    box = Box(tmp_path)
    yield box
    box.close()


def hold(play: Path, box: Box, *, prepares: bool) -> Performance:
    """The play from its first line to the end of the call, and the laws."""
    performance = Performance(
        lines(play.read_text(encoding="utf-8")), partial(box.new_stage, prepares=prepares)
    )
    performance.perform()
    laws.hold(performance.stage, performance.spans)
    return performance


def deeds(stage: Stage) -> list[object]:
    """What was said, written and kept, without its times."""
    told: list[object] = []
    for _, command in stage.score.done:
        match command:
            case do.SaveTurn(turn=turn):
                told.append((turn.number, turn.speaker, turn.text, turn.interrupted))
            case do.Speak() | do.Book() | do.TakeMessage() | do.CloseCall():
                told.append(command)
            case _:
                told.append(type(command))
    return told


@pytest.mark.parametrize("play", PLAYS, ids=lambda path: path.stem)
def test_play(play, box):
    with_foresight = hold(play, box, prepares=True)
    without = hold(play, box, prepares=False)
    assert deeds(with_foresight.stage) == deeds(without.stage)


def test_there_are_plays():
    assert len(PLAYS) >= 20


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("agent: Something else.", "line 1: wanted: Something else."),
        ("given: greeted\ncaller: can i pay by card\nover within: 0..20", "line 3: decided after"),
        ("given: greeted\ncaller: hello\nagent: ...\nheard: bye", "line 4: wanted 'bye', found 'hello'"),
        ("given: greeted\ncaller: can i pay by card\nsilence: 1000\nhang up:", "the agent also said"),
        ("agent: ...\nagent does not stop:", "line 2: the caller has made no sound"),
        ("agent: ...\nwhistle: loudly", "line 2: nobody knows how to play 'whistle'"),
    ],
)
def test_a_play_that_goes_wrong_says_where(text, complaint, box):
    with pytest.raises(PlayFailed, match=complaint):
        Performance(lines(text), box.new_stage).perform()


def test_the_law_sees_an_agent_who_cuts_in(box):
    stage = box.new_stage(now=THURSDAY)
    run(stage, 200)
    stage.hangs_up()
    with pytest.raises(AssertionError, match="the agent began at"):
        laws.never_premature(stage.score, [Span(-100, 100)])


# --- callers whom nobody wrote down -------------------------------------------------------------

SAYINGS = (
    "yes", "no", "uh huh", "okay", "hello", "wait", "uh", "and", "i need an oil change", "tuesday morning",
    "friday at ten", "the first one", "my name is", "alice miller", "three oh three", "five five five",
    "oh one seven two", "three oh three five five five oh one seven two", "can i pay by card",
    "how much is an oil change", "when are you open", "do you know anything about hybrid cars",
    "leave a message", "never mind", "could you say that again", "no that's all goodbye", "let me think",
)  # fmt: skip

ACTIONS = st.one_of(
    st.tuples(st.just("words"), st.sampled_from(SAYINGS), st.sampled_from([0, 100, 300])),
    st.tuples(st.just("wait"), st.integers(0, 300), st.none()),
    st.tuples(st.just("wait"), st.integers(0, 5000), st.none()),
    st.tuples(st.just("cough"), st.integers(20, 600), st.none()),
    st.tuples(st.just("key"), st.sampled_from("0123#*"), st.none()),
    st.tuples(st.just("model"), st.sampled_from(["We have a lounge.", "Yes."]), st.integers(0, 3000)),
)
"""What a caller may do next; the model's lines are what it will say to their next question."""

LONGEST_TICKS = ticks(40 * 60 * 1000)


def act(stage: Stage, what: str, how, more) -> list[Span]:
    """One action to its end; the words it was, if any."""
    first = stage.tick
    match what:
        case "words":
            stage.says(words_of_caller(how, more))
        case "cough":
            stage.says(cough(how))
        case "wait":
            run(stage, ticks(how))
        case "key":
            stage.presses(how)
        case "model":
            stage.model.script.append((more, how))
    while stage.caller_speaks and not stage.is_over:
        stage.step()
    return [Span(first, stage.tick - 1)] if what == "words" else []


def run(stage: Stage, count: int) -> None:
    for _ in range(count):
        stage.step()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(actions=st.lists(ACTIONS, max_size=25), hangs_up=st.booleans(), voice_ms=st.sampled_from([0, 300]))
def test_whatever_a_caller_does_the_laws_hold(actions, hangs_up, voice_ms):
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Box(Path(folder))) as box:
        stage = box.new_stage(now=THURSDAY, voice_ms=voice_ms)
        spans = [span for action in actions if not stage.is_over for span in act(stage, *action)]
        if hangs_up:
            stage.hangs_up()
        while not stage.is_over and stage.tick < LONGEST_TICKS:
            stage.step()  # a caller who only listens is asked again, and then the call is closed
        laws.hold(stage, spans, may_err=True)
