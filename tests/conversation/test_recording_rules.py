"""What may be kept of a call: the plays of tests/recording_plays, each with the rule its folder is named after."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from appliance import configfile
from appliance.business import Business, Consent, RecordingRule
from appliance.cli.agent_stage import stage
from appliance.conversation.foresight import Foresight
from appliance.conversation.phrases import Phrases
from appliance.conversation.recording_rules import greeting_of
from appliance.conversation.rehearsal import PlayFailed, Rehearsal, Stage, lines_of
from appliance.conversation.second_thoughts import Conversation
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.settings import shipped

FOLDER = Path(__file__).parent.parent / "recording_plays"
PLAYS = sorted(FOLDER.rglob("*.call"))
RULES = {
    "none": RecordingRule(),
    "announce": RecordingRule(consent=Consent.ANNOUNCE),
    "ask": RecordingRule(consent=Consent.ASK),
    "ask_keeping_words": RecordingRule(consent=Consent.ASK, transcribe_without_consent=True),
}
NOW = datetime(2026, 11, 19, 10, 0)  # noqa: DTZ001  the office's time


def office(rule: RecordingRule) -> Business:
    shop = shipped("config/businesses/auto_repair.toml").read_text(encoding="utf-8")
    text = shop + (FOLDER / "payment.toml").read_text(encoding="utf-8")
    return configfile.parse(text, Business, name="office").model_copy(update={"recording": rule})


@pytest.fixture
def call():
    """A call to the office under a rule."""
    with stage(office(RULES["none"]), NOW) as rehearsal:
        rehearsal.answer(NOW.replace(tzinfo=rehearsal.session.zone))
        yield rehearsal


def orders(rehearsal) -> list[object]:
    return [one for one in rehearsal.done if isinstance(one, rec.RecordingCommand)]


@pytest.mark.parametrize("play", PLAYS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_play(play: Path) -> None:
    with stage(office(RULES[play.parent.name]), NOW) as rehearsal:
        held = Stage(rehearsal)
        for number, word, rest in lines_of(play.read_text(encoding="utf-8")):
            if word == "expect never":
                assert rest not in " ".join(type(one).__name__ for one in rehearsal.done)
            elif word == "expect kept":
                kept = " / ".join(f"{one.speaker} {one.text}" for one in rehearsal.turns)
                assert rest in kept, f"line {number}: kept were: {kept}"
            else:
                held.play(number, word, rest)
        held.nothing_left()


@pytest.mark.parametrize("play", PLAYS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_digits_of_a_card_are_left_anywhere(play: Path) -> None:
    """Neither in turns nor in messages nor in what the model is asked."""
    with stage(office(RULES[play.parent.name]), NOW) as rehearsal:
        held = Stage(rehearsal)
        for number, word, rest in lines_of(play.read_text(encoding="utf-8")):
            if not word.startswith("expect"):
                held.play(number, word, rest)
    kept = [one.text for one in rehearsal.turns] + [one.prompt for one in rehearsal.asks]
    kept += [str(one) for one in rehearsal.done if isinstance(one, do.TakeMessage | do.CloseCall)]
    assert not [one for one in kept if "two four two four two four" in one or "one one one one" in one]


def test_a_pause_is_never_longer_over_than_our_next_word(call) -> None:
    """Nothing is recorded again while what we decided may still be taken back."""
    call.likely = (ev.IntentScore("own:pay", 0.9),)
    call.caller("i want to pay my bill")
    call.caller("four one one one one one one one")
    assert orders(call)[-1] == rec.PauseRecording(call.call_id, private=True)
    call.finish_speaking()
    assert orders(call)[-1] == rec.GoOnRecording(call.call_id)


def test_speech_that_begins_in_the_question_pauses_at_once(call) -> None:
    call.likely = (ev.IntentScore("own:pay", 0.9),)
    call.caller("i want to pay my bill")
    before = len(orders(call))
    call.tell(ev.CallerMayInterrupt(call.call_id, call.tick))
    call.tell(ev.PartialHeard(call.call_id, call.tick, "four"))
    assert orders(call)[before:] == [rec.PauseRecording(call.call_id, private=True)]


def test_what_is_blanked_covers_the_turn_with_a_margin(call) -> None:
    call.caller("my card number is four two four two four two four two four two four two four two four two")
    [blank] = [one for one in orders(call) if isinstance(one, rec.BlankRecording)]
    [told] = [
        one.event.detail for one in call.done if isinstance(one, do.Note) and one.event.kind == rec.BLANKED
    ]
    assert rec.span_of(told) == (blank.from_tick, blank.to_tick)
    [turn] = [one for one in call.turns if one.speaker == "caller"]
    assert blank.from_tick * 20 <= max(turn.started_ms - 500, 0)
    assert blank.to_tick * 20 >= turn.ended_ms + 500


@pytest.mark.parametrize("may_record", [True, False])
def test_a_resumed_call_is_recorded_if_it_was(may_record: bool) -> None:
    with stage(office(RULES["ask"]), NOW) as rehearsal:
        now = NOW.replace(tzinfo=rehearsal.session.zone).isoformat()
        rehearsal.tell(ev.CallAnswered("play", "", now, resumed=True, tick=50, may_record=may_record))
        rehearsal.finish_speaking()
        assert rehearsal.said == ["I'm sorry, I lost you for a moment. How can I help?"]
        assert (rec.GoOnRecording("play") in rehearsal.done) is may_record


@pytest.mark.parametrize(
    ("greeting", "announced", "asked"),
    [
        (
            "Welcome. How can I help?",
            "Welcome. This call is recorded. How can I help?",
            "Welcome. May we record this call?",
        ),
        ("How can I help?", "This call is recorded. How can I help?", "May we record this call?"),
        (
            "Welcome to us.",
            "Welcome to us. This call is recorded.",
            "Welcome to us. May we record this call?",
        ),
    ],
)
def test_the_greeting_by_rule(greeting: str, announced: str, asked: str) -> None:
    phrases = Phrases()
    said = [
        greeting_of(office(RULES[rule]).model_copy(update={"greeting": greeting}), phrases)
        for rule in ("none", "announce", "ask")
    ]
    assert said == [greeting, announced, asked]


def test_whose_words_are_not_kept_has_a_summary_without_them() -> None:
    with stage(office(RULES["ask"]), NOW) as rehearsal:
        rehearsal.answer(NOW.replace(tzinfo=rehearsal.session.zone))
        for words in (
            "no",
            "an oil change tomorrow at ten",
            "alice miller",
            "three oh three five five five oh one seven two",
            "yes",
        ):
            rehearsal.caller(words)
        rehearsal.hang_up()
    [closed] = [one for one in rehearsal.done if isinstance(one, do.CloseCall)]
    assert closed.slots == ()
    assert closed.summary is not None
    assert "oil change" in closed.summary.next_step
    assert not {"alice", "miller", "0172"} & set(closed.summary.text.lower().split())


def test_a_play_of_this_folder_can_fail(call) -> None:
    with pytest.raises(PlayFailed, match="wanted 'never'"):
        Stage(call).play(1, "expect event", "never")


# --- answers that are taken back (second_thoughts) --------------------------------------------------


def conversation(rule: str, *, asks: str = "") -> tuple[Conversation, Rehearsal]:
    """A conversation that stands at its first question, or at the private one."""
    with stage(office(RULES[rule]), NOW) as rehearsal:
        held = rehearsal.session = Conversation(rehearsal.session)
        rehearsal.answer(NOW.replace(tzinfo=office(RULES[rule]).zone))
        if asks:
            rehearsal.likely = (ev.IntentScore("own:pay", 0.9),)
            rehearsal.caller(asks)
        rehearsal.finish_speaking()
    return held, rehearsal


def turn(text: str, started: int, ended: int) -> ev.UtteranceHeard:
    return ev.UtteranceHeard("play", text, started, ended, ended + 10, ended + 12)


def told(held: Conversation, event: ev.SessionEvent, tick: int) -> list[object]:
    return [one for one in held.handle(event, tick) if isinstance(one, rec.RecordingCommand)]


def first_speech(rehearsal: Rehearsal, commands: list[object]) -> ev.SpeechBegan:
    [speech, *_] = [one.speech for one in commands if isinstance(one, do.Speak)]
    return ev.SpeechBegan("play", speech, rehearsal.tick + 200)


def test_the_rest_of_a_private_answer_after_a_pause_is_not_recorded_either() -> None:
    held, rehearsal = conversation("none", asks="i want to pay my bill")
    now = rehearsal.tick
    assert told(held, turn("four one one one", now + 10, now + 60), now + 72) == []
    commands = held.handle(turn("one one one one", now + 100, now + 150), now + 162)
    assert [one for one in commands if isinstance(one, rec.RecordingCommand)] == []
    assert told(held, first_speech(rehearsal, commands), now + 200) == [rec.GoOnRecording("play")]


def test_a_yes_that_goes_on_as_a_no_records_nothing() -> None:
    """ "Yes" and, after a breath, "but please don't record this": nothing was recorded in between."""
    held, rehearsal = conversation("ask")
    now = rehearsal.tick
    assert told(held, turn("yes", now + 10, now + 30), now + 42) == []
    commands = held.handle(turn("but please don't record this", now + 70, now + 150), now + 162)
    assert rec.GoOnRecording("play") not in [
        *commands,
        *held.handle(first_speech(rehearsal, commands), now + 200),
    ]


def test_words_that_are_withheld_are_masked_like_all_others() -> None:
    """The turn is written down only when our answer sounds; by then it must have lost its digits."""
    held, rehearsal = conversation("none")
    now = rehearsal.tick
    number = "four two four two four two four two four two four two four two four two"
    commands = held.handle(turn(f"my card is {number}", now + 10, now + 200), now + 212)
    assert rec.BlankRecording in [type(one) for one in commands]
    kept = held.handle(first_speech(rehearsal, commands), now + 300)
    assert [one.turn.text for one in kept if isinstance(one, do.SaveTurn)] == ["my card is [private]"]


def test_what_is_tried_in_a_copy_changes_nothing() -> None:
    held, rehearsal = conversation("ask")
    Foresight(held).heard(
        ev.CallerMayBeDone("play", "please don't record this", rehearsal.tick, rehearsal.tick, rehearsal.tick)
    )
    now = rehearsal.tick
    commands = held.handle(turn("yes", now + 10, now + 30), now + 42)
    assert rec.GoOnRecording("play") in held.handle(first_speech(rehearsal, commands), now + 100)
