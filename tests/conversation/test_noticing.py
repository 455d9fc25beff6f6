"""What is said about a mood, at a real desk: in a flow, outside one, once, and not in place of an answer."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance import business
from appliance.conversation.desk import Desk
from appliance.conversation.floor import Floor
from appliance.conversation.foresight import Foresight
from appliance.conversation.mood import Care
from appliance.conversation.noticing import Noticing
from appliance.conversation.phrases import Phrases
from appliance.conversation.plain_phrases import PlainPhrases
from appliance.conversation.questions import Questions
from appliance.conversation.session import Session
from appliance.conversation.silence import Silence
from appliance.conversation.understand import understand_all
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.settings import Mind, Turns

OFFICE = business.load("auto_repair")
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=OFFICE.zone)


@pytest.fixture
def desk() -> Desk:
    desk = Desk("call", OFFICE, PlainPhrases(Phrases()), 1)
    desk.answered(ev.CallAnswered("call", "", NOW.isoformat()))
    return desk


@pytest.fixture
def noticing(desk) -> Noticing:
    return Noticing(desk)


def said(commands) -> str:
    return " ".join(one.text for one in commands if isinstance(one, do.Speak))


def noted(commands) -> list[str]:
    return [one.event.kind for one in commands if isinstance(one, do.Note)]


def test_a_complaint_is_answered_and_the_question_put_again(desk, noticing):
    desk.begin("booking")
    assert noticing.heard("this is ridiculous", sure=True) is Care.SORRY
    eased = noticing.eased()
    assert said(eased).startswith("I'm sorry about that. ")
    assert said(eased).endswith(desk.flow.ask_again().say)
    assert noted(eased) == ["complaint"]


def test_a_complaint_about_nothing_in_particular_is_asked_what_would_help(noticing):
    noticing.heard("this is ridiculous", sure=True)
    assert said(noticing.eased()) == "I'm sorry about that. Tell me what you need, and I'll do what I can."


def test_who_does_not_follow_hears_what_can_be_done_or_the_question_put_differently(desk, noticing):
    noticing.heard("i don't understand what you mean", sure=True)
    assert said(noticing.eased()).startswith("Let me explain. I can answer a question, make an appointment")
    desk.begin("booking")
    noticing.heard("i don't know what to say", sure=True)
    assert said(noticing.eased()) == (
        "Let me put it differently. Please choose one. an oil change, an inspection, a brake service or a diagnosis."
    )


def test_who_asks_again_and_again_hears_it_in_plain_words(desk, noticing):
    asked = said(desk.begin("booking"))
    heard = []
    for words in ("pardon", "sorry what was that"):
        noticing.heard(words, sure=True)
        heard.append(said(noticing.repeated()))
    assert heard[0] == asked
    assert heard[1].startswith("Let me put it differently. Please choose one.")


@pytest.mark.parametrize(
    ("words", "hurries"),
    [
        ("this is ridiculous", False),
        ("you stupid machine", False),
        ("i don't understand", False),
        ("uh huh", True),
    ],
)
def test_whoever_vents_is_let_finish(words, hurries):
    session = Session("call", OFFICE, Phrases(), turns=Turns(), mind=Mind(), has_model=False)
    session.handle(ev.CallAnswered("call", "", NOW.isoformat()), 0)
    maybe = ev.CallerMayBeDone("call", words, 300, 350, 355)
    assert Foresight(session).heard(maybe).is_understood is hurries


def test_ordinary_words_are_left_to_others(noticing):
    assert noticing.heard("an oil change please", sure=True) is Care.NOTHING
    assert noticing.eased() is None


def test_the_upset_are_offered_a_message_and_the_flow_waits(desk, noticing):
    desk.begin("booking")
    for _ in range(2):
        noticing.heard("what a waste of my time", sure=True)
    assert said(noticing.eased()).startswith("I'm sorry this is so difficult. Shall I take a message")
    assert said(desk.heard("an oil change")).startswith("Sure, an oil change.")


class Somebody:
    """A person who can be put through to."""

    are_there = True

    def person(self, whom):
        return []


def test_the_upset_are_offered_a_person_where_there_is_one(desk, noticing):
    desk.people = Somebody()
    for _ in range(2):
        noticing.heard("what a waste of my time", sure=True)
    assert said(noticing.eased()) == "I'm sorry this is so difficult. Shall I put you through to a person?"


def test_misses_and_reprompts_upset_too(desk, noticing):
    for words in ("the round thing", "beneath the seat", "no under there", "well it rattles"):
        noticing.heard(words, sure=True)
        desk.missed()
        Silence(desk).lasts()
    noticing.heard("nobody helps me", sure=True)
    assert noted(noticing.eased()) == ["upset"]


def test_abuse_is_warned_of_and_the_question_stands(desk, noticing):
    desk.begin("booking")
    assert noticing.heard("you stupid machine", sure=True) is Care.WARN
    warned = noticing.warned()
    assert said(warned).startswith(
        "I'd like to help, but please stay polite, or I'll have to end this call. "
    )
    assert said(warned).endswith(desk.flow.ask_again().say)
    assert noticing.heard("go to hell", sure=True) is Care.END


def test_plain_words_are_used_while_they_are_needed(desk, noticing):
    noticing.heard("what do you mean by that", sure=True)
    assert desk.phrases.plainly
    for words in ("okay an oil change", "friday at ten", "bob king", "yes"):
        noticing.heard(words, sure=True)
    assert not desk.phrases.plainly


def test_only_sounds_over_our_voice_are_barge_ins(desk):
    floor = Floor(desk, Questions(desk, Mind(), has_model=False, has_documents=False))
    interrupted = ev.CallerInterrupted("call", 5)
    floor.over_us(interrupted)
    assert desk.mood._strain == 0.0
    desk.say_phrase("how_help")
    floor.over_us(interrupted)
    assert desk.mood._strain > 0.0


def test_what_the_caller_said_is_told_them_and_the_flow_goes_on(desk, noticing):
    assert noticing.recalled("when are you open") is None
    noticing.understood("my name is bob king", ())
    desk.begin("booking")
    told = said(noticing.recalled("what name do you have for me"))
    assert told == f"I have your name as Bob King. {desk.flow.ask_again().say}"


def test_a_short_complaint_is_no_reason_for_a_call_and_a_long_one_is(desk, noticing):
    for words in ("this is ridiculous", "i want to complain about the bill you sent me in october"):
        noticing.heard(words, sure=True)
        noticing.understood(words, understand_all(words, (), OFFICE))
    assert desk.sheet.reason == "i want to complain about the bill you sent me in october"
    assert desk.sheet.wishes == ()


def test_what_was_done_goes_on_the_sheet_and_relieves(desk, noticing):
    noticing.heard("this is ridiculous", sure=True)
    before = desk.mood._strain
    desk.told(ev.MessageTaken("call", 1, kept=True))
    assert desk.sheet.done == ("I have taken a message",)
    assert desk.mood._strain < before


def test_who_declines_the_offer_is_asked_what_was_asked_before(desk, noticing):
    desk.begin("booking", "an oil change please")
    for _ in range(2):
        noticing.heard("what a waste of my time", sure=True)
    noticing.eased()
    assert said(desk.heard("no")) == "Which day would suit you?"
    assert desk.course.is_in("booking")


def test_who_only_says_who_they_are_is_asked_how_to_help(noticing):
    noticing.heard("hello my name is bob king", sure=True)
    noticing.understood("hello my name is bob king", ())
    assert said(noticing.eased()) == "How can I help?"


def test_who_is_lost_is_spoken_to_slowly_until_they_follow(desk, noticing):
    def pace_after(text: str) -> int:
        noticing.heard(text, sure=True)
        spoken = [one for one in desk.say("Yes.") if isinstance(one, do.Speak)]
        return spoken[0].pace_percent

    assert pace_after("an oil change please") == 100
    assert pace_after("i don't understand what you mean") < 100
    assert pace_after("tomorrow at ten") < 100
    assert [pace_after(text) for text in ("alice miller", "the first one", "that is right")][-1] == 100


def test_who_is_only_cross_is_not_spoken_to_slowly(desk, noticing):
    noticing.heard("this is ridiculous i have been waiting for an hour", sure=True)
    noticing.heard("you people are useless", sure=True)
    assert [one.pace_percent for one in desk.say("Yes.") if isinstance(one, do.Speak)] == [100]
