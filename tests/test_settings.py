"""The box's settings: the shipped file equals the defaults, secrets come from outside, places are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from appliance import configfile, settings
from appliance.configfile import read
from appliance.errors import ConfigError
from appliance.settings import Settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in ("CREDENTIALS_DIRECTORY", "ATTENDANT_SIP_PASSWORD", "ATTENDANT_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "SYSTEM_CONFIG", tmp_path / "no-such" / "appliance.toml")


def keys_of(model: type[BaseModel], above: str = "") -> set[str]:
    found: set[str] = set()
    for key, field in model.model_fields.items():
        inner = field.annotation
        nested = isinstance(inner, type) and issubclass(inner, BaseModel)
        found |= keys_of(inner, f"{above}{key}.") if nested else {f"{above}{key}"}
    return found


def keys_in(values: dict, above: str = "") -> set[str]:
    found: set[str] = set()
    for key, inner in values.items():
        found |= keys_in(inner, f"{above}{key}.") if isinstance(inner, dict) else {f"{above}{key}"}
    return found


def test_the_shipped_file_equals_the_defaults_and_holds_every_key():
    import tomllib

    path = settings.shipped("config/appliance.toml")
    assert read(path, Settings) == Settings()
    assert keys_in(tomllib.loads(path.read_text(encoding="utf-8"))) == keys_of(Settings)


def test_every_key_says_what_it_is_for():
    for name, table in Settings.model_fields.items():
        inner = table.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            assert inner.__doc__, name
            assert [key for key, field in inner.model_fields.items() if not field.description] == []
        else:
            assert table.description, name


def test_settings_do_not_change_after_loading():
    with pytest.raises(ValidationError):
        Settings().business = "other"


def test_without_a_file_the_defaults_hold():
    assert settings.load(None) == Settings()


def test_a_system_file_is_found(monkeypatch, tmp_path):
    path = tmp_path / "appliance.toml"
    path.write_text("[sip]\nport = 5070\n")
    monkeypatch.setattr(settings, "SYSTEM_CONFIG", path)
    assert settings.load(None).sip.port == 5070


@pytest.mark.parametrize(
    "line",
    ["port = 65536", "port = -1", 'codecs = ["OPUS"]', "max_calls = 0", 'password = "x"', 'port = "5060"'],
)
def test_values_out_of_bounds_are_refused(tmp_path, line):
    path = tmp_path / "appliance.toml"
    path.write_text(f"[sip]\n{line}\n")
    with pytest.raises(ConfigError, match=r"appliance\.toml:2: sip\."):
        settings.load(path)


def test_a_secret_comes_from_the_credential_before_the_environment(monkeypatch, tmp_path):
    assert settings.secret("sip_password") is None
    monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", "from the environment")
    assert settings.secret("sip_password") == "from the environment"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert settings.secret("sip_password") == "from the environment"
    (tmp_path / "sip_password").write_text("from a credential\n")
    assert settings.secret("sip_password") == "from a credential"


def test_places_follow_settings_then_environment_then_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings.home() == tmp_path / ".local/share/attendant"
    monkeypatch.setenv("ATTENDANT_HOME", str(tmp_path / "box"))
    assert settings.models_directory(Settings()) == tmp_path / "box" / "models"
    assert settings.data_directory(Settings()) == tmp_path / "box"
    own = Settings(models=settings.Models(directory="/weights"), store=settings.Store(directory="/calls"))
    assert settings.models_directory(own) == Path("/weights")
    assert settings.data_directory(own) == Path("/calls")


def test_a_secret_in_a_file_is_read_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "key"
    file.write_text("old\n")
    monkeypatch.setenv("ATTENDANT_CRM_KEY_FILE", str(file))
    assert settings.secret("crm_key") == "old"
    file.write_text("new\n")
    assert settings.secret("crm_key") == "new"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "tryton"\ndatabase = "crm"', "set url"),
        ('kind = "tryton"\nurl = "https://crm.example"', "set database"),
        ('kind = "salesforce"', "set url"),
        ('kind = "hubspot"\nurl = "http://far.example"', "in the clear"),
        ('kind = "sugar"', "kind"),
    ],
)
def test_a_crm_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        configfile.parse(f"[crm]\n{text}\n", settings.Settings, name="appliance.toml")


def test_who_is_told_of_what() -> None:
    text = '[deliver]\nmail_to = ["a@x.example"]\nsmtp_host = "x"\nwebhook_url = "https://x.example"\n'
    found = configfile.parse(
        f'{text}[crm]\nkind = "hubspot"\ntells = ["call"]\n', settings.Settings, name="x"
    )
    assert found.told_of(settings.Tells.MESSAGE) == ("email", "webhook")
    assert found.told_of(settings.Tells.CALL) == ("crm",)
    assert found.told_of(settings.Tells.APPOINTMENT) == ()
    assert found.destinations == ("email", "webhook", "crm")


@pytest.mark.parametrize(
    "place", ["", "pbx", "pbx.office.example:5080", "192.168.1.2", "[fd00::2]:5060", "pbx;transport=udp"]
)
def test_a_registrar_is_a_host(place):
    assert configfile.parse(f'[sip]\nregistrar = "{place}"\n', Settings, name="x").sip.registrar == place


@pytest.mark.parametrize("place", ["sip:pbx", "200@pbx", "pbx office", "http://pbx", "pbx:port", "<pbx>"])
def test_what_is_no_host_is_told(place):
    with pytest.raises(ConfigError, match=r"x:2: sip\.registrar: .* is no host like"):
        configfile.parse(f'[sip]\nregistrar = "{place}"\n', Settings, name="x")
