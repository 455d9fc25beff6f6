"""A call for the outside: the JSON shape the commands and the demo promise, and the page of text."""

from __future__ import annotations

import json

from appliance.domain.call import Waterfall
from appliance.store.export import as_json, clock, steps, transcript
from tests.store.test_schema import BOOKED, CALL, LEFT


def test_the_json_shape_is_the_promised_one() -> None:
    whole = json.loads(json.dumps(as_json(CALL, BOOKED, LEFT)))
    assert list(whole) == [
        "call_id",
        "caller",
        "called",
        "offered_at",
        "answered_at",
        "ended_at",
        "disposition",
        "recording",
        "versions",
        "quality",
        "turns",
        "events",
        "summary",
        "slots",
        "appointment",
        "message",
    ]
    assert set(whole["turns"][0]) == {
        "number",
        "speaker",
        "text",
        "class",
        "started_ms",
        "ended_ms",
        "response_gap_ms",
        "interrupted",
        "confidence",
        "waterfall",
    }
    assert whole["turns"][0]["waterfall"]["first_packet_ms"] == 0
    assert whole["versions"] == {"attendant": "0.1.0"}
    assert whole["quality"]["codec"] == "PCMU"
    assert whole["events"] == [{"at_ms": 500, "kind": "digit", "detail": "rtp"}]
    assert whole["message"]["matter"] == "call me back"
    assert whole["appointment"]["starts_at"] == BOOKED.starts_at.isoformat()


def test_absent_things_are_null() -> None:
    whole = as_json(CALL)
    assert (whole["appointment"], whole["message"]) == (None, None)


def test_transcript() -> None:
    assert transcript(CALL) == "00:00.0  agent   Hello\n"
    assert clock(83_450) == "01:23.4"


def test_steps_skip_what_was_not_needed() -> None:
    assert steps(Waterfall(4100, 4420, None, 4447, 4530, 4550)) == "turn 320, reply 27, voice 83, packet 20"
    prepared = Waterfall(4100, 4420, None, 4447, 4530, 4550, prepared=True)
    assert steps(prepared).endswith("packet 20 (prepared)")
    assert steps(Waterfall()) == ""
