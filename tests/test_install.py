"""install.sh as a newcomer runs it, on a copy of its own with stand-ins for apt, uv and pip.

Everything else is real: bash, the locks, the stamps, the build that is watched, the exit statuses.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
INSTALL = REPOSITORY / "install.sh"
COMMANDS = ("demo", "test", "setup", "check", "system", "uninstall", "sip-from-source")

Result = subprocess.CompletedProcess[str]

# uv: notes what it is asked; `sync` makes an environment whose python is ours.
UV = """#!/bin/bash
[ "$1" != --version ] || exit 0
echo "uv $*" >>"$NOTES"
case $1 in
export)
    printf '%s\\n' 'llama-cpp-python==0.3.36 \\' '    --hash=sha256:abc'
    printf '%s\\n' 'other==1 \\' '    --hash=sha256:def'
    ;;
sync)
    mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
    cp "$STANDINS/venv/"* "$UV_PROJECT_ENVIRONMENT/bin/"
    ;;
esac
"""

# pip: notes the flags it would build with; leaves a wheel, or fails.
PIP_PYTHON = """#!/bin/bash
echo "pip $*" >>"$NOTES"
echo "CMAKE_ARGS $CMAKE_ARGS" >>"$NOTES"
echo '[ 7/99] Building'
while [ $# -gt 0 ]; do
    case $1 in -r) cp "$2" "$NOTES.requirement" ;; -w) folder=$2 ;; esac
    shift
done
if [ -n "$BUILD_FAILS" ]; then echo 'cc1plus: out of memory'; exit 1; fi
echo wheel >"$folder/llama_cpp_python-0.3.36-py3-none-any.whl"
"""

VENV_PYTHON = f"""#!/bin/bash
if [ "$1 $2" = "-m pytest" ]; then
    shift 2
    echo "pytest $*" >>"$NOTES"
    echo '== 3 passed in 0.10s =='
    exit "${{PYTEST_STATUS:-0}}"
fi
exec '{sys.executable}' "$@"
"""

APPLIANCE = """#!/bin/bash
printf 'appliance' >>"$NOTES"
printf ' <%s>' "$@" >>"$NOTES"
echo >>"$NOTES"
if [ "$1" = demo ]; then echo '{"answered": true}'; else echo 'talk on stdout'; fi
"""

CHECK = """#!/bin/bash
echo "$(basename "$0") $*" >>"$NOTES"
[ "$(basename "$0")" != "$FAILING" ]
"""

DPKG_QUERY = """#!/bin/bash
case " $MISSING " in *" ${!#} "*) exit 1 ;; esac
printf 'ii '
"""

APT_GET = """#!/bin/bash
echo "apt-get $*" >>"$NOTES"
if [ "$1" = indextargets ]; then printf '%s' "${MIRROR:+$MIRROR$'\\n'}"; fi
"""


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Newcomer:
    """A checkout in a folder with a space in its name, on a machine that has never seen it."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "a checkout"
        self.cache = folder / "cache" / "attendant"
        self.notes_file = folder / "notes"
        self.checkout.mkdir()
        for name in ("install.sh", "uv.lock", "pyproject.toml"):
            shutil.copy(REPOSITORY / name, self.checkout)
        for name in ("systemd", "hardware"):
            shutil.copytree(REPOSITORY / name, self.checkout / name)
        standins = folder / "stand-ins"
        script(standins / "path" / "dpkg-query", DPKG_QUERY)
        script(standins / "path" / "apt-get", APT_GET)
        script(standins / "path" / "sudo", '#!/bin/bash\nshift\nexec "$@"\n')
        script(standins / "venv" / "python", VENV_PYTHON)
        script(standins / "venv" / "appliance", APPLIANCE)
        for name in ("ruff", "mypy", "lint-imports"):
            script(standins / "venv" / name, CHECK)
        version = re.search(r"^UV_VERSION=(\S+)", INSTALL.read_text(), re.MULTILINE)
        assert version
        script(self.cache / f"uv-{version[1]}" / "bin" / "uv", UV)
        script(self.cache / f"uv-{version[1]}" / "bin" / "python", PIP_PYTHON)
        self.environment = {
            "PATH": f"{standins / 'path'}:{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "XDG_CACHE_HOME": str(self.cache.parent),
            "NOTES": str(self.notes_file),
            "STANDINS": str(standins),
            "CI": "true",
        }

    def run(self, *arguments: str, **environment: str) -> Result:
        return subprocess.run(
            ["bash", str(self.checkout / "install.sh"), *arguments],
            capture_output=True,
            text=True,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )

    def notes(self) -> list[str]:
        """What the stand-ins were asked since the last time."""
        if not self.notes_file.exists():
            return []
        lines = self.notes_file.read_text().splitlines()
        self.notes_file.unlink()
        return lines


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


