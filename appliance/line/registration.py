"""When to ask the phone system again after it refused us, or did not answer.

Pure. Waits double from `first_s` to `most_s`; up to a fifth is taken off by a number handed in, so that a
street full of boxes does not come back in the same second after a power cut (RFC 5626, 4.5, has the idea).
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.domain.events import RegistrationChanged

_JITTER_SHARE = 0.2
_DOUBLINGS_MAX = 32


def retry_after_s(failures: int, *, first_s: float, most_s: float, jitter: float) -> float:
    """Seconds to wait after the `failures`-th refusal in a row (1, 2, ...); `jitter` is 0 to 1."""
    doubled_s = first_s * float(2 ** min(failures - 1, _DOUBLINGS_MAX))
    return min(doubled_s, max(first_s, most_s)) * (1 - _JITTER_SHARE * jitter)


@dataclass(slots=True)
class Registration:
    """How we stand with the phone system. Any refusal is retried: a password can be put right over there."""

    first_s: float
    most_s: float
    failures: int = 0

    def answered(self, *, registered: bool, status: int, reason: str, jitter: float) -> RegistrationChanged:
        """What to report after an answer; `retry_in_s` is when to ask again."""
        if registered:
            self.failures = 0
            return RegistrationChanged(True, status, reason)
        self.failures += 1
        wait_s = retry_after_s(self.failures, first_s=self.first_s, most_s=self.most_s, jitter=jitter)
        return RegistrationChanged(False, status, reason, wait_s)
