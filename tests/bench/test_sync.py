"""`appliance bench sync`, in small: the real process, a drain, a kill; what it counts adds up."""

from __future__ import annotations

import pytest

from appliance.bench import sync
from appliance.clock import SystemClock

pytestmark = pytest.mark.real


def test_a_small_run_loses_nothing_and_sends_nothing_twice(tmp_path):
    told = []
    findings = sync.measure(
        tmp_path,
        SystemClock(),
        queued_rows=400,
        drained_rows=60,
        writing_s=2,
        command="appliance bench sync",
        conditions={},
        tell=told.append,
    )
    summary = findings.summary
    assert (summary["lost"], summary["duplicated"]) == (0, 0)
    assert summary["happened"] > 450
    assert summary["drain_rate"] > 0
    assert findings.rows
    assert len(told) == 5
