"""`appliance agent chat`: talk to the receptionist by text, in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from appliance.business import Business
    from appliance.conversation.rehearsal import Rehearsal
    from appliance.domain.commands import FindPassages
    from appliance.domain.events import PassagesFound
    from appliance.settings import Settings

_SILENCE_MS = 6000
_KEY = "/key "
_HELP = "Type what the caller says. /silence: nobody speaks. /key 123: keys are pressed. /bye: the caller hangs up."


def chat(  # noqa: PLR0917  typer
    business: Annotated[str, typer.Option(help="Business by name or .toml file.")] = "auto_repair",
    calling_from: Annotated[str, typer.Option("--from", help="Number the call comes from.")] = "",
    now: Annotated[
        str | None, typer.Option(help="Office time of the call, such as 2026-11-19T10:00.")
    ] = None,
    rules_only: Annotated[
        bool, typer.Option(help="Understand by rules alone, without sentence vectors.")
    ] = False,
    documents: Annotated[bool, typer.Option(help="Ask the office's documents (appliance kb).")] = True,
    config: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
) -> None:
    """Talk to the receptionist by text. Flows, facts and the diary are real; what is booked is gone afterwards.

    Open questions go to the documents; to no language model here: they are answered as when it is down.

    Example: appliance agent chat --business dental_practice
    """
    from appliance import business as businesses
    from appliance import settings
    from appliance.cli.agent_stage import stage
    from appliance.clock import SystemClock
    from appliance.wiring import load_finder

    office, box = businesses.load(business), settings.load(config)
    finder = None if rules_only else load_finder(box, office)
    look_up = _documents(box, office, by_meaning=not rules_only) if documents else None
    moment = datetime.fromisoformat(now) if now else SystemClock().now().astimezone(office.zone)
    typer.echo(_HELP)
    with stage(office, moment.replace(tzinfo=None), has_model=False, look_up=look_up) as call:
        call.answer(moment.replace(tzinfo=office.zone), calling_from)
        call.likely_of = finder.likely if finder else None
        _converse(call, lambda: typer.prompt("caller", default="", show_default=False))
        typer.echo(f"({call.disposition})")


def _converse(call: Rehearsal, ask: Callable[[], str]) -> None:
    """Until somebody hangs up."""
    told = 0
    while True:
        for text in call.said[told:]:
            typer.echo(f"agent: {text}")
        told = len(call.said)
        if call.disposition is not None:
            return
        try:
            text = ask().strip()
        except (EOFError, typer.Abort):
            text = "/bye"
        _act(call, text)


def _act(call: Rehearsal, text: str) -> None:
    """What the caller does."""
    match text:
        case "/bye":
            call.hang_up()
        case "/silence" | "":
            call.silence(_SILENCE_MS)
        case _ if text.startswith(_KEY):
            for digit in text.removeprefix(_KEY):
                call.key(digit)
        case _:
            call.caller(text)


def _documents(
    box: Settings, office: Business, *, by_meaning: bool
) -> Callable[[FindPassages], PassagesFound]:
    """How the office's documents are asked: one question at a time, and nothing else runs meanwhile."""
    import asyncio

    from appliance.wiring import load_documents

    looking = load_documents(box, office, by_meaning=by_meaning)
    return lambda question: asyncio.run(looking.look_up(question))
