"""`appliance kb`: the office's documents, from which callers' questions are answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from appliance.knowledge.adding import Outcome, Progress
    from appliance.knowledge.search import Encoder, Search
    from appliance.knowledge.shelf import Shelf, Version
    from appliance.settings import Settings

app = typer.Typer(no_args_is_help=True)

_Config = Annotated[Path | None, typer.Option("--config", envvar="ATTENDANT_CONFIG", help="Settings file.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@app.callback()
def _root() -> None:
    pass


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, or a zipped web site.", exists=True)],
    config: _Config = None,
    as_json: _Json = False,
) -> None:
    """Read documents, so that callers' questions are answered from them. What did not change is not read again.

    PDF, DOCX, ODT, RTF, EPUB, XLSX, ODS, CSV, PPTX, ODP, HTML, Markdown, text, JSON, XML, EML, MSG, old Word,
    Excel and PowerPoint files, subtitles. A file that cannot be read is named, the others go in; then the
    exit status is 65.

    Example: appliance kb add handbook.pdf prices.xlsx website/
    """
    from appliance.clock import SystemClock
    from appliance.errors import DocumentRefused
    from appliance.knowledge.adding import Adding, Fate

    with _shelf(config) as (shelf, settings), _progress(quiet=as_json) as tell:
        adding = Adding(shelf, _encoder(settings), SystemClock().now(), tell)
        outcomes = []
        for outcome in adding.add(paths):
            outcomes.append(outcome)
            if not as_json:
                typer.echo(_outcome_line(outcome), err=outcome.fate is Fate.REFUSED)
    if as_json:
        _print_json([asdict(one) for one in outcomes])
    refused = sum(1 for one in outcomes if one.fate is Fate.REFUSED)
    if not outcomes:
        raise DocumentRefused("kb add: there is no document.", remedy="Give a file, or a folder with some.")
    if refused:
        raise typer.Exit(DocumentRefused.exit_status)


@app.command("list")
def list_documents(config: _Config = None, as_json: _Json = False) -> None:
    """The documents that can be found, and those removed that can be brought back.

    Example: appliance kb list --json
    """
    with _shelf(config, read_only=True) as (shelf, _):
        versions = shelf.versions()
    newest: dict[str, Version] = {}
    for one in versions:
        if one.is_current or one.document not in newest:
            newest[one.document] = one
    if as_json:
        _print_json([_version(one) for one in newest.values()])
        return
    rows = [
        (
            one.document,
            str(one.number) if one.is_current else "removed",
            str(one.passages),
            f"{one.size_bytes / 1000:.0f} kB",
            one.added_at[:16].replace("T", " "),
            one.encoder or "words only",
        )
        for one in newest.values()
    ]
    _table(("document", "version", "passages", "size", "added", "vectors"), rows)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A document, as `kb list` names it.")],
    version: Annotated[int | None, typer.Option(help="Another than the version in force.")] = None,
    config: _Config = None,
    as_json: _Json = False,
) -> None:
    """The versions of a document, and its passages as callers' questions find them.

    Example: appliance kb show handbook.pdf --version 1
    """
    from appliance.errors import NotFound

    with _shelf(config, read_only=True) as (shelf, _):
        versions = shelf.versions(name)
        if not versions:
            raise NotFound(f"{name}: there is no such document.", remedy="`appliance kb list` shows them.")
        shown = version or next((one.number for one in versions if one.is_current), versions[0].number)
        pieces = shelf.pieces(name, shown)
    if as_json:
        passages = [asdict(one) for one in pieces]
        _print_json({"versions": list(map(_version, versions)), "version": shown, "passages": passages})
        return
    for one in versions:
        state = "in force" if one.is_current else ""
        typer.echo(f"version {one.number}, {one.added_at[:16]}, {one.passages} passages {state}".rstrip())
    for piece in pieces:
        typer.echo(
            f"\n[{' > '.join(piece.headings) or '-'}]" + (f" {piece.question}" if piece.question else "")
        )
        typer.echo(piece.text)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What a caller might ask.")],
    count: Annotated[int, typer.Option(help="At most so many passages.", min=1, max=30)] = 3,
    config: _Config = None,
    as_json: _Json = False,
) -> None:
    """What a caller who asked this would be told, and the passages nearest to it, likely or not.

    Example: appliance kb search "do you take delta dental"
    """
    with _shelf(config, read_only=True) as (shelf, settings):
        finder = _search(shelf, settings)
        found, near = finder.find(question, count), finder.near(question, count)
    if as_json:
        passages = [{**asdict(one), "source": one.source} for one in found.passages]
        told = {"answer": found.answer, "likelihood": found.likelihood, "passages": passages}
        _print_json({**told, "nearest": [_near(one) for one in near]})
        return
    typer.echo(_verdict(found.answer, bool(found.passages)))
    for one in near:
        way = " > ".join((one.shelved.document, *one.shelved.headings))
        typer.echo(f"\n{one.likelihood:.0%} {way}\n  {one.shelved.question or ''}\n  {one.shelved.text}")


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A document, as `kb list` names it.")], config: _Config = None
) -> None:
    """Answer nothing from this document any more. `kb rollback` brings it back.

    Example: appliance kb remove old-prices.pdf
    """
    with _shelf(config) as (shelf, _):
        shelf.remove(name)
    typer.echo(f"{name}: removed")


@app.command()
def rollback(
    name: Annotated[str, typer.Argument(help="A document, as `kb list` names it.")],
    version: Annotated[int | None, typer.Option(help="This one; else the one before.")] = None,
    config: _Config = None,
) -> None:
    """Put an earlier version of a document in force, at once and without reading anything.

    Example: appliance kb rollback prices.xlsx
    """
    with _shelf(config) as (shelf, _):
        number = shelf.roll_back(name, version)
    typer.echo(f"{name}: version {number} is in force")


@app.command()
def check(config: _Config = None, as_json: _Json = False) -> None:
    """Whether the file of documents is sound, and whether every document can be found by meaning.

    Example: appliance kb check
    """
    from appliance.errors import StoreFault

    with _shelf(config, read_only=True) as (shelf, settings):
        faults = shelf.check()
        encoder = _encoder(settings)
        current = [one for one in shelf.versions() if one.is_current]
        stale = [one.document for one in current if encoder and one.encoder != encoder.name]
    if as_json:
        _print_json({"documents": len(current), "faults": faults, "by_words_only": stale})
    else:
        typer.echo(f"{len(current)} documents, {sum(one.passages for one in current)} passages")
        for name in stale:
            typer.echo(f"{name}: is found by its words only; add it again for the present sentence vectors")
    if faults:
        raise StoreFault(f"the documents are damaged: {'; '.join(faults)}.", remedy="Add them again.")


# --- what every command needs ---------------------------------------------------------------------


@contextmanager
def _shelf(config: Path | None, *, read_only: bool = False) -> Iterator[tuple[Shelf, Settings]]:
    from appliance import business, settings
    from appliance.knowledge.shelf import FILE_NAME, Shelf
    from appliance.knowledge.words import words_of

    box = settings.load(config)
    words = words_of(business.load(box.business).language)
    with Shelf(settings.data_directory(box) / FILE_NAME, words, read_only=read_only) as shelf:
        yield shelf, box


def _encoder(settings: Settings) -> Encoder | None:
    from appliance.engines.sentence_vectors import MiniLmVectors
    from appliance.weights.place import resolve

    path = resolve(settings, "vectors")
    return MiniLmVectors(path) if path else None


def _search(shelf: Shelf, settings: Settings) -> Search:
    from appliance.knowledge.search import Search

    return Search(shelf, _encoder(settings))


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal's stderr that names the file; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True, disable=quiet) as bars:
        bar = bars.add_task("")

        def tell(progress: Progress) -> None:
            share = progress.encoded / progress.texts if progress.texts else 0.0
            bars.update(bar, description=progress.name, completed=progress.done + share, total=progress.total)

        yield tell


# --- showing --------------------------------------------------------------------------------------


def _outcome_line(outcome: Outcome) -> str:
    from appliance.knowledge.adding import Fate

    if outcome.fate is Fate.REFUSED:
        return f"refused: {outcome.note}"
    line = f"{outcome.fate}: {outcome.name}, version {outcome.version}, {outcome.passages} passages"
    return f"{line} ({outcome.note})" if outcome.note else line


def _verdict(answer: str, found: bool) -> str:
    if answer:
        return f"Answer: {answer}"
    return "The documents speak of it, but no sentence answers." if found else "The documents do not say."


def _version(one: Version) -> dict[str, Any]:
    return {**asdict(one), "is_current": bool(one.is_current)}


def _near(one: Any) -> dict[str, Any]:
    return {
        "document": one.shelved.document,
        "headings": one.shelved.headings,
        "question": one.shelved.question,
        "text": one.shelved.text,
        "likelihood": round(one.likelihood, 4),
    }


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
