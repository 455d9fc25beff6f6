"""The house stands as it is drawn: import contracts hold, and each of them would notice a breach."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
CONFIG = REPOSITORY / "pyproject.toml"


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    script = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", script, "--no-cache", "--config", str(config)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold():
    done = lint(CONFIG)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("drawn", "redrawn", "contract"),
    [
        ('"clock | errors"', '"errors"', "A room imports only from the floors below it"),
        ('"textual", "threading"', '"re", "threading"', "Decisions and words do no I/O and read no clock"),
        ('"appliance.agent.* -> appliance.engines.ports",', "", "Agent and mind know engines only"),
        ('importers = ["appliance.store", ', "importers = [", "SQLite lives in the store"),
    ],
)
def test_a_breach_is_noticed(tmp_path, drawn, redrawn, contract):
    """Drawing a wall where there is a door must break its contract."""
    text = CONFIG.read_text(encoding="utf-8")
    assert drawn in text
    (tmp_path / "pyproject.toml").write_text(text.replace(drawn, redrawn), encoding="utf-8")
    done = lint(tmp_path / "pyproject.toml")
    assert done.returncode == 1
    assert re.search(re.escape(contract) + r".* BROKEN", done.stdout)


def test_no_room_has_a_name_that_says_nothing():
    rooms = [path.stem for path in (REPOSITORY / "appliance").rglob("*.py")]
    assert [name for name in rooms if name in {"utils", "helpers", "common", "manager", "data", "info"}] == []


def test_every_file_says_what_it_is_for():
    silent = [
        str(path.relative_to(REPOSITORY))
        for path in (REPOSITORY / "appliance").rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []
