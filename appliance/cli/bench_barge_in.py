"""`appliance bench barge-in`: how soon the agent falls silent for a caller, and for what else it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer


def barge_in(
    *,
    interruptions: Annotated[int, typer.Option(help="How many on a clean line.", min=1)] = 40,
    distractors: Annotated[int, typer.Option(help="How many sounds that must not stop it.", min=0)] = 60,
    per_condition: Annotated[
        int, typer.Option(help="Interruptions in each of the other conditions.", min=0)
    ] = 4,
    only: Annotated[str, typer.Option(help="Only conditions whose name holds this.")] = "",
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of recordings with a refs.tsv, or of such folders.", exists=True),
    ] = None,
    sounds: Annotated[
        Path | None, typer.Option(help="Distractors of your own: a folder a kind.", exists=True)
    ] = None,
    profile: Annotated[str, typer.Option(help="Which models: default or small.")] = "default",
    seed: Annotated[int, typer.Option(help="Chance: another seed, other moments and sounds.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Talk over the agent with words and with noises: clean, with echo, noise, jitter and loss.

    Example: appliance bench barge-in --interruptions 30 --distractors 30 --only clean --json
    """
    import tempfile

    from appliance.bench import barge_in as bench
    from appliance.bench import report
    from appliance.bench.barge_in_figures import findings
    from appliance.bench.checkout import revision
    from appliance.bench.processes import machine
    from appliance.settings import Profile

    Profile(profile)
    with tempfile.TemporaryDirectory(prefix="att-") as folder:
        trials = bench.measure(
            Path(folder),
            bench.Plan(interruptions, distractors, per_condition, only, seed, profile, data, sounds),
            _transcriber(),
            lambda done: typer.echo(done, err=True),
        )
    speech = "recorded" if data else "synthetic (Kokoro)"
    conditions = {
        "speech": f"{speech}, G.711 mu-law, loopback",
        "distractors": "recorded" if sounds else "synthetic",
        "machine": machine(),
        "models": profile,
        "revision": revision(),
    }
    command = f"appliance bench barge-in --interruptions {interruptions} --distractors {distractors}"
    command += f" --per-condition {per_condition}" + (f" --only {only}" if only else "")
    command += " --data DIR" if data else ""
    report.publish(findings(trials, command, conditions), as_json=as_json, out=out, keep=keep)


def _transcriber() -> Callable[[bytes], str]:
    """The recogniser by itself, for what it hears when nobody talks over anybody."""
    from appliance.agent.recognition import Listener
    from appliance.engines.vosk_asr import VoskModel
    from appliance.errors import ModelMissing
    from appliance.settings import Settings
    from appliance.weights.place import resolve

    model = resolve(Settings(), "recogniser")
    if model is None:
        raise ModelMissing("bench barge-in: no recogniser.", remedy="Run `appliance models pull`.")
    vosk = VoskModel(model)

    def transcribe(pcm: bytes) -> str:
        listener = Listener(vosk)
        listener.feed(pcm)
        return listener.finish().text

    return transcribe
