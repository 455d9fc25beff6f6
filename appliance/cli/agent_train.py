"""`appliance agent train`: teaches understanding one business, and says how well it learnt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from appliance.engines.intent_training import TrainingReport
    from appliance.engines.ports import SentenceVectors
    from appliance.settings import Settings

_CONFUSIONS_SHOWN = 20


def train(
    business: Annotated[
        str | None,
        typer.Argument(help="A shipped business or a path to its file; else the one of the settings."),
    ] = None,
    *,
    config: Annotated[
        Path | None,
        typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file; else /etc/attendant/appliance.toml."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List every confused sentence.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Teach the box what callers of a business say: seconds. The agent does it by itself when the file changed.

    Each sentence is judged by a table that was not taught it: that is how callers' other words will fare.

    Example: appliance agent train auto_repair
    """
    from appliance import business as businesses
    from appliance import settings
    from appliance.business.callers import callers
    from appliance.conversation.lessons import lessons
    from appliance.engines.intent_files import name_of, teach
    from appliance.wiring import taught_directory

    box = settings.load(config)
    office = businesses.load(business or box.business)
    vectors, taught = _vectors(box), lessons(office, callers(office.language))
    _, report = teach(taught, vectors, taught_directory())
    if as_json:
        typer.echo(
            json.dumps(_summary(report, office.name, name_of(taught, vectors.name)), ensure_ascii=False)
        )
    else:
        _show(report, office.name, None if every else _CONFUSIONS_SHOWN)


def _vectors(box: Settings) -> SentenceVectors:
    from appliance.engines.sentence_vectors import MiniLmVectors
    from appliance.errors import ModelMissing
    from appliance.weights.place import resolve

    if (folder := resolve(box, "vectors")) is None:
        raise ModelMissing(
            "agent train: the settings say models.vectors = none.",
            remedy="Name sentence vectors there; without them only rules understand.",
        )
    return MiniLmVectors(folder)


def _summary(report: TrainingReport, name: str, table: str) -> dict[str, object]:
    return {
        "business": name,
        "table": table,
        "sentences": report.sentences,
        "foreign": report.foreign,
        "accuracy": round(report.accuracy, 4),
        "false_rejections": round(report.false_rejections, 4),
        "foreign_recall": round(report.foreign_recall, 4),
        "intents": [
            {
                "intent": one.intent,
                "sentences": one.sentences,
                "right": round(one.right, 4),
                "needs_more": one.needs_more,
            }
            for one in report.intents
        ],
        "confusions": [
            {"sentence": one.text, "means": one.means, "taken_for": one.taken_for}
            for one in report.confusions
        ],
    }


def _show(report: TrainingReport, name: str, most: int | None) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_intents(report, name))
    console.print(
        f"Of {report.sentences} sentences {report.accuracy:.0%} right when held out, "
        f"{report.false_rejections:.0%} declined. "
        f"Of {report.foreign} that are no concern of the office {report.foreign_recall:.0%} declined."
    )
    for one in report.confusions[:most]:
        console.print(
            f"  {one.text}: {one.means or 'foreign'}, taken for {one.taken_for or 'foreign'}", markup=False
        )
    if most is not None and len(report.confusions) > most:
        console.print(f"  and {len(report.confusions) - most} more: --all lists them.")


def _intents(report: TrainingReport, name: str) -> object:
    from rich import box
    from rich.table import Table

    table = Table(title=name, title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("intent", "sentences", "right", ""):
        table.add_column(column, justify="left" if column in {"intent", ""} else "right")
    for one in sorted(report.intents, key=lambda one: one.right):
        advice = "give it more sentences, in other words" if one.needs_more else ""
        table.add_row(one.intent, str(one.sentences), f"{one.right:.0%}", advice)
    return table
