"""`appliance call` as a person and a script see it; the calls themselves are in tests/bench/test_trial_call.py."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from appliance.bench.call_score import CallReport
from appliance.bench.trial_call import Plan, TrialCall
from appliance.cli.call import command
from appliance.errors import ConfigError
from tests.fakes.patient import write

app = typer.Typer()
app.command()(command)

ANSWERED = CallReport(
    to="sip:100@127.0.0.1",
    status=200,
    reason="OK",
    codec="PCMU",
    ringing_ms=30,
    answered_ms=900,
    first_sound_ms=120,
    packets_received=500,
    jitter_ms=2.0,
    mos=4.38,
    gaps_ms=(420,),
    heard="thank you for calling",
    ended_by="us",
)
BUSY = CallReport(to="sip:150@127.0.0.1", status=486, reason="Busy Here")


@pytest.fixture
def config(folder: Path) -> Path:
    return write(folder)


@pytest.fixture
def placed(monkeypatch) -> list[Plan]:
    """The plans of calls that were to be placed; each is answered, but for extension 150."""
    plans: list[Plan] = []

    def place(call: TrialCall) -> CallReport:
        plans.append(call.plan)
        call.tell({"event": "dialing", "to": call.plan.to})
        return BUSY if "150@" in call.plan.to else replace(ANSWERED, to=call.plan.to)

    monkeypatch.setattr(TrialCall, "place", place)
    return plans


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"ATTENDANT_CONFIG": str(config)})


def test_the_report_says_what_came_back(config, placed):
    result = run(config, "100@127.0.0.1", "--as", "reception", "--listen", "2")
    assert result.exit_code == 0, result.output
    assert "answered     after 900 ms, codec PCMU" in result.stdout
    assert "500 packets received, 0.0 % lost, jitter 2.0 ms, MOS 4.38" in result.stdout
    assert "heard        thank you for calling" in result.stdout
    assert "score" not in result.stdout
    assert "Dialling sip:100@127.0.0.1" in result.stderr
    assert (placed[0].caller, placed[0].listen_s) == ("reception", 2.0)


def test_a_score_is_given_when_it_is_asked_for(config, placed):
    assert "100 of 100, good" in run(config, "100@127.0.0.1", "--score").stdout
    told = json.loads(run(config, "100@127.0.0.1", "--score", "--json").stdout)
    assert told["score"]["points"] == 100
    assert told["score"]["aspects"]["mos"] == "good"
    assert (told["answered"], told["loss_percent"], told["remedy"]) == (True, 0.0, "")


def test_nobody_there_is_exit_status_1_and_what_to_do(config, placed):
    result = run(config, "sip:150@127.0.0.1")
    assert result.exit_code == 1
    assert "status       486 Busy Here" in result.stdout
    assert "-> It is busy" in result.stdout


def test_recordings_are_played_in_order(config, placed, tmp_path):
    sounds = [tmp_path / f"{name}.wav" for name in "ab"]
    for sound in sounds:
        sound.write_bytes(b"RIFF")
    run(config, "100@127.0.0.1", "--play", str(sounds[0]), "--play", str(sounds[1]))
    assert list(placed[0].sounds) == sounds


def test_a_bare_number_is_called_by_the_boxs_own_account(folder, placed, monkeypatch):
    monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", "x")
    config = write(folder, 'registrar = "127.0.0.1:5062"\nuser = "100"\n')
    run(config, "101", "--account")
    assert placed[0].to == "sip:101@127.0.0.1:5062"
    assert placed[0].account == ("127.0.0.1:5062", "100", "x")


def test_without_a_phone_system_there_is_no_account(config, placed):
    result = run(config, "100@127.0.0.1", "--account")
    assert isinstance(result.exception, ConfigError)
    assert placed == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("no address",),
        ("100@127.0.0.1", "--codec", "OPUS"),
        ("100@127.0.0.1", "--play", "nowhere.wav"),
        ("100@127.0.0.1", "--play", "a.wav", "--say", "hello"),
        ("100@127.0.0.1", "--listen", "0"),
    ],
)
def test_mistakes_are_said_before_anybody_is_called(config, placed, arguments):
    assert run(config, *arguments).exit_code == 2
    assert placed == []


@pytest.mark.real
def test_words_are_said_in_the_boxs_own_voice(folder, placed, monkeypatch):
    """The voice is real; that what it says can be understood is the loop-back check's to show."""
    from appliance import settings
    from appliance.settings import Settings

    config = folder / "appliance.toml"
    config.write_text(f'[models]\ndirectory = "{settings.models_directory(Settings())}"\nprofile = "small"\n')
    sizes: list[int] = []
    place = TrialCall.place

    def look(call: TrialCall) -> CallReport:
        sizes.extend(sound.stat().st_size for sound in call.plan.sounds)
        return place(call)

    monkeypatch.setattr(TrialCall, "place", look)
    assert run(config, "100@127.0.0.1", "--say", "Hello.", "--say", "Good bye.").exit_code == 0
    assert placed[0].said == "Hello. Good bye."
    assert len(sizes) == 2
    assert min(sizes) > 10_000
