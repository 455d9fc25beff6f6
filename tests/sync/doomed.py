"""The real sync process with an hour of death: `python -m tests.sync.doomed STEP ROW OFFSET --config FILE`.

It dies by SIGKILL at a step of its ROW-th row; "in the commit" the kernel ends it in the middle of a write to the
write-ahead log, OFFSET bytes into the transaction. Nothing of this is known to the product.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from appliance.store.database import Database
from appliance.store.outbox import Outbox
from appliance.wiring.processes import main

STEPS = ("claiming", "claimed", "acknowledging", "in the commit", "acknowledged")


def die() -> None:
    """At once; nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


class Sentence:
    """When it is to happen: at the `row`-th claim or acknowledgement."""

    def __init__(self, step: str, row: int, offset_bytes: int) -> None:
        self.step, self.row, self.offset_bytes = step, row, offset_bytes
        self.counts = {"claim": 0, "sent": 0}
        self.within = ""

    def pass_over(self, room: type, name: str, before: str, after: str) -> None:
        """Wrap a method of the outbox: what happens inside its transaction, and what when it is over."""
        original: Callable[..., object] = getattr(room, name)

        def wrapped(outbox: Outbox, *arguments: object) -> object:
            self.counts[name] += 1
            due = self.counts[name] == self.row
            self.within = before if due else ""
            if due and name == "sent" and self.step == "in the commit":
                self.limit_log(outbox._database.path)
            result = original(outbox, *arguments)
            self.within = ""
            if due and self.step == after:
                die()
            return result

        setattr(room, name, wrapped)

    def limit_log(self, database: Path) -> None:
        """The log may grow by so many bytes; the write that goes further is the last thing this process does."""
        log_bytes = database.with_name(f"{database.name}-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (log_bytes + self.offset_bytes,) * 2)

    def haunt_transactions(self) -> None:
        """Die when all is written and only the commit is missing."""
        original = Database.writing
        sentence = self

        @contextmanager
        def writing(database: Database, *, durable: bool = True):
            with original(database, durable=durable) as tables:
                yield tables
                if sentence.within == sentence.step:
                    die()

        Database.writing = writing


def doom(step: str, row: int, offset_bytes: int) -> None:
    """From here on this process is as good as dead."""
    assert step in STEPS
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it; the kernel's own answer is death
    sentence = Sentence(step, row, offset_bytes)
    sentence.haunt_transactions()
    sentence.pass_over(Outbox, "claim", before="claiming", after="claimed")
    sentence.pass_over(Outbox, "sent", before="acknowledging", after="acknowledged")


if __name__ == "__main__":
    doom(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    sys.exit(main(["sync", *sys.argv[4:]]))
