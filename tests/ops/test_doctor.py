"""What becomes of a check: found, failed while looking, put right, chosen by name, summed up."""

from __future__ import annotations

import pytest

from appliance.errors import NotFound, StoreFault
from appliance.ops.doctor import Check, Finding, State, as_json, chosen, examine, mend, worst


def check(name: str, run=None) -> Check:
    return Check(name, "a thing", run or (lambda: Finding(name, State.OK, "well")))


def test_a_check_that_cannot_look_is_a_failure_with_the_faults_own_remedy():
    def run():
        raise StoreFault("the disk is gone.", remedy="Put it back.")

    assert examine(check("disk", run)) == Finding("disk", State.FAIL, "the disk is gone.", "Put it back.")


def test_what_the_system_refuses_is_a_failure_too():
    def run():
        raise OSError(5, "Input/output error")

    assert examine(check("disk", run)).told == "It could not be looked at: Input/output error."


def test_what_is_another_users_says_as_whom_to_look():
    def run():
        raise PermissionError(13, "Permission denied")

    assert "sudo -u attendant" in examine(check("disk", run)).remedy


def test_mending_does_the_fix_and_looks_again():
    done = []

    def run():
        if done:
            return Finding("folders", State.OK, "All there.")
        return Finding("folders", State.WARN, "None.", fix=lambda: done.append(1) or "Made one.")

    folders = check("folders", run)
    assert mend(folders, examine(folders)) == Finding("folders", State.OK, "Made one. All there.")


def test_a_fix_that_fails_leaves_the_finding_and_says_why():
    def fix():
        raise StoreFault("no room", remedy="Free space.")

    finding = Finding("backups", State.WARN, "There is no backup.", "Take one.", fix=fix)
    after = mend(check("backups"), finding)
    assert (after.state, after.remedy) == (State.WARN, "Free space.")
    assert after.told == "There is no backup. Not put right: no room"


def test_without_a_fix_nothing_is_done():
    finding = Finding("clock", State.WARN, "late")
    assert mend(check("clock"), finding) is finding


def test_checks_are_chosen_by_name_in_their_own_order():
    checks = [check("disk"), check("clock"), check("crm")]
    assert [one.name for one in chosen(checks, ["crm", "disk"])] == ["disk", "crm"]
    assert chosen(checks, []) == checks
    with pytest.raises(NotFound, match="disc"):
        chosen(checks, ["disc"])


def test_the_worst_state_counts():
    def found(*states: State) -> list[Finding]:
        return [Finding("x", state, "") for state in states]

    assert worst(found(State.OK, State.WARN, State.SKIPPED)) is State.WARN
    assert worst(found(State.OK, State.FAIL, State.WARN)) is State.FAIL
    assert worst(found(State.SKIPPED, State.OK)) is State.OK
    assert worst([]) is State.SKIPPED


def test_json_says_whether_there_is_a_fix_and_never_holds_it():
    plain = as_json(Finding("models", State.FAIL, "gone", "pull", {"bytes": 3}, fix=lambda: ""))
    assert plain == {
        "name": "models",
        "state": "fail",
        "told": "gone",
        "remedy": "pull",
        "figures": {"bytes": 3},
        "fixable": True,
    }
