"""Builds the destinations that the settings name, and the forwarder that takes what happened to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Final

from appliance.business import Business
from appliance.clock import SystemClock
from appliance.errors import ConfigError, NoAnswer
from appliance.settings import CRM, CrmKind, Deliver, Settings
from appliance.store.database import Database
from appliance.store.outbox import Outbox
from appliance.sync.attempts import Later, Outcome
from appliance.sync.crm.ports import Crm, KnownContact
from appliance.sync.forwarder import Destination, Forwarder
from appliance.sync.happenings import Happening
from appliance.sync.mail import Mail
from appliance.sync.reading import happening_of
from appliance.sync.webhook import Webhook
from appliance.sync.words import LANGUAGES
from appliance.web.asking import Client
from appliance.web.posting import Poster
from appliance.web.signing import key_of

PASSWORD: Final = "smtp_password"  # noqa: S105  the name of it
SECRET: Final = "webhook_secret"  # noqa: S105  the name of it
KEY: Final = "crm_key"
SECRETS: Final = {"email": PASSWORD, "webhook": SECRET, CRM: KEY}
"""The name of the secret that each destination needs."""

Secret = Callable[[str], str | None]
"""As settings.secret."""


class Renewed:
    """A destination that is built anew when its secret changes: a new key counts without a restart."""

    def __init__(self, made: Callable[[str], Destination], secret: Callable[[], str | None]) -> None:
        self._made = made
        self._secret = secret
        self._known = secret() or ""
        self._now = made(self._known)

    def send(self, happening: Happening) -> Outcome:
        """As it is with the secret of today; one that cannot be is said, and waited for."""
        secret = self._secret() or ""
        if secret != self._known:
            try:
                self._now = self._made(secret)
            except ConfigError as fault:
                return Later(fault.message)
            self._known = secret
        return self._now.send(happening)


class KeyedCrm:
    """A customer database with the key of today; without one it is not asked."""

    def __init__(self, made: Callable[[str], Crm], key: Callable[[], str | None]) -> None:
        self._made = made
        self._key = key
        self._known: tuple[str, Crm] | None = None

    def send(self, happening: Happening) -> Outcome:
        """As `Crm`."""
        try:
            return self._crm().send(happening)
        except NoAnswer as fault:
            return Later(fault.message)

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        """As `Crm`."""
        return self._crm().contacts(phone)

    def prepare(self) -> tuple[str, ...]:
        """As `Crm`."""
        return self._crm().prepare()

    def _crm(self) -> Crm:
        key = self._key()
        if not key:
            raise NoAnswer(f"the secret {KEY} is not there: see docs/sync.md")
        if self._known is None or self._known[0] != key:
            self._known = key, self._made(key)
        return self._known[1]


def destinations_of(
    deliver: Deliver, language: str, secret: Secret, poster: Poster | None = None
) -> dict[str, Destination]:
    """Those of [deliver], by the outbox's names. ConfigError for a secret that is missing or none."""
    found: dict[str, Destination] = {}
    for name in deliver.destinations:
        if name == "email":
            found[name] = _by_mail(deliver, language, secret)
        else:
            found[name] = _by_web(deliver, secret, poster or Poster(ca_file=deliver.ca_file))
    return found


def crm_of(config: Settings, language: str, secret: Secret, client: Client) -> Crm | None:
    """The customer database of [crm]; None where there is none. Its key may come later."""
    limit_s = config.deliver.limit_s

    def made(key: str) -> Crm:
        match config.crm.kind:
            case CrmKind.TRYTON:
                from appliance.sync.crm.tryton import Tryton

                return Tryton(config.crm, client, key, language=language, limit_s=limit_s)
            case CrmKind.HUBSPOT:
                from appliance.sync.crm.hubspot import HubSpot

                return HubSpot(config.crm, client, key, language=language, limit_s=limit_s)
            case CrmKind.SALESFORCE:
                from appliance.sync.crm.salesforce import Salesforce

                return Salesforce(config.crm, client, key, language=language, limit_s=limit_s)
            case CrmKind.NONE:
                raise NoAnswer("there is no customer database")

    if config.crm.kind is CrmKind.NONE:
        return None
    return KeyedCrm(made, lambda: secret(KEY))


@contextmanager
def forwarding(
    config: Settings, office: Business, database: Database, secret: Secret
) -> Iterator[tuple[Forwarder, Crm | None]]:
    """What empties the outbox of `database` (recordings lie beside it), and the customer database if there is one.

    ConfigError as `destinations_of`.
    """
    clock, directory, ca_file = SystemClock(), database.path.parent, config.deliver.ca_file
    with closing(Client(ca_file=ca_file)) as client, closing(Poster(ca_file=ca_file)) as poster:
        crm = crm_of(config, office.language, secret, client)
        destinations = destinations_of(config.deliver, office.language, secret, poster)
        forwarder = Forwarder(
            Outbox(database, clock),
            destinations if crm is None else destinations | {CRM: crm},
            lambda delivery: happening_of(delivery, office, database, directory),
            config.deliver,
            clock,
            secrets={name: _reader(secret, known) for name, known in SECRETS.items()},
        )
        yield forwarder, crm


def _reader(secret: Secret, name: str) -> Callable[[], str | None]:
    return lambda: secret(name)


def _by_mail(deliver: Deliver, language: str, secret: Secret) -> Destination:
    table = LANGUAGES[language]
    if not deliver.smtp_user:
        return Mail(deliver, table, None)
    _required(secret, PASSWORD)
    return Renewed(lambda password: Mail(deliver, table, password), _reader(secret, PASSWORD))


def _by_web(deliver: Deliver, secret: Secret, poster: Poster) -> Destination:
    def made(signing: str) -> Destination:
        key_of(signing)
        return Webhook(deliver, poster, signing)

    _required(secret, SECRET)
    return Renewed(made, _reader(secret, SECRET))


def _required(secret: Secret, name: str) -> str:
    if not (value := secret(name)):
        raise ConfigError(
            f"deliver: the secret {name} is not there.",
            remedy=f"Set ATTENDANT_{name.upper()}, or the systemd credential {name}.",
        )
    return value
