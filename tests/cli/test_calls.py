"""`appliance calls`: what a person and a script see of the calls, also before there are any."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import soundfile
import typer
from typer.testing import CliRunner, Result

from appliance.business import load
from appliance.cli import calls as command
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import (
    CallEvent,
    Disposition,
    LineQuality,
    Speaker,
    Turn,
    TurnClass,
    Waterfall,
)
from appliance.errors import NotFound, StoreFault
from appliance.store.appointments import Diary
from appliance.store.calls import Calls, recording_path
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.recordings import Recorder

REPOSITORY = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
MONDAY = NOON + timedelta(days=2)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a box that keeps its data in a folder of the test."""
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    return file


@pytest.fixture
def box(config: Path) -> Path:
    """Two calls: `7f3a` of two days ago, without a recording; `9b1c`, with all that can belong to one."""
    folder = config.parent / "data"
    with Database(folder / FILE_NAME) as database:
        calls, clock = Calls(database), SetClock(NOON)
        calls.begin("7f3a", "+13035550199", "100", NOON - timedelta(days=2), {})
        calls.close("7f3a", Disposition.ABANDONED, NOON - timedelta(days=2))
        calls.begin("9b1c", "+13035550123", "100", NOON, {"attendant": "0.1.0", "vosk": "0.3.45"})
        calls.answered("9b1c", NOON)
        calls.add_turn("9b1c", Turn(1, Speaker.AGENT, "Hello, [bold]Hilltop", 0, 2100, TurnClass.PHRASE))
        calls.add_turn("9b1c", Turn(2, Speaker.CALLER, "an oil change", 3200, 4100, confidence=0.9))
        waterfall = Waterfall(4100, 4420, 4444, 4447, 4530, 4550)
        calls.add_turn(
            "9b1c", Turn(3, Speaker.AGENT, "Sure", 4500, 5100, TurnClass.FLOW, 450, True, None, waterfall)
        )
        calls.add_event("9b1c", CallEvent(3000, "digit", "rtp"))
        booked = Appointment(
            "a1", "9b1c", "oil_change", MONDAY, MONDAY + timedelta(minutes=30), "Bo", "+1303"
        )
        assert Diary(database, load("auto_repair"), clock).book(booked) == booked
        Messages(database, clock).take(Message("m1", "9b1c", "Bo", "+1303", "bring the keys"))
        recorder = Recorder(recording_path(folder, "9b1c"))
        recorder.write(bytes(640), bytes(640), 49)
        assert recorder.close()
        quality = LineQuality("PCMU", 1000, 3, 2.5, 31.0, 0, 0.5, 3.5, 12.1)
        calls.close("9b1c", Disposition.BOOKED, NOON + timedelta(seconds=83), quality, str(recorder.path))
    return config


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command.app, list(map(str, arguments)), env={"COLUMNS": "160"})


def test_list_shows_the_newest_first(box: Path) -> None:
    result = run("list", "--config", box)
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if "+1303" in line]
    assert [line.split()[0] for line in lines] == ["9b1c", "7f3a"]
    assert "1:23" in lines[0]
    assert "booked" in lines[0]
    assert "not answered" in lines[1]


def test_list_as_json(box: Path) -> None:
    found = json.loads(run("list", "--json", "--limit", "1", "--config", box).output)
    assert [(call["call_id"], call["disposition"]) for call in found] == [("9b1c", "booked")]


@pytest.mark.parametrize(("since", "count"), [("2026-11-20", 1), ("2026-11-01T00:00", 2), ("2026-12-01", 0)])
def test_list_since_a_date(box: Path, since: str, count: int) -> None:
    assert len(json.loads(run("list", "--since", since, "--json", "--config", box).output)) == count


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("30m", timedelta(minutes=30)),
        ("12h", timedelta(hours=12)),
        ("2d", timedelta(2)),
        ("1w", timedelta(7)),
    ],
)
def test_since_counts_back(text: str, ago: timedelta) -> None:
    assert command._moment(text, NOON) == NOON - ago


def test_since_refuses_what_it_does_not_know() -> None:
    for text in ("yesterday", "2y", "", "-2d"):
        with pytest.raises(typer.BadParameter, match="2d"):
            command._moment(text, NOON)


def test_show_tells_the_whole_call(box: Path) -> None:
    output = run("show", "last", "--config", box).output
    for part in (
        "Call 9b1c from +13035550123 to 100",
        "lasted 1:23, booked",
        "Hello, [bold]Hilltop",
        "an oil change",
        "Sure (interrupted)",
        "450",
        "turn 320, text 24, reply 3, voice 83, packet 20",
        "oil_change, Mon 23 Nov 2026 12:00, Bo",
        "bring the keys",
        "9b1c.flac",
        "PCMU, 3 of 1000 packets lost",
        "Packets sent late: half up to 0.5 ms, 99 % up to 3.5 ms, the worst 12.1 ms",
        "attendant 0.1.0, vosk 0.3.45",
        "digit",
    ):
        assert part in " ".join(output.split()), part


