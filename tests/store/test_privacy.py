"""One person's data: complete in a file for them; or gone from the tables, the index, the log and the file's bytes."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.domain.call import Disposition
from appliance.errors import NotFound, StoreFault
from appliance.store.backups import Backups
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.erasures import Erasures
from appliance.store.integrity import heal, problems_of, restore
from appliance.store.outbox import Outbox
from appliance.store.privacy import Privacy
from tests.fakes.office_days import MONDAY, TO, everything, live_through, number_of

AFTER = MONDAY + timedelta(days=30)
HIM = number_of(6)
"""Caller 6 left a message, booked, and was recorded."""
HIS_WORDS = (b"Quill6", HIM.encode(), HIM[1:].encode())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box after ten calls, to be copied."""
    folder = tmp_path_factory.mktemp("lived")
    with Database(folder / FILE_NAME) as database:
        live_through(database, 10)
    return folder


@pytest.fixture
def box(tmp_path: Path, lived: Path) -> Iterator[Database]:
    shutil.copytree(lived, tmp_path, dirs_exist_ok=True)
    with Database(tmp_path / FILE_NAME) as database:
        yield database


@pytest.fixture
def privacy(box: Database, tmp_path: Path) -> Privacy:
    with box.writing() as tables:
        tables.execute(
            "INSERT INTO contacts (phone, identity, name, matches, called_at) VALUES (?, '7', 'Quill6', 1, '')",
            [HIM],
        )
        tables.execute(
            "UPDATE calls SET summary = ?, slots = ? WHERE caller = ?",
            [
                '{"text":"Quill6 wants a ride","wish":"","next_step":""}',
                '{"booking.name":"Quill6"}',
                HIM,
            ],
        )
    return Privacy(box, tmp_path)


@pytest.fixture
def erasures(tmp_path: Path) -> Erasures:
    return Erasures(tmp_path)


