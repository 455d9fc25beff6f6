"""`appliance appointments`: what a person at the desk and a script do with the diary, and every mistake of theirs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from typer.testing import CliRunner, Result

from appliance.business import Business
from appliance.cli.appointments import app
from appliance.clock import SetClock
from appliance.configfile import parse
from appliance.errors import ApplianceError, CalendarFault, ConfigError, NotBookable, NotFound, StoreFault
from tests.store.salon import FILE, SALON

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=SALON.zone)  # a Monday


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a box in a salon that keeps its data in a folder of the test."""
    (tmp_path / "salon.toml").write_text(FILE)
    file = tmp_path / "appliance.toml"
    file.write_text(f'business = "{tmp_path / "salon.toml"}"\n[store]\ndirectory = "{tmp_path / "data"}"\n')
    return file


@pytest.fixture
def run(config: Path, monkeypatch):
    """Runs a subcommand on Monday morning; a fault of the product is raised."""
    monkeypatch.setattr("appliance.clock.SystemClock", lambda: SetClock(NOW))

    def invoke(*arguments: str) -> Result:
        done = CliRunner().invoke(app, [*arguments, "--config", str(config)])
        if isinstance(done.exception, ApplianceError):
            raise done.exception
        return done

    return invoke


ADD = ("add", "cut", "--at", "2026-11-23 10:00", "--name", "Bo Berg", "--phone", "303-555-0123")


def of(done: Result):
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_before_there_is_anything(run) -> None:
    assert run("list").stdout == "No appointments.\n"
    assert of(run("list", "--json")) == []
    assert run("calendars").stdout == "No calendars were imported.\n"
    assert Calendar.from_ical(run("export").stdout_bytes).walk("VEVENT") == []


def test_an_appointment_from_its_opening_to_its_end(run) -> None:
    free = of(
        run("openings", "cut", "--near", "monday at ten", "--day", "2026-11-23", "--count", "1", "--json")
    )
    assert free[0]["starts_at"] == "2026-11-30T10:00:00-07:00"  # "monday" on a Monday is the next
    made = of(run(*ADD, "--json"))
    assert (made["starts_at"], made["phone"], made["staff"]) == (
        "2026-11-23T10:00:00-07:00",
        "+13035550123",
        "bea",
    )
    assert of(run(*ADD, "--json")) == made
    name = made["appointment_id"]
    assert [one["appointment_id"] for one in of(run("list", "--json"))] == [name]
    moved = of(run("move", name[:7], "--to", "tuesday at eleven", "--json"))
    assert (moved["starts_at"], moved["staff"], moved["sequence"]) == ("2026-11-24T11:00:00-07:00", "ann", 1)
    assert of(run("cancel", name, "--json"))["standing"] == "cancelled"
    assert [one["kind"] for one in of(run("show", name, "--json"))["history"]] == [
        "agreed",
        "repeated",
        "moved",
        "cancelled",
    ]
    assert run("list").stdout == "No appointments.\n"
    assert "cancelled" in run("list", "--cancelled").stdout
    assert "at the desk" in run("show", name).stdout


def test_what_is_listed(run) -> None:
    first = of(run(*ADD, "--json"))
    later = of(run("add", "talk", "--at", "2026-12-01 10:00", "--name", "Al", "--json"))
    assert of(run("list", "--json")) == [first]
    assert of(run("list", "--day", "2026-12-01", "--days", "1", "--json")) == [later]
    assert of(run("list", "--days", "30", "--json")) == [first, later]
    assert of(run("list", "--phone", "(303) 555-0123", "--json")) == [first]
    assert "Bo Berg" in run("list").stdout


def test_with_somebody(run) -> None:
    assert "ann" in run("openings", "talk").stdout
    assert {one["staff"] for one in of(run("openings", "cut", "--staff", "bea", "--json"))} == {"bea"}
    made = of(run(*ADD, "--staff", "ann", "--json"))
    assert made["staff"] == "ann"
    assert (
        of(run("move", made["appointment_id"], "--to", "2026-11-23 10:00", "--staff", "bea", "--json"))[
            "staff"
        ]
        == "bea"
    )


