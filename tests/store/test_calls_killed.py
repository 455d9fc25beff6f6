"""kill -9 while calls end: what was said to be kept is there, whole, and is found; what was not is repaired."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

from appliance.conversation.summing_up import of_turns
from appliance.domain.call import Disposition
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.search import Search

CALLS_FOREVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from appliance.domain.call import CallEvent, Disposition, LineQuality, Speaker, Summary, Turn
from appliance.store.calls import Calls
from appliance.store.database import Database

calls = Calls(Database(Path(sys.argv[1])), destinations=("webhook",))
number = int(sys.argv[2])
while True:
    name = f"c{number}"
    calls.begin(name, "+1303", "100", datetime.now(UTC), {"attendant": "0.1"})
    calls.answered(name, datetime.now(UTC))
    calls.add_turn(name, Turn(1, Speaker.CALLER, f"my gearbox{number} makes a noise", 100, 900))
    calls.add_event(name, CallEvent(500, "digit", "rtp"))
    print("said", number, flush=True)
    wish = Summary(f"wish {number}. next.", f"wish {number}.", "next.")
    end, quality = datetime.now(UTC), LineQuality("PCMU", 100)
    calls.close(name, Disposition.ANSWERED, end, quality, summary=wish, slots={"m.n": name})
    print("ended", number, flush=True)
    number += 1
"""


def test_a_call_that_was_ended_is_whole_and_one_that_was_not_is_repaired(tmp_path: Path, start) -> None:
    path, luck, first = tmp_path / FILE_NAME, random.Random(20261121), 0
    sum_up = partial(of_turns, disposition=Disposition.SYSTEM_FAILURE, language="en")
    for _ in range(8):
        process = start(CALLS_FOREVER, str(path), str(first))
        printed = [process.stdout.readline() for _ in range(luck.randrange(1, 20))]
        process.kill()
        printed += process.communicate()[0].splitlines()
        told = [line.split() for line in printed if len(line.split()) == 2 and line.split()[1].isdigit()]
        with Database(path) as database:
            database.check()
            calls = Calls(database, destinations=("webhook",))
            calls.repair(sum_up)
            for what, number in told:
                _is_whole(database, calls, int(number), was_ended=what == "ended")
            known = database.rows("SELECT call_id FROM calls ORDER BY call_id")
            sent = database.rows("SELECT subject AS call_id FROM outbox ORDER BY subject")
            assert known == sent
            with database.writing() as tables:
                tables.execute("INSERT INTO call_words (call_words, rank) VALUES ('integrity-check', 1)")
        first = max([first, *(int(number) for _, number in told)]) + 2
    assert first > 16


def _is_whole(database: Database, calls: Calls, number: int, *, was_ended: bool) -> None:
    record = calls.get(f"c{number}")
    assert [turn.text for turn in record.turns] == [f"my gearbox{number} makes a noise"]
    assert [event.kind for event in record.events] == ["digit"]
    assert record.summary is not None
    if was_ended:
        assert (record.summary.wish, record.slots) == (f"wish {number}.", {"m.n": f"c{number}"})
        assert record.disposition is Disposition.ANSWERED
    elif record.disposition is Disposition.SYSTEM_FAILURE:
        assert f"gearbox{number}" in record.summary.wish
        assert "fault of the box" in record.summary.next_step
    assert [hit.call_id for hit in Search(database).find(f"gearbox{number}")] == [f"c{number}"]
