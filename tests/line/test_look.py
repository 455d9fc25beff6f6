"""What the line tells who looks on: of itself, of its calls, of SIP; and that it does so beside a real call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.bench.dialer import Dialer
from appliance.clock import SetClock
from appliance.domain.call import LineQuality
from appliance.domain.events import LineReady
from appliance.errors import NoAnswer
from appliance.line.look import SOCKET, Look, Measure
from appliance.ops import watching
from appliance.settings import Sip
from appliance.sip import words
from appliance.sip.trace import Trace
from tests.fakes.line_process import LineProcess
from tests.fakes.scripted_agent import ScriptedAgent
from tests.fakes.tones import tone

_READY = LineReady("sip:101@192.0.2.7:5060", 4, ("PCMU", "G722"), "a line")


def _telephone(**calls: LineQuality) -> Measure:
    return lambda answer: answer(calls)


@pytest.fixture
def trace() -> Trace:
    return Trace()


@pytest.fixture
def look(folder: Path, trace: Trace) -> Iterator[Look]:
    clock = SetClock(datetime(2026, 11, 20, 10, 30, tzinfo=UTC))
    one = Look(folder / SOCKET, Sip(registrar="pbx.office", user="101"), trace, clock)
    one.start(_READY, _telephone(c1=LineQuality("PCMU", 500, 3, 4.5)))
    yield one
    one.close()


def _ask(look: Look, **question: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(look.answer(json.dumps(question).encode())))
    return answer


def test_how_the_line_stands(look: Look) -> None:
    look.saw(words.Rang("c1", "5550100", "101"))
    look.saw(words.RegistrationAnswered(False, 403, "Forbidden"))
    told = _ask(look, do="look")
    assert told["sip_uri"] == "sip:101@192.0.2.7:5060"
    assert (told["registrar"], told["user"], told["codecs"]) == ("pbx.office", "101", ["PCMU", "G722"])
    assert told["registration"] == {
        "registered": False,
        "status": 403,
        "reason": "Forbidden",
        "at_iso": "2026-11-20T10:30:00+00:00",
    }
    assert told["calls"]["c1"]["caller"] == "5550100"
    assert (told["calls"]["c1"]["packets_lost"], told["calls"]["c1"]["jitter_ms"]) == (3, 4.5)


def test_a_trace_comes_in_packets_that_fit(look: Look, trace: Trace) -> None:
    body = "x" * 3000
    for number in range(40):
        trace.wrote(
            f"RX 9 bytes Request msg INVITE/cseq=1 (r) from UDP 192.0.2.1:5060:\n{body}\n--end msg--", number
        )
    seen: list[int] = []
    more = True
    while more:
        told = _ask(look, do="trace", after=seen[-1] if seen else 0)
        assert len(json.dumps(told)) < 64_000
        seen += [one["number"] for one in told["messages"]]
        more = told["more"]
    assert seen == list(range(1, 41))


@pytest.mark.parametrize("question", [b"", b"[]", b'{"do": "else"}', b'{"do": "trace"}'])
def test_what_is_no_question_is_refused(look: Look, question: bytes) -> None:
    assert "error" in look.answer(question)


def test_it_is_asked_over_its_socket(look: Look, folder: Path) -> None:
    told = asyncio.run(watching.ask(folder / SOCKET, {"do": "look"}))
    assert told["version"] == "a line"
    with pytest.raises(NoAnswer, match="unknown request"):
        asyncio.run(watching.ask(folder / SOCKET, {"do": "else"}))


def test_without_a_line_it_is_said_how_to_start_one(folder: Path) -> None:
    with pytest.raises(NoAnswer, match="appliance run"):
        asyncio.run(watching.ask(folder / SOCKET, {"do": "look"}))


@pytest.mark.real
def test_a_real_call_is_seen_while_it_lasts_and_its_messages_afterwards(folder: Path) -> None:
    (folder / "q.pcm").write_bytes(tone(700, 500))
    with ScriptedAgent(folder / "agent.sock", says=tone(440, 500)) as agent, LineProcess(folder):
        uri = agent.wait_for(LineReady).sip_uri
        with Dialer(uri) as dialer:
            assert dialer.wait_agent()
            assert dialer.say(folder / "q.pcm")
            during = asyncio.run(watching.ask(folder / SOCKET, {"do": "look"}))
            dialer.hang_up()
            dialer.wait_end()
        told = asyncio.run(watching.ask(folder / SOCKET, {"do": "trace", "after": 0}))
    (seen,) = during["calls"].values()
    assert seen["codec"]
    assert seen["packets_received"] > 0
    invite = next(one for one in told["messages"] if one["text"].startswith("INVITE"))
    assert not invite["sent"]
    assert any(one["sent"] and one["text"].startswith("SIP/2.0 200") for one in told["messages"])
    assert any(one["text"].startswith("BYE") for one in told["messages"])
