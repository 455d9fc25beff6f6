"""pjsua2's parameter objects, filled in."""

from __future__ import annotations

from typing import Any

import pjsua2 as pj

from appliance.sip.words import Account


def add_registration(chosen: Any, account: Account) -> None:
    """Have the account of `chosen` register with digest authentication."""
    host = account.registrar
    chosen.idUri = f"sip:{account.user}@{host}"
    chosen.regConfig.registrarUri = f"sip:{host}"
    chosen.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", account.user, 0, account.password))


def answering(code: int) -> Any:
    """An answer with this SIP status."""
    chosen = pj.CallOpParam()
    chosen.statusCode = code
    return chosen


def with_headers(headers: dict[str, str]) -> Any:
    """A request with headers of our own."""
    chosen = pj.CallOpParam(True)
    for name, value in headers.items():
        line = pj.SipHeader()
        line.hName, line.hValue = name, value
        chosen.txOption.headers.append(line)
    return chosen
