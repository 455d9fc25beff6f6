"""`appliance agent test`: hold the conversations of `.call` files, by text, and say which went otherwise."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.business import Business
from appliance.conversation.mishearing import RATE
from appliance.errors import NotFound

_ABOUT_THE_STAGE = frozenset({"business", "now", "transfers", "documents"})

if TYPE_CHECKING:
    from appliance.bench.spoken_plays import SpokenPlay
    from appliance.conversation.patient_caller import Outcome
    from appliance.conversation.rehearsal import Rehearsal
    from appliance.engines.ports import IntentFinder


@dataclass(frozen=True, slots=True)
class Held:
    """One play that was held: its turns, and where and how it went otherwise, if it did."""

    file: str
    turns: int
    line: int = 0
    complaint: str = ""
    wanted: str = ""
    said: str = ""

    @property
    def ok(self) -> bool:
        """Whether it went as it is written."""
        return not self.complaint


def test(  # noqa: PLR0917  typer gives them by name
    paths: Annotated[list[Path], typer.Argument(help=".call files, or folders that hold some.")],
    business: Annotated[
        str | None,
        typer.Option(help="Business of the plays; else what a play says itself, or its folder's name."),
    ] = None,
    noise: Annotated[
        int | None,
        typer.Option(
            help="Mishear the callers' words; the same seed mishears the same ones.", metavar="SEED"
        ),
    ] = None,
    rate: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of the words that are misheard, with --noise.")
    ] = RATE,
    taught: Annotated[
        bool,
        typer.Option("--taught", help="Understand as the box does, by what `agent train` teaches it."),
    ] = False,
    spoken: Annotated[
        bool,
        typer.Option("--spoken", help="Over real SIP calls: a box of its own on loopback, and a caller."),
    ] = False,
    profile: Annotated[
        str, typer.Option(help="Which models answer, with --spoken: default, or small.")
    ] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line each play.")] = False,
) -> None:
    """Hold the conversations of .call files: by text, without sound, or with --spoken over real calls.

    A play that goes otherwise names its file and line, what was wanted and what was said; exit status 1 then.
    With --noise the callers are misheard, say it again and put right what was taken down wrongly; told is the
    share of plays that still reach what they expect at their end, and of those in which something else was done.
    Words are understood by rules, and as a play says itself (likely: ...), thousands of turns a second; with
    --taught also by the business's own sentences, some milliseconds a turn.
    With --spoken each play is a telephone call of about a minute; what it expects at its end is compared with
    the record. Told is how many come to it, in how many something else was done, and what was misheard.

    Examples:

      appliance agent test tests/plays --noise 1 --rate 0.1

      appliance agent test tests/plays/auto_repair/booking.call --spoken
    """
    files = plays_in(paths)
    if spoken:
        _speak(files, business, profile, as_json=as_json)
        return
    if noise is not None:
        _hold_misheard(files, business, noise, rate, taught=taught, as_json=as_json)
        return
    started = time.perf_counter()
    held = [play(file, business, taught=taught) for file in files]
    elapsed_s = time.perf_counter() - started
    for one in held:
        if as_json:
            typer.echo(json.dumps({"ok": one.ok, **asdict(one)}, ensure_ascii=False))
        elif not one.ok:
            typer.echo(f"{one.file}:{one.line}: {_told(one)}", err=True)
    turns, failed = sum(one.turns for one in held), sum(not one.ok for one in held)
    if not as_json:
        speed = turns / elapsed_s if elapsed_s else 0.0
        typer.echo(f"{len(held)} plays, {failed} failed; {turns} turns, {speed:,.0f} a second")
    if failed:
        raise typer.Exit(1)


def plays_in(paths: list[Path]) -> list[Path]:
    """The .call files among `paths` and in the folders among them. NotFound."""
    found = [file for path in paths for file in _plays_at(path)]
    if not found:
        raise NotFound(
            f"No .call file in {', '.join(map(str, paths))}.", remedy="Give a .call file or a folder of them."
        )
    return found


def _plays_at(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(path.rglob("*.call"))
    elif path.is_file():
        yield path
    else:
        raise NotFound(f"{path}: there is no such file.", remedy="Give a .call file or a folder of them.")


def play(file: Path, business: str | None = None, *, taught: bool = False) -> Held:
    """Hold one play."""
    from appliance.conversation.rehearsal import PlayFailed, perform

    text = file.read_text(encoding="utf-8")
    try:
        with _staged(file, text, business, taught=taught) as (rehearsal, _):
            try:
                perform(text, rehearsal)
            except PlayFailed as failed:
                turns = len(rehearsal.turns)
                return Held(str(file), turns, failed.line, failed.complaint, failed.wanted, failed.said)
            return Held(str(file), len(rehearsal.turns))
    except PlayFailed as failed:
        return Held(str(file), 0, failed.line, failed.complaint)


@contextmanager
def _staged(
    file: Path, text: str, business: str | None, *, taught: bool
) -> Iterator[tuple[Rehearsal, Business]]:
    """The stage that the head of a play asks for, and the business that is called."""
    from datetime import datetime

    from appliance.cli.agent_stage import stage
    from appliance.conversation.rehearsal import FIRST_MOMENT, lines_of

    head = {word: rest for _, word, rest in lines_of(text) if word in _ABOUT_THE_STAGE}
    name = business or head.get("business") or file.parent.name
    office = _office(name)
    moment = datetime.fromisoformat(head.get("now", FIRST_MOMENT))
    with stage(
        office, moment, connects=head.get("transfers") != "no", has_documents="documents" in head
    ) as rehearsal:
        if taught and (finder := _finder(name)):
            rehearsal.likely_of = finder.likely
        yield rehearsal, office


# --- with noise ---------------------------------------------------------------------------------


def _hold_misheard(
    files: list[Path], business: str | None, seed: int, rate: float, *, taught: bool, as_json: bool
) -> None:
    """Hold the plays with noise, and tell how many still come to what they should."""
    outcomes = [play_misheard(file, seed, rate, business, taught=taught) for file in files]
    for file, one in zip(files, outcomes, strict=True):
        if as_json:
            typer.echo(json.dumps({"file": str(file), **asdict(one)}, ensure_ascii=False))
        elif not one.reached:
            typer.echo(f"{file}: {one.complaint}", err=True)
    reached, wrong = sum(one.reached for one in outcomes), sum(one.wrong for one in outcomes)
    if not as_json:
        typer.echo(
            f"{len(files)} plays with {100 * rate:.0f} % of the words misheard (seed {seed}):"
            f" {100 * reached / len(files):.1f} % reach their outcome, in {wrong} something else was done"
        )


def play_misheard(
    file: Path, seed: int, rate: float, business: str | None = None, *, taught: bool = False
) -> Outcome:
    """Hold one play with noise; what is misheard depends on the seed and the play's name alone."""
    from random import Random

    from appliance.conversation.patient_caller import perform_misheard
    from appliance.conversation.phrases import Phrases

    text = file.read_text(encoding="utf-8")
    chance = Random(f"{seed} {file.name}")
    with _staged(file, text, business, taught=taught) as (rehearsal, office):
        return perform_misheard(text, rehearsal, chance, rate, Phrases(office.language, office.phrases))


# --- over real calls ----------------------------------------------------------------------------


def _speak(files: list[Path], business: str | None, profile: str, *, as_json: bool) -> None:
    """Hold the plays over the telephone; exit status 1 when one did not come to what it expects."""
    from appliance.bench.spoken_plays import SpokenPlays, read_play
    from appliance.bench.spoken_report import summary, told_of

    def tell(one: SpokenPlay) -> None:
        typer.echo(json.dumps(asdict(one), ensure_ascii=False) if as_json else told_of(one))

    held = SpokenPlays(profile, tell).hold([read_play(file, business) for file in files])
    if not as_json:
        typer.echo(summary(held))
    if not all(one.skipped or one.outcome.reached for one in held):
        raise typer.Exit(1)


@cache
def _office(name: str) -> Business:
    """A business, read once."""
    from appliance import business

    return business.load(name)


@cache
def _finder(name: str) -> IntentFinder | None:
    """What was taught the sentences of a business; None without the weights for it."""
    from appliance import settings
    from appliance.wiring import load_finder

    return load_finder(settings.load(None), _office(name))


def _told(one: Held) -> str:
    return one.complaint + (f"\n    said: {one.said}" if one.said else "")
