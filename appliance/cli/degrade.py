"""`appliance degrade`: how much of a running box can be relied on, and choosing it by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True)

_Config = Annotated[Path | None, typer.Option("--config", envvar="ATTENDANT_CONFIG", help="Settings file.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
_ANSWER_BYTES_MAX = 65_536
_LIMIT_S = 5.0
_MEANING = {
    "full": "everything works",
    "rules": "no language model: flows, facts and phrases answer, open questions become messages",
    "keys": "nothing is understood: callers are served by their keys",
    "prepared": "nothing new can be said: callers are served by their keys, from prepared sound",
    "alone": "no agent: the line process serves callers by their keys, from prepared sound",
}


@app.callback()
def _root() -> None:
    pass


@app.command()
def show(config: _Config = None, as_json: _Json = False) -> None:
    """Show the level that holds now, and why.

    Example: appliance degrade show
    """
    _print(_ask({"do": "show"}, config), as_json=as_json)


@app.command()
def force(
    level: Annotated[
        str, typer.Argument(help="full, rules, keys, prepared or alone; see docs/degradation.md.")
    ],
    config: _Config = None,
    as_json: _Json = False,
) -> None:
    """Hold one level, whatever the parts of the box say; also after a restart, until `appliance degrade auto`.

    Example: appliance degrade force keys
    """
    if level not in _MEANING:
        raise typer.BadParameter(f"there is no level {level}; known are: {', '.join(_MEANING)}.")
    _print(_ask({"do": "force", "level": level}, config), as_json=as_json)


@app.command()
def auto(config: _Config = None, as_json: _Json = False) -> None:
    """Let the box decide again by what works.

    Example: appliance degrade auto
    """
    _print(_ask({"do": "force", "level": None}, config), as_json=as_json)


def _ask(request: dict[str, Any], config: Path | None) -> dict[str, Any]:
    """The running agent's answer; EngineFault when there is none."""
    from appliance import link, settings
    from appliance.errors import EngineFault
    from appliance.wiring import run_directory

    try:
        with link.dial(run_directory(settings.load(config)) / "control.sock") as asking:
            asking.settimeout(_LIMIT_S)
            asking.send(json.dumps(request).encode())
            answer: dict[str, Any] = json.loads(asking.recv(_ANSWER_BYTES_MAX))
    except (TimeoutError, OSError, ValueError) as error:
        raise EngineFault(
            "degrade: no agent of this box answers.",
            remedy="If the line process runs, it serves callers alone. Look at `appliance run` or systemctl.",
        ) from error
    return answer


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer))
        return
    level = answer["level"]
    by_hand = ", forced by hand" if answer["forced"] else ""
    typer.echo(f"{level}{by_hand}: {_MEANING[level]}")
    for reason in answer["because"]:
        typer.echo(f"  down: {reason}")
    typer.echo(f"  calls under way: {answer['calls']}")
