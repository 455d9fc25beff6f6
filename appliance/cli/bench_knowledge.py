"""`appliance bench knowledge`: is the right passage found, is what the documents do not say declined, how fast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.recordings import recordings_folder


def knowledge(
    *,
    data: Annotated[
        Path | None,
        typer.Option(
            help="The data folder, or any with SQuAD JSON or tables of question, answer.", exists=True
        ),
    ] = None,
    most: Annotated[int | None, typer.Option(help="At most so many questions of a kind.", min=10)] = None,
    passages: Annotated[
        int, typer.Option(help="Measure the time among so many passages; 0: do not.", min=0)
    ] = 100_000,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file, for the sentence vectors.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answers from documents: paragraphs, pairs of question and answer, three offices' handbooks.

    Texts are encoded once and then remembered: the first run takes minutes.

    Example: appliance bench knowledge --passages 0 --json
    """
    from appliance import settings
    from appliance.bench import knowledge as bench
    from appliance.bench import knowledge_speed, report
    from appliance.bench.checkout import revision
    from appliance.bench.knowledge_material import collections
    from appliance.bench.processes import machine
    from appliance.engines.sentence_vectors import MiniLmVectors
    from appliance.errors import NotFound
    from appliance.knowledge.words import words_of
    from appliance.weights.place import resolve

    box = settings.load(config)
    model, folder = resolve(box, "vectors"), data or recordings_folder()
    if model is None or folder is None:
        raise NotFound(
            "bench knowledge: there is no data, or no sentence vectors.",
            remedy="Give a folder: --data DIR; run `appliance models pull`.",
        )
    words, encoder = words_of("en"), MiniLmVectors(model)
    material = collections(folder, words, most)
    remembered = bench.RememberedVectors(encoder, settings.home() / "cache" / "knowledge" / "vectors.npz")
    questions = [one.text for part in material if part.kind == "handbook" for one in part.answered]

    def tell(line: str) -> None:
        typer.echo(line, err=True)

    speed = knowledge_speed.measure(questions, encoder, words, passages, tell) if passages else None
    findings = bench.measure(
        material,
        remembered,
        words,
        speed,
        command="appliance bench knowledge"
        + (f" --most {most}" if most else "")
        + (" --data DIR" if data else ""),
        conditions={"machine": machine(), "models": model.name, "revision": revision()},
        tell=tell,
    )
    remembered.keep()
    report.publish(findings, as_json=as_json, out=out, keep=keep)
