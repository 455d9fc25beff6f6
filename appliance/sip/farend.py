"""Whether there is still somebody at the far end: without RTP for long, a call is over although no BYE came.

Pure. A far end that holds the call sends nothing and is still there; one that suppresses its silence (DTX,
RFC 3551, 4.1) pauses for as long as nobody speaks, so the limit is longer than a caller stays silent for us.
"""

from __future__ import annotations

from dataclasses import dataclass

GONE_AFTER_S = 30.0
GONE_STATUS = 408  # Request Timeout: what a lost BYE would have come to


@dataclass(slots=True)
class FarEnd:
    """One call's other side."""

    limit_s: float = GONE_AFTER_S
    _packets: int = -1
    _since_s: float = 0.0

    def gone(self, packets: int, now_s: float, *, may_be_silent: bool) -> bool:
        """Told now and then how many packets came in all; True when none has come for too long."""
        if packets != self._packets or may_be_silent:
            self._packets, self._since_s = packets, now_s
        return now_s - self._since_s >= self.limit_s
