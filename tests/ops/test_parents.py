"""A child goes with its supervisor, and leaves at once when that one was gone before."""

from __future__ import annotations

import os
import subprocess
import sys

from appliance.ops.parents import PARENT_VARIABLE

SCRIPT = "from appliance.ops.parents import die_with_parent; die_with_parent(); print('stays')"


def outcome(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_it_stays_when_nobody_supervises():
    assert outcome() == "stays"


def test_it_stays_under_its_supervisor():
    assert outcome(**{PARENT_VARIABLE: str(os.getpid())}) == "stays"


def test_it_leaves_when_its_supervisor_was_gone_before():
    assert outcome(**{PARENT_VARIABLE: "1"}) == ""
