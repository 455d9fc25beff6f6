"""A busy box, the same each time: two callers, a registered line with its SIP, engines that work."""

from __future__ import annotations

from typing import Any

from tests.tui.fixed import NOW, FixedFeed

CALL, OTHER = "20261120-102912-0f3a", "20261120-102955-77b1"
LOOKED = {
    "level": "full",
    "because": [],
    "forced": False,
    "pid": 0,
    "calls": [
        {
            "call_id": CALL, "caller": "3035550142", "called": "101", "lasts_ms": 48_000,
            "heard_dbfs": -22.0, "spoken_dbfs": -96.0, "erle_db": 31.4, "by": "conversation",
        },
        {
            "call_id": OTHER, "caller": "", "called": "101", "lasts_ms": 5_000,
            "heard_dbfs": -60.0, "spoken_dbfs": -18.0, "erle_db": 12.0, "by": "keys",
        },
    ],
    "mind": {"up": True, "model": "qwen2.5-coder-1.5b-instruct-q4_k_m", "rests": False},
    "versions": {"recogniser": "vosk-model-small-en-us-0.15", "voice": "en_US-joe-medium"},
    "voice_waiting": 1,
}  # fmt: skip
SAID: list[dict[str, Any]] = [
    {"kind": "offered", "call_id": CALL, "caller": "3035550142"},
    {"kind": "offered", "call_id": OTHER, "caller": ""},
    {"kind": "speak", "call_id": CALL, "text": "Thank you for calling."},
    {"kind": "said", "call_id": CALL, "text": "Thank you for calling. How can I help?", "response_gap_ms": None},
    {"kind": "heard", "call_id": CALL, "text": "what are your opening hours"},
    {"kind": "note", "call_id": CALL, "what": "fact", "detail": "hours"},
    {"kind": "speak", "call_id": CALL, "text": "We are open from eight to five."},
    {
        "kind": "said", "call_id": CALL, "text": "We are open from eight to", "response_gap_ms": 320,
        "interrupted": True,
        "waterfall": {
            "speech_ended_ms": 9000, "turn_decided_ms": 9140, "final_text_ms": 9180, "reply_decided_ms": 9182,
            "first_audio_ms": 9200, "first_packet_ms": 9320, "first_sound_ms": 9320, "prepared": True,
        },
    },
    {"kind": "partial", "call_id": CALL, "text": "and on saturday"},
]  # fmt: skip
LINE = {
    "pid": 0,
    "sip_uri": "sip:101@192.0.2.7:5060",
    "max_calls": 4,
    "codecs": ["PCMU", "PCMA", "G722"],
    "version": "pjsua2 line",
    "registrar": "pbx.example",
    "user": "101",
    "transport": "UDP",
    "public_address": "",
    "registration": {
        "registered": True, "status": 200, "reason": "OK", "at_iso": "2026-11-20T08:00:02+00:00",
    },
    "calls": {
        CALL: {
            "caller": "3035550142", "codec": "PCMU", "packets_received": 2388, "packets_lost": 12, "jitter_ms": 4.4,
        },
    },
}  # fmt: skip


def _message(
    number: int, first: str, cseq: str, call: str, *, sent: bool, sdp: bool = False
) -> dict[str, Any]:
    kind = "Content-Type: application/sdp\r\n" if sdp else ""
    return {
        "number": number,
        "at_s": NOW.timestamp() + number * 0.12,
        "sent": sent,
        "transport": "UDP",
        "peer": "192.0.2.1:5060",
        "text": f"{first}\r\nCall-ID: {call}\r\nCSeq: {cseq}\r\n{kind}\r\n",
    }


MESSAGES = [
    _message(1, "REGISTER sip:pbx.example SIP/2.0", "1 REGISTER", "r", sent=True),
    _message(2, "SIP/2.0 401 Unauthorized", "1 REGISTER", "r", sent=False),
    _message(3, "REGISTER sip:pbx.example SIP/2.0", "2 REGISTER", "r", sent=True),
    _message(4, "SIP/2.0 200 OK", "2 REGISTER", "r", sent=False),
    _message(5, "INVITE sip:101@192.0.2.7 SIP/2.0", "7 INVITE", "c", sent=False, sdp=True),
    _message(6, "SIP/2.0 100 Trying", "7 INVITE", "c", sent=True),
    _message(7, "SIP/2.0 180 Ringing", "7 INVITE", "c", sent=True),
    _message(8, "SIP/2.0 200 OK", "7 INVITE", "c", sent=True, sdp=True),
    _message(9, "ACK sip:101@192.0.2.7 SIP/2.0", "7 ACK", "c", sent=False),
]
REPORT = {
    "status": 200, "reason": "OK", "codec": "PCMU", "ringing_ms": 41, "answered_ms": 120, "loss_percent": 0.0,
    "jitter_ms": 2.1, "gaps_ms": [340], "said": "What are your opening hours?",
    "heard": "we are open from eight to five", "remedy": "",
    "score": {"points": 83, "grade": "fair", "aspects": {"answered": "good", "sound": "good", "gaps": "fair"}},
}  # fmt: skip


def traced(question: dict[str, Any]) -> dict[str, Any]:
    """What the line answers to {"do": "trace"}."""
    return {"messages": [one for one in MESSAGES if one["number"] > question["after"]], "more": False}


def busy() -> FixedFeed:
    """The box, watched for a while."""
    done = {"done": True}
    orders = dict.fromkeys(("hang_up", "transfer", "take_over"), done)
    agent = {"look": LOOKED, "force": {**LOOKED, "level": "rules", "forced": True}, **orders}
    return FixedFeed(lines=SAID, agent=agent, line={"look": LINE, "trace": traced}, report=REPORT)
