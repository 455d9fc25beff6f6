"""The systemd units: what they promise, that systemd understands them, how little they may do, which cores they get."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from appliance.wiring import processes

REPOSITORY = Path(__file__).parent.parent
SYSTEMD = REPOSITORY / "systemd"
SERVICES = sorted(path.stem.removeprefix("attendant-") for path in SYSTEMD.glob("attendant-*.service"))
PLANS = sorted((REPOSITORY / "hardware" / "plans").glob("*.plan"))
WITHOUT_NETWORK = {"agent", "mind", "desk"}
NOT_SERVICES = {"second_pass"}  # started by upkeep when nobody is on the line

# What `systemd-analyze security` may say at most (0 is locked up, 10 is open), in tenths; told in hardware/README.md.
UNTOLD_MAX = 15
EXPOSURE_MAX = {
    "agent": 5,
    "mind": 5,
    "desk": 8,
    "line": 12,
    "upkeep": 12,
    "sync": 12,
    "errands": 12,
    "feed": 12,
    "observe": 14,
}


def unit(name: str) -> configparser.ConfigParser:
    """One file of systemd/. Of a key that stands there twice the last is had."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(SYSTEMD / name)
    return parser


def every(name: str, key: str) -> list[str]:
    """All that `key` is set to in a file, in order."""
    return re.findall(rf"^{key}=(.*)$", (SYSTEMD / name).read_text(), re.MULTILINE)


# --- what they promise ----------------------------------------------------------------------------


def test_every_process_is_a_service_and_the_target_wants_it() -> None:
    wanted = unit("attendant.target")["Unit"]["Wants"].split()
    assert sorted(wanted) == [f"attendant-{name}.service" for name in SERVICES]
    assert set(SERVICES) == set(processes._PROCESSES) - NOT_SERVICES


@pytest.mark.parametrize("process", SERVICES)
def test_a_service_starts_its_process_under_a_watchdog(process: str) -> None:
    service = unit(f"attendant-{process}.service")["Service"]
    assert service["ExecStart"] == (
        "/opt/attendant/.venv/bin/python -m appliance.wiring "
        f"{process} --config /etc/attendant/appliance.toml"
    )
    assert 0 < int(service["WatchdogSec"]) <= 30


def test_every_service_is_told_apart_from_dead_and_given_up_after_five_starts() -> None:
    common = unit("attendant-.service.d/common.conf")
    assert common["Unit"]["StartLimitBurst"] == "5"
    assert common["Unit"]["StartLimitIntervalSec"] == "60"
    service = common["Service"]
    assert (service["Type"], service["Restart"], service["User"]) == ("notify", "on-failure", "attendant")
    assert "78" in service["RestartPreventExitStatus"].split(), (
        "wrong settings are not mended by starting again"
    )


def test_the_agent_alone_is_never_given_up_because_the_line_serves_callers_meanwhile() -> None:
    name = "never-given-up.conf"
    kept = unit(f"attendant-agent.service.d/{name}")
    assert kept["Unit"]["StartLimitIntervalSec"] == "0"
    assert name > "common.conf", "systemd reads what is sorted later last"


def test_only_the_line_is_real_time() -> None:
    """By systemd, before it starts: nobody may choose that later."""
    real_time = {
        process
        for process in SERVICES
        if unit(f"attendant-{process}.service")["Service"].get("CPUSchedulingPolicy") == "rr"
    }
    assert real_time == {"line"}
    assert unit("attendant-.service.d/common.conf")["Service"]["RestrictRealtime"] == "yes"


@pytest.mark.parametrize("process", SERVICES)
def test_what_a_unit_says_is_not_taken_back_by_what_all_share(process: str) -> None:
    """systemd reads the unit first and its drop-ins after it, by name: the last one counts."""
    own, common = unit(f"attendant-{process}.service"), unit("attendant-.service.d/common.conf")
    assert set(own["Service"]) & set(common["Service"]) <= {"Environment"}, "these add up, others do not"
    assert set(own["Unit"]) & set(common["Unit"]) == set()
    for drop_in in (SYSTEMD / f"attendant-{process}.service.d").glob("*.conf"):
        assert drop_in.name > "common.conf"


@pytest.mark.parametrize("name", ["cuda.conf", "plan.conf"])
def test_what_the_installer_adds_comes_after_what_all_share(name: str) -> None:
    assert name > "common.conf"
    assert name in (SYSTEMD / "system.sh").read_text()


# --- the sandbox ----------------------------------------------------------------------------------


def test_what_all_share_takes_everything_away_that_none_needs() -> None:
    service = unit("attendant-.service.d/common.conf")["Service"]
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"
    for key in ("NoNewPrivileges", "PrivateDevices", "PrivateUsers", "ProtectHome", "RestrictNamespaces"):
        assert service[key] == "yes", key
    assert every("attendant-.service.d/common.conf", "SystemCallFilter") == [
        "@system-service",
        "~@privileged",
    ]


def test_what_may_be_called_is_said_in_one_place() -> None:
    """A unit is read before its drop-ins: a `~` in it would turn the list of all into one of what is forbidden."""
    assert {process: every(f"attendant-{process}.service", "SystemCallFilter") for process in SERVICES} == {
        process: [] for process in SERVICES
    }


@pytest.mark.parametrize("process", SERVICES)
def test_a_service_has_the_kinds_of_sockets_it_uses_and_no_more(process: str) -> None:
    service = unit(f"attendant-{process}.service")["Service"]
    families = set(service["RestrictAddressFamilies"].split())
    if process in WITHOUT_NETWORK:
        assert families == {"AF_UNIX"}
        assert service["PrivateNetwork"] == "yes"
    else:
        assert families <= {"AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK"}


