"""The `appliance` command: assembles the nouns, turns every fault into one clear line and an exit status."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from appliance.errors import EXIT_DISK, EXIT_OURS, EXIT_USAGE, ApplianceError

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
    "desk": "what staff can ask the box by voice, asked by text; its sound devices",
    "degrade": "how much of the box can be relied on, and choosing it by hand",
    "agent": "teach the receptionist its business, and try it by text",
    "bench": "measure what a caller would notice",
}
_COMMANDS = ("init", "run", "demo", "restore", "tui", "doctor", "call", "rca")

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
        group: typer.Typer = importlib.import_module(f"appliance.cli.{noun}").app
        if group.info.invoke_without_command is True:  # it does something by itself, and says what
            app.add_typer(group, name=noun, short_help=text)
        else:
            app.add_typer(group, name=noun, help=text)
    for name in _COMMANDS:
        app.command(name)(importlib.import_module(f"appliance.cli.{name}").command)
    app.command("cli-reference", hidden=True)(importlib.import_module("appliance.cli.reference").command)


def main() -> None:
    """Entry point: run a command; faults become one line on stderr and a sysexits status, never a traceback."""
    try:
        _assemble()
        status = app(standalone_mode=False)
    except ApplianceError as error:
        typer.echo(f"attendant: {error}", err=True)
        sys.exit(error.exit_status)
    except typer.Abort:
        sys.exit(130)
    except _MISTYPED as error:
        error.show()
        sys.exit(error.exit_code)
    except UnicodeEncodeError:  # bytes that are no text, in an argument
        typer.echo("attendant: what was typed is not UTF-8 text. Save or type it as UTF-8.", err=True)
        sys.exit(EXIT_USAGE)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"attendant: {where}{error.strerror or error}.", err=True)
        sys.exit(EXIT_DISK)
    except Exception as error:  # noqa: BLE001  the top of a process: a bug of ours is told in a line as well
        _tell_bug(error)
    sys.exit(status if isinstance(status, int) else 0)


def _tell_bug(error: Exception) -> NoReturn:
    """A fault that none of us foresaw: what and where, and how the developers get to see the whole of it."""
    if os.environ.get("ATTENDANT_LOG_LEVEL") == "debug":
        raise error
    last = traceback.extract_tb(error.__traceback__)[-1]
    typer.echo(
        f"attendant: a fault of ours ({type(error).__name__} in {last.name}, line {last.lineno}). Run it once more "
        "with ATTENDANT_LOG_LEVEL=debug and send us what it says.",
        err=True,
    )
    sys.exit(EXIT_OURS)


if __name__ == "__main__":
    main()
