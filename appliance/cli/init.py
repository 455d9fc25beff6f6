"""`appliance init`: the dozen questions that make a box a business's own, asked, tried out and written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from appliance.cli.init_interview import Interview, say


def command(
    *,
    name: Annotated[str | None, typer.Option(help="What the business is called, as it is spoken.")] = None,
    kind: Annotated[str | None, typer.Option(help="auto_repair, dental_practice or hair_salon.")] = None,
    address: Annotated[str | None, typer.Option(help="Where it is, as it is spoken.")] = None,
    region: Annotated[str | None, typer.Option(help="Country of numbers without a code: US.")] = None,
    timezone: Annotated[str | None, typer.Option(help="America/Denver.")] = None,
    phone: Annotated[str | None, typer.Option(help="The number callers dial.")] = None,
    hours: Annotated[str | None, typer.Option(help='"mon-fri 8-17:30, sat 9-13".')] = None,
    greeting: Annotated[str | None, typer.Option(help="What a caller hears first.")] = None,
    registrar: Annotated[str | None, typer.Option(help="The phone system, host[:port]; empty: none.")] = None,
    user: Annotated[str | None, typer.Option(help="The extension the box is.")] = None,
    password_file: Annotated[
        str | None, typer.Option(help="A file with its password, - for stdin; else ATTENDANT_SIP_PASSWORD.")
    ] = None,
    fallback: Annotated[str | None, typer.Option(help="The extension of a person.")] = None,
    recording: Annotated[str | None, typer.Option(help="off, none, announce or ask.")] = None,
    crm: Annotated[str | None, typer.Option(help="none, tryton, hubspot or salesforce.")] = None,
    crm_url: Annotated[str | None, typer.Option(help="Where the CRM is.")] = None,
    crm_database: Annotated[str | None, typer.Option(help="Tryton: its database.")] = None,
    crm_client_id: Annotated[str | None, typer.Option(help="Salesforce: the consumer key.")] = None,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="The settings file that is written.")
    ] = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Ask nothing: what no option says is taken as it is.")
    ] = False,
    register: Annotated[bool, typer.Option(help="Try the registration before anything is written.")] = True,
    yes: Annotated[
        bool, typer.Option("--yes", help="Change files that are there already; history keeps them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a box your own: asks for the business, its hours, the SIP account; tries it; writes both files.

    Run again, it changes what is there: what you do not touch stays. The password goes to a file of its own that
    only its owner reads, never into the settings.

    \b
    Examples:
      appliance init
      appliance init --defaults --name "Joe's Garage" --address "1 Main Street" --hours "mon-fri 8-17"
      appliance init --registrar pbx.local --user 200 --password-file /root/password --fallback 100
    """
    given = {
        "name": name, "kind": kind, "address": address, "region": region, "timezone": timezone, "phone": phone,
        "hours": hours, "greeting": greeting, "registrar": registrar, "user": user, "fallback": fallback,
        "recording": recording, "crm": crm, "crm-url": crm_url, "crm-database": crm_database,
        "crm-client-id": crm_client_id,
    }  # fmt: skip
    from appliance.cli.init_files import Places, given_password

    places = Places.of(config)
    places.refuse_unasked(says_yes=yes or not defaults)
    interview = Interview({k: v for k, v in given.items() if v is not None}, asks=not defaults)
    interview.begin(places.there)
    before = places.draft(interview)
    known = places.known_password()
    password = known if password_file is None else given_password(password_file)
    try:
        draft, password, tried = interview.hold(before, password, tries=register, zone=places.zone)
        if places.there and draft != before and not yes:
            interview.confirm(f"Change {', '.join(map(str, places.there))}? What they were is kept.")
    except typer.Abort:
        say("\nNothing was written. `--defaults` asks nothing.")
        raise
    written = places.write(draft, None if password == known else password)
    told = {**written, "registration": tried, "next": places.next_steps(draft, password)}
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _print(told)


def _print(told: dict[str, Any]) -> None:
    typer.echo("")
    for what in ("settings", "business", "password"):
        if told[what]:
            typer.echo(f"{what:>9}: {told[what]}")
    typer.echo("\nNext:")
    for step in told["next"]:
        typer.echo(f"  {step}")