def everything_under(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["install.sh", "systemd/system.sh", "tests/system/clean_root.sh", ".ci/run"])
def test_the_scripts_are_bash(file: str) -> None:
    checked = subprocess.run(
        ["bash", "-n", str(REPOSITORY / file)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("file", ["install.sh", ".ci/run"])
def test_the_scripts_can_be_started(file: str) -> None:
    assert os.access(REPOSITORY / file, os.X_OK)


def test_help_lists_every_command(newcomer: Newcomer) -> None:
    told = newcomer.run("--help")
    assert told.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command}\b", told.stdout, re.MULTILINE), command


@pytest.mark.parametrize("arguments", [(), ("dance",)])
def test_without_a_command_it_knows_it_says_what_it_knows(
    newcomer: Newcomer, arguments: tuple[str, ...]
) -> None:
    told = newcomer.run(*arguments)
    assert (told.returncode, told.stdout) == (64, "")
    assert "usage:" in told.stderr


# --- set-up ---------------------------------------------------------------------------------------


def test_the_first_run_sets_up_and_the_second_reuses_it(newcomer: Newcomer) -> None:
    first = newcomer.run("setup")
    assert first.returncode == 0, first.stderr
    asked = newcomer.notes()
    assert [line.split()[:2] for line in asked if line.startswith("uv")] == [
        ["uv", "export"],
        ["uv", "sync"],
        ["uv", "pip"],
    ]
    second = newcomer.run("setup")
    assert second.returncode == 0, second.stderr
    assert newcomer.notes() == ["appliance <models> <pull> <--profile> <default> <--profile> <demo>"]


def test_a_new_lock_file_is_followed_without_building_again(newcomer: Newcomer) -> None:
    newcomer.run("setup")
    newcomer.notes()
    with (newcomer.checkout / "uv.lock").open("a") as lock:
        lock.write("\n# another day\n")
    assert newcomer.run("setup").returncode == 0
    asked = newcomer.notes()
    assert any(line.startswith("uv sync --frozen") for line in asked)
    assert not any(line.startswith("pip wheel") for line in asked)


def test_set_up_works_with_stdin_closed(newcomer: Newcomer) -> None:
    done = subprocess.run(
        ["bash", "-c", 'exec "$0" setup <&-', str(newcomer.checkout / "install.sh")],
        capture_output=True,
        text=True,
        env=newcomer.environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def cpu_has(*flags: str) -> bool:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    return all(re.search(rf"\b{flag}\b", cpuinfo) for flag in flags)


def test_llama_is_built_from_the_locked_source_for_this_machine(newcomer: Newcomer) -> None:
    newcomer.run("setup")
    (arguments,) = [line for line in newcomer.notes() if line.startswith("CMAKE_ARGS")]
    assert "-DGGML_NATIVE=OFF" in arguments
    assert "-DGGML_CUDA=ON" not in arguments
    assert ("-DGGML_AVX2=ON" in arguments) == cpu_has("avx", "avx2", "fma", "f16c", "bmi2")
    requirement = Path(f"{newcomer.notes_file}.requirement").read_text()
    assert requirement.split() == ["llama-cpp-python==0.3.36", "\\", "--hash=sha256:abc"]


def test_a_wheel_for_a_gpu_is_another_wheel(newcomer: Newcomer) -> None:
    newcomer.run("setup")
    newcomer.notes()
    assert newcomer.run("--cuda", "setup").returncode == 0
    (arguments,) = [line for line in newcomer.notes() if line.startswith("CMAKE_ARGS")]
    assert "-DGGML_CUDA=ON" in arguments
    keys = sorted(path.name for path in (newcomer.cache / "wheels").iterdir())
    assert len(keys) == 2
    assert keys[1].removesuffix("cuda") == keys[0].removesuffix("cpu")


def pjsip_wheel(newcomer: Newcomer, machine: str) -> Path:
    """As sip-from-source leaves it for the Python of the stand-ins."""
    python = "cp{}{}".format(*sys.version_info[:2])
    wheel = newcomer.cache / "wheels" / f"pjsua2-2.17-{machine}-{python}" / "pjsua2-2.17-py3-none-any.whl"
    wheel.parent.mkdir(parents=True)
    wheel.write_text("wheel")
    return wheel


def test_where_there_is_no_wheel_of_pjsua2_the_one_built_here_is_taken(
    newcomer: Newcomer, tmp_path: Path
) -> None:
    script(tmp_path / "stand-ins" / "path" / "uname", "#!/bin/bash\necho aarch64\n")
    wheel = pjsip_wheel(newcomer, "aarch64")
    done = newcomer.run("setup")
    assert done.returncode == 0, done.stderr
    asked = [line for line in newcomer.notes() if line.startswith("uv")]
    assert asked[1].endswith("--no-install-package llama-cpp-python --no-install-package pjsua2-python")
    assert asked[-1].endswith(f"--no-deps --reinstall {wheel}")


def test_a_pjsip_that_was_built_once_is_taken_instead_of_the_wheel(newcomer: Newcomer) -> None:
    machine = os.uname().machine
    wheel = pjsip_wheel(newcomer, machine)
    assert newcomer.run("setup").returncode == 0
    asked = [line for line in newcomer.notes() if line.startswith("uv pip")]
    assert asked[-2].endswith(" pjsua2-python")
    assert asked[-2].startswith("uv pip uninstall")
    assert asked[-1].endswith(f"--reinstall {wheel}")


def test_a_build_that_fails_shows_its_end_and_what_to_do_and_is_tried_again(newcomer: Newcomer) -> None:
    failed = newcomer.run("setup", BUILD_FAILS="yes")
    assert failed.returncode == 69
    assert "cc1plus: out of memory" in failed.stderr
    assert "add swap" in failed.stderr
    assert list((newcomer.cache / "wheels").rglob("*.whl")) == []
    assert newcomer.run("setup").returncode == 0


def test_missing_packages_are_installed_by_name_and_nothing_else(newcomer: Newcomer) -> None:
    assert newcomer.run("setup", MISSING="cmake libportaudio2").returncode == 0
    installs = [line for line in newcomer.notes() if line.startswith("apt-get install")]
    assert len(installs) == 1
    assert installs[0].endswith("cmake libportaudio2")
    assert newcomer.run("setup").returncode == 0
    assert not [line for line in newcomer.notes() if line.startswith("apt-get")]


# --- the commands ---------------------------------------------------------------------------------


def test_demo_passes_its_options_on_and_only_json_reaches_stdout(newcomer: Newcomer) -> None:
    shown = newcomer.run("demo", "--json", "--say", "my voice.wav")
    assert (shown.returncode, shown.stdout) == (0, '{"answered": true}\n')
    asked = newcomer.notes()
    assert asked[-2] == "appliance <models> <pull> <--profile> <default> <--profile> <demo>"
    assert asked[-1] == "appliance <demo> <--json> <--say> <my voice.wav>"


@pytest.mark.parametrize("option", [("--profile", "small"), ("--profile=small",)])
def test_a_small_demo_fetches_the_small_models(newcomer: Newcomer, option: tuple[str, ...]) -> None:
    newcomer.run("demo", *option)
    assert newcomer.notes()[-2] == "appliance <models> <pull> <--profile> <small> <--profile> <demo>"


@pytest.mark.parametrize(
    ("mirror", "why"), [("", "no Debian mirror is known here"), ("http://mirror/", "it could not be fetched")]
)
def test_without_asterisk_the_tests_run_and_say_so(newcomer: Newcomer, mirror: str, why: str) -> None:
    tested = newcomer.run("test", MIRROR=mirror)
    assert tested.returncode == 0, tested.stderr
    assert f"{why}: tests against Asterisk are skipped" in tested.stderr
    assert not list(newcomer.cache.glob("asterisk*"))


def test_asterisk_is_fetched_once(newcomer: Newcomer) -> None:
    script(newcomer.cache / "asterisk" / "usr" / "sbin" / "asterisk", "#!/bin/bash\n")
    newcomer.run("test", MIRROR="http://mirror/")
    assert not [line for line in newcomer.notes() if line.startswith("apt-get")]


def test_test_runs_every_check_and_ends_with_what_pytest_says(newcomer: Newcomer) -> None:
    tested = newcomer.run("test", "-k", "some thing")
    assert tested.returncode == 0, tested.stderr
    assert tested.stdout.splitlines()[-1] == "== 3 passed in 0.10s =="
    asked = newcomer.notes()
    assert asked[-5:] == [
        "ruff format --check .",
        "ruff check .",
        "mypy ",
        "lint-imports ",
        "pytest -k some thing",
    ]
    assert "<small> <--profile> <default> <--profile> <demo>" in asked[-6]


@pytest.mark.parametrize(
    "fault", [{"FAILING": "ruff"}, {"FAILING": "mypy"}, {"FAILING": "lint-imports"}, {"PYTEST_STATUS": "1"}]
)
def test_test_is_honest_about_every_check(newcomer: Newcomer, fault: dict[str, str]) -> None:
    tested = newcomer.run("test", **fault)
    assert tested.returncode == 1
    assert tested.stdout.splitlines()[-1] == "== 3 passed in 0.10s =="


def test_check_changes_nothing_and_says_what_is_missing(newcomer: Newcomer, tmp_path: Path) -> None:
    before = everything_under(tmp_path)
    told = newcomer.run("check", MISSING="cmake")
    assert told.returncode == 1
    assert everything_under(tmp_path) == before
    assert re.search(r"^missing +cmake ", told.stdout, re.MULTILINE)
    assert re.search(r"^missing +llama-cpp-python-0\.3\.36-\S+-cpu ", told.stdout, re.MULTILINE)
    assert re.search(r"^missing +\S.*/a checkout/\.venv ", told.stdout, re.MULTILINE)
    assert re.search(r"^present +git$", told.stdout, re.MULTILINE)


@pytest.mark.parametrize("arguments", [("system",), ("uninstall",), ("uninstall", "--purge")])
def test_a_dry_run_says_the_steps_and_changes_nothing(
    newcomer: Newcomer, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = everything_under(tmp_path)
    told = newcomer.run(*arguments, "--dry-run")
    assert told.returncode == 0, told.stderr
    assert everything_under(tmp_path) == before
    assert newcomer.notes() == []
    assert "/opt/attendant" in told.stdout
    removes_data = any("rm -rf" in line and "/var/lib/attendant" in line for line in told.stdout.splitlines())
    assert removes_data == ("--purge" in arguments)


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("uninstall", "--everything"), "what is --everything?"),
        (("system", "--everything"), "what is --everything?"),
        (("system", "--plan", "abacus"), "there is no plan called abacus"),
        (("system", "--plan="), "there is no plan called nothing"),
    ],
)
def test_what_is_not_known_is_refused_before_anything_is_done(
    newcomer: Newcomer, tmp_path: Path, arguments: tuple[str, ...], wrong: str
) -> None:
    before = everything_under(tmp_path)
    told = newcomer.run(*arguments, "--dry-run")
    assert (told.returncode, told.stdout) == (69, "")
    assert wrong in told.stderr
    assert everything_under(tmp_path) == before


