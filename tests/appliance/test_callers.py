"""Callers as they come: silent, noisy, endless, gone in the middle."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from tests.appliance.office import open_office

pytestmark = pytest.mark.real


def test_a_silent_caller_is_asked_offered_keys_and_then_let_go(short_folder):
    office = open_office(short_folder, turns={"reprompt_after_ms": 2000})
    with office.box:
        office.box.wait_ready()
        with office.dial() as dialer:
            ended = dialer.wait_end(60)
        assert ended is not None
        assert ended["by"] == "agent"
        record = office.record()
    texts = [turn["text"] for turn in record["turns"]]
    assert texts[1] == "Are you still there?"
    assert texts[2].startswith("If I can't hear you, press one")
    assert texts[3].startswith("I still can't hear you.")
    assert texts[-1].startswith("I can't hear anybody")
    assert record["disposition"] == "silent"


def test_pure_noise_is_never_booked_and_the_next_words_are_understood(office, say, tmp_path):
    noise = tmp_path / "noise.wav"
    soundfile.write(noise, np.random.default_rng(7).normal(0, 0.05, 16000 * 8), 16000)
    with office.dial() as dialer:
        dialer.wait_agent()
        dialer.say(noise)
        dialer.say(say("Can I pay by credit card?"))
        dialer.wait_agent()
        dialer.hang_up()
        dialer.wait_end()
    record = office.record()
    assert record["appointment"] is None
    assert any("credit cards" in turn["text"] for turn in record["turns"])


def test_two_minutes_without_pause_are_understood_in_pieces(office, data_dir, tmp_path):
    """Read speech with its pauses cut out: the box hears it in pieces and answers in the end."""
    pieces = []
    for path in sorted((data_dir / "speech_librispeech_other").glob("*.flac")):
        sound, rate = soundfile.read(path)
        loud = np.abs(sound).reshape(-1)[: len(sound) // 320 * 320].reshape(-1, 320).max(axis=1) > 0.02
        pieces.append(sound[: len(loud) * 320].reshape(-1, 320)[loud].reshape(-1))
        if sum(map(len, pieces)) > 120 * rate:
            break
    endless = tmp_path / "endless.wav"
    soundfile.write(endless, np.concatenate(pieces)[: 120 * 16000], 16000)
    office.hold(endless)
    record = office.record()
    heard = [turn for turn in record["turns"] if turn["speaker"] == "caller"]
    assert len(heard) >= 4
    assert all(turn["ended_ms"] - turn["started_ms"] <= 30_500 for turn in heard)
    assert sum(len(turn["text"].split()) for turn in heard) > 150


@pytest.mark.parametrize("phase", ["ringing", "greeting", "composing", "booking"])
def test_hanging_up_at_any_moment_closes_the_record(office, say, phase):
    with office.box.watch() as watching, office.dial() as dialer:
        watch = iter(watching)
        if phase == "greeting":
            dialer.wait_for("agent_speech_began")
        elif phase == "composing":
            dialer.wait_agent()
            dialer.say(say("Do you have a favourite colour?"))
            next(line for line in watch if line["kind"] == "speak")
        elif phase == "booking":
            dialer.wait_agent()
            dialer.say(say("I need an oil change."))
            next(line for line in watch if line["kind"] == "speak")
        dialer.hang_up()
        dialer.wait_end()
        if phase != "ringing":
            next(line for line in watch if line["kind"] == "closed")
            assert office.record()["disposition"] in {"abandoned", "answered"}
    office.hold()
    assert office.record()["turns"][0]["text"].startswith("Thank you for calling")


def test_recordings_of_people_are_transcribed(office, data_dir):
    """Human speech through the whole line: most words of an easy reader arrive."""
    import jiwer

    rows = (data_dir / "speech_ljspeech" / "refs.tsv").read_text(encoding="utf-8").splitlines()[1:]
    name, _, reference = next(row.split("\t") for row in rows if 20 < len(row.split("\t")[2].split()) < 40)
    office.hold(data_dir / "speech_ljspeech" / name)
    heard = " ".join(turn["text"] for turn in office.record()["turns"] if turn["speaker"] == "caller")
    clean = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip()])
    assert jiwer.wer(clean(reference), clean(heard)) < 0.35
