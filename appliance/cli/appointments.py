"""`appliance appointments`: the diary at the desk. What is agreed here and on the telephone is one diary."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.diary_desk import Desk, desk, plain, said
from appliance.errors import CalendarFault, StoreFault

if TYPE_CHECKING:
    from appliance.domain.appointment import Appointment, AppointmentChange
    from appliance.store.ics import Imported

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Config = Annotated[
    Path | None,
    typer.Option("--config", envvar="ATTENDANT_CONFIG", metavar="FILE", help="Settings file of the box."),
]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
One = Annotated[str, typer.Argument(help="An appointment's id, or the beginning of one.", metavar="ID")]
Staff = Annotated[str, typer.Option(metavar="ID", help="With this member of staff.")]
Days = Annotated[int, typer.Option(min=1, max=3660, help="How many days.")]
_CALENDAR_BYTES_MAX = 20_000_000
_CALENDAR_YEARS = timedelta(days=3 * 365)


@app.command("list")
def list_appointments(
    *,
    day: Annotated[str, typer.Option(metavar="DAY", help="From this day on; else today.")] = "",
    days: Days = 7,
    phone: Annotated[str, typer.Option(metavar="NUMBER", help="Everything of this caller.")] = "",
    cancelled: Annotated[bool, typer.Option("--cancelled", help="Cancelled ones too.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What is agreed, soonest first.

    \b
    Examples:
      appliance appointments list
      appliance appointments list --day "next monday" --days 1
      appliance appointments list --phone 303-555-0123 --json
    """
    with desk(config) as held:
        _show(_listed(held, day, days, phone, cancelled), as_json)


@app.command()
def show(appointment: One, as_json: Json = False, config: Config = None) -> None:
    """One appointment, and everything that was done to it.

    \b
    Examples:
      appliance appointments show desk-7f3a
    """
    with desk(config) as held:
        found = held.diary.find(appointment)
        history = held.diary.history(found.appointment_id)
        if as_json:
            _print_json(plain(found) | {"history": [plain(change) for change in history]})
        else:
            _print_one(found, held, history)