def test_a_plan_that_does_not_exist_is_answered_with_those_that_do(newcomer: Newcomer) -> None:
    told = newcomer.run("system", "--plan", "abacus", "--dry-run").stderr
    assert "Known: n100 nuc orin-nano orin-nx, none" in told


def written_plans(told: str) -> dict[str, str]:
    return dict(re.findall(r"^  write_plan attendant-(\S+)\.service (\S+) ", told, re.MULTILINE))


def test_a_plan_is_for_every_process_and_without_one_what_was_chosen_stays(newcomer: Newcomer) -> None:
    planned = written_plans(newcomer.run("system", "--plan", "n100", "--dry-run").stdout)
    services = {path.stem for path in (REPOSITORY / "systemd").glob("attendant-*.service")}
    assert {f"attendant-{process}" for process in planned} == services
    assert planned["line"] == "3"
    assert planned["upkeep"] == "0-2"
    unchanged = newcomer.run("system", "--dry-run").stdout
    assert "plan.conf" not in unchanged
    assert written_plans(unchanged) == {}
    taken_back = newcomer.run("system", "--plan=none", "--dry-run").stdout
    assert "rm -f /etc/systemd/system/attendant-*.service.d/plan.conf" in taken_back
    assert written_plans(taken_back) == {}


def test_the_gpu_is_opened_for_the_mind_alone_and_only_where_it_was_asked_for(newcomer: Newcomer) -> None:
    assert "cuda.conf" not in newcomer.run("system", "--dry-run").stdout
    installed = newcomer.run("--cuda", "system", "--dry-run").stdout
    assert re.findall(r"\S+/cuda\.conf", installed)[-1] == (
        "/etc/systemd/system/attendant-mind.service.d/cuda.conf"
    )


