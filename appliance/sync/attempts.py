"""What became of an attempt to send, and how long to wait for the next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from appliance.web.asking import Answer

_DOUBLINGS_MAX: Final = 24
WAIT_ASKED_MAX_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Sent:
    """The destination has it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Another attempt may succeed; `wait_s` where the destination asked for time."""

    reason: str
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """This will never be taken."""

    reason: str


Outcome = Sent | Later | Refused

_MENDED: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Refusals that are no word about what was sent: somebody mends a key or an address, or time does."""


def outcome_of(answer: Answer) -> Outcome:
    """What an HTTP answer means for what was posted."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return Sent()
    reason = f"HTTP {answer.status}"
    redirected = HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST
    if redirected or answer.status in _MENDED or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Later(reason, answer.retry_after_s)
    return Refused(reason)


def wait_s(attempts: int, outcome: Later, *, first_s: float, most_s: float, chance: float) -> float:
    """How long to wait after attempt number `attempts` (from 1): doubling, bounded, and never two boxes in step.

    `chance` is 0 to 1. What the destination asked for is kept to, up to a day.
    """
    longest = min(first_s * 2.0 ** min(max(attempts - 1, 0), _DOUBLINGS_MAX), most_s)
    asked = min(outcome.wait_s or 0.0, WAIT_ASKED_MAX_S)
    return max(longest * (0.5 + chance / 2), asked)
