"""`appliance agent draw`: a flow as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def draw(
    flow: Annotated[
        str, typer.Argument(help="Name of a flow: booking, message, move, cancel, find, or your own.")
    ],
    business: Annotated[str, typer.Option(help="Business by name or .toml file.")] = "auto_repair",
    out: Annotated[Path | None, typer.Option(help="File to write; else the picture is printed.")] = None,
) -> None:
    """Draw a flow as SVG: its states, what each says, and where each answer leads.

    Example: appliance agent draw booking --out booking.svg
    """
    from appliance import business as businesses
    from appliance.business.flows import shipped_flows
    from appliance.conversation.course import flow_of
    from appliance.conversation.phrases import Phrases
    from appliance.errors import NotFound
    from appliance.ops.flow_drawing import svg_of

    office = businesses.load(business)
    table = flow_of(office, flow)
    if table is None:
        known = sorted({*shipped_flows(), *(one.name for one in office.flows)})
        raise NotFound(f'No flow is called "{flow}".', remedy=f"Known are: {', '.join(known)}.")
    picture = svg_of(table, Phrases(office.language, office.phrases))
    if out is None:
        typer.echo(picture, nl=False)
        return
    out.write_text(picture, encoding="utf-8")
    typer.echo(f"{out}: written")