def test_the_readme_of_the_hardware_tells_each_score() -> None:
    told = (REPOSITORY / "hardware" / "README.md").read_text()
    for process, tenths in EXPOSURE_MAX.items():
        assert re.search(rf"^\| {process} \|.*\| {tenths / 10:.1f} \|$", told, re.MULTILINE), process


@dataclass(frozen=True, slots=True)
class Analyzer:
    """systemd-analyze over a copy of the units in which any program stands for ours, which is not installed here."""

    program: str
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *arguments],
            capture_output=True,
            text=True,
            env=os.environ
            | {"SYSTEMD_UNIT_PATH": f"{self.folder}:", "SYSTEMD_COLORS": "0", "SYSTEMD_EMOJI": "0"},
            cwd=self.folder,
            timeout=120,
            check=False,
        )

    @property
    def units(self) -> list[str]:
        return sorted(str(path) for path in self.folder.glob("attendant*.*") if path.is_file())


@pytest.fixture
def analyzer(tmp_path: Path) -> Analyzer:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze here: apt install systemd")
    shutil.copytree(SYSTEMD, tmp_path, dirs_exist_ok=True)
    for service in tmp_path.glob("attendant*.service"):
        service.write_text(service.read_text().replace("/opt/attendant/.venv/bin/python", "/bin/true"))
    return Analyzer(program, tmp_path)


def test_systemd_finds_nothing_wrong_with_the_units(analyzer: Analyzer) -> None:
    verified = analyzer.run("verify", *analyzer.units)
    assert [line for line in verified.stderr.splitlines() if "attendant" in line] == []


def test_systemd_is_asked_about_what_is_read(analyzer: Analyzer) -> None:
    """The test above would see a mistake: in a unit, and in what all of them share."""
    (analyzer.folder / "attendant-.service.d" / "common.conf").write_text("[Service]\nProtectHme=yes\n")
    (analyzer.folder / "attendant-line.service").write_text("[Service]\nExecStart=/bin/true\nTypo=1\n")
    told = analyzer.run("verify", *analyzer.units).stderr
    assert "ProtectHme" in told
    assert "Typo" in told


@pytest.mark.parametrize("process", SERVICES)
def test_a_service_is_locked_up_as_far_as_is_told(analyzer: Analyzer, process: str) -> None:
    name = f"attendant-{process}.service"
    judged = analyzer.run(
        "security",
        "--offline=yes",
        f"--threshold={EXPOSURE_MAX.get(process, UNTOLD_MAX)}",
        "--no-pager",
        f"./{name}",
    )
    assert judged.returncode == 0, judged.stdout.splitlines()[-1:] + judged.stderr.splitlines()
    assert f"Overall exposure level for {name}" in judged.stdout


# --- plans ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """What a plan gives one process."""

    processors: frozenset[int]
    policy: str
    megabytes: int


@cache
def shares(plan: Path) -> tuple[int, int, dict[str, Share]]:
    """Processors and megabytes of the machine, and who gets what."""
    machine: dict[str, int] = {}
    given: dict[str, Share] = {}
    for line in plan.read_text().splitlines():
        match line.split():
            case [] | ["#", *_]:
                continue
            case [("cores" | "memory_mb") as key, number]:
                machine[key] = int(number)
            case [process, processors, policy, megabytes]:
                first, _, last = processors.partition("-")
                cores = frozenset(range(int(first), int(last or first) + 1))
                given[process] = Share(cores, policy, int(megabytes))
            case other:
                pytest.fail(f"{plan.name}: {other}")
    return machine["cores"], machine["memory_mb"], given


def test_there_is_a_plan_for_each_machine_the_readme_names() -> None:
    told = (REPOSITORY / "hardware" / "README.md").read_text()
    assert [plan.stem for plan in PLANS] == ["n100", "nuc", "orin-nano", "orin-nx"]
    for plan in PLANS:
        assert f"`{plan.stem}`" in told


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_a_plan_gives_every_process_what_the_machine_has(plan: Path) -> None:
    cores, memory_mb, given = shares(plan)
    assert set(given) == {"line", "agent", "mind", "rest"}
    for process, share in given.items():
        assert share.processors <= set(range(cores)), process
        assert share.policy == ("protect" if process in {"line", "agent"} else "limit")
    promised_mb = sum(share.megabytes for share in given.values())
    assert promised_mb <= memory_mb * 0.8, "the system itself, and the files it keeps in memory"


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_a_plan_leaves_the_line_alone_on_its_core(plan: Path) -> None:
    given = shares(plan)[2]
    others = [share.processors for process, share in given.items() if process != "line"]
    assert not given["line"].processors & frozenset().union(*others)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_what_the_installer_makes_of_a_plan_means_something_to_systemd(
    analyzer: Analyzer, plan: Path
) -> None:
    made = subprocess.run(
        [
            "bash",
            "-euc",
            'die() { exit 69; }; HERE=$1; source "$1/systemd/system.sh"; UNITS=$2; place_plan "$3"',
            "-",
            str(REPOSITORY),
            str(analyzer.folder),
            str(plan),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
    given = shares(plan)[2]
    for process in SERVICES:
        share = given.get(process, given["rest"])
        said = (analyzer.folder / f"attendant-{process}.service.d" / "plan.conf").read_text()
        first, last = min(share.processors), max(share.processors)
        assert re.search(rf"^CPUAffinity={first}(-{last})?$", said, re.MULTILINE), process
        kind = "MemoryLow" if share.policy == "protect" else "MemoryMax"
        assert f"{kind}={share.megabytes}M" in said.splitlines()
    verified = analyzer.run("verify", *analyzer.units)
    assert [told for told in verified.stderr.splitlines() if "attendant" in told] == []
