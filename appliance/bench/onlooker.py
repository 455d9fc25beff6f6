"""Follows a box's watch socket: everything it tells, or when the agent has finished its turn and what it said."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Any, Self

from appliance.bench.box import Watch


class Follower(ABC):
    """Reads what a box tells its watchers, in a thread of its own, while it is entered."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.close()
        self._thread.join()

    def _look_on(self) -> None:
        for line in self._watch:
            self.see(line)

    def see(self, line: dict[str, Any]) -> None:
        """One line of the watch socket."""
        with self._changed:
            self._take(line)
            self._changed.notify_all()

    @abstractmethod
    def _take(self, line: dict[str, Any]) -> None:
        """Remember what matters of it; `_changed` is held."""


class Witness(Follower):
    """Everything the box tells, kept; `with Witness(box.watch()) as witness:`."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._lines: list[dict[str, Any]] = []

    def _take(self, line: dict[str, Any]) -> None:
        self._lines.append(line)

    def count(self) -> int:
        """How much has been told so far."""
        with self._changed:
            return len(self._lines)

    def heard(self, since: int, limit_s: float) -> str:
        """The first words the box understood after `since`; empty when there were none in time."""

        def said() -> list[str]:
            return [one["text"] for one in self._lines[since:] if one["kind"] == "heard" and one["text"]]

        with self._changed:
            self._changed.wait_for(lambda: bool(said()), limit_s)
            return next(iter(said()), "")

    def was_abandoned(self, since: int) -> bool:
        """Whether the box gave up a turn of its own after `since`."""
        with self._changed:
            return any(one["kind"] == "said" and one["interrupted"] for one in self._lines[since:])


class Onlooker(Follower):
    """`with Onlooker(box.watch()) as onlooker:`. A pause of the agent is not the end of its turn; "said" is.

    With `caller`, the user part of their address, only the call they make next is followed; without, all are.
    """

    def __init__(self, watch: Watch, caller: str | None = None) -> None:
        super().__init__(watch)
        self._caller = caller
        self._said = 0
        self._unanswered = 0
        self._closed = False
        self.call_id: str | None = None
        self.last_said = ""

    def _take(self, line: dict[str, Any]) -> None:
        if not self._concerns_us(line):
            return
        if line["kind"] == "offered":
            self.call_id = line["call_id"]
        elif line["kind"] == "closed":
            self._closed = True
        elif line["kind"] == "heard" and line["text"]:
            self._unanswered += 1
        elif line["kind"] == "said":
            self._said += 1
            self._unanswered = max(0, self._unanswered - 1)
            self.last_said = line["text"]

    def _concerns_us(self, line: dict[str, Any]) -> bool:
        if self._caller is None:
            return True
        if line["kind"] == "offered" and self.call_id is None:
            return bool(line["caller"] == self._caller)
        return self.call_id is not None and line.get("call_id") == self.call_id

    def begin(self) -> None:
        """From here on an answer is awaited; what was said before counts no more."""
        with self._changed:
            self._said = 0
            self._unanswered = 0

    def hear_out(self, limit_s: float, owed_limit_s: float = 0.0) -> bool:
        """Wait until the agent has said a turn since `begin` and owes no answer to what it heard.

        False when it said nothing for `limit_s`. What it owes is waited for only `owed_limit_s`: an answer that
        was cut off before its first word is never told.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._said > 0, limit_s):
                return False
            return self._changed.wait_for(lambda: not self._unanswered, owed_limit_s)

    def wait_closed(self, limit_s: float) -> bool:
        """Wait until the box has closed the record of a call; False when it has not within `limit_s`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed, limit_s)