def test_the_diary_as_a_file(run, tmp_path: Path) -> None:
    made = of(run(*ADD, "--json"))
    assert run("export", str(tmp_path / "diary.ics")).stdout == f"{tmp_path / 'diary.ics'}\n"
    (event,) = Calendar.from_ical((tmp_path / "diary.ics").read_bytes()).walk("VEVENT")
    assert str(event["X-ATTENDANT-ID"]) == made["appointment_id"]
    told = of(run("import", str(tmp_path / "diary.ics"), "--json"))
    assert (told["own"], told["busy_times"]) == (1, 0)


def test_a_calendar_blocks_until_it_is_forgotten(run, tmp_path: Path) -> None:
    made = of(run(*ADD, "--staff", "ann", "--json"))
    calendar = tmp_path / "school.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nSUMMARY:School\nDTSTART:20261123T090000\n"
        "DURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=4\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    told = of(run("import", str(calendar), "--staff", "ann", "--json"))
    assert (told["name"], told["what"], told["busy_times"]) == ("school", "staff/ann", 4)
    assert [one["appointment_id"] for one in told["met"]] == [made["appointment_id"]]
    assert of(run("openings", "talk", "--count", "1", "--json"))[0]["starts_at"][11:16] == "11:15"
    assert "agreed for that time" in run("import", str(calendar), "--staff", "ann").stdout
    assert (
        of(run("import", str(calendar), "--resource", "left", "--name", "mending", "--json"))["what"]
        == "chair/left"
    )
    assert [one["name"] for one in of(run("calendars", "--json"))] == ["mending", "school"]
    assert "staff/ann" in run("calendars").stdout
    assert run("forget", "school").stdout == "school: forgotten.\n"
    assert of(run("openings", "talk", "--count", "1", "--json"))[0]["starts_at"][11:16] == "09:00"


