"""A process that makes COUNT calls to URI in a row and says what it left behind."""

from __future__ import annotations

import gc
import json
import sys
from queue import SimpleQueue

from appliance.domain.sound import SILENCE
from appliance.sip import words
from appliance.sip.call import SipCall
from appliance.sip.telephone import Telephone


class _DeafTap:
    def next_spoken(self) -> bytes:
        return SILENCE

    def put_heard(self, heard: bytes) -> None:
        assert len(heard) == len(SILENCE)


def _call(phone: Telephone, events: SimpleQueue[words.SipEvent], name: str, uri: str) -> int:
    phone.dial(name, uri)
    while True:
        event = events.get(timeout=20)
        match event:
            case words.Confirmed():
                phone.hang_up(name)
            case words.Ended(status=status):
                return status
            case _:
                pass


def main() -> None:
    """Make the calls, print one JSON object."""
    uri, count = sys.argv[1], int(sys.argv[2])
    events: SimpleQueue[words.SipEvent] = SimpleQueue()
    phone = Telephone(
        words.Station(), on_event=events.put, new_tap=lambda _: _DeafTap(), new_call_id=lambda: "none"
    )
    phone.start()
    statuses, objects = [], []
    for number in range(count):
        statuses.append(_call(phone, events, f"call-{number}", uri))
        if number % (count // 4) == count // 4 - 1:
            gc.collect()
            objects.append(len(gc.get_objects()))
    phone.close()
    left = sum(isinstance(one, SipCall) for one in gc.get_objects())
    print(json.dumps({"statuses": statuses, "objects": objects, "calls_left": left}))


if __name__ == "__main__":
    main()