def bytes_of(folder: Path) -> bytes:
    """Every byte of the database, its log and all beside them."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_an_export_is_complete_and_about_nobody_else(privacy: Privacy, box: Database, tmp_path: Path) -> None:
    to = tmp_path / "his.zip"
    privacy.export(HIM, to, AFTER)
    with zipfile.ZipFile(to) as made:
        data, page = json.loads(made.read("data.json")), made.read("index.txt").decode()
        assert made.read("recordings/call-6.flac").startswith(b"fLaC")
    rows = data["rows"]
    assert [row["call_id"] for row in rows["calls"]] == ["call-6"]
    assert len(rows["turns"]) == 3
    assert [row["message_id"] for row in rows["messages"]] == ["m-6"]
    assert [row["appointment_id"] for row in rows["appointments"]] == ["a-6"]
    assert [row["name"] for row in rows["contacts"]] == ["Quill6"]
    assert {row["kind"] for row in rows["outbox"]} == {"call", "message", "appointment"}
    assert "the brakes squeal" in page and "Quill6 wants the keys back" in page
    others = [f"Quill{place}" for place in range(10) if place != 6]
    assert [name for name in others if name in page or name in json.dumps(data)] == []
    assert to.stat().st_mode & 0o077 == 0


def test_an_export_does_not_write_over_a_file(privacy: Privacy, tmp_path: Path) -> None:
    (tmp_path / "his.zip").write_text("something else")
    with pytest.raises(StoreFault, match="is there already"):
        privacy.export(HIM, tmp_path / "his.zip", AFTER)


def test_a_number_nobody_called_from(privacy: Privacy, erasures: Erasures) -> None:
    with pytest.raises(NotFound, match="Nothing is kept"):
        privacy.erase("+13035559876", erasures, AFTER)


def test_the_number_is_the_same_without_its_country(
    privacy: Privacy, erasures: Erasures, box: Database
) -> None:
    with box.writing() as tables:
        tables.execute("UPDATE calls SET caller = ? WHERE call_id = 'call-6'", [HIM.removeprefix("+1")])
    privacy.erase(HIM, erasures, AFTER)
    assert Calls(box).get("call-6").caller == ""


def test_erased_nothing_of_them_is_left_in_any_byte(
    privacy: Privacy, erasures: Erasures, box: Database, tmp_path: Path
) -> None:
    before = bytes_of(tmp_path)
    assert all(word in before for word in HIS_WORDS)
    others = everything(box.path)
    erased = privacy.erase(HIM, erasures, AFTER)
    after = bytes_of(tmp_path)
    assert [word for word in HIS_WORDS if word in after] == []
    box.close()
    assert [word for word in HIS_WORDS if word in bytes_of(tmp_path)] == []
    assert erased.rows["turns"] == 3
    assert erased.recordings == 1
    now = everything(box.path)
    for table in ("calls", "turns", "messages", "appointments"):
        assert [row for row in others[table] if "6" not in repr(row[:2])] == [
            row for row in now[table] if "6" not in repr(row[:2])
        ]
    box.check()


def test_the_record_stays_without_the_person(privacy: Privacy, erasures: Erasures, box: Database) -> None:
    before = Calls(box).get("call-6")
    privacy.erase(HIM, erasures, AFTER)
    after = Calls(box).get("call-6")
    assert (after.offered_at, after.ended_at, after.disposition) == (
        before.offered_at,
        before.ended_at,
        before.disposition,
    )
    assert (after.caller, after.recording) == ("", None)
    assert [turn.text for turn in after.turns] == ["", "", ""]
    assert [turn.started_ms for turn in after.turns] == [turn.started_ms for turn in before.turns]
    assert [event.kind for event in after.events][-1] in {"erased", "heard"}
    assert "erased" in {event.kind for event in after.events}


def test_what_waits_to_be_sent_about_them_is_buried_and_others_are_sent(
    privacy: Privacy, erasures: Erasures, box: Database
) -> None:
    privacy.erase(HIM, erasures, AFTER)
    outbox, sent = Outbox(box, SetClock(AFTER)), []
    while (row := outbox.claim(TO[0])) is not None:
        sent.append(row.call_id)
        outbox.sent(row)
    assert "call-6" not in sent
    assert {f"call-{place}" for place in range(10) if place != 6} == set(sent)
    rows = box.rows("SELECT state, reason, payload, contact FROM outbox WHERE call_id = 'call-6'")
    assert {tuple(row.values()) for row in rows} == {("buried", "erased", "{}", "")}


def test_what_was_sent_before_is_counted_for_the_office_to_see_to(
    privacy: Privacy, erasures: Erasures, box: Database
) -> None:
    outbox = Outbox(box, SetClock(AFTER))
    while (row := outbox.claim(TO[0])) is not None:
        outbox.sent(row)
    assert privacy.erase(HIM, erasures, AFTER).told == {"webhook": 3}


def test_erasing_twice_is_erasing_once(privacy: Privacy, erasures: Erasures) -> None:
    """The second time finishes what may have been broken off, and finds nothing."""
    assert privacy.erase(HIM, erasures, AFTER).rows
    assert privacy.erase(HIM, erasures, AFTER).rows == {}
    assert not privacy.is_known(HIM)


def test_a_call_that_is_still_on_is_left_and_named(
    privacy: Privacy, erasures: Erasures, box: Database
) -> None:
    Calls(box).begin("call-now", HIM, "100", AFTER, {})
    assert privacy.erase(HIM, erasures, AFTER).open_calls == ("call-now",)
    assert Calls(box).get("call-now").caller == HIM
    Calls(box).close("call-now", Disposition.ANSWERED, AFTER)
    privacy.erase(HIM, erasures, AFTER)
    assert Calls(box).get("call-now").caller == ""


def test_coming_appointments_are_named_soonest_first(privacy: Privacy) -> None:
    assert privacy.holdings(HIM, MONDAY).coming == ("a-6",)
    assert privacy.holdings(HIM, AFTER).coming == ()


@pytest.mark.parametrize("how", ["restored", "healed"])
def test_a_backup_brings_nobody_back(box: Database, privacy: Privacy, tmp_path: Path, how: str) -> None:
    """And who called again after being erased is not erased for it."""
    clock = SetClock(MONDAY + timedelta(hours=12))
    backups = Backups(box.path, tmp_path / "backups", clock)
    backup = backups.make()
    erasures = Erasures(tmp_path, (backups.folder,))
    privacy.erase(HIM, erasures, clock.now())
    later = Calls(box, destinations=TO)
    later.begin("call-later", HIM, "100", AFTER, {})
    later.close("call-later", Disposition.ANSWERED, AFTER)
    clock.advance(86400 * 60)
    box.fold_log()
    box.close()
    if how == "restored":
        (tmp_path / "erased.json").unlink()  # another box: the list beside the backups is enough
        restore(box.path, backups, backup, clock)
    else:
        with box.path.open("r+b") as file:
            file.write(b"\0" * 100)
        heal(box.path, backups, clock, problems_of(box.path, thorough=True))
    with Database(box.path) as restored:
        assert Calls(restored).get("call-6").caller == ""
        assert Calls(restored).get("call-5").caller == number_of(5)
        if how == "healed":
            assert Calls(restored).get("call-later").caller == HIM
            waiting = restored.rows("SELECT contact, state FROM outbox WHERE call_id = 'call-later'")
            assert waiting == [{"contact": HIM, "state": "waiting"}]
    content = box.path.read_bytes()
    assert b"Quill6 " not in content


def test_a_list_of_erasures_that_does_not_read_stops_a_restore(tmp_path: Path, box: Database) -> None:
    clock = SetClock(AFTER)
    backups = Backups(box.path, tmp_path / "backups", clock)
    backup = backups.make()
    box.close()
    (tmp_path / "erased.json").write_text("no list")
    with pytest.raises(StoreFault, match="erased does not read"):
        restore(box.path, backups, backup, clock)
