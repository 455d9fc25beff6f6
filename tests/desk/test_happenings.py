"""What happens at the desk: facts are kept in order, frames may be dropped and are counted."""

from __future__ import annotations

from appliance.desk.happenings import FRAMES_MOST, Happenings
from appliance.desk.words import AgentLost, SpokenOver


def test_facts_before_frames_and_each_in_order() -> None:
    happenings = Happenings()
    happenings.put_frame(b"1")
    happenings.put(SpokenOver())
    happenings.put(AgentLost())
    happenings.put_frame(b"2")
    assert [happenings.take(0) for _ in range(5)] == [SpokenOver(), AgentLost(), b"1", b"2", None]


def test_the_oldest_frames_go_first_and_are_counted() -> None:
    happenings = Happenings()
    for number in range(FRAMES_MOST + 3):
        happenings.put_frame(bytes([number]))
    assert happenings.dropped_frames == 3
    assert happenings.take(0) == bytes([3])
