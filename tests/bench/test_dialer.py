"""The dialer's own manners: it asks for limits, gives up on a dead caller, and leaves no process behind."""

from __future__ import annotations

import pytest

from appliance.bench.dialer import Dialer


@pytest.mark.real
def test_nobody_at_the_other_end(free_port: int) -> None:
    with Dialer(f"sip:box@127.0.0.1:{free_port}") as dialer:
        assert dialer.wait_for("dialing", 20) is not None
        assert dialer.wait_for("accepted", 0.3) is None
        process = dialer._process
    assert process is not None
    assert process.poll() is not None


def test_before_it_is_entered_nothing_can_be_done() -> None:
    assert not Dialer("sip:box@127.0.0.1:9").wait_ms(1)
