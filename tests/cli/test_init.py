"""`appliance init`: asked or scripted, nothing wrong is written, nothing that is there is changed unasked."""

from __future__ import annotations

import json
import stat

import pytest
from typer import Typer
from typer.testing import CliRunner

from appliance import business, settings
from appliance.cli.init import command
from appliance.errors import AlreadyThere, ConfigError, LineFault, NotFound, StoreFault
from appliance.ops import registering
from appliance.ops.registering import Registered
from tests.servers.kamailio import PASSWORD, USER, Kamailio

app = Typer()
app.command()(command)

TAKEN = Registered(True, 200, "OK", "127.0.0.1:5060")
REFUSED = Registered(False, 401, "Unauthorized", "127.0.0.1:5060")


class Box:
    """A folder to set a box up in."""

    def __init__(self, folder) -> None:
        self.settings = folder / "etc" / "appliance.toml"
        self.business = self.settings.parent / "business.toml"
        self.password = self.settings.parent / "sip_password"

    def init(self, *arguments: str, said: str = ""):
        return CliRunner().invoke(app, ["--config", str(self.settings), *arguments], input=said)

    def scripted(self, *arguments: str, said: str = ""):
        return self.init("--defaults", "--name", "Joe's Garage", *arguments, said=said)

    @property
    def office(self) -> business.Business:
        return business.load(settings.load(self.settings).business)


@pytest.fixture
def box(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTENDANT_HOME", str(tmp_path / "home"))
    for name in ("ATTENDANT_CONFIG", "ATTENDANT_SIP_PASSWORD", "ATTENDANT_SIP_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "SYSTEM_CONFIG", tmp_path / "none" / "appliance.toml")
    return Box(tmp_path)


@pytest.fixture
def registrar(monkeypatch):
    """The phone system's next answers, in order; who asked with which password."""
    answers, asked = [], []

    def answer(sip, password):
        asked.append((sip.registrar, sip.user, password))
        return answers.pop(0)

    monkeypatch.setattr(registering, "try_registration", answer)
    return answers, asked


def test_defaults_and_options_make_both_files(box):
    done = box.scripted("--hours", "mon-fri 8-17", "--fallback", "100", "--recording", "ask", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["settings"], told["business"], told["password"]) == (
        str(box.settings),
        str(box.business),
        None,
    )
    assert told["next"]
    assert box.office.name == "Joe's Garage"
    assert "Joe's Garage" in box.office.greeting
    assert "Hilltop" not in box.business.read_text()[: box.business.read_text().index("# [[directory]]")]
    assert box.office.recording.consent == "ask"
    assert box.office.entry(box.office.connecting.operator).extension == "100"
    assert not box.office.hours.saturday
    assert settings.load(box.settings).sip.fallback == "100"
    assert "bind_address" not in box.settings.read_text()


@pytest.mark.parametrize("kind", ["auto_repair", "dental_practice", "hair_salon"])
def test_every_kind_is_a_start(box, kind):
    assert box.scripted("--kind", kind).exit_code == 0
    assert box.office.services


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--hours", "whenever", "no day"),
        ("--timezone", "Mars/Olympus", "no time zone"),
        ("--region", "usa", "region"),
        ("--phone", "12", "no telephone number"),
        ("--recording", "maybe", "none of off"),
        ("--crm", "excel", "none of none"),
        ("--kind", "bakery", "none of auto_repair"),
        ("--fallback", "1 2", "fallback"),
        ("--registrar", "sip:pbx", "registrar"),
        ("--name", " ", "something has to stand here"),
        ("--crm", "tryton", "something has to stand here"),
        ("--user", "200", "what it belongs to was not chosen"),
        ("--crm-url", "https://crm.example", "what it belongs to was not chosen"),
    ],
)
def test_a_wrong_option_is_told_and_nothing_written(box, option, value, told):
    done = box.scripted(option, value)
    assert isinstance(done.exception, ConfigError)
    assert told in str(done.exception)
    assert not box.settings.exists()
    assert not box.business.exists()


def test_a_crm_needs_its_address(box):
    done = box.scripted("--crm", "tryton", "--crm-url", "https://crm.example", "--crm-database", "office")
    assert done.exit_code == 0, done.exception
    crm = settings.load(box.settings).crm
    assert (crm.kind, crm.url, crm.database) == ("tryton", "https://crm.example", "office")


def test_what_is_there_is_not_changed_unasked(box):
    box.scripted()
    before = box.settings.read_text(), box.business.read_text()
    done = box.scripted("--registrar", "pbx", "--user", "200")
    assert isinstance(done.exception, AlreadyThere)
    assert (box.settings.read_text(), box.business.read_text()) == before


def test_a_second_run_changes_only_what_it_is_told(box):
    box.scripted()
    box.settings.write_text(box.settings.read_text() + "\n[mind]  # ours\nthreads = 1\n", encoding="utf-8")
    done = box.init("--defaults", "--yes", "--address", "5 Elm Street")
    assert done.exit_code == 0, done.exception
    assert "[mind]  # ours" in box.settings.read_text()
    assert (box.office.name, box.office.address) == ("Joe's Garage", "5 Elm Street")


