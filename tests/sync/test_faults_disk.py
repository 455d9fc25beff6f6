"""The disk is full, the database file is damaged: sync says so, loses nothing, and goes on when it is mended."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.bench.strict_crm import StrictCrm, open_crm
from appliance.clock import SetClock
from appliance.store.backups import Backups
from appliance.store.database import FILE_NAME, Database
from appliance.store.integrity import heal, problems_of
from tests.sync.test_kills import NOON, REPOSITORY, Scene, said_by, settled, start

pytestmark = pytest.mark.real
__all__ = ["start"]

ON_A_SMALL_DISK = """
import json, os, random, subprocess, sys, threading
from pathlib import Path
from appliance.bench.box import write_config
from appliance.bench.strict_crm import SECRET, open_crm
from appliance.clock import SetClock
from appliance.store.database import FILE_NAME, Database
from tests.sync.days import Days
from tests.sync.test_kills import KINDS, NOON, settled

folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=True)
ballast = folder / "ballast"

def fill():
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            pass

def plan(identity):
    if len(crm.identities) == 4 and not ballast.exists():
        fill()

with open_crm(plan) as crm, Database(folder / FILE_NAME) as database:
    deliver = {"webhook_url": crm.url, "webhook_tells": KINDS, "retry_first_s": 0.1}
    config = write_config(folder, tables={"deliver": deliver})
    days = Days(database, SetClock(NOON), random.Random(7), ("webhook",), 3)
    while days.count < 14:
        days.happen()
    command = [sys.executable, "-m", "appliance.wiring", "sync", "--config", str(config)]
    secrets = {**os.environ, "ATTENDANT_WEBHOOK_SECRET": SECRET}
    sync = subprocess.Popen(command, env=secrets, stderr=subprocess.PIPE, text=True)
    said = next((line for line in sync.stderr if "store_fault" in line), "")
    listening = threading.Thread(target=sync.stderr.read)
    listening.start()
    held = len(crm.identities)
    ballast.unlink()
    all_sent = settled(database)
    sync.terminate()
    listening.join()
    print(json.dumps({
        "said": said, "held": held, "settled": all_sent, "ended": sync.wait(30),
        "identities": crm.identities, "told": days.told, "refusals": crm.refusals,
    }))
"""


@pytest.fixture
def private_mounts() -> tuple[str, ...]:
    """The command in front that gives a process mounts of its own."""
    asked = ["unshare", "-m", "--propagation", "private", "true"]
    try:
        subprocess.run(asked, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk")
    return tuple(asked[:-1])


def test_the_disk_is_full_in_the_middle_of_forwarding(private_mounts, tmp_path):
    done = subprocess.run(
        [*private_mounts, sys.executable, "-c", ON_A_SMALL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "store_fault" in found["said"]
    assert found["held"] == 5
    assert found["settled"]
    assert found["ended"] == 0
    expected = [one for many in found["told"].values() for one in many]
    assert sorted(found["identities"]) == sorted(expected)
    for contact, identities in found["told"].items():
        if contact:
            assert [one for one in found["identities"] if one in identities] == identities


class Damaged:
    """An office with a backup from the middle of its day; then more happened, some of all was sent."""

    def __init__(self, folder: Path, crm: StrictCrm, start) -> None:
        self.database = Database(folder / FILE_NAME)
        self.scene = Scene(folder, crm, start, self.database)
        self.backups = Backups(folder / FILE_NAME, folder / "backups", SetClock(NOON))
        self.backups.make()
        self.in_backup = self.scene.days.count
        while self.scene.days.count < self.in_backup + 6:
            self.scene.days.happen()
        self.scene.sync("acknowledged", 9, 0).wait(60)
        self.database.close()
        assert len(crm.identities) == 9


@pytest.fixture
def damaged(tmp_path: Path, start):
    with open_crm() as crm:
        made = Damaged(tmp_path, crm, start)
        yield made
        made.database.close()


def test_a_damaged_file_is_said_and_not_touched_and_the_backup_goes_on(damaged):
    scene, path = damaged.scene, damaged.database.path
    whole = path.read_bytes()
    path.write_bytes(bytes(4096) + random.Random(1).randbytes(len(whole) - 4096))
    broken = path.read_bytes()
    process = scene.sync()
    assert "store_fault" in said_by(process, "store_fault")
    assert path.read_bytes() == broken
    assert len(scene.crm.identities) == 9
    healed = heal(
        path, damaged.backups, SetClock(NOON + timedelta(hours=1)), problems_of(path, thorough=True)
    )
    assert healed.backup is not None
    assert healed.aside is not None
    assert healed.aside.read_bytes() == broken
    assert settled(damaged.database)  # by the process that met the damage: it opens what was put in its place
    process.terminate()
    assert process.wait(30) == 0
    everything = [one for many in scene.days.told.values() for one in many]
    rows = damaged.database.rows("SELECT idempotency_key FROM outbox")
    assert {row["idempotency_key"] for row in rows} <= set(scene.crm.identities) <= set(everything)
    assert len(rows) >= damaged.in_backup
    for contact, identities in scene.days.told.items():
        if contact:
            held = [one for one in scene.crm.identities if one in identities]
            assert held == [one for one in identities if one in held]


def test_pages_that_can_still_be_read_are_carried_over_and_nothing_is_missing(damaged):
    scene, path = damaged.scene, damaged.database.path
    index_page = page_of(damaged.database, "outbox_settled")
    damaged.database.close()
    with path.open("r+b") as file:
        file.seek((index_page - 1) * 4096)
        file.write(random.Random(2).randbytes(4096))
    problems = problems_of(path, thorough=True)
    assert problems
    heal(path, damaged.backups, SetClock(NOON + timedelta(hours=1)), problems)
    scene.finish()


def page_of(database: Database, name: str) -> int:
    """Where the root of a table or an index lies."""
    return int(database.rows("SELECT rootpage FROM sqlite_master WHERE name = ?", [name])[0]["rootpage"])
