"""`appliance sync connect`: has the customer database accept this box, and tries out whether all is there."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.calls import Config, Json

if TYPE_CHECKING:
    from appliance.settings import Crm
    from appliance.web.asking import Client

_LOOK_EVERY_S = 2.0
_STEPS = """\
Now somebody who administers Tryton approves it:
  1. In Tryton open Administration > Users > Users, and there the user "{user}".
  2. On the user's page "Applications" there is one in the state Requested: open it.
  3. Press Validate."""


def connect(
    *,
    user: Annotated[str, typer.Option(metavar="LOGIN", help="Tryton: as whom the box writes there.")] = "",
    new: Annotated[bool, typer.Option("--new", help="Ask for a new key, though there is one.")] = False,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the key there, for its owner only.")
    ] = None,
    wait_s: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for the approval.")] = 900.0,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Try out the customer database of [crm]; without a key ask Tryton for one and wait for its approval.

    \b
    Examples:
      appliance sync connect
      appliance sync connect --user reception --save /etc/attendant/crm_key
    """
    from appliance import business, settings
    from appliance.errors import ConfigError
    from appliance.settings import CrmKind
    from appliance.sync.destinations import KEY, crm_of
    from appliance.web.asking import Client

    loaded = settings.load(config)
    key = None if new else settings.secret(KEY)
    with closing(Client(ca_file=loaded.deliver.ca_file)) as client:
        if loaded.crm.kind is CrmKind.TRYTON and not key:
            key = _requested(client, loaded.crm, user, loaded.deliver.limit_s, save)
            _await_approval(client, loaded.crm, key, loaded.deliver.limit_s, wait_s)
        crm = crm_of(loaded, business.load(loaded.business).language, {KEY: key}.get, client)
        if crm is None:
            raise ConfigError("There is no customer database.", remedy="Set kind and url in [crm].")
        made = crm.prepare()
    if as_json:
        typer.echo(json.dumps({"kind": str(loaded.crm.kind), "ready": True, "made": list(made)}))
        return
    for name in made:
        typer.echo(f"Made: {name}")
    typer.echo(f"All that is needed is there: {loaded.crm.kind} can be told what happens.")


def _requested(client: Client, crm: Crm, user: str, limit_s: float, save: Path | None) -> str:
    """A new key, shown or written before anybody approves it: a wait that breaks off does not lose it."""
    from appliance.errors import ConfigError
    from appliance.sync.crm.tryton_rest import request_key

    if not user:
        raise ConfigError("Tryton gives keys to users.", remedy="Say which: --user LOGIN.")
    key = request_key(client, crm.url, crm.database, user, limit_s=limit_s)
    if save is None:
        typer.echo(f"The key, for the credential crm_key or ATTENDANT_CRM_KEY:\n{key}", err=True)
    else:
        _write(save, key)
        typer.echo(f"The key is in {save}.", err=True)
    typer.echo(_STEPS.format(user=user), err=True)
    return key


def _write(file: Path, key: str) -> None:
    from appliance.errors import StoreFault

    try:
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(f"{key}\n", encoding="ascii")
    except OSError as error:
        raise StoreFault(
            f"{file}: cannot be written ({error.strerror}).", remedy="Name another file."
        ) from error


def _await_approval(client: Client, crm: Crm, key: str, limit_s: float, wait_s: float) -> None:
    from appliance.errors import NoAnswer
    from appliance.sync.crm.tryton_rest import Rest

    rest, pause = Rest(client, crm.url, crm.database, key, limit_s), threading.Event()
    typer.echo("Waiting for that ...", err=True)
    for _ in range(int(wait_s / _LOOK_EVERY_S) + 1):
        if rest.accepts_key():
            return
        pause.wait(_LOOK_EVERY_S)
    raise NoAnswer(
        "Nobody approved the key in time.",
        remedy="Put it in as crm_key and run this again once it is approved. If Tryton shows no such request,"
        " there is no such user, or an older request of theirs is open: cancel that one, then --new.",
    )
