"""A turn cut in two is one turn again, as long as nothing of its answer was heard and nothing was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance import business
from appliance.conversation.phrases import Phrases
from appliance.conversation.second_thoughts import Conversation
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Opening
from appliance.domain.call import Speaker
from appliance.settings import Mind, Turns

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)
OPENINGS = tuple(
    Opening(
        "oil_change", NOW.replace(day=20, hour=hour), NOW.replace(day=20, hour=hour) + timedelta(minutes=30)
    )
    for hour in (9, 10)
)


class Call:
    """A conversation with a stage that speaks only when it is told to."""

    def __init__(self):
        session = Session("call", OFFICE, Phrases(), turns=Turns(), mind=Mind(), has_model=True)
        self.conversation = Conversation(session)
        self.tick = 0
        self.done: list[do.SessionCommand] = []
        self.unplayed: list[do.Speak] = []
        self.tell(ev.CallAnswered("call", "", NOW.isoformat()))
        self.play()

    def tell(self, event) -> None:
        waiting = [event]
        while waiting:
            for command in self.conversation.handle(waiting.pop(0), self.tick):
                self.done.append(command)
                match command:
                    case do.Speak():
                        self.unplayed.append(command)
                    case do.StopSpeaking():
                        self.unplayed.clear()
                    case do.AskModel(ask=ask):
                        waiting.append(ev.ModelAsked("call", ask))
                    case do.FindOpenings(query=query, after=after):
                        free = tuple(one for one in OPENINGS if one.starts_at >= after)
                        waiting.append(ev.OpeningsFound("call", query, free))
                    case do.Book(query=query, appointment=made):
                        waiting.append(ev.Booked("call", query, made))
                    case _:
                        pass

    def says(self, text: str, pause: int = 30) -> None:
        self.tick += pause
        started = self.tick
        self.tick += 20
        self.tell(ev.UtteranceHeard("call", text, started, self.tick, self.tick + 5, self.tick + 6))
        self.tick += 6

    def play(self) -> None:
        for speak in self.unplayed:
            self.tick += 50
            self.tell(ev.SpeechBegan("call", speak.speech, self.tick))
            self.tell(ev.SpeechPlayed("call", speak.speech, self.tick + 40, 1.0, over=True))
        self.unplayed = []

    def of(self, kind) -> list:
        return [command for command in self.done if isinstance(command, kind)]

    @property
    def heard(self) -> list[str]:
        return [one.turn.text for one in self.of(do.SaveTurn) if one.turn.speaker is Speaker.CALLER]

    @property
    def said(self) -> str:
        return " ".join(speak.text for speak in self.unplayed)


def test_who_goes_on_before_the_answer_is_heard_has_said_one_thing():
    call = Call()
    call.says("i need an oil change")
    call.says("tomorrow at ten")
    assert call.said == "And what name should I put it under?"
    call.play()
    assert call.heard == ["i need an oil change tomorrow at ten"]
    numbers = [one.turn.number for one in call.of(do.SaveTurn)]
    assert numbers == sorted(set(numbers))


def test_who_goes_on_after_the_answer_began_has_said_two_things():
    call = Call()
    call.says("i need an oil change")
    call.play()
    call.says("tomorrow at ten")
    call.play()
    assert call.heard == ["i need an oil change", "tomorrow at ten"]


def test_a_long_pause_parts_two_turns():
    call = Call()
    call.says("i need an oil change")
    call.says("tomorrow at ten", pause=200)
    call.play()
    assert call.heard == ["i need an oil change", "tomorrow at ten"]


def test_a_caller_who_never_pauses_is_still_heard_in_pieces():
    call = Call()
    call.says("and then it made a noise")
    call.tick += 5
    started, call.tick = call.tick, call.tick + 1500
    call.tell(ev.UtteranceHeard("call", "and another one", started, call.tick, call.tick + 5, call.tick + 6))
    call.play()
    assert call.heard == ["and then it made a noise", "and another one"]


def test_what_was_done_is_not_taken_back():
    call = Call()
    for words in (
        "an oil change tomorrow at ten",
        "alice miller",
        "three oh three five five five oh one seven two",
    ):
        call.says(words)
        call.play()
    call.says("yes")
    assert len(call.of(do.Book)) == 1
    assert call.heard[-1] == "yes"
    call.says("please")
    assert len(call.of(do.Book)) == 1
    call.play()
    assert call.heard[-2:] == ["yes", "please"]


def test_a_question_that_goes_on_is_asked_anew_and_the_old_one_cancelled():
    call = Call()
    call.says("i was wondering whether")
    call.says("you repair hybrid cars")
    first, second = call.of(do.AskModel)
    assert [one.ask for one in call.of(do.CancelAsk)] == [first.ask]
    assert second.ask > first.ask
    assert "whether you repair hybrid cars" in second.prompt


def test_what_a_caller_said_last_is_written_when_they_hang_up():
    call = Call()
    call.says("i need an oil change")
    call.tell(ev.CallerHungUp("call", call.tick, 200))
    assert call.heard == ["i need an oil change"]
    assert isinstance(call.done[-1], do.CloseCall)


def test_looking_ahead_sees_both_pieces_and_changes_nothing():
    call = Call()
    call.says("i need an oil change")
    twin = call.conversation.copied()
    twin.handle(ev.UtteranceHeard("call", "tomorrow at ten", 60, 80, 85, 86), 90)
    call.says("tomorrow at ten")
    call.play()
    assert call.heard == ["i need an oil change tomorrow at ten"]


@pytest.mark.parametrize("reply", [True, False])
def test_numbers_are_never_given_twice(reply):
    call = Call()
    for words in ("i need an oil change", "tomorrow", "at ten", "do you work on hybrid cars", "alice miller"):
        call.says(words)
        if reply:
            call.play()
    speeches = [one.speech for one in call.of(do.Speak)]
    assert len(speeches) == len(set(speeches))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "yes",
                    "no",
                    "an oil change",
                    "tomorrow",
                    "at ten",
                    "alice miller",
                    "do you fix hybrid cars now",
                ]
            ),
            st.booleans(),
            st.sampled_from([5, 30, 200]),
        ),
        max_size=8,
    )
)
def test_every_word_is_written_once_and_in_order(said):
    call = Call()
    for words, is_played, pause in said:
        call.says(words, pause)
        if is_played:
            call.play()
    call.tell(ev.CallerHungUp("call", call.tick, 200))
    everything, heard = " ".join(words for words, _, _ in said), " ".join(call.heard)
    assert everything.startswith(heard)
    assert heard == everything or call.of(do.HangUp)  # who said good-bye is not listened to any more


def test_the_whole_means_what_it_means_whole_and_not_what_its_end_is_near_to():
    address = (ev.IntentScore("fact:address", 0.9),)
    for together, is_asked in (
        (None, False),
        (ev.Together("do you have a loaner car mine is in the shop"), True),
        (ev.Together("something else mine is in the shop"), False),
    ):
        call = Call()
        call.says("do you have a loaner car")
        piece = ev.UtteranceHeard(
            "call", "mine is in the shop", call.tick + 40, call.tick + 60, call.tick + 65, call.tick + 66
        )
        call.tell(replace(piece, likely=address, together=together))
        assert ("loaner car mine" in call.of(do.AskModel)[-1].prompt) is is_asked
