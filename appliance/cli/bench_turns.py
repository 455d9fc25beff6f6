"""`appliance bench turns`: how soon after the last word a turn is held to be over, and how often too soon."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.recordings import recordings_folder

if TYPE_CHECKING:
    from appliance.bench.turn_ends import MakeEar
    from appliance.settings import Settings


def turns(
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="The data folder, or any folder of recordings with a refs.tsv.", exists=True),
    ] = None,
    most: Annotated[int | None, typer.Option(help="At most so many recordings of a set.", min=1)] = None,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file, for turns and models.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """End of turn on recordings over G.711, by the product's own ear; each is heard once and then remembered.

    Example: appliance bench turns --most 20 --json
    """
    from appliance import settings
    from appliance.bench import report, turn_ends
    from appliance.bench.checkout import revision
    from appliance.bench.processes import machine
    from appliance.engines.silero_vad import SileroDetector
    from appliance.engines.vosk_asr import VoskModel
    from appliance.weights.place import resolve

    box = settings.load(config)
    model, folder = resolve(box, "recogniser"), data or recordings_folder()
    if model is None or folder is None:
        raise _nothing_to_hear()
    findings = turn_ends.measure(
        folder,
        settings.home() / "cache" / "turns",
        VoskModel(model),
        SileroDetector,
        _ears(box),
        command="appliance bench turns"
        + (f" --most {most}" if most else "")
        + (" --data DIR" if data else ""),
        conditions={"machine": machine(), "models": model.name, "revision": revision()},
        most=most,
        tell=lambda done: typer.echo(done, err=True),
    )
    report.publish(findings, as_json=as_json, out=out, keep=keep)


def _ears(box: Settings) -> MakeEar:
    """Ears as a call makes them."""
    from appliance import business
    from appliance.agent.hearing import Ear
    from appliance.agent.recognition import Listener
    from appliance.agent.turn_words import TurnWords
    from appliance.conversation.interruption import Interruption
    from appliance.conversation.turns import TurnTaker
    from appliance.conversation.understand import makes_sense
    from appliance.engines.ports import RecogniserModel, SpeechDetector
    from appliance.wiring.knowing import load_finder, load_sayings

    office = business.load(box.business)
    finder, sayings = load_finder(box, office), load_sayings(box, office)

    def make(detector: SpeechDetector, recogniser: RecogniserModel) -> Ear:
        return Ear(
            "bench",
            detector,
            TurnWords(
                "bench",
                Listener(recogniser, sayings=sayings),
                finder,
                lambda text, likely: makes_sense(text, likely, office),
            ),
            TurnTaker(box.turns),
            Interruption(),
            speech_threshold=box.turns.speech_threshold,
            now_tick=lambda: 0,
        )

    return make


def _nothing_to_hear() -> Exception:
    from appliance.errors import NotFound

    return NotFound(
        "bench turns: there are no recordings, or no recogniser.",
        remedy="Give a folder: --data DIR, with a refs.tsv; run `appliance models pull`.",
    )
