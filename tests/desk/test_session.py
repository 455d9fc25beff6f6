"""The desk's conversation as plays: what happens, and what must be done about it."""

from __future__ import annotations

import pytest

from appliance.desk.sayings import sayings_of
from appliance.desk.session import ECHO_TICKS, GIVE_UP_TICKS, TONE_AFTER_TICKS, Session, Stage
from appliance.desk.words import (
    AgentLost,
    Answer,
    Answered,
    Attend,
    Callee,
    Command,
    Ear,
    LookUp,
    PlayTone,
    Request,
    RequestHeard,
    Say,
    SpeechStarted,
    SpokenOver,
    TellTelephone,
    Ticked,
    WakeWordHeard,
    Wish,
)
from appliance.domain import commands as do
from appliance.domain import events as ev

ENGLISH = sayings_of("en")
ANNA = Callee("desk-1", "+13035550123")
PHONE, CALLER = "desk-1+desk", "desk-1+back"


class Play:
    """A session, and the ticks that pass in it."""

    def __init__(self, telephone: str = "100") -> None:
        self.session = Session(ENGLISH, telephone=telephone, region="US")
        self.tick = 0

    def pass_by(self, ticks: int) -> list[Command]:
        done: list[Command] = []
        for _ in range(ticks):
            self.tick += 1
            done += self.session.handle(Ticked(self.tick))
        return done

    def ask(self, text: str) -> list[Command]:
        self.session.handle(WakeWordHeard())
        self.session.handle(SpeechStarted())
        return self.session.handle(RequestHeard(text))

    def answer(self, text: str, callee: Callee | None = None) -> list[Command]:
        return self.session.handle(Answered(Answer(text, callee)))

    def finish_speaking(self) -> list[Command]:
        return self.session.handle(SpokenOver()) + self.pass_by(ECHO_TICKS)

    def call_anna(self) -> list[Command]:
        self.ask("call the last caller back")
        self.answer("Calling Anna back.", ANNA)
        return self.finish_speaking()


@pytest.fixture
def play() -> Play:
    return Play()


def test_a_question_and_its_answer(play: Play) -> None:
    assert play.session.handle(WakeWordHeard()) == [Attend(Ear.AWAKE)]
    assert play.session.handle(SpeechStarted()) == []
    assert play.session.handle(RequestHeard("any messages")) == [
        Attend(Ear.DEAF),
        LookUp(Request(Wish.MESSAGES, "any messages")),
    ]
    assert play.answer("There are none.") == [Attend(Ear.DEAF), Say("There are none.")]
    assert play.finish_speaking() == [Attend(Ear.ASLEEP)]


def test_its_own_voice_never_wakes_it(play: Play) -> None:
    play.ask("any messages")
    play.answer("There are none.")
    assert play.session.handle(WakeWordHeard()) == []
    play.session.handle(SpokenOver())
    assert play.pass_by(ECHO_TICKS - 1) == []
    assert play.session.handle(WakeWordHeard()) == []
    assert play.pass_by(1) == [Attend(Ear.ASLEEP)]
    assert play.session.handle(WakeWordHeard()) == [Attend(Ear.AWAKE)]


def test_who_waits_after_the_word_hears_a_tone_once(play: Play) -> None:
    play.session.handle(WakeWordHeard())
    assert play.pass_by(TONE_AFTER_TICKS) == [PlayTone()]
    assert play.pass_by(TONE_AFTER_TICKS) == []


def test_who_goes_on_speaking_hears_none(play: Play) -> None:
    play.session.handle(WakeWordHeard())
    play.session.handle(SpeechStarted())
    assert play.pass_by(GIVE_UP_TICKS) == []


def test_the_word_and_then_nothing(play: Play) -> None:
    play.session.handle(WakeWordHeard())
    assert play.pass_by(GIVE_UP_TICKS) == [PlayTone(), Attend(Ear.ASLEEP)]
    assert play.session.stage is Stage.ASLEEP


def test_the_end_of_the_word_itself_is_no_request(play: Play) -> None:
    assert play.ask("jarvis") == []
    assert play.session.handle(RequestHeard("any messages"))[1:] == [
        LookUp(Request(Wish.MESSAGES, "any messages"))
    ]


def test_not_understood_is_awake_once_more(play: Play) -> None:
    assert play.ask("the blue one") == [Attend(Ear.DEAF), Say(ENGLISH.phrases["not_understood"])]
    assert play.finish_speaking() == [Attend(Ear.AWAKE)]
    assert play.session.handle(RequestHeard("the red one")) == [
        Attend(Ear.DEAF),
        Say(ENGLISH.phrases["help"]),
    ]
    assert play.finish_speaking() == [Attend(Ear.ASLEEP)]


