"""docs/cli.md: what the commands say of themselves, all of them, and nothing that is not so."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer

from appliance.cli.reference import Entry, entries, markdown
from appliance.errors import ApplianceError

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def root():
    """A command line of three commands: a plain one, one of a noun, and a noun that is a verb too."""
    app, noun, both = typer.Typer(), typer.Typer(), typer.Typer(invoke_without_command=True)

    @app.command()
    def greet(
        names: Annotated[list[str], typer.Argument(help="Who is greeted.")],
        times: Annotated[
            int, typer.Option(min=1, max=9, envvar="TIMES", help="How often; 1|2 are usual.")
        ] = 1,
    ) -> None:
        """Greet somebody.

        More of it.

        \b
        kept as
          it stands

        \b
        Examples:
          appliance greet ann
          appliance greet ann bo --times 2
        """

    @app.command(hidden=True)
    def secret() -> None:
        """Nobody is told."""

    @noun.command("list")
    def list_them() -> None:
        """What there is.

        Example: appliance things list
        """

    @both.callback()
    def make(to: Annotated[str, typer.Option(metavar="DIR")] = "") -> None:
        """Make one now.

        Example: appliance copy --to here
        """

    @both.command()
    def check() -> None:
        """Look at one."""

    app.add_typer(noun, name="things", help="many things")
    app.add_typer(both, name="copy", help="copies")
    return typer.main.get_command(app)


def test_docs_cli_md_is_what_the_commands_say():
    """After a change of a command: appliance cli-reference > docs/cli.md"""
    printed = subprocess.run(
        [sys.executable, "-m", "appliance.cli.app", "cli-reference"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert printed.stdout == (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")


def test_every_command_that_can_be_called_is_there_and_no_hidden_one(root):
    lines = [entry.line for entry in entries(root)]
    assert sorted(lines) == [
        "appliance copy",
        "appliance copy check",
        "appliance greet",
        "appliance things list",
    ]
    page = markdown(root)
    assert all(f"\n### {line}\n" in page for line in lines)
    assert "Nobody is told" not in page


def entry(root: object, line: str) -> Entry:
    return next(one for one in entries(root) if one.line == line)


def test_examples_are_whole_lines_and_no_prose(root):
    greet = entry(root, "appliance greet")
    assert greet.examples == ["appliance greet ann", "appliance greet ann bo --times 2"]
    assert "appliance greet" not in greet.prose
    assert entry(root, "appliance things list").examples == ["appliance things list"]
    assert entry(root, "appliance copy check").examples == []


def test_a_noun_that_is_a_verb_says_what_its_function_says(root):
    copy = entry(root, "appliance copy")
    assert copy.prose.strip() == "Make one now."
    assert copy.examples == ["appliance copy --to here"]


def test_arguments_options_and_kept_lines_are_shown(root):
    page = markdown(root)
    assert "```\nkept as\n  it stands\n```" in page
    row = next(line for line in page.splitlines() if line.startswith("| `--times"))
    assert all(part in row for part in ("1\\|2 are usual", "default: 1", "TIMES", "9"))
    assert "Who is greeted." in page
    assert "\b" not in page


def test_every_way_a_fault_ends_a_command_is_told(root):
    page = markdown(root)
    for kind in ApplianceError.__subclasses__():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {kind.exit_status} |")]
        assert (kind.__doc__ or "-").split(".", maxsplit=1)[0].split("\n")[0] in row


def test_the_page_does_not_depend_on_the_width_of_the_terminal(root, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    narrow = markdown(root)
    monkeypatch.setenv("COLUMNS", "200")
    assert markdown(root) == narrow
