"""Each step that connects is one order of the telephone."""

from __future__ import annotations

from unittest.mock import Mock, call

import pytest

from appliance.domain import commands as do
from appliance.line.phone import connect


@pytest.mark.parametrize(
    ("step", "order"),
    [
        (do.DialColleague("c", "l", "101", 20_000), call.dial_for("c", "l", "101")),
        (do.Refer("c", "101"), call.refer("c", "101")),
        (do.ReferReplacing("c", "l"), call.refer_replacing("c", "l")),
        (do.JoinCalls("c", "l"), call.join("c", "l")),
    ],
)
def test_a_step_is_an_order(
    step: do.DialColleague | do.Refer | do.ReferReplacing | do.JoinCalls, order: object
) -> None:
    phone = Mock()
    connect(phone, step)
    assert phone.mock_calls == [order]
