"""docs/business.md tells the truth: its blocks are a business, its conversations go as it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from appliance import business

GUIDE = (Path(__file__).parent.parent / "docs" / "business.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """What stands between ```kind and ```, in order."""
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The file a reader has at the end: every block but the last, which belongs to the settings."""
    file = tmp_path / "bicycles.toml"
    file.write_text("\n".join(blocks("toml")[:-1]), encoding="utf-8")
    return file


def test_its_blocks_are_a_business(written: Path) -> None:
    office = business.load(str(written))
    assert office.name == "Wheelhouse Bicycles"
    assert {one.id for one in office.services} == {"tune_up", "flat", "fitting"}


@pytest.mark.real  # understands by the sentence vectors, as the box does
def test_its_conversations_go_as_it_says(written: Path, tmp_path: Path) -> None:
    calls = blocks("call")
    assert len(calls) == 2
    for number, call in enumerate(calls):
        (tmp_path / f"{number}.call").write_text(call, encoding="utf-8")
    test = [
        sys.executable,
        "-m",
        "appliance.cli.app",
        "agent",
        "test",
        "--taught",
        str(tmp_path),
        "--business",
    ]
    held = subprocess.run([*test, str(written)], capture_output=True, text=True, timeout=120, check=False)
    assert held.returncode == 0, held.stdout + held.stderr
    assert "2" in held.stdout
