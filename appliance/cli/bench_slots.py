"""`appliance bench slots`: days, times, answers and telephone numbers, and how many are taken down right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.recordings import recordings_folder

if TYPE_CHECKING:
    from appliance.bench.slots import Voice

_VOICES = (("af_heart", 1.0), ("am_michael", 1.0), ("af_heart", 1.15), ("am_michael", 0.9))


def slots(
    *,
    data: Annotated[
        Path | None, typer.Option(help="A data folder: tables of sayings and recorded digits.", exists=True)
    ] = None,
    most: Annotated[int | None, typer.Option(help="At most so many calls of a kind.", min=1)] = None,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file, for the recogniser.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tables of sayings, and numbers dictated over G.711 until the right one is stored; heard once, remembered.

    Example: appliance bench slots --most 10 --json
    """
    from functools import partial

    from appliance import settings
    from appliance.agent.recognition import Listener
    from appliance.bench import report
    from appliance.bench import slots as bench
    from appliance.bench.checkout import revision
    from appliance.bench.processes import machine
    from appliance.bench.slots_phone import Ears
    from appliance.engines.vosk_asr import VoskModel
    from appliance.weights.place import resolve

    model, folder = resolve(settings.load(config), "recogniser"), data or recordings_folder()
    if model is None or folder is None:
        raise _nothing_to_hear()
    cache = settings.home() / "cache"
    findings = bench.measure(
        folder,
        Ears(partial(Listener, VoskModel(model)), cache / "slots", model.name),
        [_voice(cache / "caller", name, speed) for name, speed in _VOICES],
        command="appliance bench slots"
        + (f" --most {most}" if most else "")
        + (" --data DIR" if data else ""),
        conditions={"machine": machine(), "models": model.name, "revision": revision()},
        most=most,
        tell=lambda done: typer.echo(done, err=True),
    )
    report.publish(findings, as_json=as_json, out=out, keep=keep)


def _voice(folder: Path, name: str, speed: float) -> Voice:
    from appliance.bench.recordings import load
    from appliance.bench.voices import SyntheticVoice

    caller = SyntheticVoice(folder, name, speed)
    return lambda text: load(caller.sound(text))


def _nothing_to_hear() -> Exception:
    from appliance.errors import NotFound

    return NotFound(
        "bench slots: there is no data folder, or no recogniser.",
        remedy="Give a folder: --data DIR; run `appliance models pull`.",
    )