def test_never_mind(play: Play) -> None:
    assert play.ask("never mind") == [Attend(Ear.ASLEEP)]


def test_once_more(play: Play) -> None:
    assert play.ask("say that again")[1] == Say(ENGLISH.phrases["help"])
    play.finish_speaking()
    play.ask("any messages")
    play.answer("There is one.")
    play.finish_speaking()
    assert play.ask("say that again") == [Attend(Ear.DEAF), Say("There is one.")]


def test_a_call_back_rings_the_desk_first_and_joins_the_two(play: Play) -> None:
    assert play.call_anna() == [do.DialColleague("desk-1", PHONE, "100", 30_000), Attend(Ear.ASLEEP)]
    assert play.session.handle(ev.ColleagueRings("desk-1", PHONE)) == []
    assert play.session.handle(ev.ColleagueAnswered("desk-1", PHONE)) == [
        do.PlayWaiting(PHONE, "US"),
        do.DialColleague(PHONE, CALLER, "+13035550123", 45_000),
    ]
    assert play.session.handle(ev.ColleagueAnswered(PHONE, CALLER)) == [
        do.PlayWaiting(PHONE, ""),
        do.JoinCalls(PHONE, CALLER),
    ]
    assert play.session.handle(ev.CallsJoined(PHONE, CALLER)) == [Attend(Ear.DEAF)]
    assert play.session.handle(WakeWordHeard()) == []
    assert play.session.handle(ev.ColleagueGone("desk-1", PHONE, 200)) == [Attend(Ear.ASLEEP)]
    assert play.session.handle(ev.ColleagueGone(PHONE, CALLER, 200)) == []


def test_a_desk_that_does_not_answer_calls_nobody(play: Play) -> None:
    play.call_anna()
    done = play.session.handle(ev.ColleagueGone("desk-1", PHONE, 408))
    assert done == [Attend(Ear.DEAF), Say(ENGLISH.phrases["not_answered"])]


@pytest.mark.parametrize(("status", "phrase"), [(486, "busy"), (408, "not_reached"), (404, "not_reached")])
def test_a_caller_who_cannot_be_reached_is_told_in_the_telephone(
    play: Play, status: int, phrase: str
) -> None:
    play.call_anna()
    play.session.handle(ev.ColleagueAnswered("desk-1", PHONE))
    assert play.session.handle(ev.ColleagueGone(PHONE, CALLER, status)) == [
        do.PlayWaiting(PHONE, ""),
        TellTelephone(PHONE, ENGLISH.phrases[phrase]),
        do.HangUp(PHONE),
    ]
    assert play.session.handle(ev.ColleagueGone("desk-1", PHONE, 200)) == []


def test_hanging_up_the_desk_while_the_caller_is_rung(play: Play) -> None:
    play.call_anna()
    play.session.handle(ev.ColleagueAnswered("desk-1", PHONE))
    assert play.session.handle(ev.ColleagueGone("desk-1", PHONE, 200)) == [do.HangUp(CALLER)]
    assert play.call_anna()[0] == do.DialColleague("desk-1", PHONE, "100", 30_000)


@pytest.mark.parametrize("answered", [False, True])
def test_stop_gives_up_what_rings(play: Play, answered: bool) -> None:
    play.call_anna()
    if answered:
        play.session.handle(ev.ColleagueAnswered("desk-1", PHONE))
    legs = [CALLER, PHONE] if answered else [PHONE]
    assert play.ask("stop") == [*map(do.HangUp, legs), Attend(Ear.ASLEEP)]
    assert play.session.handle(ev.ColleagueGone("desk-1", PHONE, 487)) == []


def test_one_call_at_a_time(play: Play) -> None:
    play.call_anna()
    assert play.ask("call the last caller back")[1] == Say(ENGLISH.phrases["calling_already"])


def test_without_a_telephone_nobody_is_called() -> None:
    play = Play(telephone="")
    assert play.ask("call the last caller back")[1] == Say(ENGLISH.phrases["no_telephone"])


def test_without_an_agent_that_is_said(play: Play) -> None:
    play.call_anna()
    assert play.session.handle(AgentLost()) == [Attend(Ear.DEAF), Say(ENGLISH.phrases["no_line"])]
    assert play.session.handle(AgentLost()) == []


def test_what_comes_late_changes_nothing(play: Play) -> None:
    assert play.answer("Late.") == []
    assert play.session.handle(SpokenOver()) == []
    assert play.session.handle(RequestHeard("any messages")) == []
    assert play.session.handle(ev.ColleagueAnswered("desk-9", PHONE)) == []
