"""Which destinations the settings make, and what they need."""

from __future__ import annotations

import pytest

from appliance.configfile import parse
from appliance.errors import ConfigError
from appliance.settings import Deliver, Settings
from appliance.sync.destinations import destinations_of

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
