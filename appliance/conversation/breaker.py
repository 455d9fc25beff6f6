"""When to stop asking somebody who does not answer, and when to try again: a circuit breaker, as arithmetic.

After a few failures in a row it is open: nobody is asked. After a rest it lets one through (half open); that one
closes it again, or it rests twice as long. (M. Nygard, Release It!, 2007.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FAILURES_MAX: Final = 3
REST_FIRST_S: Final = 15.0
REST_MOST_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """How things stand with one machine. Moments are seconds of any monotonic clock."""

    failures: int = 0
    open_until_s: float = 0.0

    def allows(self, now_s: float) -> bool:
        """Whether to ask."""
        return self.failures < FAILURES_MAX or now_s >= self.open_until_s

    def asking(self, now_s: float, limit_s: float) -> Breaker:
        """Somebody asks: after a rest nobody else does until that one is answered, or `limit_s` is over."""
        if self.failures < FAILURES_MAX:
            return self
        return Breaker(self.failures, now_s + limit_s)

    def answered(self) -> Breaker:
        """An answer came: all is well."""
        return Breaker()

    def failed(self, now_s: float) -> Breaker:
        """No answer came."""
        failures = self.failures + 1
        rests = max(0, failures - FAILURES_MAX)
        rest_s = min(REST_FIRST_S * 2.0 ** min(rests, 16), REST_MOST_S)
        return Breaker(failures, now_s + rest_s if failures >= FAILURES_MAX else 0.0)