@app.command()
def openings(
    service: Annotated[str, typer.Argument(help="A service's id.", metavar="SERVICE")],
    *,
    day: Annotated[str, typer.Option(metavar="DAY", help="From this day on; else from now.")] = "",
    days: Days = 14,
    near: Annotated[str, typer.Option(metavar="WHEN", help="The nearest to this moment first.")] = "",
    staff: Staff = "",
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 10,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """What is free.

    \b
    Examples:
      appliance appointments openings oil_change
      appliance appointments openings oil_change --near "tuesday at three" --count 3 --json
    """
    with desk(config) as held:
        wanted = held.service(service)
        after = held.day(day, "--day") if day else held.now
        at = held.moment(near, "--near") if near else None
        found = held.diary.openings(
            service, after, after + timedelta(days=days), count, staff=held.staff(staff, wanted), near=at
        )
    if as_json:
        _print_json([plain(one) for one in found])
    elif found:
        _print_table(
            ("when", "until", "with"), ((said(o.starts_at), f"{o.ends_at:%H:%M}", o.staff) for o in found)
        )
    else:
        typer.echo("Nothing is free.")


@app.command()
def add(
    service: Annotated[str, typer.Argument(help="A service's id.", metavar="SERVICE")],
    *,
    at: Annotated[str, typer.Option(metavar="WHEN", help='"2026-11-24 10:00" or "tuesday at ten".')],
    name: Annotated[str, typer.Option(help="Who comes.")],
    phone: Annotated[str, typer.Option(metavar="NUMBER", help="Where to reach them.")] = "",
    staff: Staff = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Agree on an appointment. The same one twice is one.

    \b
    Examples:
      appliance appointments add oil_change --at "tuesday at ten" --name "Bo Berg" --phone 303-555-0123
    """
    from appliance.domain.appointment import Appointment

    with desk(config) as held:
        wanted, starts_at = held.service(service), held.moment(at, "--at")
        whom = held.staff(staff, wanted)
        ends_at = starts_at + timedelta(minutes=wanted.minutes)
        number = held.phone(phone) if phone else ""
        new_id = f"desk-{uuid.uuid4().hex[:8]}"
        made = held.diary.book(
            Appointment(new_id, "", service, starts_at, ends_at, name.strip(), number, whom)
        )
        _tell(held, held.agreed(made, wanted, starts_at, whom), as_json)


@app.command()
def move(
    appointment: One,
    to: Annotated[str, typer.Option(metavar="WHEN", help='"2026-11-24 10:00" or "tuesday at ten".')],
    staff: Annotated[str, typer.Option(metavar="ID", help='With this member of staff; "anybody".')] = "",
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Give an appointment another time.

    \b
    Examples:
      appliance appointments move desk-7f3a --to "wednesday at nine"
    """
    with desk(config) as held:
        found, starts_at = held.diary.find(appointment), held.moment(to, "--to")
        service = held.service(found.service)
        whom = held.staff(staff, service)
        moved = held.diary.move(found.appointment_id, starts_at, staff=whom)
        _tell(held, held.agreed(moved, service, starts_at, whom, found.appointment_id), as_json)


@app.command()
def cancel(appointment: One, as_json: Json = False, config: Config = None) -> None:
    """Give an appointment up; its time is free again.

    \b
    Examples:
      appliance appointments cancel desk-7f3a
    """
    with desk(config) as held:
        found = held.diary.find(appointment)
        _tell(held, held.given_up(held.diary.cancel(found.appointment_id)), as_json)


# --- calendars ------------------------------------------------------------------------------------


@app.command("export")
def export_calendar(
    to: Annotated[Path | None, typer.Argument(help="File to write; else standard output.")] = None,
    day: Annotated[str, typer.Option(metavar="DAY", help="From this day on; else today.")] = "",
    days: Days = 365,
    config: Config = None,
) -> None:
    """The diary as an iCalendar file (.ics); cancelled ones say so.

    \b
    Examples:
      appliance appointments export diary.ics
    """
    from appliance.store.ics import calendar_of

    with desk(config) as held:
        begins = held.day(day, "--day") if day else held.today()
        data = calendar_of(held.diary.entries(begins, begins + timedelta(days=days)), held.business)
    if to is None:
        typer.echo(data, nl=False)
        return
    try:
        to.write_bytes(data)
    except OSError as error:
        raise StoreFault(
            f"{to}: cannot be written ({error.strerror}).", remedy="Choose another file."
        ) from error
    typer.echo(str(to))


@app.command("import")
def import_calendar(
    file: Annotated[Path, typer.Argument(help="An .ics file.", metavar="FILE")],
    *,
    name: Annotated[str, typer.Option(help="What to call it; else the file's name.")] = "",
    staff: Annotated[str, typer.Option(metavar="ID", help="It is this member of staff's.")] = "",
    resource: Annotated[str, typer.Option(metavar="ID", help="It is this resource's.")] = "",
    skip_broken: Annotated[bool, typer.Option("--skip-broken", help="Leave out what is broken.")] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Block the busy times of a calendar, repetitions too: of the business, or of somebody or something.

    Imported again under the same name, it blocks what it says now.

    \b
    Examples:
      appliance appointments import holidays.ics
      appliance appointments import maria.ics --staff maria
    """
    if staff and resource:
        raise typer.BadParameter("A calendar is one's: give --staff or --resource.")
    data, known_as = _calendar_bytes(file), name or file.stem
    with desk(config) as held:
        what, until = held.whose(staff, resource), held.now + _CALENDAR_YEARS
        taken = _busy_times(held, data, str(file), until, skip_broken=skip_broken)
        held.calendars.replace(known_as, what, taken.busy, until)
        met = held.calendars.overlapped(known_as)
    for fault in taken.broken:
        typer.echo(f"left out: {fault}", err=True)
    if as_json:
        told = {
            "name": known_as,
            "what": what,
            "until": until.isoformat(),
            "met": [plain(one) for one in met],
        }
        _print_json(told | {"busy_times": len(taken.busy), "own": taken.own, "left_out": len(taken.broken)})
        return
    typer.echo(f"{known_as}: {len(taken.busy)} busy times until {until:%Y-%m-%d}.")
    for one in met:
        typer.echo(
            f"agreed for that time: {one.appointment_id}, {said(one.starts_at)}, {one.name}, {one.phone}"
        )


@app.command()
def calendars(as_json: Json = False, config: Config = None) -> None:
    """The imported calendars.

    \b
    Examples:
      appliance appointments calendars
    """
    with desk(config) as held:
        found = held.calendars.all()
    if as_json:
        _print_json([plain(one) for one in found])
    elif found:
        rows = (
            (one.name, one.what or "everything", str(one.busy_times), f"{one.until:%Y-%m-%d}")
            for one in found
        )
        _print_table(("name", "blocks", "busy times", "until"), rows)
    else:
        typer.echo("No calendars were imported.")


@app.command()
def forget(name: Annotated[str, typer.Argument(help="An imported calendar.")], config: Config = None) -> None:
    """Let an imported calendar block nothing any more.

    \b
    Examples:
      appliance appointments forget maria
    """
    with desk(config) as held:
        held.calendars.forget(name)
    typer.echo(f"{name}: forgotten.")


@app.command()
def feed(config: Config = None) -> None:
    """The address at which calendar programs subscribe to the diary. Who knows it can read the diary.

    \b
    Examples:
      appliance appointments feed
    """
    from appliance import settings
    from appliance.errors import ConfigError
    from appliance.feed import address

    loaded = settings.load(config)
    if not loaded.feed.port:
        raise ConfigError("feed.port: is 0, so there is no feed.", remedy="Set a port, and restart the box.")
    typer.echo(address.url(loaded.feed, loaded.feed.port, settings.data_directory(loaded)))


def _busy_times(held: Desk, data: bytes, name: str, until: datetime, *, skip_broken: bool) -> Imported:
    """What a calendar says from now on, less what is ours."""
    from appliance.store.ics import read_busy, uid_of

    ours = {uid_of(one.appointment.appointment_id) for one in held.diary.entries(held.today(), until)}
    zone = held.business.zone
    return read_busy(data, name, zone, held.now, until, own_uids=ours, skip_broken=skip_broken)


def _calendar_bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > _CALENDAR_BYTES_MAX:
            raise CalendarFault(
                f"{file}: is larger than {_CALENDAR_BYTES_MAX // 1_000_000} MB.",
                remedy="Export a shorter stretch of time.",
            )
        return file.read_bytes()
    except OSError as error:
        raise CalendarFault(
            f"{file}: cannot be read ({error.strerror}).", remedy="Check the path."
        ) from error


# --- showing --------------------------------------------------------------------------------------


def _listed(held: Desk, day: str, days: int, phone: str, cancelled: bool) -> list[Appointment]:
    if phone:
        number = held.phone(phone)
        found = held.diary.of_phone(number)
        return [one for one in found if cancelled or one.standing == "agreed"]
    begins = held.day(day, "--day") if day else held.today()
    return held.diary.between(begins, begins + timedelta(days=days), cancelled=cancelled)


def _show(found: list[Appointment], in_json: bool) -> None:
    if in_json:
        _print_json([plain(one) for one in found])
    elif found:
        _print_table(
            ("id", "when", "until", "service", "who", "phone", "with", ""),
            (
                (
                    one.appointment_id, said(one.starts_at), f"{one.ends_at:%H:%M}", one.service, one.name,
                    one.phone, one.staff, "" if one.standing == "agreed" else one.standing,
                )
                for one in found
            ),
        )  # fmt: skip
    else:
        typer.echo("No appointments.")


def _tell(held: Desk, one: Appointment, in_json: bool) -> None:
    if in_json:
        _print_json(plain(one))
    else:
        _print_one(one, held)


def _print_one(one: Appointment, held: Desk, history: Iterable[AppointmentChange] = ()) -> None:
    member = held.business.staff_member(one.staff)
    whom = f", with {member.spoken if member else one.staff}" if one.staff else ""
    typer.echo(
        f"{one.appointment_id}: {one.standing}, {one.service}, {said(one.starts_at)} to {one.ends_at:%H:%M}{whom},"
        f" {one.name}{f', {one.phone}' if one.phone else ''}"
    )
    for change in history:
        when = f"{change.changed_at.astimezone():%Y-%m-%d %H:%M}" if change.changed_at else "unknown"
        where = f"call {change.call_id}" if change.call_id else "at the desk"
        typer.echo(f"  {when}  {change.kind}, {said(change.starts_at)}, {where}")


def _print_json(content: Any) -> None:
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))


def _print_table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table, markup=False, highlight=False)
