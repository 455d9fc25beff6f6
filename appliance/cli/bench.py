"""`appliance bench`: what a caller would notice, measured where the caller is; a table, or --json."""

from __future__ import annotations

import typer

from appliance.cli.bench_barge_in import barge_in
from appliance.cli.bench_capacity import capacity
from appliance.cli.bench_echo import echo
from appliance.cli.bench_gap import gap
from appliance.cli.bench_knowledge import knowledge
from appliance.cli.bench_mind import mind
from appliance.cli.bench_mood import mood
from appliance.cli.bench_recognition import recognition
from appliance.cli.bench_safety import safety
from appliance.cli.bench_slots import slots
from appliance.cli.bench_start import start
from appliance.cli.bench_store import store
from appliance.cli.bench_sync import sync
from appliance.cli.bench_tools import tools
from appliance.cli.bench_turns import turns
from appliance.cli.bench_understanding import understanding

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _root() -> None:
    pass


app.command()(start)
app.command()(gap)
app.command()(recognition)
app.command()(mind)
app.command()(tools)
app.command()(turns)
app.command()(barge_in)
app.command()(echo)
app.command()(capacity)
app.command()(knowledge)
app.command()(slots)
app.command()(understanding)
app.command()(mood)
app.command()(safety)
app.command()(store)
app.command()(sync)
