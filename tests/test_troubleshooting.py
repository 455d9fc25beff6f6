"""docs/troubleshooting.md: everything the program can say about trouble has a line there, and nothing else has."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from appliance.errors import ApplianceError

REPOSITORY = Path(__file__).parent.parent
PAGE = (REPOSITORY / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
LOUD = {"warning", "error", "exception", "critical"}
LOGGERS = {"_log", "log", "logger"}


def section(heading: str) -> str:
    """What stands under it, up to the next one."""
    return re.split(r"^## ", PAGE.split(f"\n## {heading}\n")[1], flags=re.MULTILINE)[0]


def first_cells(text: str) -> set[str]:
    """Everything in `code` in the first column of the tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {said for row in rows for said in re.findall(r"`([^`]+)`", row)}


def logged() -> dict[str, str]:
    """Each message of level warning and above, and where it is said."""
    found = {}
    for file in sorted((REPOSITORY / "appliance").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr=level),
                    args=[ast.Constant(value=str(message)), *_],
                ) if name in LOGGERS and level in LOUD:
                    found[message] = str(file.relative_to(REPOSITORY))
    return found


def kinds(of: type[ApplianceError]) -> set[type[ApplianceError]]:
    return {of}.union(*(kinds(one) for one in of.__subclasses__()))


def test_every_loud_line_of_the_log_is_explained_and_no_other() -> None:
    """A line that is missing: add its row, with what it means to whoever runs the box and what to do."""
    explained, said = first_cells(section("What the log says")), logged()
    assert {message: said[message] for message in said.keys() - explained} == {}
    assert explained - said.keys() == set()


def test_every_kind_of_fault_is_explained_and_no_other() -> None:
    codes = {kind.code for kind in kinds(ApplianceError) if kind.__module__.startswith("appliance.")}
    assert first_cells(section("What a command says")) == codes


@pytest.mark.parametrize("heading", ["What the screen says", "What a command says", "What the log says"])
def test_each_row_says_what_it_means_and_what_to_do(heading: str) -> None:
    rows = [line for line in section(heading).splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if len([cell for cell in row.split("|")[1:-1] if cell.strip()]) != 3] == []
