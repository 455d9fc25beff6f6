"""Real calls from ring to record: pjsua2 caller, G.711 over loopback, real Vosk and Piper, SQLite."""

from __future__ import annotations

import threading
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from appliance import settings
from appliance.domain.call import Disposition
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database

pytestmark = pytest.mark.real


def agent_texts(record):
    return [turn["text"] for turn in record["turns"] if turn["speaker"] == "agent"]


def caller_texts(record):
    return [turn["text"] for turn in record["turns"] if turn["speaker"] == "caller"]


@pytest.mark.parametrize("codec", ["PCMU", "PCMA", "G722"])
def test_a_question_is_heard_understood_answered_and_on_record(office, say, codec):
    question = "What time do you open on Saturday?"
    office.hold(say(question), codec=codec)
    record = office.record()
    assert jiwer.wer("what time do you open on saturday", caller_texts(record)[0]) <= 0.3
    greeting, answer = agent_texts(record)
    assert greeting.startswith("Thank you for calling Hilltop Auto Repair.")
    assert answer.startswith("We're open on Saturday from nine")
    assert [turn["class"] for turn in record["turns"]] == ["phrase", None, "fact"]
    assert record["disposition"] == "answered"
    assert record["quality"]["codec"].upper().startswith(codec[:4])


def test_the_record_says_when_and_how_and_with_what(office, say):
    office.hold(say("Can I pay by credit card?"))
    record = office.record()
    answer = record["turns"][2]
    waterfall = answer["waterfall"]
    steps = [
        "speech_ended_ms",
        "turn_decided_ms",
        "final_text_ms",
        "reply_decided_ms",
        "first_audio_ms",
        "first_packet_ms",
    ]
    moments = [waterfall[step] for step in steps]
    assert moments == sorted(moments)
    assert answer["response_gap_ms"] == waterfall["first_packet_ms"] - waterfall["speech_ended_ms"]
    assert record["versions"].keys() >= {"attendant", "business", "recogniser", "voice", "language_model"}


def test_the_recording_has_the_caller_left_and_the_agent_right(office, say):
    office.hold(say("Where are you located?"))
    record = office.record()
    sound, rate = soundfile.read(Path(record["recording"]), dtype="float32")
    assert rate == 16000
    for turn in record["turns"]:
        mine, other = (0, 1) if turn["speaker"] == "caller" else (1, 0)
        span = slice(turn["started_ms"] * 16, turn["ended_ms"] * 16)
        loudness = np.sqrt(np.mean(sound[span] ** 2, axis=0))
        assert loudness[mine] > 4 * loudness[other]


def test_what_people_say_and_who_they_are_never_reaches_the_log(office, say):
    office.hold(say("Can I pay by credit card?"), user="13035550199")
    record = office.record()
    log = "\n".join(office.box.output).lower()
    assert record["caller"] == "13035550199"
    assert "line ready" in log
    assert record["caller"] not in log
    for turn in record["turns"]:
        assert turn["text"].lower() not in log


def test_four_callers_at_once_are_all_served_and_the_fifth_hears_busy(office, say):
    sound = say("Can I pay by credit card?")
    everybody_up, let_go = threading.Barrier(5), threading.Event()
    gaps: list[int] = []

    def caller():
        with office.dial() as dialer:
            dialer.wait_agent()
            everybody_up.wait(60)
            dialer.say(sound)
            dialer.wait_agent()
            let_go.wait(60)
            dialer.hang_up()
            dialer.wait_end()
            gaps.extend(event["response_gap_ms"] for event in dialer.all("response_gap"))

    threads = [threading.Thread(target=caller) for _ in range(4)]
    for thread in threads:
        thread.start()
    everybody_up.wait(60)
    with office.dial(user="+13035550166") as fifth:
        ended = fifth.wait_end()
    assert ended is not None
    assert ended["status"] == 486
    let_go.set()
    for thread in threads:
        thread.join(120)
    assert len(gaps) == 4
    assert all(gap > 0 for gap in gaps)
    turned_away = on_record_of(office, "+13035550166")
    assert (turned_away.disposition, turned_away.answered_at) == (Disposition.TURNED_AWAY, None)


def on_record_of(office, caller):
    """Their newest call, once it is on record: whoever was refused is there some seconds later."""
    directory = settings.data_directory(settings.load(office.config))
    waiting = threading.Event()
    for _ in range(300):
        with Database(directory / FILE_NAME, read_only=True) as database:
            found = [call for call in Calls(database).recent() if call.caller == caller]
        if found:
            return found[0]
        waiting.wait(0.1)
    pytest.fail("never on record")


def test_keys_reach_the_conversation(office, say):
    with office.dial() as dialer:
        dialer.wait_agent()
        dialer.digits("0", method="rtp")
        dialer.wait_agent()
        dialer.digits("0", method="info")
        dialer.wait_agent()
        dialer.hang_up()
        dialer.wait_end()
    record = office.record()
    assert [event["detail"] for event in record["events"] if event["kind"] == "key"] == ["rtp", "info"]
    assert any("take a message" in text for text in agent_texts(record))


def test_an_interruption_stops_the_agent_and_is_on_record(office, say):
    with office.dial() as dialer:
        dialer.wait_agent()
        dialer.say(say("What are your opening hours?"))
        dialer.wait_ms(2500)  # the answer has begun and takes several seconds
        dialer.say(say("Actually, can I pay by credit card?"))
        dialer.wait_agent()
        dialer.hang_up()
        dialer.wait_end()
    record = office.record()
    hours = record["turns"][2]
    assert hours["interrupted"]
    assert not hours["text"].endswith("one o'clock.")
    assert any("credit cards" in text for text in agent_texts(record))
