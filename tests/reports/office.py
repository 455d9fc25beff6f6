"""What the tests of reports share: a small time at an office, call by call, on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from appliance import business
from appliance.domain.call import CallEvent, Disposition, LineQuality, Speaker, Turn, TurnClass
from appliance.store.calls import Calls
from appliance.store.database import Database

OFFICE = business.load("auto_repair")
ZONE = OFFICE.zone
NOW = datetime(2026, 11, 21, 18, tzinfo=ZONE)  # a Saturday


@dataclass
class Office:
    """Calls are told by the hour of the office's clock."""

    database: Database
    rung: int = 0
    calls: Calls = field(init=False)

    def __post_init__(self) -> None:
        self.calls = Calls(self.database)

    def call(
        self,
        at: datetime,
        disposition: Disposition = Disposition.ANSWERED,
        *,
        said: tuple[str, ...] = (),
        events: tuple[CallEvent, ...] = (),
        gaps_ms: tuple[int, ...] = (),
        talk_s: float = 60.0,
        answered: bool = True,
        quality: LineQuality | None = None,
        level: str = "",
    ) -> str:
        """A call at `at`: the caller says each of `said` a second after the other, the agent answers after gaps."""
        self.rung += 1
        call_id, at = f"c{self.rung}", at.astimezone(UTC)
        versions = {"attendant": "0.1"} | ({"level": level} if level else {})
        self.calls.begin(call_id, "+13035550123", "100", at, versions)
        if answered:
            self.calls.answered(call_id, at)
        turns = [
            Turn(0, Speaker.CALLER, text, 1000 * (place + 1), 1000 * (place + 1) + 900)
            for place, text in enumerate(said)
        ]
        turns += [
            Turn(0, Speaker.AGENT, "Well.", 500, 900, TurnClass.FACT, response_gap_ms=gap) for gap in gaps_ms
        ]
        for number, turn in enumerate(turns, 1):
            numbered = Turn(
                number,
                turn.speaker,
                turn.text,
                turn.started_ms,
                turn.ended_ms,
                turn.turn_class,
                turn.response_gap_ms,
            )
            self.calls.add_turn(call_id, numbered)
        for event in events:
            self.calls.add_event(call_id, event)
        self.calls.close(call_id, disposition, at + timedelta(seconds=talk_s), quality)
        return call_id


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of the office's clock in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)
