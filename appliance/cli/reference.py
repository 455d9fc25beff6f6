"""Writes docs/cli.md from the commands themselves: what each is for, what it takes, an example, how it ends.

Nothing is laid out for a terminal, so the page is the same at every width; a test compares it with the commands.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from appliance.errors import ApplianceError

_EXAMPLES = re.compile(r"^[ \b]*Examples?:", re.MULTILINE)
_HEAD = """\
# Command line

Written by `appliance cli-reference > docs/cli.md`; a test compares it with the commands themselves. Each command says
the same of itself with `--help`. `--json` prints one JSON value and nothing else on stdout; what is for people goes to
stderr then. `appliance --install-completion` teaches your shell to complete commands and options.

## How a command ends

A fault is one line on stderr, with what to do about it, and one of these statuses (those from 64 on as in sysexits.h):

| status | when |
|---|---|
| 0 | it is done; what was looked for is well |
| 1 | it ran, and what it looked for is not well: a check failed, a conversation went otherwise |
| 2 | a command, an argument or an option is mistyped |
"""
_FOOT = "| 130 | Ctrl-C |\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One command that can be called: its words, and what typer knows of it."""

    words: tuple[str, ...]
    command: Any  # a click command; typer carries a click of its own, whose classes have no public name

    @property
    def line(self) -> str:
        """As it is typed."""
        return " ".join(self.words)

    @property
    def help(self) -> str:
        """What it says of itself: the docstring of its function, also where it is a noun as well as a verb."""
        return inspect.getdoc(self.command.callback) or self.command.help or ""

    @property
    def prose(self) -> str:
        """What it says before its examples."""
        return _EXAMPLES.split(self.help)[0]

    @property
    def examples(self) -> list[str]:
        """Whole command lines."""
        _, *rest = _EXAMPLES.split(self.help, maxsplit=1)
        return [line.strip() for part in rest for line in part.splitlines() if line.strip(" \b")]


def command(context: typer.Context) -> None:
    """Print docs/cli.md.

    Example: appliance cli-reference > docs/cli.md
    """
    typer.echo(markdown(context.find_root().command), nl=False)


def entries(group: Any, words: tuple[str, ...] = ("appliance",)) -> Iterator[Entry]:
    """Every command that can be called, in the order in which `--help` shows them; hidden ones are left out."""
    if not hasattr(group, "commands") or (group.invoke_without_command and len(words) > 1):
        yield Entry(words, group)
    for name, each in getattr(group, "commands", {}).items():
        if not each.hidden:
            yield from entries(each, (*words, name))


def markdown(root: Any) -> str:
    """The whole page, from the root command."""
    found = list(entries(root))
    table = ["\n## All of them\n", "| command | what it is for |", "|---|---|", *map(_row, found)]
    return _HEAD + _statuses() + _FOOT + "\n".join([*table, *map(_section, found)]) + "\n"


def _statuses() -> str:
    """A row for each way a fault ends a command, from the faults' own descriptions."""
    kinds: dict[int, list[type[ApplianceError]]] = {}
    for kind in ApplianceError.__subclasses__():
        kinds.setdefault(kind.exit_status, []).append(kind)
    return "".join(
        f"| {status} | {' '.join(_first_paragraph(one.__doc__) for one in kinds[status])} |\n"
        for status in sorted(kinds)
    )


def _row(entry: Entry) -> str:
    anchor = entry.line.replace(" ", "-")
    return f"| [`{entry.line}`](#{anchor}) | {_cell(_first_paragraph(entry.prose))} |"


def _section(entry: Entry) -> str:
    context = typer.Context(entry.command, info_name=entry.line)
    records = [one.get_help_record(context) for one in entry.command.params]
    parts = [f"\n### {entry.line}\n", *_paragraphs(entry.prose)]
    parts += ["```", " ".join([entry.line, *entry.command.collect_usage_pieces(context)]), "```"]
    if taken := [record for record in records if record is not None]:
        parts += ["\n| takes | meaning |", "|---|---|", *map(_parameter, taken)]
    if entry.examples:
        parts += ["\n```sh", *entry.examples, "```"]
    return "\n".join(parts)


def _paragraphs(prose: str) -> Iterator[str]:
    """Paragraphs on one line each; one that click is told to leave alone (\\b) keeps its lines."""
    for part in prose.rstrip(" \b\n").split("\n\n"):
        lines = part.strip(" \b\n")
        yield f"```\n{lines}\n```\n" if part.startswith("\b") else f"{_flowing(part)}\n"


def _parameter(record: tuple[str, str]) -> str:
    name, meaning = record
    return f"| `{_cell(_flowing(name))}` | {_cell(_flowing(meaning))} |"


def _first_paragraph(text: str | None) -> str:
    return _flowing((text or "").strip().split("\n\n")[0])


def _flowing(text: str) -> str:
    return " ".join(text.replace("\b", "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
