"""Whether the phone system takes us with this account: a real REGISTER by a short-lived process, and what it means.

`judge` is pure: a status (RFC 3261, 21) in, what is so and what a person does about it out. The password goes to the
process by a pipe: neither a command line nor an environment holds it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from appliance.errors import NoAnswer
from appliance.settings import Sip

_LIMIT_S: Final = 45.0
_REGISTERED: Final = "registered"


@dataclass(frozen=True, slots=True)
class Registered:
    """How a registration went. `status` is the registrar's last word; 408 and 503 also stand for none."""

    registered: bool
    status: int
    reason: str
    address: str
    """host:port it was sent from."""

    @property
    def told(self) -> str:
        """What is so, in a few words."""
        return _REGISTERED if self.registered else f"refused: {self.status} {self.reason}".rstrip()

    @property
    def remedy(self) -> str:
        """What a person does about it; empty when there is nothing to do."""
        return "" if self.registered else judge(self.status)


_REMEDIES: Final = {
    401: "The password is not the one of this extension. Look it up in the phone system and give it again.",
    403: "The phone system knows no such extension, or does not let this box have it: look at the user name, "
    "whether the extension may register from this address, and whether it was locked after wrong passwords.",
    404: "The phone system knows no such extension: look at the user name, and whether the host is right.",
    408: "Nobody answered there: look at the host and port, the cable, and whether a firewall lets UDP through.",
    423: "The phone system wants longer registrations: lower its shortest expiry to 300 s or less.",
    480: "The phone system knows the extension but does not serve it now: look whether it is switched on there.",
    502: "The name of the host is not known: look at its spelling, or give its address in numbers.",
    503: "Nothing takes SIP there: look at the host and port, and whether the phone system runs.",
}
_REMEDIES_BY_CLASS: Final = {
    3: "The phone system has moved: register with the host it names.",
    4: "Look at the extension in the phone system: its user name, its password, and from where it may register.",
    5: "The phone system has a fault of its own: look at its log, then try again.",
    6: "The phone system refuses this extension everywhere: ask whoever runs it.",
}
_SAME_AS: Final = {407: 401, 477: 502, 478: 502}


def judge(status: int) -> str:
    """What a person does about a registration that was answered with this status."""
    status = _SAME_AS.get(status, status)
    return _REMEDIES.get(status) or _REMEDIES_BY_CLASS.get(status // 100, _REMEDIES[503])


def try_registration(sip: Sip, password: str) -> Registered:
    """Register as the settings say and take it back; up to 20 s when nobody answers. NoAnswer if it cannot be tried."""
    asked = {
        "registrar": sip.registrar,
        "user": sip.user,
        "password": password,
        "bind_address": sip.bind_address,
        "public_address": sip.public_address,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "appliance.sip.trying"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=True,
        )
        return Registered(**json.loads(done.stdout))
    except (subprocess.SubprocessError, OSError, ValueError, TypeError) as error:
        raise NoAnswer(
            f"{sip.registrar}: the registration could not be tried ({type(error).__name__}).",
            remedy="Run `appliance doctor` to see what this machine lacks.",
        ) from error
