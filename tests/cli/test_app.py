"""Every command: an example in its help, JSON where it tells something, a line and no traceback for any mistake."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import typer.main
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.cli import app as cli

cli._assemble()
ROOT = typer.main.get_command(cli.app)


def leaves(command=ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every command, with the words that call it."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    if command.invoke_without_command:
        yield path, command
    for name, inner in command.commands.items():
        yield from leaves(inner, (*path, name))


COMMANDS = {path: command for path, command in leaves() if path}
each_command = pytest.mark.parametrize("path", COMMANDS, ids=" ".join)


def options(path) -> set[str]:
    return {name for one in COMMANDS[path].params for name in one.opts if name.startswith("-")}


# --- what help says -------------------------------------------------------------------------------


@each_command
def test_help_has_an_example_that_calls_it(path):
    help_text = COMMANDS[path].help or ""
    assert "Example" in help_text
    examples = help_text[help_text.index("Example") :]
    assert f"appliance {' '.join(path)}" in examples


WITHOUT_JSON = {
    "run": "it works until it is ended",
    "tui": "a screen",
    "agent chat": "a conversation",
    "agent draw": "a drawing",
    "calls play": "sound",
    "calls export": "writes a file",
    "messages export": "writes a file",
    "appointments export": "writes a file",
    "appointments forget": "does one thing and says so",
    "appointments feed": "one address",
    "report mail": "sends a mail",
    "privacy fields": "writes a document",
    "config example": "writes a file",
    "config reference": "writes a document",
    "cli-reference": "writes a document",
    "kb remove": "does one thing and says so",
    "kb rollback": "does one thing and says so",
}


@each_command
def test_what_tells_something_tells_it_as_json(path):
    assert ("--json" in options(path)) is (" ".join(path) not in WITHOUT_JSON)


# --- mistakes -------------------------------------------------------------------------------------


@pytest.fixture
def ended(monkeypatch, tmp_path, capfd):
    """Run a command line as the entry point does; its exit status, and what it said."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("ATTENDANT_HOME", str(home))
    monkeypatch.delenv("ATTENDANT_CONFIG", raising=False)
    monkeypatch.delenv("ATTENDANT_LOG_LEVEL", raising=False)
    monkeypatch.chdir(home)
    monkeypatch.setattr(cli, "_assemble", lambda: None)
    monkeypatch.setattr(cli, "app", lambda **how: ROOT.main(prog_name="appliance", **how))

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["appliance", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capfd.readouterr()
        return int(end.value.code or 0), said.out + said.err

    return run


@each_command
def test_an_option_that_is_none_is_told(ended, path):
    status, said = ended(*path, "--no-such-option")
    assert status == 2
    assert "no such option: --no-such-option" in said.lower()


_WORKS_WITH_A_BROKEN_FILE = {("config", "history"), ("config", "diff"), ("config", "rollback")}
_READS_SETTINGS = [
    path
    for path in COMMANDS
    if "--config" in options(path)
    and path[0] not in ("bench", "doctor")  # they do without, or tell it as a finding
    and path not in _WORKS_WITH_A_BROKEN_FILE
]


@pytest.mark.parametrize("path", _READS_SETTINGS, ids=" ".join)
def test_settings_that_are_wrong_are_told(ended, path, tmp_path):
    wrong = {
        "binary": b"\x80\xff",
        "broken": b"[[[",
        "unknown": b"[sip]\nprot = 1\n",
        "other": b"business = 5\n",
    }
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
        status, said = ended(*path, "--config", str(tmp_path / name), *_filled(path))
        assert status in (2, 65, 66, 78), said
        assert str(tmp_path / name) in said or status != 78, said
        assert_told(said)


def _filled(path) -> list[str]:
    """Something for every argument and option that has to be given."""
    needed = [one for one in COMMANDS[path].params if one.required]
    return [part for one in needed for part in ([one.opts[0], "1"] if one.opts[0].startswith("-") else ["1"])]


def assert_told(said: str) -> None:
    assert said.strip()
    assert "Traceback" not in said
    assert "a fault of ours" not in said


_SAFE = {"calls", "messages", "appointments", "report", "privacy", "kb", "config"}
_TALKS = {("report", "mail"), ("appointments", "feed"), ("kb", "add"), ("kb", "search"), ("calls", "play")}
_ALONE = [
    path for path in COMMANDS if path[0] in _SAFE and path not in _TALKS and "--config" in options(path)
]
_WORD = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=12),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "999999999999999999999",
            "2026-13-45",
            "today",
            "sip.port",
            "..",
            ".",
            "\udcff",
            "1e9",
        ]
    ),
    st.integers().map(str),
)
_LINES = st.sampled_from(_ALONE).flatmap(
    lambda path: st.tuples(
        st.just(path),
        st.lists(_WORD | st.sampled_from(sorted(options(path) - {"--config"}) or ["-x"]), max_size=5),
    )
)


# The same lines each time: whoever changes a command meets a new mistake, not whoever runs the gate that day.
@settings(max_examples=250, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_LINES)
def test_whatever_is_typed_ends_in_a_line(ended, tmp_path, line):
    path, words = line
    config = tmp_path / "appliance.toml"
    config.write_text("[mind]\nthreads = 1\n", encoding="utf-8")
    status, said = ended(*path, "--config", str(config), *words)
    assert status in (0, 130) or said.strip()  # 130: asked, and nobody there to say yes
    assert "Traceback" not in said
    assert "a fault of ours" not in said


def test_a_bug_of_ours_is_a_line_too(ended, monkeypatch):
    monkeypatch.setattr(cli, "app", lambda **how: {}["nothing"])
    status, said = ended("calls", "list")
    assert status == 70
    assert "KeyError" in said
    assert "Traceback" not in said


def test_a_disk_that_fails_is_a_line(ended, monkeypatch):
    def full(**how: object) -> None:
        raise OSError(28, "No space left on device", "calls.db")

    monkeypatch.setattr(cli, "app", full)
    assert ended("calls", "list") == (74, "attendant: calls.db: No space left on device.\n")


# --- as a program ---------------------------------------------------------------------------------


def _program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "appliance.cli.app", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_reader_who_goes_away_is_no_fault():
    with subprocess.Popen(
        [sys.executable, "-m", "appliance.cli.app", "config", "reference"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        program.stdout.close()
        said = program.stderr.read()
        program.wait(300)
    assert said == b""


def test_bash_completes_nouns_verbs_and_options(tmp_path):
    """The script that `--install-completion` installs, in a real bash."""
    command = tmp_path / "appliance"
    command.write_text(f"#!{sys.executable}\nfrom appliance.cli.app import main\n\nmain()\n")
    command.chmod(0o755)
    asked = "\n".join(
        [
            'eval "$(_APPLIANCE_COMPLETE=source_bash appliance)"',
            "complete -p appliance",
            *(
                f"COMP_WORDS=({words}); COMP_CWORD={len(words.split()) - 1}; COMPREPLY=(); "
                '_appliance_completion appliance; echo "${COMPREPLY[@]}"'
                for words in ("appliance appo", "appliance config rol", "appliance config set --bus")
            ),
        ]
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", asked],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    registered, *found = done.stdout.splitlines()
    assert registered.endswith("-F _appliance_completion appliance")
    assert found == ["appointments", "rollback", "--business"]
