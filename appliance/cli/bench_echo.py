"""`appliance bench echo`: how much of our echo is taken out, and how much of the caller is left."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_SPEECH = (
    "Thank you for calling. We are open Monday to Friday from eight in the morning until six in the evening, "
    "and on Saturday from nine to one. If you would like to book an appointment, tell me which day suits you "
    "best, or I can take a message and somebody calls you back."
)


def echo(
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of far-end and microphone pairs with a pairs.tsv.", exists=True),
    ] = None,
    speech: Annotated[
        Path | None, typer.Option(help="Folder of recordings with a refs.tsv: who interrupts.", exists=True)
    ] = None,
    sentences: Annotated[int, typer.Option(help="How many of them interrupt.", min=1, max=500)] = 24,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file, for the models.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for report and rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures in docs/performance/.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Echo removed, callers left whole and understood, false interruptions; beside plain AEC3 and none.

    Example: appliance bench echo --sentences 12 --json
    """
    from appliance import settings
    from appliance.bench import echo as bench
    from appliance.bench import echo_figures, echo_words, report
    from appliance.bench.recognition import sets_in
    from appliance.cli.recordings import recordings_folder
    from appliance.engines.piper_tts import PiperVoice
    from appliance.engines.silero_vad import SileroDetector
    from appliance.engines.vosk_asr import VoskModel
    from appliance.errors import ModelMissing, NotFound
    from appliance.weights.place import resolve

    box = settings.load(config)
    voice, ear = resolve(box, "voice"), resolve(box, "recogniser")
    if voice is None or ear is None:
        raise ModelMissing("bench echo: no voice or recogniser.", remedy="Run `appliance models pull`.")
    everything = recordings_folder()
    pairs = data or (everything / "echo_pairs" if everything else None)
    callers = speech or everything
    if pairs is None or callers is None:
        raise NotFound("bench echo: there are no recordings.", remedy="Give --data DIR and --speech DIR.")

    def tell(done: str) -> None:
        typer.echo(done, err=True)

    model = VoskModel(ear)
    ours = b"".join(PiperVoice(voice).speak(_SPEECH))
    listed = echo_words.spoken_words(sets_in(callers, sentences), sentences)
    measured = echo_figures.Measured(
        list(bench.scores(bench.recordings_in(pairs), tell)),
        list(bench.line_runs(ours, SileroDetector, tell)),
        list(echo_words.understood(ours, listed, model, tell)),
    )
    conditions = {
        "speech": "recorded callers, our voice as the box speaks, lines computed, G.711 mu-law",
        "models": f"{voice.name}, {ear.name}",
    }
    command = f"appliance bench echo --sentences {sentences}"
    found = echo_figures.findings(measured, command + (" --data DIR" if data else ""), conditions)
    report.publish(found, as_json=as_json, out=out, keep=keep)
