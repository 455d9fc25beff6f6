"""`appliance calls search` and `dispose`, and what `show` and `export` tell of summary, slots and line quality."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli import calls as command
from appliance.domain.call import Disposition, LineQuality, Speaker, Summary, Turn
from appliance.errors import NotFound
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database

NOW = datetime.now(UTC)
SUMMARY = Summary("Bo called about this: brakes. Call back.", "Bo called about this: brakes.", "Call back.")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a box that keeps its data in a folder of the test and tells a webhook of corrections."""
    file = tmp_path / "appliance.toml"
    file.write_text(
        f'[store]\ndirectory = "{tmp_path / "data"}"\n'
        '[deliver]\nwebhook_url = "https://example.com/hook"\nwebhook_tells = ["disposition"]\n'
    )
    return file


@pytest.fixture
def box(config: Path) -> Path:
    """Two calls: `old`, 40 days ago, about an oil light, and `new`, of an hour ago."""
    with Database(config.parent / "data" / FILE_NAME) as database:
        calls = Calls(database)
        for call_id, ago, said in (
            ("old", timedelta(days=40), "my oil [light] is on"),
            ("new", timedelta(hours=1), "oil and a light"),
        ):
            calls.begin(call_id, "+13035550123", "100", NOW - ago, {})
            calls.answered(call_id, NOW - ago)
            calls.add_turn(call_id, Turn(1, Speaker.CALLER, said, 3200, 4100))
            calls.close(
                call_id,
                Disposition.ANSWERED,
                NOW - ago + timedelta(minutes=1),
                LineQuality("PCMU", 1000, 3, mos=4.21),
                summary=SUMMARY,
                slots={"message.name": "Bo"},
            )
    return config


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command.app, list(map(str, arguments)), env={"COLUMNS": "160"})


def test_search_shows_the_call_and_what_was_said(box: Path) -> None:
    result = run("search", '"oil light"', "--config", box)
    assert result.exit_code == 0, result.output
    assert "old" in result.output and "00:03.2 caller: my oil [light] is on" in result.output
    assert "new" not in result.output


def test_search_with_filters_as_json(box: Path) -> None:
    arguments = ("search", "oil", "light", "--since", "30d", "--disposition", "answered", "--json")
    (hit,) = json.loads(run(*arguments, "--config", box).output)
    assert hit == {
        "call_id": "new",
        "caller": "+13035550123",
        "offered_at": (NOW - timedelta(hours=1)).isoformat(),
        "disposition": "answered",
        "turn": 1,
        "speaker": "caller",
        "started_ms": 3200,
        "snippet": "oil and a light",
        "found": ["oil", "light"],
    }
    assert json.loads(run(*arguments, "--caller", "303 555 9999", "--config", box).output) == []
    assert [
        hit["call_id"]
        for hit in json.loads(run("search", "oi*", "--until", "1d", "--json", "--config", box).output)
    ] == ["old"]


@pytest.mark.parametrize("words", ["nothing of the kind", '"', "AND OR (", "oil NOT light"])
def test_search_that_finds_nothing_says_so(box: Path, words: str) -> None:
    result = run("search", words, "--config", box)
    assert (result.exit_code, result.output) == (0, "No call has these words.\n")


def test_search_before_the_first_call(config: Path) -> None:
    assert run("search", "oil", "--config", config).output == "No call has these words.\n"


def test_search_refuses_a_disposition_that_is_none(box: Path) -> None:
    assert run("search", "oil", "--disposition", "sold", "--config", box).exit_code == 2


def test_dispose_keeps_who_and_what_it_was_and_tells_the_destination(box: Path) -> None:
    result = run("dispose", "new", "booked", "--by", "maria", "--config", box)
    assert (result.exit_code, result.output) == (0, "Call new: answered -> booked.\n")
    again = run("dispose", "new", "booked", "--by", "maria", "--config", box)
    assert again.output == "Call new ended so already: booked.\n"
    with Database(box.parent / "data" / FILE_NAME) as database:
        record = Calls(database).get("new")
        rows = database.rows("SELECT kind, destination FROM outbox")
    assert record.disposition is Disposition.BOOKED
    assert [(one.kind, one.detail) for one in record.events] == [("disposed", "answered -> booked: maria")]
    assert record.events[0].at_ms >= 3_600_000
    assert rows == [{"kind": "disposition", "destination": "webhook"}]
    assert "booked" in run("search", "oil", "--disposition", "booked", "--config", box).output


def test_dispose_of_a_call_that_goes_on_or_is_not(box: Path) -> None:
    with Database(box.parent / "data" / FILE_NAME) as database:
        Calls(database).begin("open", "x", "y", NOW, {})
    for arguments, said in ((("open", "booked"), "still going on"), (("none", "booked"), "No call begins")):
        result = run("dispose", *arguments, "--config", box)
        assert isinstance(result.exception, NotFound)
        assert said in str(result.exception)


def test_show_tells_summary_slots_and_line(box: Path) -> None:
    output = run("show", "new", "--config", box).output
    assert SUMMARY.text in output
    assert "Told: message.name Bo" in output
    assert "MOS 4.2" in output


def test_export_holds_them_too(box: Path, tmp_path: Path) -> None:
    assert run("export", "new", "--to", tmp_path / "out", "--config", box).exit_code == 0
    kept = json.loads((tmp_path / "out" / "record.json").read_text())
    assert kept["summary"] == {
        "text": SUMMARY.text,
        "wish": SUMMARY.wish,
        "next_step": SUMMARY.next_step,
        "by": "template",
    }
    assert kept["slots"] == {"message.name": "Bo"}
    assert kept["quality"]["mos"] == 4.21
