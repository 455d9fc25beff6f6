"""`appliance demo`: the product's main job in front of your eyes: real SIP, real models, a real record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
    listen: Annotated[
        bool, typer.Option("--listen", help="Keep the box up and print the address a softphone can call.")
    ] = False,
    say: Annotated[
        list[Path] | None,
        typer.Option(help="A recording to play as the caller (WAV, FLAC); repeat for several.", exists=True),
    ] = None,
    port: Annotated[int, typer.Option(help="SIP port for --listen.", min=0, max=65535)] = 5060,
    profile: Annotated[str, typer.Option(help="Which models: default, or small.")] = "default",
) -> None:
    """Call the box and watch it answer: greeting, questions, an appointment, good-bye.

    Examples:

      appliance demo

      appliance demo --json

      appliance demo --say hello.wav --say question.wav

      appliance demo --listen
    """
    from rich.console import Console

    if listen:
        _listen(port, profile)
        return
    from appliance.bench.demo import Demonstration, new_folder

    console = Console(stderr=as_json, quiet=as_json, highlight=False)
    scene = Scene(console)
    shown = Demonstration(new_folder(), models={"profile": profile}, show=scene.show).run(say or ())
    if as_json:
        typer.echo(json.dumps(_summary(shown)))
    else:
        _print_record(console, shown)


def _summary(record: dict[str, Any]) -> dict[str, Any]:
    turns = [
        {key: turn[key] for key in ("speaker", "text", "response_gap_ms", "class")}
        for turn in record["turns"]
    ]
    return {
        "call_id": record["call_id"],
        "answered": record["answered_at"] is not None,
        "turns": turns,
        "disposition": record["disposition"],
        "appointment": record["appointment"],
        "recording": record["recording"],
        "versions": record["versions"],
    }


class Scene:
    """The conversation on a terminal: partial words in place, then the turn; one line an event elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._partial_shown = False

    def show(self, line: dict[str, Any]) -> None:
        """One thing that happened."""
        match line:
            case {"kind": "starting"}:
                self._console.print("Starting the box on loopback ...", style="dim")
            case {"kind": "offered"}:
                self._console.print("A call comes in.\n", style="dim")
            case {"kind": "partial", "text": text}:
                self._partial(text)
            case {"kind": "heard", "text": text} if text:
                self._print("caller", text, "bold cyan")
            case {"kind": "speak", "text": text}:
                self._print("agent", text, "bold green")
            case {"kind": "gap", "response_gap_ms": gap}:
                self._console.print(f"          {gap} ms after the caller's last word", style="dim")
            case {"kind": "closed", "disposition": disposition}:
                self._console.print(f"\nThe call is over: {disposition}.", style="dim")
            case _:
                pass

    def _partial(self, text: str) -> None:
        if self._console.is_terminal:
            width = max(20, self._console.width - 14)
            self._console.print(f"\r\x1b[2K[dim]   caller  {text[-width:]} ...[/dim]", end="")
            self._partial_shown = True
        else:
            self._console.print(f"   caller  {text} ...")

    def _print(self, who: str, text: str, style: str) -> None:
        if self._partial_shown:
            self._console.print("\r\x1b[2K", end="")
            self._partial_shown = False
        self._console.print(f"[{style}]{who:>9}[/{style}]  {text}")


def _print_record(console: Console, record: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(title=f"Call {record['call_id']}", title_justify="left", box=None, padding=(0, 1))
    for column, align in (
        ("at s", "right"),
        ("who", "left"),
        ("class", "left"),
        ("gap ms", "right"),
        ("text", "left"),
    ):
        table.add_column(column, justify="right" if align == "right" else "left")
    for turn in record["turns"]:
        gap = turn["response_gap_ms"]
        table.add_row(
            f"{turn['started_ms'] / 1000:.1f}",
            turn["speaker"],
            turn["class"] or "",
            "" if gap is None else str(gap),
            turn["text"],
        )
    console.print()
    console.print(table)
    console.print(f"\ndisposition  {record['disposition']}")
    if record["appointment"]:
        made = record["appointment"]
        console.print(f"appointment  {made['service']}, {made['starts_at']}, {made['name']}, {made['phone']}")
    console.print(f"recording    {record['recording']}", soft_wrap=True)
    for what, version in record["versions"].items():
        console.print(f"{what:<12} {version}", style="dim")


def _listen(port: int, profile: str) -> None:
    """A box that any softphone on the network can call, until Ctrl-C."""
    import socket

    from appliance.bench.box import Box, write_config
    from appliance.bench.demo import new_folder

    folder = new_folder()
    config = write_config(folder, tables={"sip": {"port": port}, "models": {"profile": profile}})
    with Box(config, folder) as box:
        typer.echo("Starting the box ...")
        box.wait_ready()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:  # no packet is sent: this asks the kernel which of our addresses faces the network
                probe.connect(("192.0.2.1", 9))
                address = probe.getsockname()[0]
            except OSError:
                address = "127.0.0.1"
        typer.echo(f"Call sip:attendant@{address}:{port} from any softphone. Ctrl-C ends it.")
        from rich.console import Console

        scene = Scene(Console(highlight=False))
        try:
            for line in box.watch():
                scene.show(line)
        except KeyboardInterrupt:
            typer.echo("Stopping ...")
