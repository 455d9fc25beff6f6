"""Builds the destinations that the settings name, and the forwarder that takes letters to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from appliance.business import Business
from appliance.clock import SystemClock
from appliance.errors import ConfigError
from appliance.settings import Deliver
from appliance.store.database import Database
from appliance.store.outbox import Outbox
from appliance.sync.forwarder import Destination, Forwarder
from appliance.sync.mail import Mail
from appliance.sync.reading import letter_for
from appliance.sync.webhook import Webhook
from appliance.sync.words import LANGUAGES
from appliance.web.posting import Poster
from appliance.web.signing import key_of

PASSWORD: Final = "smtp_password"  # noqa: S105  the name of it
SECRET: Final = "webhook_secret"  # noqa: S105  the name of it


def destinations_of(
    deliver: Deliver, language: str, secret: Callable[[str], str | None]
) -> dict[str, Destination]:
    """By the outbox's names; `secret` as settings.secret. ConfigError for a secret that is missing or none."""
    found: dict[str, Destination] = {}
    for name in deliver.destinations:
        if name == "email":
            password = _required(secret, PASSWORD) if deliver.smtp_user else None
            found[name] = Mail(deliver, LANGUAGES[language], password)
        else:
            signing = _required(secret, SECRET)
            key_of(signing)
            found[name] = Webhook(deliver, Poster(ca_file=deliver.ca_file), signing)
    return found


def forwarder_for(
    deliver: Deliver, office: Business, database: Database, secret: Callable[[str], str | None]
) -> Forwarder:
    """What empties the outbox of `database`; recordings lie beside it. ConfigError as `destinations_of`."""
    clock, directory = SystemClock(), database.path.parent
    return Forwarder(
        Outbox(database, clock),
        destinations_of(deliver, office.language, secret),
        lambda delivery: letter_for(delivery, office, database, directory),
        deliver,
        clock,
    )


def _required(secret: Callable[[str], str | None], name: str) -> str:
    if not (value := secret(name)):
        raise ConfigError(
            f"deliver: the secret {name} is not there.",
            remedy=f"Set ATTENDANT_{name.upper()}, or the systemd credential {name}.",
        )
    return value
