"""What a note in a customer database says: every kind, any script, never longer than it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.call import Disposition
from appliance.sync.crm.note_words import ENGLISH, LANGUAGES
from appliance.sync.crm.notes import mark_of, note_of, one_line, title_of
from appliance.sync.happenings import (
    AppointmentChanged,
    CallFinished,
    Change,
    Contact,
    DispositionChanged,
    MessageTaken,
)

AT = datetime(2026, 11, 20, 14, 5, tzinfo=ZoneInfo("America/Denver"))
ALICE = Contact("+13035550123", "Alice Miller")
CALL = CallFinished(
    identity="call.c1.crm",
    business="Hilltop Auto",
    call_id="c1",
    contact=ALICE,
    happened_at=AT,
    answered_at=AT,
    talked_s=133,
    disposition="booked",
    summary="Alice Miller's oil light is on. An oil change was booked.",
    wish="an oil change",
    next_step="She comes on Monday.",
    recording=Path("/somewhere/recordings/c1.flac"),
)
MESSAGE = MessageTaken(
    identity="message.m1.crm",
    business="Hilltop Auto",
    call_id="c1",
    contact=ALICE,
    happened_at=AT,
    matter="Please call back\nabout the brakes.",
    whom="Maria",
    urgent=True,
    recording=Path("/somewhere/recordings/c1.flac"),
    place_ms=61_500,
)
BOOKED = AppointmentChanged(
    identity="appointment.a1.0.crm",
    business="Hilltop Auto",
    call_id="c1",
    contact=ALICE,
    happened_at=AT,
    change=Change.BOOKED,
    appointment_id="a1",
    service="Oil change",
    starts_at=AT.replace(day=23, hour=9, minute=0),
    ends_at=AT.replace(day=23, hour=9, minute=30),
    staff="Ben",
)
CORRECTED = DispositionChanged(
    "disposition.c1.1.crm", "Hilltop Auto", "c1", ALICE, AT, "answered", "abandoned", "Maria"
)


def test_a_call_reads_as_a_person_would_write_it():
    assert note_of(CALL, ENGLISH, chars_max=5000) == (
        "Call on 2026-11-20 14:05, 2 min 13 s: appointment booked\n"
        "Caller: Alice Miller, +13035550123\n"
        "Alice Miller's oil light is on. An oil change was booked.\n"
        "Wish: an oil change\n"
        "Next step: She comes on Monday.\n"
        "Recording: c1.flac, on the box\n"
        "[call.c1.crm]"
    )


def test_a_summary_that_is_wish_and_next_step_is_not_said_twice():
    call = replace(CALL, wish="She wants an oil change.", next_step="She comes on Monday.")
    note = note_of(replace(call, summary=f"{call.wish} {call.next_step}"), ENGLISH, chars_max=5000)
    assert note.count(call.wish) == note.count(call.next_step) == 1


def test_a_message_keeps_its_lines_and_says_where_it_can_be_heard():
    assert note_of(MESSAGE, ENGLISH, chars_max=5000).splitlines() == [
        "URGENT message left on 2026-11-20 14:05",
        "Caller: Alice Miller, +13035550123",
        "For: Maria",
        "Please call back",
        "about the brakes.",
        "Recording: c1.flac, from 01:01.5 on, on the box",
        "[message.m1.crm]",
    ]


def test_an_appointment_and_its_changes():
    moved = replace(BOOKED, change=Change.MOVED, was_at=AT.replace(day=22))
    assert title_of(BOOKED, ENGLISH) == (
        "Appointment booked on 2026-11-20 14:05: Oil change, 2026-11-23 09:00"
    )
    assert "With: Ben\nBefore: 2026-11-22 14:05" in note_of(moved, ENGLISH, chars_max=5000)
    assert "Before" not in note_of(BOOKED, ENGLISH, chars_max=5000)


def test_moments_are_the_businesss_own():
    booked = replace(BOOKED, starts_at=BOOKED.starts_at.astimezone(UTC))
    assert title_of(booked, ENGLISH) == title_of(BOOKED, ENGLISH)


def test_a_correction_says_what_it_was_and_by_whom():
    note = note_of(CORRECTED, ENGLISH, chars_max=5000)
    assert "corrected on 2026-11-20 14:05: question answered" in note
    assert "Before: caller hung up. Corrected by: Maria" in note


def test_what_is_not_known_leaves_no_empty_line():
    bare = replace(CALL, contact=Contact(""), summary="", wish="", next_step="", recording=None, talked_s=0)
    assert note_of(bare, ENGLISH, chars_max=5000) == (
        "Call on 2026-11-20 14:05: appointment booked\n[call.c1.crm]"
    )


def test_who_else_may_have_called_is_said_below_the_title():
    note = note_of(CALL, ENGLISH, chars_max=5000, several=["Alice (1)", "Bob (2)"])
    assert note.splitlines()[1].startswith("Several entries have this number: Alice (1), Bob (2).")


@pytest.mark.parametrize("table", LANGUAGES.values(), ids=LANGUAGES)
def test_every_disposition_and_change_has_words(table):
    assert {str(one) for one in Disposition} <= set(table.dispositions)
    assert set(Change) == set(table.changed)


def test_any_script_stays_control_characters_and_halves_of_characters_go():
    assert one_line("  Ελένη\x00\t 李\n'\"{x} \ud800 ") == "Ελένη 李 '\"{x} ?"


@given(st.text(max_size=400), st.integers(150, 300))
def test_never_longer_than_it_may_be_and_the_mark_stays(matter, chars_max):
    message = replace(MESSAGE, matter=matter)
    note = note_of(message, ENGLISH, chars_max=chars_max)
    assert len(note) <= chars_max
    assert note.endswith("\n" + mark_of(message))
    note.encode()
    cut = len(note_of(message, ENGLISH, chars_max=10_000)) > chars_max
    assert (ENGLISH.shortened in note) == cut


def test_an_extension_to_call_back_stands_in_the_note():
    inside = replace(MESSAGE, contact=Contact("", "Maria"), number="101")
    assert "Maria, 101" in note_of(inside, ENGLISH, chars_max=1000)