def test_show_as_json(box: Path) -> None:
    call = json.loads(run("show", "9b", "--json", "--config", box).output)
    assert [turn["class"] for turn in call["turns"]] == ["phrase", None, "flow"]
    assert call["turns"][2]["response_gap_ms"] == 450
    assert call["appointment"]["starts_at"] == "2026-11-23T12:00:00-07:00"
    assert call["message"]["matter"] == "bring the keys"
    assert call["versions"]["vosk"] == "0.3.45"


def test_a_call_is_seen_while_it_runs(box: Path) -> None:
    """The appliance holds a transaction open; the command sees what was committed, recording included."""
    folder = box.parent / "data"
    recording = recording_path(folder, "live")
    recording.write_bytes(b"fLaC")
    with Database(folder / FILE_NAME) as database:
        calls = Calls(database)
        calls.begin("live", "+1", "100", NOON + timedelta(hours=1), {})
        calls.answered("live", NOON + timedelta(hours=1))
        with database.writing() as tables:
            tables.execute("UPDATE calls SET caller = 'unseen'")
            output = run("show", "last", "--config", box).output
    assert "Call live from +1 to" in output
    assert "still open" in output
    assert "live.flac" in output.replace("\n", "")


def test_export_writes_three_files(box: Path, tmp_path: Path) -> None:
    result = run("export", "last", "--to", tmp_path / "out", "--config", box)
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "out/record.json").read_text())["call_id"] == "9b1c"
    assert (tmp_path / "out/transcript.txt").read_text().splitlines()[1:] == [
        "00:03.2  caller  an oil change",
        "00:04.5  agent   Sure --",
    ]
    assert soundfile.info(str(tmp_path / "out/recording.flac")).frames == 50 * 320


def test_export_without_a_recording(box: Path, tmp_path: Path) -> None:
    run("export", "7f3a", "--to", tmp_path / "out", "--config", box)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["record.json", "transcript.txt"]


def test_export_does_not_write_over_another_call(box: Path, tmp_path: Path) -> None:
    run("export", "7f3a", "--to", tmp_path / "out", "--config", box)
    result = run("export", "last", "--to", tmp_path / "out", "--config", box)
    assert isinstance(result.exception, StoreFault)
    assert json.loads((tmp_path / "out/record.json").read_text())["call_id"] == "7f3a"


def test_export_to_a_place_that_cannot_be(box: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("export", "last", "--to", tmp_path / "file" / "out", "--config", box)
    assert isinstance(result.exception, StoreFault)
    assert "cannot be written" in str(result.exception)


def test_play_hands_the_recording_to_the_loudspeaker(box: Path, monkeypatch) -> None:
    played: list[Path] = []
    monkeypatch.setattr("appliance.engines.loudspeaker.play", played.append)
    assert run("play", "last", "--config", box).exit_code == 0
    assert played == [recording_path(box.parent / "data", "9b1c")]


def test_play_without_a_recording(box: Path) -> None:
    result = run("play", "7f3a", "--config", box)
    assert isinstance(result.exception, NotFound)
    assert "store.record_calls" in str(result.exception)


def test_a_call_nobody_made(box: Path) -> None:
    result = run("show", "zzz", "--config", box)
    assert isinstance(result.exception, NotFound)
    assert "appliance calls list" in str(result.exception)


def test_before_the_first_call(config: Path) -> None:
    assert run("list", "--config", config).output == "No calls yet.\n"
    assert run("list", "--json", "--config", config).output == "[]\n"
    assert "No calls yet" in str(run("show", "last", "--config", config).exception)
    assert not (config.parent / "data").exists()


def test_an_empty_list_says_since_when(box: Path) -> None:
    assert run("list", "--since", "2026-12-24", "--config", box).output == "No calls since 2026-12-24.\n"


@pytest.mark.parametrize("name", ["list", "show", "play", "export"])
def test_help_has_examples(name: str) -> None:
    assert f"  appliance calls {name}" in run(name, "--help").output


def attendant(*arguments: str, config: Path) -> subprocess.CompletedProcess[str]:
    """The whole command line, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "appliance.cli.app", "calls", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=REPOSITORY,
        env=os.environ | {"ATTENDANT_CONFIG": str(config)},
        check=False,
    )


def test_as_a_command(box: Path) -> None:
    done = attendant("show", "last", "--json", config=box)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["call_id"] == "9b1c"


def test_a_fault_is_one_line_and_a_status(box: Path) -> None:
    done = attendant("show", "zzz", config=box)
    assert (done.returncode, done.stdout) == (66, "")
    assert done.stderr == 'attendant: No call begins with "zzz". `appliance calls list` shows them.\n'


def test_a_damaged_database_is_one_line_and_a_status(box: Path) -> None:
    (box.parent / "data" / FILE_NAME).write_bytes(b"no database " * 1000)
    done = attendant("list", config=box)
    assert done.returncode == 73
    assert done.stderr.count("\n") == 1
    assert "the database is damaged" in done.stderr


def test_listing_loads_no_engine() -> None:
    """The command starts at once because it loads nothing that hears, thinks or speaks."""
    source = (
        "import sys; import appliance.cli.calls;"
        "print(sorted({'numpy', 'rich.table', 'pydantic', 'sqlite_utils', 'soundfile'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
