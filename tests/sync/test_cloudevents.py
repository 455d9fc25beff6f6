"""The events of a webhook are what docs/events says of them; the message's is the one receivers have had all along."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from appliance.sync.cloudevents import event_of, type_of
from appliance.sync.happenings import Change, Contact, Happening
from tests.fakes.happenings import NOON, a_call, a_change, a_correction, a_message, one_of_each

SCHEMAS = Path(__file__).parents[2] / "docs" / "events"


def schema_of(kind: str) -> Draft202012Validator:
    """By the type; the three changes of an appointment share one."""
    name = "attendant.appointment.v1" if kind.startswith("attendant.appointment.") else kind
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("happening", one_of_each(), ids=type_of)
def test_each_event_is_what_its_schema_says(happening: Happening) -> None:
    event = json.loads(event_of(happening))
    schema_of(event["type"]).validate(event)
    assert event["id"] == happening.identity
    assert event["source"] == "/attendant/Hilltop%20Auto%20Repair"


def test_the_schemas_are_strict() -> None:
    event = json.loads(event_of(a_call()))
    event["data"]["surprise"] = 1
    assert not schema_of(event["type"]).is_valid(event)


def test_every_schema_is_of_an_event_that_is_sent() -> None:
    sent = {
        type_of(one).replace(f"appointment.{one.change}", "appointment")
        if hasattr(one, "change")
        else type_of(one)
        for one in one_of_each()
    }
    assert {path.stem for path in SCHEMAS.glob("*.json")} == sent


def test_the_message_event_has_kept_its_form() -> None:
    denver = NOON.astimezone(timezone(timedelta(hours=-7)))
    said = event_of(replace(a_message(), identity="message.c1-1.webhook", happened_at=denver))
    assert said == (
        b'{"specversion":"1.0","id":"message.c1-1.webhook","source":"/attendant/Hilltop%20Auto%20Repair",'
        b'"type":"attendant.message.taken.v1","time":"2026-11-21T12:00:00-07:00",'
        b'"datacontenttype":"application/json","data":{"message_id":"c1-1","call_id":"c1","name":"Bo Berg",'
        b'"phone":"+13035550123","matter":"please call me back","whom":"Maria","urgent":true,'
        b'"taken_at":"2026-11-21T19:00:00+00:00","recording":{"file":"c1.flac","starts_ms":65300}}}'
    )


def test_what_is_not_known_is_said_as_nothing() -> None:
    bare = replace(a_call(Contact("")), answered_at=None, recording=None, quality=None, transcript=())
    event = json.loads(event_of(bare))
    schema_of(event["type"]).validate(event)
    assert event["data"]["answered_at"] is event["data"]["recording"] is None
    assert event["data"]["phone"] == ""


def test_who_changed_what() -> None:
    moved = json.loads(event_of(a_change(Change.MOVED)))
    assert moved["type"] == "attendant.appointment.moved.v1"
    assert moved["data"]["was_at"] < moved["data"]["starts_at"]
    corrected = json.loads(event_of(a_correction()))["data"]
    assert (corrected["was"], corrected["disposition"], corrected["by"]) == ("booked", "answered", "maria")


def test_a_number_to_call_back_stands_as_it_was_given() -> None:
    inside = replace(a_message(Contact("", "Maria")), number="101")
    event = json.loads(event_of(inside))
    schema_of(event["type"]).validate(event)
    assert event["data"]["phone"] == "101"
