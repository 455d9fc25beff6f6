"""From a box's settings to HubSpot and Salesforce: connect, a call with a message, an expired key, a correction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.cli import sync as command
from appliance.clock import SystemClock
from appliance.domain.appointment import Message
from appliance.domain.call import Disposition
from appliance.errors import ApplianceError, NoAnswer
from appliance.settings import CRM
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from tests.servers.hubspot import TOKEN, HubSpotServer
from tests.servers.salesforce import CLIENT_ID, SECRET, SalesforceServer
from tests.servers.strict_web import serving

TO = (CRM,)


@dataclass
class Box:
    """A box with settings of its own. `told` are the identities in the CRM; `expire` makes its key another."""

    directory: Path
    key: str
    told: Callable[[], list[str]]
    expire: Callable[[str], None]

    @property
    def config(self) -> Path:
        return self.directory / "appliance.toml"

    def run(self, *words: str) -> str:
        result = CliRunner().invoke(command.app, [*words, "--config", str(self.config)])
        if isinstance(result.exception, ApplianceError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    def has_a_call(self) -> None:
        now = SystemClock().now() - timedelta(hours=1)
        with Database(self.directory / FILE_NAME) as database:
            calls = Calls(database, destinations=TO)
            calls.begin("c1", "+13035550123", "100", now, {})
            calls.answered("c1", now)
            taken = Message("m1", "c1", "Bo Berg", "+13035550123", "please call me back")
            Messages(database, destinations=TO).take(taken)
            calls.close("c1", Disposition.MESSAGE, now + timedelta(minutes=2))


def at_hubspot(directory: Path) -> Iterator[Box]:
    with serving(HubSpotServer()) as server:

        def told() -> list[str]:
            held = {**server.objects["calls"], **server.objects["notes"]}
            return [held[key]["attendant_id"] for key in sorted(held, key=int)]

        box = Box(directory, TOKEN, told, lambda key: setattr(server, "token", key))
        settled = f'[crm]\nkind = "hubspot"\nurl = "{server.url}"\n'
        box.config.write_text(f'[store]\ndirectory = "{directory}"\n{settled}')
        yield box


def at_salesforce(directory: Path) -> Iterator[Box]:
    with serving(SalesforceServer()) as server:

        def told() -> list[str]:
            return [one["Attendant_Id__c"] for one in server.records["Task"]]

        def expire(key: str) -> None:
            server.secret = key
            server.tokens.clear()

        box = Box(directory, SECRET, told, expire)
        settled = f'[crm]\nkind = "salesforce"\nurl = "{server.url}"\nclient_id = "{CLIENT_ID}"\n'
        box.config.write_text(f'[store]\ndirectory = "{directory}"\n{settled}')
        yield box


@pytest.fixture(params=[at_hubspot, at_salesforce], ids=["hubspot", "salesforce"])
def box(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    made = request.param(tmp_path)
    box = next(made)
    monkeypatch.setenv("ATTENDANT_CRM_KEY", box.key)
    yield box
    next(made, None)


def test_from_the_settings_to_the_crm(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(box.run("connect", "--json"))["ready"] is True
    box.has_a_call()
    box.run("now")
    assert box.told() == ["message.m1.crm", "call.c1.crm"]
    box.expire("another")
    with Database(box.directory / FILE_NAME) as database:
        calls = Calls(database, destinations=TO, correcting=TO)
        calls.dispose("c1", Disposition.ANSWERED, by="maria", now=SystemClock().now())
    box.run("now")
    assert len(box.told()) == 2
    assert "refuses the key" in box.run("status")
    monkeypatch.setenv("ATTENDANT_CRM_KEY", "another")
    box.run("retry")
    box.run("now")
    assert len(box.told()) == 3
    assert box.told()[2].startswith("disposition.")


def test_connecting_with_a_wrong_key_says_so(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTENDANT_CRM_KEY", "wrong")
    with pytest.raises(NoAnswer, match="refuses the key"):
        box.run("connect")
