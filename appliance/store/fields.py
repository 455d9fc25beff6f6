"""Every field the database keeps: what it means, for how long it stays, and what becomes of it when a person is
erased. docs/data.md is made from this, and so are export and erasure: a column without a line here fails a test.
"""

# ruff: noqa: S608  the braces hold our own words
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appliance.domain.recording import BLANKED, DISCARDED


@dataclass(frozen=True, slots=True)
class Field:
    """A column. `erased` is the SQL of what it holds once the person is erased; None: it is nothing personal."""

    meaning: str
    erased: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `kept`: the key under [keep] that says for how long. `whose`: the SQL condition for the rows of a
    person (privacy.py makes the tables it names), empty for a table about nobody. `goes`: their rows are deleted."""

    meaning: str
    kept: str
    fields: Mapping[str, Field]
    whose: str = ""
    goes: bool = False


_OF_CALL: Final = "call_id IN (SELECT call_id FROM temp.their_calls)"
_OF_APPOINTMENT: Final = "appointment_id IN (SELECT appointment_id FROM temp.their_appointments)"
_NUMBERS: Final = "(SELECT number FROM temp.their_numbers)"
_UNTIL: Final = "(SELECT at FROM temp.their_until)"
_EMPTY: Final = "''"
_NO_ENTRIES: Final = "'{}'"
_NULL: Final = "NULL"
DETAIL_ERASED: Final = f"CASE WHEN kind IN ('{BLANKED}', '{DISCARDED}') THEN detail ELSE '' END"
"""What of a recording was taken back is times only, and taken_back.py reads it at every start."""

TABLES: Final[Mapping[str, Table]] = {
    "calls": Table(
        "Each call: its record (CDR).",
        "calls_days",
        {
            "call_id": Field("the call's name, drawn at random"),
            "caller": Field("the caller's number as the phone system gave it", _EMPTY),
            "called": Field("the number or extension that was called"),
            "offered_at": Field("when it rang"),
            "answered_at": Field("when sound began to flow"),
            "ended_at": Field("when it was over"),
            "disposition": Field("how it ended: booked, message, transferred ..."),
            "recording": Field("the file of its recording, if there is one (`recordings_days`)", _NULL),
            "versions": Field("the software, models, business and prompts that answered"),
            "quality": Field("what the line did to it: codec, loss, jitter, delay, echo, MOS"),
            "summary": Field(
                "two sentences: what was wanted, what comes next; goes with the words (`transcripts_days`)",
                _NULL,
            ),
            "slots": Field(
                "what was captured: names, days, numbers, addresses; nothing that is private; goes with the words",
                _NO_ENTRIES,
            ),
        },
        _OF_CALL,
    ),
    "turns": Table(
        "What was said, a row each time somebody spoke.",
        "transcripts_days",
        {
            "call_id": Field("the call"),
            "number": Field("the order in the call"),
            "speaker": Field("caller or agent"),
            "text": Field("the words", _EMPTY),
            "started_ms": Field("when it began, from the answer on"),
            "ended_ms": Field("when it ended"),
            "class": Field("the kind of answer: phrase, flow, fact, open"),
            "response_gap_ms": Field("how long the caller waited for it"),
            "interrupted": Field("whether the other side cut in"),
            "confidence": Field("how sure the recogniser was"),
            "waterfall": Field("where the time of the answer went"),
        },
        _OF_CALL,
    ),
    "events": Table(
        "What else happened in a call.",
        "transcripts_days",
        {
            "event_id": Field("the order of events"),
            "call_id": Field("the call"),
            "at_ms": Field("when, from the answer on"),
            "kind": Field("what it was: a key, a transfer, a fact that was asked for, a fault ..."),
            "detail": Field(
                "which; it may hold a caller's question or a number that was dialled", DETAIL_ERASED
            ),
        },
        _OF_CALL,
    ),
    "transcripts": Table(
        "Which calls the full-text index holds.",
        "transcripts_days",
        {
            "number": Field("when it rang, as a number: the index sorts by it"),
            "call_id": Field("the call"),
            "indexed": Field("whether its words are in the index"),
        },
        _OF_CALL,
        goes=True,
    ),
    "second_texts": Table(
        "What a better recogniser made of the caller's turns (`store.second_pass`).",
        "transcripts_days",
        {
            "call_id": Field("the call"),
            "number": Field("which turn"),
            "text": Field("the words; what may not be kept was not listened to again"),
        },
        _OF_CALL,
        goes=True,
    ),
    "second_passes": Table(
        "Which calls it listened to, and how far the first recogniser was off.",
        "transcripts_days",
        {
            "call_id": Field("the call"),
            "made_at": Field("when it listened"),
            "model": Field("which it was"),
            "words": Field("how many words were compared"),
            "errors": Field("how many of them differ"),
            "summary": Field("the summary by these words", _NULL),
        },
        _OF_CALL,
    ),
    "appointments": Table(
        "The diary.",
        "appointments_days",
        {
            "appointment_id": Field("the appointment's name"),
            "call_id": Field("the call in which it was agreed; empty: at the desk"),
            "service": Field("what for"),
            "starts_minute": Field("when it begins, in minutes since 1970 UTC"),
            "ends_minute": Field("when it ends"),
            "timezone": Field("the office's time zone when it was agreed"),
            "name": Field("for whom", _EMPTY),
            "phone": Field("their number", _EMPTY),
            "staff": Field("who does it"),
            "asked_for": Field("whom the caller asked for"),
            "standing": Field("agreed or cancelled"),
            "sequence": Field("how many times it was changed"),
        },
        _OF_APPOINTMENT,
    ),
    "appointment_changes": Table(
        "The history of each appointment.",
        "appointments_days",
        {
            "change_id": Field("the order of changes"),
            "appointment_id": Field("the appointment"),
            "kind": Field("agreed, moved, cancelled, repeated"),
            "sequence": Field("which change of the appointment it was"),
            "changed_at": Field("when"),
            "call_id": Field("in which call; empty: at the desk"),
            "starts_minute": Field("when it began after that"),
            "ends_minute": Field("when it ended after that"),
            "staff": Field("who did it after that"),
        },
        _OF_APPOINTMENT,
    ),
    "claims": Table(
        "What of staff, rooms and things an appointment takes.",
        "appointments_days",
        {
            "appointment_id": Field("the appointment"),
            "what": Field("whom or what it takes"),
            "starts_minute": Field("from when, the time kept free before it included"),
            "ends_minute": Field("until when, the time kept free after it included"),
        },
    ),
    "claimed_minutes": Table(
        "The same by the minute: nobody can be had twice.",
        "appointments_days",
        {
            "what": Field("who or what is taken"),
            "minute": Field("when, in minutes since 1970 UTC"),
            "appointment_id": Field("by which appointment"),
        },
    ),
    "calendars": Table(
        "Calendars the office imported.",
        "",
        {
            "name": Field("the calendar's name"),
            "what": Field("whom it keeps busy; empty: the whole business"),
            "imported_at": Field("when it was read last"),
            "until_minute": Field("how far events that recur were followed"),
        },
    ),
    "busy_times": Table(
        "When those calendars leave nobody free.",
        "",
        {
            "calendar": Field("the calendar"),
            "starts_minute": Field("from when"),
            "ends_minute": Field("until when"),
            "summary": Field("what the owner's calendar calls it; callers never hear it"),
        },
    ),
    "messages": Table(
        "What callers left for the office.",
        "messages_days",
        {
            "message_id": Field("the message's name"),
            "call_id": Field("the call it was left in"),
            "taken_at": Field("when"),
            "name": Field("who left it", _EMPTY),
            "phone": Field("where they can be reached", _EMPTY),
            "matter": Field("what it is about, in their words", _EMPTY),
            "read_at": Field("when somebody had seen to it; empty: it is open"),
            "whom": Field("who it is for"),
            "urgent": Field("whether it cannot wait"),
        },
        "message_id IN (SELECT message_id FROM temp.their_messages)",
    ),
    "outbox": Table(
        "What other machines are told, until they have it.",
        "sent_days",
        {
            "number": Field("the order in which things happened"),
            "kind": Field("what it tells of: call, message, appointment, disposition"),
            "subject": Field("the id of that"),
            "destination": Field("where it goes"),
            "idempotency_key": Field("by which the receiver knows it again"),
            "contact": Field("whom it is about: their number", _EMPTY),
            "call_id": Field("the call it belongs to"),
            "payload": Field("what is told beside the ids; emptied once it was sent", _NO_ENTRIES),
            "state": Field(
                "waiting, claimed, sent or buried", "CASE state WHEN 'sent' THEN 'sent' ELSE 'buried' END"
            ),
            "attempts": Field("how often it was tried"),
            "created_at": Field("since when it waits"),
            "due_at": Field("when it is tried next"),
            "settled_at": Field(
                "when it was sent or buried", "coalesce(settled_at, (SELECT at FROM temp.their_moment))"
            ),
            "reason": Field(
                "what the last attempt met with", "CASE state WHEN 'sent' THEN '' ELSE 'erased' END"
            ),
            "follows": Field("whether it waits behind another about the same contact"),
            "tried_at": Field("when it was tried last, or called due"),
        },
        f"contact IN {_NUMBERS} AND created_at <= {_UNTIL}"
        f" OR {_OF_CALL} AND call_id <> ''"
        " OR subject IN (SELECT message_id FROM temp.their_messages)"
        " OR call_id = '' AND substr(subject, 1, instr(subject || '.', '.') - 1)"
        " IN (SELECT appointment_id FROM temp.their_appointments)",
    ),
    "destinations": Table(
        "How each receiver does.",
        "",
        {
            "name": Field("email, webhook or the customer database"),
            "last_sent_at": Field("when it took something last"),
            "failing_since": Field("since when it does not"),
            "error": Field("what it said last"),
            "error_at": Field("when it said that"),
            "rests_until": Field("until when it is left alone"),
        },
    ),
    "deliveries_by_day": Table(
        "How much each receiver was sent.",
        "",
        {
            "destination": Field("the receiver"),
            "day": Field("the day"),
            "sent": Field("how many"),
        },
    ),
    "reports_mailed": Table(
        "Which reports were sent by mail.",
        "",
        {
            "report": Field("the report: its length and its first day"),
            "mailed_at": Field("when it was sent"),
        },
    ),
    "contacts": Table(
        "Whom the customer database knows by which number: a copy, so that a customer can be greeted by name.",
        "contacts_days",
        {
            "phone": Field("the number"),
            "identity": Field("the customer database's own id"),
            "name": Field("the name it knows; empty: nobody, or several"),
            "matches": Field("how many it knows with this number"),
            "called_at": Field("when they called last"),
            "asked_at": Field("when the customer database was asked last"),
        },
        f"phone IN {_NUMBERS} AND called_at <= {_UNTIL}",
        goes=True,
    ),
}
"""The tables, each with its columns, in the order people would look at them."""
