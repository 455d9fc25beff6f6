"""How many calls this build of pjsua2 holds at once: compiled in (PJSUA_MAX_CALLS), told by no part of pjsua2.

The wheel has four; what `./install.sh sip-from-source` builds has 64. More than there are may be asked for:
the library takes what it has, so it is asked, by pjsua's own function: `unsigned pjsua_call_get_max_count()`.
"""

from __future__ import annotations

import ctypes
import logging
from typing import Final

import pjsua2 as pj

_log = logging.getLogger(__name__)
OF_THE_WHEEL: Final = 4
_COMPILED_MAX: Final = 64
_LEGS_A_CALL: Final = 2  # a caller, and the colleague who is asked for them


def wanted(calls_max: int) -> int:
    """The lines to ask for, so that `calls_max` callers can each be put through."""
    return min(max(OF_THE_WHEEL, calls_max * _LEGS_A_CALL), _COMPILED_MAX)


def present() -> int:
    """The lines there are; only after the library was initialised. A build that cannot say has the wheel's."""
    try:
        count = ctypes.CDLL(pj._pjsua2.__file__).pjsua_call_get_max_count
    except (AttributeError, OSError):
        _log.warning("sip lines are not told")
        return OF_THE_WHEEL
    count.argtypes = []
    count.restype = ctypes.c_uint
    return int(count())
