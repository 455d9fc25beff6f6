"""Which destinations the settings make, and what they need."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.business import load
from appliance.configfile import parse
from appliance.errors import ConfigError, NoAnswer
from appliance.settings import Deliver, Settings
from appliance.store.database import FILE_NAME, Database
from appliance.sync.attempts import Later, Outcome, Refused
from appliance.sync.crm.ports import KnownContact
from appliance.sync.destinations import KeyedCrm, Renewed, destinations_of, forwarding
from appliance.sync.happenings import CallFinished, Contact, Happening

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)

BOTH = Deliver(
    mail_to=("a@x.example",), smtp_host="mail.x.example", smtp_user="box", webhook_url="https://x.example/in"
)


def test_those_that_are_named() -> None:
    assert destinations_of(Deliver(), "en", {}.get) == {}
    made = destinations_of(BOTH, "en", {"smtp_password": "p", "webhook_secret": "s"}.get)
    assert list(made) == ["email", "webhook"]
    assert BOTH.destinations == tuple(made)


@pytest.mark.parametrize("missing", ["smtp_password", "webhook_secret"])
def test_a_secret_that_is_missing_is_named(missing: str) -> None:
    secrets = {"smtp_password": "p", "webhook_secret": "s"}
    del secrets[missing]
    with pytest.raises(ConfigError, match=missing):
        destinations_of(BOTH, "en", secrets.get)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('mail_to = ["a@x.example"]', "set smtp_host"),
        ('mail_to = ["nobody"]', "mail_to"),
        ('mail_from = "the office"', "mail_from"),
        ('webhook_url = "http://far.example/in"', "in the clear"),
        ('webhook_url = "ftp://far.example/in"', "no address"),
        ('smtp_host = "x"\nsmtp_user = "u"\nsmtp_security = "none"', "in the clear"),
        ('ca_file = "/nowhere.pem"\nwebhook_uri = "x"', "Did you mean `webhook_url`"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_their_line(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        parse(f"[deliver]\n{text}\n", Settings, name="appliance.toml")
    assert "appliance.toml:" in str(refused.value)


def test_certificates_that_are_not_there_are_named() -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.pem"):
        destinations_of(BOTH.model_copy(update={"ca_file": "/nowhere.pem"}), "en", lambda name: "s")


@pytest.mark.parametrize("near", ["http://192.168.1.4:8080/in", "http://127.0.0.1/in", "http://crm.local/in"])
def test_a_machine_of_the_office_may_speak_plain_http(near: str) -> None:
    assert Deliver(webhook_url=near).destinations == ("webhook",)


class Echo:
    """Says with which secret it was made."""

    def __init__(self, secret: str) -> None:
        if secret == "bad":  # noqa: S105  none of anybody's
            raise ConfigError("the secret does not read")
        self.secret = secret

    def send(self, happening: Happening) -> Outcome:
        return Refused(self.secret)

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        return (KnownContact("1", self.secret, phone),)


CALL = CallFinished("call.c1.crm", "Office", "c1", Contact(""), NOON, None, 0, "answered")


def test_a_new_secret_counts_at_once_and_one_that_cannot_be_is_said() -> None:
    secrets = {"it": "old"}
    destination = Renewed(Echo, lambda: secrets.get("it"))
    assert destination.send(CALL) == Refused("old")
    secrets["it"] = "bad"
    assert destination.send(CALL) == Later("the secret does not read")
    secrets["it"] = "new"
    assert destination.send(CALL) == Refused("new")


def test_a_crm_without_a_key_waits_for_one() -> None:
    secrets: dict[str, str] = {}
    crm = KeyedCrm(Echo, lambda: secrets.get("key"))
    assert crm.send(CALL) == Later("the secret crm_key is not there: see docs/sync.md")
    with pytest.raises(NoAnswer):
        crm.contacts("+13035550123")
    secrets["key"] = "first"
    assert crm.send(CALL) == Refused("first")
    secrets["key"] = "second"
    assert crm.contacts("+13035550123")[0].name == "second"


@pytest.mark.parametrize("kind", ["tryton", "hubspot", "salesforce"])
def test_each_kind_of_crm_can_be_built(kind: str, tmp_path: Path) -> None:
    text = f'[crm]\nkind = "{kind}"\nurl = "http://127.0.0.1:9"\ndatabase = "crm"\nclient_id = "box"\n'
    config = parse(text + "[deliver]\nlimit_s = 1\n", Settings, name="appliance.toml")
    with (
        Database(tmp_path / FILE_NAME) as database,
        forwarding(config, load("auto_repair"), database, lambda name: "key") as (forwarder, crm),
    ):
        assert crm is not None
        assert isinstance(crm.send(CALL), Later)
        with pytest.raises(NoAnswer):
            crm.contacts("+13035550123")
        assert forwarder.send_due() == 0


def test_without_a_crm_there_is_none(tmp_path: Path) -> None:
    with (
        Database(tmp_path / FILE_NAME) as database,
        forwarding(Settings(), load("auto_repair"), database, lambda name: None) as (forwarder, crm),
    ):
        assert crm is None
        assert forwarder.send_due() == 0
