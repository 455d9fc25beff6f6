"""The checkout the product runs from, if it does: where kept figures live, and which revision is measured."""

from __future__ import annotations

import subprocess
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
_MEASURED = ("appliance", "config", "models")  # what can change a figure; a kept figure itself cannot


def root() -> Path | None:
    """The checkout's folder; None when the product is installed from a wheel."""
    return _ROOT if (_ROOT / "pyproject.toml").is_file() and (_ROOT / ".git").exists() else None


def revision() -> str:
    """The git revision that is measured, marked `+changes` when the code differs from it; else "unknown"."""
    commit = _git("rev-parse", "--short", "HEAD")
    if not commit:
        return "unknown"
    return f"{commit}+changes" if _git("status", "--porcelain", "--", *_MEASURED) else commit


def _git(*arguments: str) -> str:
    """What git says of the checkout; empty when there is none."""
    if root() is None:
        return ""
    asked = subprocess.run(
        ["git", "-C", str(_ROOT), *arguments],  # noqa: S607  whichever git
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()