@pytest.mark.parametrize("dotted", [False, True], ids=["no repository", "a repository"])
def test_what_is_installed_can_be_read_by_the_service_user_whoever_cloned_it(
    newcomer: Newcomer, tmp_path: Path, dotted: bool
) -> None:
    secretive = newcomer.checkout / "appliance"
    secretive.mkdir(mode=0o700)
    (secretive / "clock.py").write_text("# time\n")
    (secretive / "clock.py").chmod(0o600)
    (newcomer.checkout / ".venv").mkdir()
    if dotted:
        (newcomer.checkout / "made here.txt").write_text("not known to git\n")
        for command in (["init", "-q"], ["add", "appliance", "install.sh"]):
            subprocess.run(["git", "-C", str(newcomer.checkout), *command], check=True, timeout=60)
    installed = tmp_path / "installed"
    installed.mkdir()
    script = (
        'HERE=$1; have() { command -v "$1" >/dev/null; }; source "$1/systemd/system.sh"; unpack_tree "$2"'
    )
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script, "-", str(newcomer.checkout), str(installed)],
        check=True,
        timeout=60,
    )
    assert (installed / "appliance").stat().st_mode & 0o777 == 0o755
    assert (installed / "appliance" / "clock.py").stat().st_mode & 0o777 == 0o644
    assert (installed / "install.sh").stat().st_mode & 0o111
    assert not (installed / ".venv").exists()
    assert not (installed / "made here.txt").exists()


