"""The line process, put together: telephone, loop and agent link, started and stopped in the right order."""

from __future__ import annotations

import logging
import random
import secrets
import threading
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from appliance import __version__
from appliance.clock import Clock, SystemClock
from appliance.domain.events import LineReady
from appliance.errors import ConfigError
from appliance.line.agentlink import AgentLink
from appliance.line.alone import Alone
from appliance.line.look import SOCKET as LOOK
from appliance.line.look import Look
from appliance.line.loop import AgentCame, AgentWent, Beat, CallLoop
from appliance.line.registration import Registration
from appliance.line.unserved import Unserved
from appliance.ops.prepared import PreparedSounds
from appliance.settings import Settings, Sip, data_directory, secret
from appliance.sip.telephone import Telephone
from appliance.sip.trace import Trace
from appliance.sip.words import Account, SipEvent, Station
from appliance.store.left_behind import LeftBehind

_log = logging.getLogger(__name__)
PASSWORD = "sip_password"  # noqa: S105  the name of the secret, not the secret
DEFAULT_USER = "attendant"


def run(  # noqa: PLR0917  the wiring calls it by position
    settings: Settings,
    agent_socket: Path,
    prepared: Path,
    stop: threading.Event,
    on_ready: Callable[[], None],
    alive: Callable[[], None],
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve calls until `stop` is set. LineFault when the port cannot be had, ConfigError without a password.

    `prepared` holds what is played when the agent is gone: one_moment.pcm and call_again.pcm (raw 16 kHz mono
    int16), and the menu by keys (ops.prepared). `on_ready` is called once the port is ours, `alive` about once a
    second while threads and sound move, `say` with a line for the operator.
    """
    clock = SystemClock()
    account = account_of(settings.sip)
    left = LeftBehind(data_directory(settings))
    left.end_all(clock.now())
    unserved = Unserved(left, clock)
    loop = CallLoop(
        audio=settings.audio,
        prepared=prepared,
        alone=Alone(PreparedSounds(prepared), left, clock),
        unserved=unserved,
        say=say,
        registration=Registration(settings.sip.retry_first_s, settings.sip.retry_most_s),
        clock=clock,
        jitter=random.random,
        alive=alive,
    )
    trace = Trace()
    look = Look(agent_socket.parent / LOOK, settings.sip, trace, clock)

    def happened(event: SipEvent) -> None:
        look.saw(event)
        loop.put(event)

    phone = Telephone(
        station_of(settings.sip),
        on_event=happened,
        new_tap=loop.new_tap,
        new_call_id=lambda: new_call_id(clock),
        account=account,
        on_beat=lambda: loop.put(Beat()),
        trace=trace,
    )
    address = phone.start()  # first: all threads after it are as real-time as its own
    ready = ready_event(settings.sip, address, phone.lines)
    agent = AgentLink(
        agent_socket,
        on_came=lambda link: loop.put(AgentCame(link)),
        on_packet=loop.put,
        on_went=lambda link: loop.put(AgentWent(link)),
    )
    serving = threading.Thread(target=loop.run, args=(phone, ready, stop), name="line", daemon=True)
    serving.start()
    agent.start()
    look.start(ready, phone.measure)
    if account is not None:
        phone.register()
    on_ready()
    _log.info("line ready", extra={"max_calls": ready.max_calls, "registers": account is not None})
    stop.wait()
    serving.join(2)
    look.close()
    agent.close()
    phone.close()
    unserved.close()
    left.close()


def new_call_id(clock: Clock) -> str:
    """A name for a call that sorts by time: 20261121-123456-0f3a."""
    return f"{clock.now().astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def station_of(sip: Sip) -> Station:
    """The settings as the telephone wants them."""
    return Station(
        bind_address=sip.bind_address,
        port=sip.port,
        public_address=sip.public_address,
        rtp_port=sip.rtp_port,
        codecs=tuple(sip.codecs),
        calls_max=sip.max_calls,
        user=sip.user or DEFAULT_USER,
    )


def account_of(sip: Sip) -> Account | None:
    """The account to register, None without a registrar; ConfigError when half of it is missing."""
    if not sip.registrar:
        return None
    if not sip.user:
        raise ConfigError("sip.user: is missing, but sip.registrar is set.", remedy="Set the extension.")
    password = secret(PASSWORD)
    if password is None:
        raise ConfigError(
            "sip_password: no such secret, but sip.registrar is set.",
            remedy="Set ATTENDANT_SIP_PASSWORD, or the systemd credential sip_password.",
        )
    return Account(sip.registrar, sip.user, password)


def ready_event(sip: Sip, address: str, lines: int) -> LineReady:
    """What the agent is told of us on every connection."""
    return LineReady(
        sip_uri=f"sip:{sip.user or DEFAULT_USER}@{address}",
        max_calls=min(sip.max_calls, lines),
        codecs=tuple(sip.codecs),
        version=f"pjsua2 line {__version__}",
    )