def test_a_broken_calendar_is_refused_or_told(run, tmp_path: Path) -> None:
    calendar = tmp_path / "broken.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:When?\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART:20261124T100000\n"
        "DURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    with pytest.raises(CalendarFault, match=r'broken\.ics:2: entry 1 \("When\?"\): has no DTSTART'):
        run("import", str(calendar))
    assert of(run("calendars", "--json")) == []
    done = run("import", str(calendar), "--skip-broken")
    assert "left out:" in done.stderr
    assert "1 busy times" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "fault", "said"),
    [
        (("add", "perm", "--at", "2026-11-23 10:00", "--name", "B"), NotFound, "There are: cut, colour, talk."),
        (("add", "cut", "--at", "2026-11-23 10:07", "--name", "B"), NotBookable, "Free near it: Mon 23 Nov 2026 10:00"),
        (("add", "cut", "--at", "2026-11-23 07:00", "--name", "B"), NotBookable, "is not a time that can be booked"),
        (("add", "cut", "--at", "2026-11-23 10:00", "--name", "B", "--staff", "cid"), NotFound, "There are: ann, bea."),
        (("add", "talk", "--at", "2026-11-23 10:00", "--name", "B", "--staff", "bea"), NotBookable, "Bea does not do"),
        (("show", "nothing"), NotFound, "appointments list"),
        (("move", "nothing", "--to", "2026-11-23 10:00"), NotFound, "No appointment is named nothing"),
        (("cancel", "nothing"), NotFound, "No appointment is named nothing"),
        (("forget", "nothing"), NotFound, "There are: none."),
        (("export", "/nowhere/at/all.ics"), StoreFault, "cannot be written"),
        (("import", "/nowhere/at/all.ics"), CalendarFault, "cannot be read"),
        (("import", "/nowhere.ics", "--resource", "sofa"), CalendarFault, "cannot be read"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else None,
)  # fmt: skip
def test_a_mistake_is_told_with_its_remedy(run, arguments, fault, said) -> None:
    with pytest.raises(fault) as caught:
        run(*arguments)
    assert said in str(caught.value)
    assert caught.value.remedy


def test_a_time_that_is_taken_comes_with_others(run) -> None:
    for staff in ("ann", "bea"):
        of(run(*ADD[:5], staff, "--staff", staff, "--json"))
    with pytest.raises(NotBookable, match=r"10:00 is taken\. Free near it: "):
        run(*ADD)
    gone = of(run("add", "talk", "--at", "2026-11-24 10:00", "--name", "B", "--json"))["appointment_id"]
    run("cancel", gone)
    with pytest.raises(NotBookable, match="over or cancelled"):
        run("move", gone, "--to", "2026-11-24 11:00")


@pytest.mark.parametrize(
    "arguments",
    [
        (*ADD[:3], "sometime", *ADD[4:]),
        (*ADD[:3], "tuesday", *ADD[4:]),
        (*ADD[:3], "february thirty first at ten", *ADD[4:]),
        (*ADD[:-1], "hello"),
        (*ADD[:-1], "12"),
        ("list", "--day", "whenever"),
        ("import", "x.ics", "--staff", "ann", "--resource", "left"),
        ("openings", "cut", "--count", "0"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_is_a_usage_error(run, arguments) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Error:" in done.stderr


def test_a_fault_is_one_line_and_no_traceback(config: Path) -> None:
    """The whole program, as a shell runs it."""
    for arguments, status in ((("cancel", "nothing"), 66), (("add", "cut", "--at", "x", "--name", "B"), 2)):
        done = subprocess.run(
            [sys.executable, "-m", "appliance.cli.app", "appointments", *arguments, "--config", str(config)],
            check=False, capture_output=True, text=True, cwd=REPOSITORY, env=os.environ | {"NO_COLOR": "1"}, timeout=60,
        )  # fmt: skip
        assert done.returncode == status
        assert done.stdout == ""
        assert "Traceback" not in done.stderr


def test_times_are_the_business_s_whatever_the_machine_s(run, monkeypatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    made = of(run(*ADD, "--json"))
    assert datetime.fromisoformat(made["starts_at"]) == NOW + timedelta(hours=2)


def test_the_address_of_the_feed(run, config: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("ATTENDANT_FEED_TOKEN", raising=False)
    with pytest.raises(ConfigError, match="there is no feed"):
        run("feed")
    config.write_text(config.read_text() + "[feed]\nport = 8091\n")
    told = run("feed").stdout.strip()
    secret = (tmp_path / "data" / "feed-token").read_text()
    assert told == f"http://127.0.0.1:8091/{secret}/diary.ics"


def test_the_manual_s_example_is_a_business_and_its_commands_exist() -> None:
    manual = (REPOSITORY / "docs" / "diary.md").read_text(encoding="utf-8")
    example = manual.split("```toml\n")[1].split("```")[0]
    head = FILE.split("[booking]")[0]
    shop = parse(head + example, Business, name="diary.md")
    assert shop.service("colour").resources == ("chair",)
    named = {line.split()[2] for line in manual.splitlines() if line.startswith("appliance appointments ")}
    commands = {one.name or one.callback.__name__ for one in app.registered_commands}
    assert named <= commands
    assert len(commands) == 11


def test_an_appointment_of_a_service_the_file_no_longer_has_can_be_cancelled(run, tmp_path: Path) -> None:
    made = of(run(*ADD, "--json"))["appointment_id"]
    (tmp_path / "salon.toml").write_text(FILE.replace('id = "cut"', 'id = "trim"'))
    with pytest.raises(NotFound, match='"cut"'):
        run("move", made, "--to", "2026-11-24 11:00")
    assert of(run("cancel", made, "--json"))["standing"] == "cancelled"


@pytest.mark.parametrize(
    ("whose", "there_are"),
    [
        (("--staff", "cid"), "ann, bea"),
        (("--staff", "anybody"), "ann, bea"),
        (("--resource", "sofa"), "left, right"),
    ],
)
def test_a_calendar_of_nobody_is_refused(run, tmp_path: Path, whose: tuple[str, str], there_are: str) -> None:
    (tmp_path / "empty.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    with pytest.raises(NotFound, match=there_are):
        run("import", str(tmp_path / "empty.ics"), *whose)
    assert of(run("calendars", "--json")) == []
