"""`appliance bench recognition`: how many words are heard wrong on the telephone's band."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.recordings import recordings_folder

if TYPE_CHECKING:
    from appliance.agent.recognition import Listener


def recognition(
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of recordings with a refs.tsv, or of such folders.", exists=True),
    ] = None,
    most: Annotated[int | None, typer.Option(help="At most so many recordings of a set.", min=1)] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A sample of each set.")] = False,
    only: Annotated[str, typer.Option(help="Only conditions whose name holds this.")] = "",
    processes: Annotated[int, typer.Option(help="How many at once.", min=1, max=64)] = 2,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file, for the recogniser.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Word error of recordings over G.711: both laws, noise, lost packets, suppression, open and narrow.

    Example: appliance bench recognition --quick --json
    """
    from appliance import settings
    from appliance.bench import recognition as bench
    from appliance.bench import report
    from appliance.bench.checkout import revision
    from appliance.bench.processes import machine
    from appliance.weights.place import resolve

    model = resolve(settings.load(config), "recogniser")
    everything = recordings_folder()
    folder = data or everything
    if model is None or folder is None:
        raise _nothing_to_hear() if folder is None else _no_model()
    rows = bench.measure(
        folder,
        partial(_load, model),
        noise_folder=everything,
        most=bench.QUICK_PER_SET if quick else most,
        only=only,
        processes=processes,
        tell=lambda done: typer.echo(done, err=True),
    )
    conditions = {"machine": machine(), "models": model.name, "revision": revision(), "speech": "recorded"}
    command = "appliance bench recognition" + (" --quick" if quick else "") + (" --data DIR" if data else "")
    report.publish(bench.findings(rows, command, conditions), as_json=as_json, out=out, keep=keep)


def _load(model: Path) -> Callable[[], Listener]:
    """The recogniser as the ear uses it; called in the process that measures."""
    from appliance.agent.recognition import Listener
    from appliance.engines.vosk_asr import VoskModel

    return partial(Listener, VoskModel(model))


def _nothing_to_hear() -> Exception:
    from appliance.errors import NotFound

    return NotFound(
        "bench recognition: there are no recordings.", remedy="Give a folder: --data DIR, with a refs.tsv."
    )


def _no_model() -> Exception:
    from appliance.errors import ModelMissing

    return ModelMissing("bench recognition: no recogniser.", remedy="Run `appliance models pull`.")
