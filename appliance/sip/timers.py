"""How long SIP waits for an answer that does not come. Shorter than RFC 3261 wants, because we have few lines.

By the book (64 x T1, timers B, D, F and H) an INVITE that nobody acknowledges, or a BYE to a telephone that
was unplugged, keeps one of the four places for 32 s. In 8 s a request is still sent five times. pjsua2 does
not hand this on, so pjsip's own function is called: `void pjsip_tsx_set_timers(t1, t2, t4, td)`, 0 = as it is.
"""

from __future__ import annotations

import ctypes
import logging
from typing import Final

import pjsua2 as pj

_log = logging.getLogger(__name__)
ANSWER_LIMIT_MS: Final = 8_000


def shorten() -> bool:
    """Have transactions given up after ANSWER_LIMIT_MS; False when this build does not export the function."""
    try:
        set_timers = ctypes.CDLL(pj._pjsua2.__file__).pjsip_tsx_set_timers
    except (AttributeError, OSError):
        _log.warning("sip timers stay as they are")
        return False
    set_timers.argtypes = [ctypes.c_uint] * 4
    set_timers.restype = None
    set_timers(0, 0, 0, ANSWER_LIMIT_MS)
    return True