def test_a_password_goes_to_a_file_of_its_own(box, registrar):
    registrar[0].append(TAKEN)
    done = box.scripted(
        "--registrar", "pbx", "--user", "200", "--password-file", "-", "--json", said="hunter2\n"
    )
    assert done.exit_code == 0, done.exception
    assert json.loads(done.stdout)["registration"] == {"registered": True, "status": 200, "reason": "OK"}
    assert registrar[1] == [("pbx", "200", "hunter2")]
    assert box.password.read_text() == "hunter2\n"
    assert stat.S_IMODE(box.password.stat().st_mode) == 0o600
    assert "hunter2" not in box.settings.read_text() + box.business.read_text() + done.output


def test_a_refused_registration_writes_nothing(box, registrar):
    registrar[0].append(REFUSED)
    done = box.scripted("--registrar", "pbx", "--user", "200", "--password-file", "-", said="wrong\n")
    assert isinstance(done.exception, LineFault)
    assert "--no-register" in done.exception.remedy
    assert not box.settings.exists()
    assert not box.password.exists()


def test_a_password_that_is_empty_is_none(box):
    done = box.scripted("--registrar", "pbx", "--user", "200", "--password-file", "-", said="\n")
    assert isinstance(done.exception, NotFound)
    assert "holds no password" in str(done.exception)


def test_who_goes_away_in_the_middle_has_written_nothing(box):
    done = box.init(said="hair_salon\nJoe's Garage\n")
    assert done.exit_code == 1
    assert "Nothing was written." in done.stderr
    assert not box.settings.exists()


def test_a_password_from_the_environment_stays_there(box, registrar, monkeypatch):
    registrar[0].append(TAKEN)
    monkeypatch.setenv("ATTENDANT_SIP_PASSWORD", "hunter2")
    assert box.scripted("--registrar", "pbx", "--user", "200").exit_code == 0
    assert registrar[1] == [("pbx", "200", "hunter2")]
    assert not box.password.exists()


def test_a_registrar_can_be_taken_back(box):
    box.scripted("--registrar", "pbx", "--user", "200", "--fallback", "100")
    answers = ["", "", "", "", "", "", "", "-", "-", "", "", "y"]
    done = box.init(said="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert settings.load(box.settings).sip.registrar == ""
    assert settings.load(box.settings).sip.fallback == ""


def test_without_a_password_file_that_can_be_read_nothing_begins(box, tmp_path):
    done = box.scripted("--registrar", "pbx", "--user", "200", "--password-file", str(tmp_path / "none"))
    assert isinstance(done.exception, NotFound)


def test_a_place_that_cannot_be_written_is_told_before_anything_is_asked(box, tmp_path):
    (tmp_path / "etc").write_text("a file")
    assert isinstance(box.init().exception, StoreFault)


PERSON = [
    "hair_salon", "Joe's Garage", "1 Main Street", "", "America/Denver", "303 555 0140", "all day", "mon-fri 8-17", "",
]  # fmt: skip


def test_a_person_is_asked_again_until_it_is_right(box):
    done = box.init(said="\n".join([*PERSON, "", "100", "sometimes", "announce", ""]) + "\n")
    assert done.exit_code == 0, done.output
    assert '"all" is no day' in done.stderr
    assert '"sometimes" is none of' in done.stderr
    assert box.office.phone == "+13035550140"
    assert box.office.recording.consent == "announce"
    assert settings.load(box.settings).sip.registrar == ""


def test_a_refused_person_may_change_the_account(box, registrar):
    registrar[0].extend([REFUSED, REFUSED, TAKEN])
    account = ["pbx", "200", "wrong", "again", "change", "pbx", "201", "right"]
    done = box.init(said="\n".join([*PERSON, *account, "100", "", ""]) + "\n")
    assert done.exit_code == 0, done.output
    assert "The password is not the one" in done.stderr
    assert registrar[1] == [("pbx", "200", "wrong"), ("pbx", "200", "wrong"), ("pbx", "201", "right")]
    assert settings.load(box.settings).sip.user == "201"
    assert box.password.read_text() == "right\n"


def test_a_refused_person_may_go_on(box, registrar):
    registrar[0].append(REFUSED)
    done = box.init(said="\n".join([*PERSON, "pbx", "200", "wrong", "go-on", "100", "", ""]) + "\n")
    assert done.exit_code == 0, done.output
    assert settings.load(box.settings).sip.user == "200"


def test_a_person_who_says_no_has_changed_nothing(box):
    box.scripted()
    before = box.settings.read_text(), box.business.read_text()
    answers = ["Other Name", "", "", "", "", "", "", "", "", "", "", "n"]
    done = box.init(said="\n".join(answers) + "\n")
    assert done.exit_code == 1, done.output
    assert "Nothing was changed." in done.stderr
    assert (box.settings.read_text(), box.business.read_text()) == before


def test_a_broken_file_is_told_before_anything_is_asked(box):
    box.scripted()
    box.business.write_text("[[[", encoding="utf-8")
    done = box.init("--defaults", "--yes")
    assert isinstance(done.exception, ConfigError)
    assert str(box.business) in str(done.exception)


@pytest.mark.real
def test_a_real_phone_system_takes_the_right_password_and_not_a_wrong_one(box, folder):
    with Kamailio(folder) as office:
        account = ["--registrar", office.address, "--user", USER, "--password-file", "-"]
        refused = box.scripted(*account, said="wrong\n")
        assert isinstance(refused.exception, LineFault)
        assert "401" in str(refused.exception)
        taken = box.scripted(*account, "--json", said=f"{PASSWORD}\n")
        assert json.loads(taken.stdout)["registration"]["registered"] is True
    assert PASSWORD not in taken.output + refused.output
