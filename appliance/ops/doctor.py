"""The doctor's words: a check looks at one thing and says how it stands, what to do, and how to have it done.

Judging is pure and lives in `ops/checks_*.py`: what was gathered in, a `Finding` out. Gathering is the wiring's
(`wiring/examining.py`), which knows every concrete class. `appliance doctor` and the TUI show the same findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from appliance.errors import ApplianceError, NotFound

Fix = Callable[[], str]
"""Puts it right where that is safe, and says in one line what it did; ApplianceError when it cannot."""


class State(StrEnum):
    """How a thing stands, best first but for `skipped`."""

    OK = "ok"
    SKIPPED = "skipped"  # there is nothing to look at: no registrar, no CRM
    WARN = "warn"  # calls are answered, something is worse than it should be
    FAIL = "fail"  # something that the box was told to do does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `told` is what is so, `remedy` what a person does about it, `figures` are the numbers
    behind it, units in their names. No words of callers, no secrets."""

    name: str
    state: State
    told: str
    remedy: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    fix: Fix | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `about` is what is asked, in a few words; `is_slow`: takes seconds of a core or loads a
    model, so that a screen does not run it by itself."""

    name: str
    about: str
    run: Callable[[], Finding]
    is_slow: bool = False


AS_THE_BOX: Final = "Run this as root, or as the user the box runs as: `sudo -u attendant appliance doctor`."
_WORST_FIRST: Final = (State.FAIL, State.WARN, State.OK, State.SKIPPED)


def examine(check: Check) -> Finding:
    """Run a check. A fault of ours or of the disk while looking is a finding too: it failed, and here is why."""
    try:
        return check.run()
    except ApplianceError as fault:
        return Finding(check.name, State.FAIL, fault.message, fault.remedy)
    except PermissionError:
        return Finding(check.name, State.FAIL, "This user may not look at it.", AS_THE_BOX)
    except OSError as error:
        what = error.strerror or type(error).__name__
        return Finding(check.name, State.FAIL, f"It could not be looked at: {what}.")


def mend(check: Check, finding: Finding) -> Finding:
    """Have it put right and look again: what was done, and how it stands then. A fix that fails is told and remains."""
    if finding.fix is None:
        return finding
    try:
        done = finding.fix()
    except ApplianceError as fault:
        return replace(finding, told=f"{finding.told} Not put right: {fault.message}", remedy=fault.remedy)
    after = examine(check)
    return replace(after, told=f"{done} {after.told}")


def chosen(checks: Sequence[Check], names: Iterable[str]) -> list[Check]:
    """The checks called so, in the order they are run; all without names. NotFound names what there is."""
    wanted, known = set(names), [one.name for one in checks]
    if unknown := sorted(wanted.difference(known)):
        raise NotFound(f"There is no check called {unknown[0]!r}.", remedy=f"There are {', '.join(known)}.")
    return [one for one in checks if not wanted or one.name in wanted]


def worst(findings: Iterable[Finding]) -> State:
    """The worst state among these; skipped when there is none."""
    states = {one.state for one in findings}
    return next((state for state in _WORST_FIRST if state in states), State.SKIPPED)


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain values; `fixable` says whether `--fix` would do something about it."""
    return {
        "name": finding.name,
        "state": finding.state.value,
        "told": finding.told,
        "remedy": finding.remedy,
        "figures": dict(finding.figures),
        "fixable": finding.fix is not None,
    }
