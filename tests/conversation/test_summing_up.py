"""A call in two sentences: the wish in the caller's words, the next step from what was done; what a model may add."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from appliance.business import load
from appliance.conversation.summary_words import ENGLISH
from appliance.conversation.summing_up import (
    Known,
    by_keys,
    captured,
    deed,
    ended_as,
    of_turns,
    question_for_model,
    summed_up,
    worded,
)
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment, Opening
from appliance.domain.call import CallRecord, Disposition, Speaker, Summary, Turn
from appliance.domain.recording import NOT_KEPT, PRIVATE
from tests.conversation.test_session import NOW, OPENING, call

SHOP = load("auto_repair")
MOMENT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # half past ten in Denver
AGREED = Appointment("a1", "c1", "oil_change", MOMENT, MOMENT, "Bo Berg", "+13035550123")


def closed(*said: str) -> do.CloseCall:
    rehearsal = call()
    rehearsal.answer(NOW, "+13035550123")
    for words in said:
        rehearsal.caller(words)
    rehearsal.finish_speaking()
    rehearsal.hang_up()
    return next(one for one in rehearsal.done if isinstance(one, do.CloseCall))


# --- by rule --------------------------------------------------------------------------------------


def test_a_booking_is_told_with_its_date_and_nothing_left_to_do() -> None:
    closing = closed(
        "hi this is bob miller my oil light is on and i need an oil change tomorrow at ten",
        "three oh three five five five oh one seven two",
        "yes",
    )
    summary = closing.summary
    assert summary is not None and summary.by == "template"
    assert summary.wish.startswith("Bob Miller called about this: my oil light is on")
    assert (
        summary.next_step
        == "An oil change is booked for Friday 20 November 2026 at 10:00; nothing is left to do."
    )
    assert summary.text == f"{summary.wish} {summary.next_step}"
    assert dict(closing.slots) == {
        "booking.service": "oil_change",
        "booking.moment": OPENING.starts_at.isoformat(),
        "booking.name": "Bob Miller",
        "booking.phone": "3035550172",
    }


def test_who_hangs_up_in_the_middle_is_to_be_called_back() -> None:
    closing = closed("leave a message", "call me about my car", "alice miller")
    assert closing.summary is not None
    assert closing.summary.wish == "Alice Miller called about this: call me about my car."
    assert "call them back" in closing.summary.next_step
    assert dict(closing.slots) == {"message.matter": "call me about my car", "message.name": "Alice Miller"}


def test_a_card_number_is_neither_in_the_summary_nor_in_a_slot() -> None:
    said = f"tell the owner my credit card number is {'four ' + 'one ' * 15}"
    closing = closed("leave a message", said.strip(), "alice miller")
    kept = f"{closing.summary} {closing.slots}"
    assert "Alice Miller" in kept
    assert "one one one" not in kept and "1111" not in kept


@pytest.mark.parametrize("disposition", list(Disposition))
def test_every_end_has_two_sentences(disposition: Disposition) -> None:
    for known in (Known(), Known("Bo", "brakes", ("tires",), ("a message was taken",), True)):
        summary = summed_up(known, disposition, "en")
        assert summary.wish.endswith(".") and summary.next_step.endswith(".")
        assert summary.next_step[0].isupper()
    assert by_keys(disposition, "en").text and of_turns((), disposition, "en").text


def test_a_message_beside_a_booking_is_still_to_be_read() -> None:
    known = Known("Bo", "brakes", (), ("brakes is booked for Monday", ENGLISH.message))
    step = summed_up(known, Disposition.BOOKED, "en").next_step
    assert step == "Brakes is booked for Monday; a message was taken; read it and call back."


def test_a_question_without_an_answer_is_owed_one() -> None:
    assert (
        "call back with one"
        in summed_up(Known("", "do you fix boats", unanswered=True), Disposition.ANSWERED, "en").text
    )


def test_what_was_done_is_told_in_the_office_s_time() -> None:
    assert (
        deed(ev.AppointmentMoved("c1", 1, AGREED), SHOP)
        == "an oil change is moved to Monday 23 November 2026 at 10:30"
    )
    assert "cancelled" in deed(ev.AppointmentCancelled("c1", 1, AGREED), SHOP)
    assert deed(ev.MessageTaken("c1", 1, kept=False), SHOP) == ""


def test_an_end_that_turned_out_otherwise_keeps_the_wish() -> None:
    before = summed_up(Known("Bo", "brakes"), Disposition.ABANDONED, "en")
    after = ended_as(before, Disposition.BOOKED, "en")
    assert after.wish == before.wish
    assert after.next_step == "Nothing is left to do."


def test_of_a_call_that_broke_the_words_that_are_left_are_summed_up() -> None:
    turns = (turn(1, "Hello", Speaker.AGENT), turn(2, "hi there"), turn(3, "my clutch is slipping again"))
    summary = of_turns(turns, Disposition.SYSTEM_FAILURE, "en")
    assert "my clutch is slipping again" in summary.wish
    assert "call them back" in summary.next_step


def test_words_that_are_not_kept_sum_nothing_up() -> None:
    masked = tuple(turn(number, mark) for number, mark in enumerate((PRIVATE, NOT_KEPT) * 6, start=2))
    assert NOT_KEPT not in of_turns(masked, Disposition.ANSWERED, "en").text
    assert question_for_model(replace(RECORD, turns=masked), "en") is None


def test_a_very_long_matter_is_cut() -> None:
    assert len(summed_up(Known("Bo", "and so on " * 200), Disposition.MESSAGE, "en").wish) < 300


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Opening("oil_change", MOMENT, MOMENT), MOMENT.isoformat()),
        (AGREED, "a1"),
        (True, "true"),
        (3, "3"),
        ("Bo", "Bo"),
    ],
)
def test_slots_are_kept_as_text(value: object, text: str) -> None:
    assert captured(value, "en") == text


# --- by a language model --------------------------------------------------------------------------


def turn(number: int, text: str, speaker: Speaker = Speaker.CALLER) -> Turn:
    return Turn(number, speaker, text, number * 1000, number * 1000 + 900)


RECORD = CallRecord(
    call_id="c1",
    caller="+13035550123",
    called="100",
    offered_at=MOMENT,
    answered_at=MOMENT,
    ended_at=MOMENT,
    disposition=Disposition.BOOKED,
    recording=None,
    turns=(
        turn(1, "Hello, Hilltop Auto.", Speaker.AGENT),
        turn(
            2, "hi this is bo berg my oil light came on on monday at nine thirty and it costs fifty dollars"
        ),
        turn(3, "We have Tuesday at ten.", Speaker.AGENT),
    ),
    summary=summed_up(Known("Bo Berg", "my oil light came on"), Disposition.BOOKED, "en"),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The caller wanted to know about the oil light.",
        "Bo Berg's oil light came on on Monday at 9:30",
        "The caller asked about an oil light that costs $50.",
    ],
)
def test_a_wish_that_the_record_holds_is_taken(sentence: str) -> None:
    summary = worded(RECORD, f" {sentence}\n", "en")
    assert summary is not None and RECORD.summary is not None
    assert summary == Summary(
        f"{summary.wish} {RECORD.summary.next_step}", summary.wish, RECORD.summary.next_step, "model"
    )
    assert summary.wish.rstrip(".") == sentence.rstrip(".")


@pytest.mark.parametrize(
    "sentence",
    [
        "The caller wanted an oil change on Friday.",
        "The caller's oil light came on at 10:30.",
        "The caller would pay $80.",
        "Alice called about the oil light.",
        "The caller asked for Maria.",
        "The caller can be reached at 303 555 0199.",
        "The caller wrote to bo@example.com about it.",
        "The caller wanted an oil change and 4 tires.",
        "The caller wanted a divorce lawyer.",
        "What did the caller want?",
        "",
        "so " * 200,
    ],
)
def test_what_the_record_does_not_hold_is_not(sentence: str) -> None:
    assert worded(RECORD, sentence, "en") is None


def test_what_was_erased_meanwhile_gets_no_summary() -> None:
    assert worded(replace(RECORD, summary=None), "The caller asked about an oil light.", "en") is None


def test_a_model_is_asked_about_calls_with_something_in_them() -> None:
    asked = question_for_model(RECORD, "en")
    assert asked is not None
    assert "Caller: hi this is bo berg" in asked[1] and "Hilltop" not in asked[1]
    assert question_for_model(replace(RECORD, turns=RECORD.turns[:1]), "en") is None
    endless = replace(
        RECORD, turns=(*RECORD.turns, *(turn(number, "and so on and on") for number in range(4, 400)))
    )
    assert len((question_for_model(endless, "en") or ("", ""))[1]) < 2000
