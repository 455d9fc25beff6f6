"""The box's health at its edge: reports in, parts tried out in threads, the standing that holds told to the agent.

What is decided stands in `conversation.degradation`. Belongs to the event loop, but for `Vitals` below it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, assert_never

from appliance.agent.vitals import Vitals
from appliance.clock import Clock
from appliance.conversation.degradation import (
    Degradation,
    Failed,
    Forced,
    HealthEvent,
    Level,
    Part,
    Passed,
    Standing,
    TryOut,
)

_log = logging.getLogger(__name__)
FORCED_FILE: Final = "forced_level"
"""Holds a level that was forced by hand, so that a restart does not undo what somebody wanted."""


class Health:
    """Keeps the standing of one box. `beat` is called about once a second.

    `try_mind` asks the language model something small and says whether it could be asked; `on_standing` is told
    of every change. `directory` is the box's run directory.
    """

    def __init__(
        self,
        vitals: Vitals,
        clock: Clock,
        directory: Path,
        *,
        try_mind: Callable[[], bool],
        on_standing: Callable[[Standing], None],
    ) -> None:
        self._vitals = vitals
        self._clock = clock
        self._file = directory / FORCED_FILE
        self._try_mind = try_mind
        self._on_standing = on_standing
        self._loop = asyncio.get_running_loop()
        self._degradation = Degradation()
        self._trying: dict[Part, threading.Thread] = {}

    @property
    def standing(self) -> Standing:
        """What holds now."""
        return self._degradation.standing

    def start(self) -> None:
        """Listen to the parts, and to what was forced before a restart."""
        self._vitals.bind(self._tell_from_thread)
        if (level := self._remembered()) is not None:
            self.tell(Forced(level))

    def _tell_from_thread(self, event: HealthEvent) -> None:
        self._loop.call_soon_threadsafe(self.tell, event)

    def tell(self, event: HealthEvent) -> None:
        """Something about a part."""
        for command in self._degradation.handle(event, self._clock.monotonic_s()):
            match command:
                case TryOut(part=part):
                    self._try_out(part)
                case Standing():
                    self._changed(command)
                case _:
                    assert_never(command)

    def beat(self) -> None:
        """Time went by."""
        for event in self._vitals.stuck():
            self.tell(event)
        self.tell(Passed())

    def force(self, level: Level | None) -> Standing:
        """Hold this level by hand, or none; remembered beyond a restart."""
        try:
            if level is None:
                self._file.unlink(missing_ok=True)
            else:
                self._file.write_text(level.word, encoding="utf-8")
        except OSError as error:
            _log.error("the forced level is not remembered", extra={"reason": error.strerror})
        self.tell(Forced(level))
        return self.standing

    def _remembered(self) -> Level | None:
        try:
            return Level.named(self._file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            return None

    def _changed(self, standing: Standing) -> None:
        _log.warning(
            "level changed",
            extra={"level": standing.level.word, "because": standing.because, "forced": standing.forced},
        )
        self._on_standing(standing)

    def _try_out(self, part: Part) -> None:
        """In a thread of its own: what is stuck must not keep anybody else from working."""
        if part is Part.MIND:
            if not self._try_mind():
                self.tell(Failed(part, "away"))
            return
        before = self._trying.get(part)
        if before is not None and before.is_alive():
            return  # it is stuck in there still, which the limit of a try-out will tell
        thread = threading.Thread(target=self._vitals.try_out, args=(part,), name=f"try-{part}", daemon=True)
        self._trying[part] = thread
        thread.start()
