"""`appliance agent`: teach the receptionist its business, and try it without a telephone."""

from __future__ import annotations

import typer

from appliance.cli.agent_chat import chat
from appliance.cli.agent_draw import draw
from appliance.cli.agent_test import test
from appliance.cli.agent_train import train

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _root() -> None:
    pass


app.command()(chat)
app.command()(draw)
app.command()(test)
app.command()(train)
