"""The supervisor's decisions as plays: an event, then the commands it must cause."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.supervisor.supervision import (
    RESTARTS_MAX,
    RESTARTS_WINDOW_S,
    SELDOM_S,
    TERMINATE_LIMIT_S,
    Alive,
    AllReady,
    Announce,
    ChildSpec,
    Command,
    Died,
    Event,
    Finish,
    GiveUp,
    Kill,
    Ready,
    Said,
    Start,
    Started,
    StopAsked,
    Supervision,
    Terminate,
    Tick,
)

AGENT, LINE = ChildSpec("agent", ("agent",)), ChildSpec("line", ("line",))
MIND = ChildSpec("mind", ("mind",), optional=True)


@dataclass
class Play:
    """A supervision with what it decided; announcements apart, as they are for people."""

    specs: tuple[ChildSpec, ...] = (AGENT, LINE, MIND)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.supervision = Supervision(self.specs)
        self.began = self.orders(self.supervision.begin(0.0))

    def orders(self, commands: list[Command]) -> list[Command]:
        self.said += [command.text for command in commands if isinstance(command, Announce)]
        return [command for command in commands if not isinstance(command, Announce)]

    def tell(self, event: Event) -> list[Command]:
        return self.orders(self.supervision.handle(event))

    def all_up(self) -> Play:
        for number, spec in enumerate(self.specs):
            self.tell(Started(spec.name, 100 + number, 0.0))
            self.tell(Ready(spec.name, 1.0))
        return self


def test_everything_is_started_in_order():
    assert Play().began == [Start("agent"), Start("line"), Start("mind")]


def test_all_is_ready_when_the_required_ones_are_and_said_once():
    play = Play()
    assert play.tell(Started("agent", 100, 0.1)) == []
    assert play.tell(Ready("agent", 1.1)) == []
    assert play.tell(Ready("line", 2.5)) == [AllReady()]
    assert play.said[-3:] == ["agent ready after 1.0 s", "line ready after 2.5 s", "all ready after 2.5 s"]
    assert play.tell(Ready("mind", 4.0)) == []
    play.tell(Died("line", -9, 5.0))
    assert play.tell(Ready("line", 6.0)) == []
    assert play.said[-1] == "line ready after 1.0 s"


def test_one_that_dies_is_started_again_at_once():
    play = Play().all_up()
    assert play.tell(Died("line", -11, 5.0)) == [Start("line")]
    assert play.said[-1] == "line died (SIGSEGV): restart 1 of 5 in 60 s"
    assert play.tell(Died("agent", 3, 5.0)) == [Start("agent")]
    assert play.said[-1] == "agent died (exit status 3): restart 1 of 5 in 60 s"


def test_the_sixth_death_within_the_window_stops_everything():
    play = Play().all_up()
    for number in range(RESTARTS_MAX):
        assert play.tell(Died("line", 1, 10.0 + number)) == [Start("line")]
    assert play.tell(Died("line", 1, 16.0)) == [GiveUp("line"), Terminate("agent"), Terminate("mind")]
    assert play.said[-1].startswith("GIVING UP on line: it died 6 times within 60 s (exit status 1)")
    assert play.tell(Died("agent", 0, 16.5)) == []
    assert play.tell(Died("mind", 0, 16.6)) == [Finish(69)]


def test_one_whose_work_others_do_meanwhile_is_never_given_up_only_tried_seldom():
    play = Play((replace(AGENT, replaceable=True), LINE)).all_up()
    for at_s in range(2, 2 + RESTARTS_MAX):
        assert play.tell(Died("agent", -9, float(at_s))) == [Start("agent")]
        play.tell(Ready("agent", at_s + 0.5))
    assert play.tell(Died("agent", -9, 10.0)) == []
    assert "WITHOUT AGENT" in play.said[-1]
    assert play.supervision.wake_at_s is not None
    assert play.tell(Alive("line", 10.0 + SELDOM_S)) == []
    assert play.tell(Tick(10.0 + SELDOM_S - 0.1)) == []
    assert play.tell(Tick(10.0 + SELDOM_S)) == [Start("agent")]
    play.tell(Ready("agent", 45.0))
    play.tell(Alive("line", 100.0))
    assert play.tell(Died("agent", -9, 101.0)) == [Start("agent")], "long ago is forgiven"


def test_one_that_was_never_ready_is_given_up_whoever_could_do_its_work():
    play = Play((replace(AGENT, replaceable=True), LINE))
    play.tell(Ready("line", 1.0))
    deaths = [play.tell(Died("agent", 1, 2.0)) for _ in range(RESTARTS_MAX + 1)]
    assert deaths[-1] == [GiveUp("agent"), Terminate("line")]
    wrong = Play((replace(AGENT, replaceable=True), LINE)).all_up()
    assert GiveUp("agent") in wrong.tell(Died("agent", 78, 2.0))


def test_a_stop_while_one_is_tried_seldom_ends_the_box():
    play = Play((replace(AGENT, replaceable=True), LINE)).all_up()
    for _ in range(RESTARTS_MAX + 1):
        play.tell(Died("agent", -9, 2.0))
    assert play.tell(StopAsked("SIGTERM", 3.0)) == [Terminate("line")]
    assert play.tell(Died("line", 0, 4.0)) == [Finish(0)]


def test_deaths_long_ago_are_forgiven():
    play = Play().all_up()
    for number in range(50):
        assert play.tell(Died("line", 1, number * RESTARTS_WINDOW_S / RESTARTS_MAX)) == [Start("line")]


def test_an_optional_one_that_gives_up_leaves_the_rest_and_is_said_loudly():
    play = Play().all_up()
    for number in range(RESTARTS_MAX):
        play.tell(Died("mind", -9, 10.0 + number))
    assert play.tell(Died("mind", -9, 16.0)) == [GiveUp("mind")]
    assert play.said[-1].startswith("WITHOUT MIND: ")
    play.tell(Alive("agent", 16.0))
    play.tell(Alive("line", 16.0))
    assert play.supervision.wake_at_s == 26.0
    assert play.tell(StopAsked("SIGTERM", 17.0)) == [Terminate("agent"), Terminate("line")]


def test_wrong_settings_are_not_tried_again():
    play = Play((AGENT,)).all_up()
    assert play.tell(Died("agent", 78, 2.0)) == [GiveUp("agent"), Finish(78)]


def test_silence_counts_as_death():
    play = Play((LINE,)).all_up()
    play.tell(Alive("line", 3.0))
    assert play.supervision.wake_at_s == 13.0
    assert play.tell(Tick(12.9)) == []
    assert play.tell(Tick(13.0)) == [Kill("line")]
    assert play.said[-1] == "line is stuck (no sign of life for 10 s): killed"
    assert play.supervision.wake_at_s is None
    assert play.tell(Tick(99.0)) == []
    assert play.tell(Died("line", -9, 99.0)) == [Start("line")]


def test_one_that_never_gets_ready_counts_as_dead():
    play = Play((ChildSpec("line", ("line",), start_limit_s=30.0),))
    play.tell(Started("line", 100, 1.0))
    play.tell(Alive("line", 25.0))
    assert play.tell(Tick(31.0)) == [Kill("line")]
    assert play.said[-1] == "line is stuck (not ready for 30 s): killed"


def test_stopping_waits_for_all_then_ends_well():
    play = Play().all_up()
    assert play.tell(StopAsked("SIGTERM", 5.0)) == [Terminate("agent"), Terminate("line"), Terminate("mind")]
    assert play.tell(Died("line", 0, 5.1)) == []
    assert play.tell(Died("mind", -15, 5.2)) == []
    assert play.tell(Died("agent", 1, 5.3)) == [Finish(0)]
    assert play.said[-2:] == ["stopping (SIGTERM)", "stopped"]


def test_what_does_not_stop_is_killed_before_the_fifth_second():
    play = Play().all_up()
    play.tell(StopAsked("SIGINT", 5.0))
    play.tell(Died("agent", 0, 5.1))
    assert play.supervision.wake_at_s == 5.0 + TERMINATE_LIMIT_S < 10.0
    assert play.tell(Tick(6.0)) == []
    assert play.tell(Tick(9.0)) == [Kill("line"), Kill("mind")]
    assert play.said[-1] == "killed, did not stop in 4 s: line, mind"
    assert play.tell(Tick(10.0)) == []
    assert play.supervision.wake_at_s is None


def test_asked_twice_means_at_once():
    play = Play().all_up()
    play.tell(StopAsked("SIGINT", 5.0))
    assert play.tell(StopAsked("SIGINT", 5.1)) == [Kill("agent"), Kill("line"), Kill("mind")]


def test_a_stop_between_death_and_restart_forgets_nobody():
    play = Play((LINE,)).all_up()
    assert play.tell(Died("line", 1, 5.0)) == [Start("line")]
    assert play.tell(StopAsked("SIGTERM", 5.0)) == [Terminate("line")]
    assert play.tell(Started("line", 200, 5.0)) == []
    assert play.tell(Ready("line", 5.5)) == []
    assert play.tell(Died("line", 0, 5.6)) == [Finish(0)]


def test_what_a_child_says_is_shown_with_its_name():
    play = Play()
    assert play.tell(Said("line", "registered as 200")) == []
    assert play.said == ["line: registered as 200"]


NAMES = st.sampled_from(["agent", "line", "mind"])
HAPPENINGS = st.lists(
    st.one_of(
        st.builds(Ready, NAMES, st.just(0.0)),
        st.builds(Alive, NAMES, st.just(0.0)),
        st.builds(Died, NAMES, st.sampled_from([0, 1, 78, -9]), st.just(0.0)),
        st.builds(Tick, st.just(0.0)),
        st.builds(StopAsked, st.just("SIGTERM"), st.just(0.0)),
    ),
    max_size=40,
)


@given(HAPPENINGS, st.lists(st.floats(0, 30), min_size=40, max_size=40))
def test_whatever_happens_no_process_is_started_twice_and_the_end_is_the_end(happenings, pauses_s):
    """The world plays by its rules: only running children die or speak; a killed child dies."""
    supervision = Supervision((AGENT, LINE, MIND))
    running: set[str] = set()
    finished = False
    now_s = 0.0

    def carry_out(commands: list[Command]) -> None:
        nonlocal finished
        for command in commands:
            match command:
                case Start(name):
                    assert name not in running
                    running.add(name)
                case Terminate(name) | Kill(name):
                    assert name in running
                case Finish():
                    assert not running
                    finished = True

    carry_out(supervision.begin(now_s))
    for happening, pause_s in zip(happenings, pauses_s, strict=False):
        now_s += pause_s
        event = replace(happening, at_s=now_s)
        if isinstance(event, Died | Ready | Alive) and event.name not in running:
            continue
        if isinstance(event, Died):
            running.remove(event.name)
        carry_out(supervision.handle(event))
        if finished:
            return


@pytest.mark.parametrize(("status", "words"), [(-250, "signal 250"), (-9, "SIGKILL"), (0, "exit status 0")])
def test_how_it_died_is_told_in_words(status, words):
    play = Play()
    play.tell(Died("line", status, 1.0))
    assert f"line died ({words})" in play.said[-1]
