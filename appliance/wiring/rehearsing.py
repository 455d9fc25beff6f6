"""A box that rehearses a day that is not today: its clock stands still at the moment it was told, on loopback only."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from appliance.clock import REHEARSED_AT, StandingClock, SystemClock
from appliance.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appliance.clock import Clock
    from appliance.settings import Settings

_log = logging.getLogger(__name__)
_LIKE: Final = "Write it like 2026-11-19T10:00-07:00."


def clock_of(config: Settings, environment: Mapping[str, str] | None = None) -> Clock:
    """The clock that calls and the diary go by: the machine's, or a rehearsal's.

    ConfigError for a rehearsal on a line that real callers can reach, and for a moment that is none.
    """
    told = (os.environ if environment is None else environment).get(REHEARSED_AT, "")
    if not told:
        return SystemClock()
    if not _is_loopback(config.sip.bind_address):
        raise ConfigError(
            f"{REHEARSED_AT}: real callers could reach this box at {config.sip.bind_address}.",
            remedy='Set sip.bind_address = "127.0.0.1", or take the variable out of the environment.',
        )
    _log.warning("rehearsal: the clock of calls and diary stands still", extra={"at": told})
    return StandingClock(_moment(told))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _moment(told: str) -> datetime:
    try:
        at = datetime.fromisoformat(told)
    except ValueError as error:
        raise ConfigError(f'{REHEARSED_AT}: "{told}" is no moment.', remedy=_LIKE) from error
    if at.tzinfo is None:
        raise ConfigError(f'{REHEARSED_AT}: "{told}" does not say where.', remedy=_LIKE)
    return at
