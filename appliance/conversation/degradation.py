"""How much of the box can be relied on: what its parts tell of themselves comes in, the level goes out. Pure.

    full  ->  rules      the language model is slow or away: flows, facts and phrases answer
          ->  keys       nothing is understood: a menu by keys, a message is recorded
          ->  prepared   nothing new can be said: the same menu, all of it from prepared sound
          ->  alone      the agent process is gone: the line process plays, records and transfers by itself

The level is that of the worst part that is down. A part falls at its second failure in a row, or when it is
away too long, and rises after some successes in a row, so that neither a hiccup nor a lucky moment switches
anything. Whoever is doubted or down is tried out, at once and then more and more seldom. A level that was
forced by hand holds whatever the parts say. Time is handed in, in seconds that never go back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, assert_never

FALLS_AFTER: Final = 2
"""Failures in a row; the first has the part tried out at once."""
RISES_AFTER: Final = 2
"""Successes in a row."""
AWAY_S: Final = 5.0
"""A process that is started anew within this time was never down."""
STEADY_S: Final = 5.0
"""A process that came back is relied on when it has stayed for so long."""
TRY_FIRST_S: Final = 5.0
TRY_MOST_S: Final = 60.0
TRY_LIMIT_S: Final = 15.0
"""A try-out without any result is a failure."""


class Level(IntEnum):
    """How far down the box is; a higher number can do less."""

    FULL = 0
    RULES = 1
    KEYS = 2
    PREPARED = 3
    ALONE = 4

    @property
    def word(self) -> str:
        """As it is shown and typed: "keys"."""
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> Level | None:
        """The level of that name; None when there is none."""
        return next((level for level in cls if level.word == word), None)

    @property
    def asks_model(self) -> bool:
        """Whether open questions go to the language model."""
        return self < Level.RULES

    @property
    def listens(self) -> bool:
        """Whether callers are understood and spoken to; otherwise their keys are."""
        return self < Level.KEYS


class Part(StrEnum):
    """What may be down while the rest stands."""

    MIND = "mind"
    RECOGNISER = "recogniser"
    VOICE = "voice"


LEVEL_WITHOUT: Final = {
    Part.MIND: Level.RULES,
    Part.RECOGNISER: Level.KEYS,
    Part.VOICE: Level.PREPARED,
}


# --- what happens -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failed:
    """A part failed at its work, or took so long that it counts as stuck; `why` is a word or two."""

    part: Part
    why: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A part did its work."""

    part: Part


@dataclass(frozen=True, slots=True)
class Went:
    """The process of a part is gone."""

    part: Part


@dataclass(frozen=True, slots=True)
class Came:
    """The process of a part is there."""

    part: Part


@dataclass(frozen=True, slots=True)
class Forced:
    """Somebody wants this level, whatever the parts say; None: as the parts say."""

    level: Level | None


@dataclass(frozen=True, slots=True)
class Passed:
    """Time went by."""


HealthEvent = Failed | Worked | Went | Came | Forced | Passed


# --- what follows -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TryOut:
    """Have the part do a small piece of work; `Worked` or `Failed` tells how it went."""

    part: Part


@dataclass(frozen=True, slots=True)
class Standing:
    """The level that holds now, and why: each part that is down with its reason. `forced`: by hand."""

    level: Level = Level.FULL
    because: tuple[str, ...] = ()
    forced: bool = False


HealthCommand = TryOut | Standing


@dataclass(slots=True)
class _Part:
    part: Part
    down: bool = False
    why: str = ""
    failures: int = 0
    successes: int = 0
    away_since_s: float | None = None
    back_since_s: float | None = None
    try_at_s: float | None = None
    trying_since_s: float | None = None
    pause_s: float = TRY_FIRST_S

    # --- work -----------------------------------------------------------------------------------

    def failed(self, why: str, now_s: float) -> None:
        """One failure casts doubt, the next decides."""
        self.trying_since_s = None
        self.successes = 0
        self.failures += 1
        if self.down or self.failures >= FALLS_AFTER:
            self._fall(why)
            self.try_at_s = now_s + self.pause_s
            self.pause_s = min(TRY_MOST_S, self.pause_s * 2)
        else:
            self.try_at_s = now_s

    def worked(self, now_s: float) -> None:
        """One success takes doubt away; a part that is down needs more of them."""
        self.trying_since_s = None
        self.failures = 0
        if not self.down or self.away_since_s is not None:
            self.try_at_s = None
            return
        self.successes += 1
        self.pause_s = TRY_FIRST_S
        self.try_at_s = now_s + self.pause_s
        if self.successes >= RISES_AFTER:
            self._rise()

    # --- coming and going -----------------------------------------------------------------------

    def went(self, now_s: float) -> None:
        """Its process is gone; tried out it need not be."""
        self.back_since_s = self.try_at_s = self.trying_since_s = None
        if self.away_since_s is None:
            self.away_since_s = now_s

    def came(self, now_s: float) -> None:
        """Its process is there; whether it stays is to be seen."""
        self.away_since_s = None
        self.failures = self.successes = 0
        self.back_since_s = now_s if self.down else None

    # --- time -----------------------------------------------------------------------------------

    def passed(self, now_s: float) -> bool:
        """Whether it is to be tried out now."""
        if self.away_since_s is not None:
            if now_s - self.away_since_s >= AWAY_S:
                self._fall("away")
            return False
        if self.back_since_s is not None and now_s - self.back_since_s >= STEADY_S:
            self._rise()
        if self.trying_since_s is not None and now_s - self.trying_since_s >= TRY_LIMIT_S:
            self.failed("no answer", now_s)
        if self.try_at_s is None or now_s < self.try_at_s or self.trying_since_s is not None:
            return False
        self.try_at_s, self.trying_since_s = None, now_s
        return True

    def _fall(self, why: str) -> None:
        self.down, self.why = True, why

    def _rise(self) -> None:
        self.down, self.why = False, ""
        self.failures = self.successes = 0
        self.back_since_s = self.try_at_s = None
        self.pause_s = TRY_FIRST_S


@dataclass(slots=True)
class Degradation:
    """The health of one box. `standing` is what was decided last."""

    standing: Standing = Standing()
    _forced: Level | None = None
    _parts: dict[Part, _Part] = field(default_factory=lambda: {part: _Part(part) for part in Part})

    def handle(self, event: HealthEvent, now_s: float) -> list[HealthCommand]:
        """What `event` makes us do: try parts out, and change the level (at most one `Standing`)."""
        match event:
            case Failed(part=part, why=why):
                self._parts[part].failed(why, now_s)
            case Worked(part=part):
                self._parts[part].worked(now_s)
            case Went(part=part):
                self._parts[part].went(now_s)
            case Came(part=part):
                self._parts[part].came(now_s)
            case Forced(level=level):
                self._forced = level
            case Passed():
                pass
            case _:
                assert_never(event)
        tries: list[HealthCommand] = [TryOut(one.part) for one in self._parts.values() if one.passed(now_s)]
        return tries + self._changed()

    def _changed(self) -> list[HealthCommand]:
        down = [one for one in self._parts.values() if one.down]
        level = max((LEVEL_WITHOUT[one.part] for one in down), default=Level.FULL)
        standing = Standing(
            level if self._forced is None else self._forced,
            tuple(f"{one.part}: {one.why}" for one in down),
            self._forced is not None,
        )
        if standing == self.standing:
            return []
        self.standing = standing
        return [standing]
