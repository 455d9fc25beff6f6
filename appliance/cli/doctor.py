"""`appliance doctor`: looks at everything calls depend on, says what to do, and does the safe part of it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from appliance.ops.doctor import Check, Finding

_SIGNS = {"ok": "ok", "skipped": "-", "warn": "WARN", "fail": "FAIL"}
_STYLES = {"ok": "green", "skipped": "dim", "warn": "yellow", "fail": "bold red"}
_NAME_WIDTH, _SIGN_WIDTH = 13, 4


def command(
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this check; repeat for several.")
    ] = None,
    *,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Do what is safe: make folders, pull models, teach understanding, take a backup."
        ),
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what loads a model.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", metavar="FILE", help="Settings file of the box.")
    ] = None,
) -> None:
    """Look at everything calls depend on and say what to do about it. Exit status 1 when something failed.

    A running box is asked and left alone; without one, it registers for a moment by itself.

    \b
    Examples:
      appliance doctor
      appliance doctor --fix
      appliance doctor --only registration --only nat --json
    """
    logging.getLogger("appliance").addHandler(logging.NullHandler())  # what is found is said in findings
    findings = []
    shown = _Shown(as_json=as_json)
    for finding in _examined(config, only or [], fix=fix, quick=quick, shown=shown):
        findings.append(finding)
        shown.tell(finding)
    shown.end(findings)
    if any(one.state.value == "fail" for one in findings):
        raise typer.Exit(1)


def _examined(
    config: Path | None, only: list[str], *, fix: bool, quick: bool, shown: _Shown
) -> Iterator[Finding]:
    """Each finding as it is found; settings that cannot be read are the only one."""
    from appliance.cli import progress
    from appliance.errors import ConfigError
    from appliance.ops.doctor import chosen, examine, mend
    from appliance.wiring import examining

    try:
        loaded, office = examining.load(config)
    except ConfigError as fault:
        yield examining.unreadable(fault)
        return
    with progress.display(sys.stderr) as display:
        checks = examining.all_checks(loaded, office, config, display)
        for check in chosen(checks, only):
            if quick and check.is_slow and check.name not in only:
                continue
            shown.begin(check)
            finding = examine(check)
            yield mend(check, finding) if fix else finding


class _Shown:
    """What is printed: a line a finding as it comes, or one JSON object at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._console = _console() if not as_json else None

    def begin(self, check: Check) -> None:
        """A check that takes seconds is named while it runs, on a terminal."""
        if self._console is not None and self._console.is_terminal and check.is_slow:
            self._console.print(f"[dim]{check.name} ...[/dim]", end="\r")

    def tell(self, finding: Finding) -> None:
        """One finding, for people."""
        if self._console is None:
            return
        from rich.markup import escape

        state = finding.state.value
        sign = f"[{_STYLES[state]}]{_SIGNS[state]:<{_SIGN_WIDTH}}[/]"
        self._console.print(f"{sign} {finding.name:<{_NAME_WIDTH}} {escape(finding.told)}", soft_wrap=True)
        if finding.remedy:
            indent = " " * (_SIGN_WIDTH + _NAME_WIDTH + 2)
            self._console.print(f"{indent}-> {escape(finding.remedy)}", soft_wrap=True)

    def end(self, findings: list[Finding]) -> None:
        """The sum."""
        from appliance.ops.doctor import as_json, worst

        if self._console is None:
            plain = {"state": worst(findings).value, "findings": [as_json(one) for one in findings]}
            typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
            return
        counts = {name: sum(one.state.value == name for one in findings) for name in _SIGNS}
        fixable = sum(one.fix is not None for one in findings)
        by_fix = f" `appliance doctor --fix` puts {fixable} right." if fixable else ""
        told = f"{counts['ok']} in order, {counts['warn']} to look at, {counts['fail']} failed."
        self._console.print(f"\n{told}{by_fix}")


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False)
