"""`appliance sync connect`: a key is asked for, approved by a person, and all that is needed is looked for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.bench.box import write_config
from appliance.cli import sync as command
from appliance.errors import ApplianceError, ConfigError, NoAnswer
from tests.servers.tryton import DATABASE, KEY, USER, Tryton

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]  # the first run makes Tryton's environment


@pytest.fixture(scope="module")
def tryton(tmp_path_factory) -> Iterator[Tryton]:
    with Tryton(tmp_path_factory.mktemp("crm")) as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, tryton: Tryton, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("ATTENDANT_CRM_KEY", raising=False)
    tryton.rows("UPDATE res_user_application SET state = 'cancelled' WHERE state = 'requested'")
    crm = {"kind": "tryton", "url": tryton.url, "database": DATABASE}
    return write_config(tmp_path, tables={"crm": crm})


def run(config: Path, *words: str) -> Result:
    result = CliRunner().invoke(command.app, ["connect", *words, "--config", str(config)])
    if isinstance(result.exception, ApplianceError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def administrator(tryton: Tryton) -> Iterator[threading.Thread]:
    """Approves the first request that comes."""
    over = threading.Event()

    def approve() -> None:
        while not over.wait(0.2):
            asked = tryton.rows("SELECT key FROM res_user_application WHERE state = 'requested'")
            if asked:
                tryton.press("validate_", asked[0][0])
                return

    person = threading.Thread(target=approve)
    person.start()
    yield person
    over.set()
    person.join()


def test_a_key_is_asked_for_saved_and_used_once_it_is_approved(config, administrator, tmp_path, monkeypatch):
    file = tmp_path / "key"
    result = run(config, "--user", USER, "--save", str(file), "--json")
    assert json.loads(result.stdout) == {"kind": "tryton", "ready": True, "made": []}
    assert "Press Validate" in result.stderr
    key = file.read_text().strip()
    assert key not in result.output
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("ATTENDANT_CRM_KEY", key)
    assert "All that is needed is there" in run(config).stdout


def test_a_key_that_is_there_is_tried_out(config, monkeypatch):
    monkeypatch.setenv("ATTENDANT_CRM_KEY", KEY)
    assert json.loads(run(config, "--json").stdout)["ready"]
    monkeypatch.setenv("ATTENDANT_CRM_KEY", "another")
    with pytest.raises(NoAnswer, match="refuses the key"):
        run(config)


def test_nobody_approves_it(config):
    with pytest.raises(NoAnswer, match="in time") as raised:
        run(config, "--user", USER, "--wait", "0")
    assert "older request" in raised.value.remedy


def test_what_is_missing_there_is_named(config, tryton, monkeypatch):
    monkeypatch.setenv("ATTENDANT_CRM_KEY", KEY)
    tryton.rows("UPDATE ir_model_field SET name = 'text' WHERE model = 'ir.note' AND name = 'message'")
    try:
        with pytest.raises(NoAnswer, match=r"ir\.note has no message"):
            run(config)
    finally:
        tryton.rows("UPDATE ir_model_field SET name = 'message' WHERE model = 'ir.note' AND name = 'text'")


def test_without_a_user_or_a_customer_database_it_says_what_to_do(config, tmp_path):
    with pytest.raises(ConfigError, match="--user"):
        run(config)
    with pytest.raises(ConfigError, match="no customer database"):
        run(write_config(tmp_path / "bare", tables={}))
