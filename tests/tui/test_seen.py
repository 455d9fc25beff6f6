"""What is made of the lines a box tells of a call."""

from __future__ import annotations

from typing import Any

from appliance.domain.call import Speaker, Turn
from appliance.tui.seen import CallSeen, Phase, Spoken, from_record, seen
from tests.tui.busy import CALL, SAID


def _told(*lines: dict[str, Any]) -> CallSeen:
    call = CallSeen("c", "100")
    for line in lines:
        call = seen(call, line)
    return call


def test_a_conversation_line_by_line() -> None:
    call = _told(*[line for line in SAID if line["call_id"] == CALL])
    assert [line.who for line in call.lines] == ["A", "C", "-", "A"]
    assert call.lines[-1] == Spoken("A", "We are open from eight to", True)
    assert (call.phase, call.under_way, call.gaps_ms) == (Phase.HEARS, "and on saturday", (320,))
    assert call.waterfall is not None
    assert call.waterfall["first_packet_ms"] == 9320


def test_the_phases_of_a_turn() -> None:
    partial, heard = {"kind": "partial", "text": "yes"}, {"kind": "heard", "text": "yes please"}
    speak, said = {"kind": "speak", "text": "All right."}, {"kind": "said", "text": "All right."}
    lines = [partial, heard, speak, said]
    phases = [_told(*lines[: count + 1]).phase for count in range(len(lines))]
    assert phases == [Phase.HEARS, Phase.THINKS, Phase.SPEAKS, Phase.LISTENS]
    assert _told(partial, heard, speak, {"kind": "speak", "text": "Bye."}).under_way == "All right. Bye."
    assert _told({"kind": "heard", "text": ""}).lines == ()
    assert _told({"kind": "menu", "sounds": []}).phase is Phase.KEYS


def test_who_speaks_again_is_heard_while_what_we_said_is_still_told() -> None:
    call = _told(
        {"kind": "speak", "text": "We are"}, {"kind": "partial", "text": "no"}, {"kind": "said", "text": "We"}
    )
    assert (call.phase, call.under_way) == (Phase.HEARS, "no")


def test_lines_nobody_knows_change_nothing() -> None:
    assert _told({"kind": "dance"}, {"kind": "partial"}) == CallSeen("c", "100")


def test_a_long_call_is_bounded() -> None:
    call = _told(*[{"kind": "said", "text": f"{n}", "response_gap_ms": n} for n in range(500)])
    assert len(call.lines) == 60
    assert len(call.gaps_ms) == 40
    assert call.lines[-1].text == "499"


def test_a_call_from_its_record() -> None:
    turns = [
        Turn(1, Speaker.AGENT, "Hello.", 0, 900),
        Turn(2, Speaker.CALLER, "hi", 1000, 1300),
        Turn(3, Speaker.AGENT, "How can", 1700, 2000, response_gap_ms=400, interrupted=True),
    ]
    call = from_record("c", "100", turns)
    assert call.lines == (Spoken("A", "Hello."), Spoken("C", "hi"), Spoken("A", "How can", True))
    assert call.gaps_ms == (400,)
