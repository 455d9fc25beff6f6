"""What the doctor says of settings, folders, copies, what waits to be sent, and who watches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appliance.ops import checks_keeping as judge
from appliance.ops.checks_keeping import (
    BackupFacts,
    ConfigurationFacts,
    DestinationFacts,
    FolderFacts,
    UnitFacts,
    WatchFacts,
)
from appliance.ops.doctor import State

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BACKUP = BackupFacts(NOW, True, NOW - timedelta(hours=6), count=7)
LINE = UnitFacts("attendant-line.service", "active", 0, 5.0)


def fix() -> str:
    return "Done."


def test_a_missing_secret_is_a_failure_and_an_example_a_warning():
    own = ConfigurationFacts("/etc/attendant/appliance.toml", "Dental", is_example=False)
    assert judge.configuration(own).state is State.OK
    assert judge.configuration(replace(own, is_example=True)).state is State.WARN
    assert "sudo" in judge.configuration(replace(own, is_stranger=True)).remedy
    finding = judge.configuration(replace(own, missing_secrets=("sip_password",)))
    assert finding.state is State.FAIL
    assert "ATTENDANT_SIP_PASSWORD" in finding.remedy


def test_folders_that_are_not_there_can_be_made_and_closed_ones_cannot():
    data, models = FolderFacts("data", "/d", True, True), FolderFacts("models", "/m", False, False)
    assert judge.directories([data], fix).state is State.OK
    assert judge.directories([data, models], fix).fix is fix
    closed = judge.directories([replace(data, is_writable=False), models], fix)
    assert (closed.state, closed.fix) == (State.FAIL, None)


def test_a_database_is_whole_damaged_or_not_there_yet():
    assert judge.database(None).state is State.SKIPPED
    assert judge.database(()).state is State.OK
    damaged = judge.database(("page 7 is never used", "more"))
    assert damaged.state is State.FAIL
    assert "page 7" in damaged.told


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (BACKUP, State.OK),
        (replace(BACKUP, newest_at=NOW - timedelta(days=2)), State.WARN),
        (replace(BACKUP, newest_at=NOW - timedelta(days=9)), State.FAIL),
        (replace(BACKUP, newest_at=None), State.WARN),
        (replace(BACKUP, fault="its file is missing"), State.FAIL),
        (replace(BACKUP, has_database=False, newest_at=None), State.SKIPPED),
    ],
)
def test_a_backup_is_judged_by_age_and_by_its_hash(facts, state):
    finding = judge.backups(facts, fix)
    assert finding.state is state
    assert (finding.fix is fix) is (state in (State.WARN, State.FAIL))


def test_the_outbox_is_late_when_something_waits_for_an_hour_or_was_given_up():
    crm = DestinationFacts("crm", 0, None, 0)
    assert judge.outbox([], NOW).state is State.SKIPPED
    assert judge.outbox([crm], NOW).state is State.OK
    fresh = replace(crm, waiting=2, oldest_at=NOW - timedelta(minutes=5))
    assert judge.outbox([fresh], NOW).state is State.OK
    late = replace(crm, waiting=2, oldest_at=NOW - timedelta(hours=5), error="no answer.")
    assert judge.outbox([crm, late], NOW).state is State.WARN
    assert "the oldest for 5 h (no answer)" in judge.outbox([late], NOW).told
    assert judge.outbox([replace(crm, buried=1)], NOW).state is State.WARN


def test_a_crm_answers_refuses_or_is_none():
    assert judge.crm("none").state is State.SKIPPED
    assert judge.crm("tryton").state is State.OK
    refused = judge.crm("tryton", refused="the key is not accepted.")
    assert refused.state is State.FAIL
    assert "sync connect" in refused.remedy


@pytest.mark.parametrize(
    ("facts", "state", "word"),
    [
        (WatchFacts(), State.WARN, "No box runs"),
        (WatchFacts((LINE,), None, "full"), State.OK, "systemd"),
        (WatchFacts((), 812, "full"), State.OK, "appliance run"),
        (WatchFacts((), 812, ""), State.FAIL, "does not answer"),
        (WatchFacts((LINE,), None, "rules", ("mind: gone",)), State.WARN, "mind: gone"),
        (WatchFacts((replace(LINE, active="failed"),), None, ""), State.FAIL, "Not running"),
        (WatchFacts((replace(LINE, watchdog_s=0.0),), None, "full"), State.WARN, "No watchdog"),
    ],
)
def test_who_watches_and_what_the_box_says_of_itself(facts, state, word):
    finding = judge.watchdog(facts)
    assert finding.state is state
    assert word in finding.told
