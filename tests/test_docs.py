"""Whoever follows a document is never sent astray: its commands exist with their options, its links lead somewhere.

Also looked at: the examples in `--help`, and the remedies in what the program says when something fails.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import typer

from appliance.cli import app as command_line
from appliance.cli.reference import entries
from appliance.settings import Settings

REPOSITORY = Path(__file__).parent.parent
PAGES = sorted(
    page
    for place in (".", "docs", "hardware", "models", "config")
    for page in (REPOSITORY / place).glob("*.md")
)
SPAN = re.compile(r"`(?:[A-Z_]+=\S+ )*(appliance (?:[^`]|\n)+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
BLOCK_LINE = re.compile(r"^ *(?:[$#] )?(?:[A-Z_]+=\S+ )*(appliance [a-z].*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
IN_A_MESSAGE = re.compile(r"(?:`|Run: )(appliance [a-z][^`.;\n]*)")
FILE_ENDINGS = {"db", "json", "md", "py", "sock", "toml"}
END = re.compile(r" (?:\||&&|;) | \d?>|  +")


@cache
def root() -> Any:
    """The whole command line, as `appliance` assembles it."""
    command_line._assemble()
    return typer.main.get_command(command_line.app)


def commands_in(text: str) -> Iterator[str]:
    """Every `appliance ...` of a page: in spans, in fenced blocks, in indented ones."""
    text = re.sub(r"\\\n *", "", text)  # a line that goes on in the next
    for block in FENCE.findall(text):
        yield from BLOCK_LINE.findall(block)
    outside = FENCE.sub("", text)
    yield from (" ".join(span.split()) for span in SPAN.findall(outside))
    yield from (line.strip() for line in re.findall(r"^ {4,}(appliance [a-z].*)$", outside, re.MULTILINE))


def variants(line: str) -> Iterator[list[str]]:
    """The words of a line; `status|now` are two lines, `[--all]` may be there."""
    plain = END.split(line.replace("[", "").replace("]", "").replace("\\|", "|"))[0]
    words = shlex.split(plain.split(" ... ")[0], comments=True)
    words = [word for word in words if word not in ("...", "\\")]
    for chosen in product(*(word.rstrip(",").split("|") for word in words[1:])):
        yield list(chosen)


def fault_of(words: list[str]) -> str:
    """What the command line would say to these words before it did anything; empty when it would begin."""
    here, rest = root(), list(words)
    while rest and rest[0] in getattr(here, "commands", {}):
        here = here.commands[rest.pop(0)]
    if hasattr(here, "commands") and rest and not rest[0].startswith("-"):
        return f"no command {rest[0]}"
    context = typer.Context(here, info_name="appliance")
    try:
        _, left, _ = here.make_parser(context).parse_args(rest)
    except command_line._MISTYPED as error:
        return error.message
    return f"too many words: {left}" if left and not hasattr(here, "commands") else ""


def faults(lines: Iterator[str]) -> dict[str, str]:
    """The lines that would be refused, and why."""
    found = {}
    for line in lines:
        try:
            refusals = [why for words in variants(line) if (why := fault_of(words))]
        except ValueError as error:  # a quotation mark that no shell would take
            refusals = [str(error)]
        if refusals:
            found[line] = refusals[0]
    return found


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name != "cli.md"],  # written by the commands: tests/cli/test_reference.py
    ids=lambda page: str(page.relative_to(REPOSITORY)),
)
def test_the_commands_of_a_page_exist_with_their_options(page: Path) -> None:
    assert faults(commands_in(page.read_text(encoding="utf-8"))) == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = {
        one for one in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))) if "://" not in one
    }
    assert [one for one in sorted(targets) if not (page.parent / one).exists()] == []


def test_every_page_is_in_the_index() -> None:
    index = (REPOSITORY / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (REPOSITORY / "docs").glob("*.md")} - {"README.md"}
    assert pages - {Path(target).name for target in LINK.findall(index)} == set()


def keys_named_in(text: str) -> Iterator[tuple[str, str]]:
    """Table and key of every `sip.max_calls` or `sip.max_calls = 4`."""
    for span in re.findall(r"`([a-z_]+\.[a-z_]+)(?: = [^`]*)?`", FENCE.sub("", text)):
        table, key = span.split(".")
        yield table, key


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_the_settings_a_page_names_exist(page: Path) -> None:
    tables = {name: field.annotation for name, field in Settings.model_fields.items()}
    wrong = [
        f"{table}.{key}"
        for table, key in keys_named_in(page.read_text(encoding="utf-8"))
        if hasattr(tables.get(table), "model_fields") and key not in tables[table].model_fields
        if key not in FILE_ENDINGS
    ]
    assert wrong == []


def test_the_checks_of_the_doctor_that_pages_name_exist() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "appliance").rglob("*.py"))
    checks = set(re.findall(r'\bCheck\(\s*"([a-z_]+)"', sources))
    lines = [line for page in PAGES for line in commands_in(page.read_text(encoding="utf-8"))]
    asked = " ".join(line for line in lines if line.startswith("appliance doctor"))
    named = set(re.findall(r"--only ([a-z_]+)", asked))
    assert len(named) > 10
    assert named - checks == set()


def test_the_runbook_has_every_alert_and_no_other() -> None:
    rules = (REPOSITORY / "config" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
    runbook = (REPOSITORY / "docs" / "runbook.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(Attendant\w+)`", runbook, re.MULTILINE)) == sorted(
        re.findall(r"- alert: (\w+)", rules)
    )


def test_the_examples_of_every_command_would_begin() -> None:
    lines = [line for entry in entries(root()) for line in entry.examples if line.startswith("appliance ")]
    assert len(lines) > 50
    assert faults(iter(lines)) == {}


def test_the_remedies_name_commands_that_exist() -> None:
    """In the texts of the program: `Run: appliance models pull`, "... `appliance sync status` says why"."""
    lines = []
    for file in sorted((REPOSITORY / "appliance").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str(text)):
                    lines += IN_A_MESSAGE.findall(text)
    assert len(lines) > 20
    assert faults(line.strip() for line in lines) == {}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("appliance calls list --limit 3", ""),
        ("appliance sync status|now|retry --json", ""),
        ("appliance calls lift", "no command lift"),
        ("appliance calls list --sine 3d", "No such option"),
        ("appliance calls dispose a b c", "too many words"),
    ],
)
def test_a_command_that_is_not_there_is_noticed(line: str, why: str) -> None:
    told = " ".join(faults(iter([line])).values())
    assert told.startswith(why)
    assert bool(told) == bool(why)
