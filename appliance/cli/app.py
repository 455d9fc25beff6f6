"""The `appliance` command: assembles the nouns, turns every fault into one clear line and an exit status."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated

import typer

from appliance.errors import ApplianceError

# Each noun is a module with a typer `app` (a group) or a `command` function, found by name so that a new
# noun is one file and one line here.
_GROUPS = {
    "models": "look after the model files",
    "calls": "what was said, and by whom",
    "messages": "what callers left for the office, and where it was sent",
    "sync": "what is on its way to other machines, and what to do when it does not go",
    "appointments": "the diary: what is agreed, what is free, calendars in and out",
    "report": "what happened in a day, a week or a month",
    "backup": "a whole, checked copy of the database, made now; which there are",
    "privacy": "one person's data: all of it, or none of it; how long what is kept",
    "config": "settings and business files",
    "kb": "documents that callers' questions are answered from",
    "degrade": "how much of the box can be relied on, and choosing it by hand",
    "agent": "teach the receptionist its business, and try it by text",
    "bench": "measure what a caller would notice",
}
_COMMANDS = ("run", "demo", "restore", "tui", "doctor")

# Newer typers carry a click of their own and export its leaves only; this is their ClickException.
_MISTYPED: type[typer.BadParameter] = typer.BadParameter.mro()[2]

app = typer.Typer(
    help="A telephone receptionist in a box: answers calls with models that run on the box itself.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from appliance import __version__

        typer.echo(f"attendant {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def _assemble() -> None:
    for noun, text in _GROUPS.items():
        app.add_typer(importlib.import_module(f"appliance.cli.{noun}").app, name=noun, help=text)
    for name in _COMMANDS:
        app.command(name)(importlib.import_module(f"appliance.cli.{name}").command)
    app.command("cli-reference", hidden=True)(importlib.import_module("appliance.cli.reference").command)


def main() -> None:
    """Entry point: run a command; faults become one line on stderr and a sysexits status."""
    _assemble()
    try:
        status = app(standalone_mode=False)
    except ApplianceError as error:
        typer.echo(f"attendant: {error}", err=True)
        sys.exit(error.exit_status)
    except typer.Abort:
        sys.exit(130)
    except _MISTYPED as error:
        error.show()
        sys.exit(error.exit_code)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
