"""`appliance privacy`: one person's data, all of it or none of it; and how long what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.calls_shelf import Config, Json, _local, _print, _row, _table
from appliance.clock import SystemClock

if TYPE_CHECKING:
    from appliance.business import Business
    from appliance.settings import Settings
    from appliance.store.database import Database
    from appliance.store.privacy import Holdings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Their telephone number, in any notation.")]
_EXTENSION_DIGITS_MAX = 6


@app.command("export")
def export_person(
    number: Number,
    to: Annotated[Path, typer.Option("--to", metavar="FILE.zip", help="A new file.")],
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Everything that is kept of one person, in a zip file: JSON, a page to read, and recordings.

    \b
    Examples:
      appliance privacy export "(303) 555-0123" --to request-17.zip
    """
    with _box(config) as box:
        found = box.privacy.export(box.phone(number), to, SystemClock().now())
    _say_found(to, found, as_json=as_json)


@app.command()
def erase(
    number: Number,
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel their appointments to come.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Erase one person: numbers, names, words and recordings go, the records stay without them.

    What receivers were sent before stays with them: they are named, ask there. Backups forget in their time; one
    that is restored has the person erased again.

    \b
    Examples:
      appliance privacy erase 303-555-0123
      appliance privacy erase +13035550123 --cancel --yes
    """
    from appliance.store.erasures import Erasures

    with _box(config, writes=True) as box:
        phone, now = box.phone(number), SystemClock().now()
        erasures = Erasures(box.directory, (box.backups,))
        coming: tuple[str, ...] = ()
        if not erasures.knows(phone) or box.privacy.is_known(phone):
            found = box.privacy.holdings(phone, now)
            _ask(found, cancel=cancel, yes=yes)
            coming = found.coming
        for appointment_id in coming:
            box.cancel(appointment_id)
        done = box.privacy.erase(phone, erasures, now)
    if as_json:
        plain = {"rows": done.rows, "recordings": done.recordings, "cancelled": list(coming)}
        out = {"told_before": done.told, "not_yet": list(done.open_calls)}
        typer.echo(json.dumps(plain | out, indent=2))
        return
    rows = ", ".join(f"{count} of {table}" for table, count in done.rows.items()) or "no rows"
    typer.echo(f"Erased: {rows}; {done.recordings} recordings deleted, {len(coming)} appointments cancelled.")
    for name, count in done.told.items():
        typer.echo(f"{name} was told of them {count} times: what it keeps is to be erased there.")
    for call_id in done.open_calls:
        typer.echo(f"Call {call_id} is not over, or not taken over yet: erase again afterwards.")


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Forget what has been kept long enough ([keep]), now. Each night the box does so by itself.

    \b
    Examples:
      appliance privacy retention --dry-run
      appliance privacy retention --json
    """
    from appliance.store.retention import Retention

    with _box(config, writes=not dry_run) as box:
        kept = Retention(box.database, box.directory, box.settings.keep)
        now = SystemClock().now()
        counts = kept.due(now) if dry_run else kept.thin(now, lambda: True)
    if as_json:
        typer.echo(json.dumps(counts, indent=2))
        return
    table = _table("kind", "would go" if dry_run else "gone")
    for kind, count in counts.items():
        _row(table, kind.replace("_", " "), str(count))
    _print(table)


@app.command()
def fields() -> None:
    """Every field that is kept, for how long, and what leaves the box (docs/data.md).

    \b
    Examples:
      appliance privacy fields
    """
    from appliance.store.fields_page import page

    typer.echo(page(), nl=False)


# --- the box --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Box:
    """What the commands work on."""

    settings: Settings
    directory: Path
    backups: Path
    database: Database

    @property
    def privacy(self) -> Any:
        from appliance.store.privacy import Privacy

        return Privacy(self.database, self.directory)

    @property
    def business(self) -> Business:
        from appliance import business

        return business.load(self.settings.business)

    def phone(self, number: str) -> str:
        """A number as the tables keep it: E.164, or an extension."""
        import phonenumbers

        digits = "".join(one for one in number if one.isdecimal())
        if digits and len(digits) <= _EXTENSION_DIGITS_MAX and number.strip() == digits:
            return digits
        try:
            parsed = phonenumbers.parse(number, self.business.region)
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is None or not phonenumbers.is_possible_number(parsed):
            raise typer.BadParameter(f'"{number}" is no telephone number; for example +13035550123.')
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

    def cancel(self, appointment_id: str) -> None:
        """Give up an appointment to come; nobody is told, because whom it was for is about to be erased."""
        from appliance.store.appointments import Diary

        Diary(self.database, self.business, SystemClock()).cancel(appointment_id)


@contextmanager
def _box(config: Path | None, *, writes: bool = False) -> Iterator[_Box]:
    from appliance import settings
    from appliance.errors import NotFound
    from appliance.store.database import FILE_NAME, Database

    loaded = settings.load(config)
    directory = settings.data_directory(loaded)
    file = directory / FILE_NAME
    if not file.exists():
        raise NotFound("Nothing is kept yet: no call has come.")
    with Database(file, read_only=not writes) as database:
        yield _Box(loaded, directory, settings.backups_directory(loaded), database)


def _ask(found: Holdings, *, cancel: bool, yes: bool) -> None:
    """What would go, and whether to; appointments to come are cancelled only when that was said."""
    if found.coming and not cancel:
        told = ", ".join(_coming(found))
        if yes:
            raise typer.BadParameter(
                f"they have appointments to come ({told}); say --cancel.", param_hint="--yes"
            )
        typer.confirm(f"Cancel their appointments to come ({told})?", abort=True)
    if not yes:
        person = found.person
        typer.echo(
            f"{len(person.calls)} calls, {len(person.messages)} messages, {len(person.appointments)}"
            f" appointments, {len(found.recordings)} recordings."
        )
        typer.confirm("Erase them? This cannot be taken back.", abort=True)


def _coming(found: Holdings) -> Iterator[str]:
    from appliance.store.diary_tables import appointment_of

    rows = {row["appointment_id"]: row for row in found.rows["appointments"]}
    for appointment_id in found.coming:
        appointment = appointment_of(rows[appointment_id])
        yield f"{appointment.service} {_local(appointment.starts_at)}"


def _say_found(to: Path, found: Holdings, *, as_json: bool) -> None:
    counts = {name: len(rows) for name, rows in found.rows.items() if rows}
    if as_json:
        plain = {"file": str(to), "rows": counts, "recordings": len(found.recordings)}
        typer.echo(json.dumps(plain | {"not_yet": list(found.person.open_calls)}, indent=2))
        return
    typer.echo(f"{to}: {', '.join(f'{count} {name}' for name, count in counts.items())}.")
    for call_id in found.person.open_calls:
        typer.echo(f"Call {call_id} is not over, or not taken over yet: it is not in the file.")