def test_a_source_that_is_not_pjsip_is_refused(newcomer: Newcomer, tmp_path: Path) -> None:
    (tmp_path / "other.tar.gz").write_bytes(b"something else")
    told = newcomer.run("sip-from-source", "--source", str(tmp_path / "other.tar.gz"))
    assert told.returncode == 69
    assert "is not PJSIP 2.17" in told.stderr


def test_continuous_integration_runs_what_a_newcomer_runs(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "run", tmp_path / ".ci" / "run")
    script(tmp_path / "install.sh", '#!/bin/bash\nprintf "<%s>" "$@"\nexit 7\n')
    ran = subprocess.run(
        [str(tmp_path / ".ci" / "run")], capture_output=True, text=True, cwd="/", check=False
    )
    assert (ran.returncode, ran.stdout) == (7, "<test>")


def test_no_file_names_a_host_that_is_not_public() -> None:
    public = {
        "github.com",
        "huggingface.co",
        "alphacephei.com",
        "pypi.org",
        "registry.npmjs.org",
        "example.org",
    }
    files: list[Path] = [INSTALL, REPOSITORY / ".ci" / "run", REPOSITORY / "models" / "manifest.toml"]
    files += [path for path in (REPOSITORY / "systemd").rglob("*") if path.is_file()]
    files += list((REPOSITORY / "appliance" / "weights").glob("*.py"))
    hosts = {host for file in files for host in re.findall(r"https?://([^/\s\"'`]+)", file.read_text())}
    assert hosts <= public
