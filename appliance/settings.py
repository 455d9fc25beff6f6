"""One TOML file for the box: units in the names, bounds and descriptions, nothing unknown, no secrets.

Secrets come from systemd credentials or the environment (`secret`). `config/appliance.toml` holds every key
with its default; a test keeps the two equal.
"""

from __future__ import annotations

import os
import re
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from appliance import configfile
from appliance.configfile import Misplaced, Strict

_SIP_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(;[A-Za-z0-9=_;-]+)?")
SYSTEM_CONFIG = Path("/etc/attendant/appliance.toml")


class Profile(StrEnum):
    """Which set of models: `default`, or `small` for machines and tests where answers do not matter."""

    DEFAULT = "default"
    SMALL = "small"


class Codec(StrEnum):
    """Codecs the line offers, in its order of preference."""

    PCMU = "PCMU"
    PCMA = "PCMA"
    G722 = "G722"


def sip_host(place: str) -> str:
    """`place` if it is a host with or without a port, as a phone system is named, or nothing. ValueError."""
    if place and not _SIP_HOST.fullmatch(place):
        raise ValueError(f'"{place}" is no host like pbx.office.example or 192.168.1.2:5080.')
    return place


class Sip(Strict):
    """How the box reaches the office phone system."""

    bind_address: str = "0.0.0.0"  # noqa: S104  a telephone must be reachable; narrow it per site
    """Address the box listens on for SIP; 127.0.0.1 keeps it to this machine."""
    port: Annotated[int, Field(ge=0, le=65535)] = 5060
    """UDP port for SIP; 0 takes a free one."""
    public_address: str = ""
    """Address written into SIP and SDP when the box stands behind NAT; empty: the one it is bound to."""
    rtp_port: Annotated[int, Field(ge=0, le=65000)] = 16384
    """First UDP port for sound; 0 takes free ones."""
    registrar: Annotated[str, AfterValidator(sip_host)] = ""
    """Host (and :port) of the phone system to register with; empty: answer unregistered."""
    user: str = ""
    """Extension or user name; its password is the secret `sip_password`."""
    fallback: Annotated[str, Field(pattern=r"^[^\s<>?\"]*$")] = ""
    """Number or SIP URI to which callers may be put through when they cannot be understood (key 3 of the menu by
    keys); empty: the first telephone of the business's operator, if it has one."""
    max_calls: Annotated[int, Field(ge=1, le=64)] = 4
    """Calls at once; further ones hear busy (486). The pjsua2 wheel is compiled for at most 4."""
    codecs: tuple[Codec, ...] = (Codec.PCMU, Codec.PCMA, Codec.G722)
    """Codecs offered and accepted, best first. Others are answered with 488."""
    retry_first_s: Annotated[float, Field(ge=0.1, le=600)] = 2.0
    """Wait before the first repetition of a refused registration; doubles each time."""
    retry_most_s: Annotated[float, Field(ge=1, le=3600)] = 300.0
    """Longest wait between registrations."""


class Audio(Strict):
    """What is done to the caller's sound before it is understood."""

    echo_cancellation: bool = True
    """Take our own voice out of what comes back (WebRTC AEC3)."""
    noise_suppression: Annotated[int, Field(ge=0, le=4)] = 0
    """0 off to 4 strongest; recognition is often better without."""


class Turns(Strict):
    """When a caller is done, and when they have been silent too long."""

    speech_threshold: Annotated[float, Field(ge=0.05, le=0.95)] = 0.5
    """Probability above which a tick counts as speech."""
    end_silence_ms: Annotated[int, Field(ge=100, le=3000)] = 500
    """Silence that ends a turn of which the words say neither that it is over nor that it is not."""
    complete_silence_ms: Annotated[int, Field(ge=60, le=2000)] = 100
    """Silence that ends a turn which already says what was asked for (a yes, a full number)."""
    question_silence_ms: Annotated[int, Field(ge=60, le=2000)] = 220
    """Silence that ends a turn which is built as a question, though its words are not known."""
    understood_silence_ms: Annotated[int, Field(ge=60, le=2000)] = 140
    """Silence that ends a turn which makes sense as it stands, though more may follow."""
    dictation_silence_ms: Annotated[int, Field(ge=200, le=5000)] = 1200
    """Silence that ends a turn in which digits, a name or a message are dictated, or which ends on "and"."""
    standstill_ms: Annotated[int, Field(ge=500, le=10000)] = 1000
    """So long after the wait, a turn whose words no longer change is over, whatever noise goes on behind it."""
    prepare_after_ms: Annotated[int, Field(ge=20, le=1000)] = 80
    """Silence after which an answer is prepared, in case the caller is done; it is thrown away when not."""
    longest_utterance_ms: Annotated[int, Field(ge=5000, le=120000)] = 30000
    """A caller who does not pause is understood in pieces of this length."""
    reprompt_after_ms: Annotated[int, Field(ge=2000, le=60000)] = 6000
    """Nobody speaks for this long: ask again. After the third time the call is closed politely."""


class Models(Strict):
    """Which models do the work: a name from the manifest, or a path to a file or folder of your own."""

    directory: str = ""
    """Where weights live; empty: /var/lib/attendant/models for a system install, else under your home."""
    profile: Profile = Profile.DEFAULT
    """Names not set below are taken from this set."""
    recogniser: str = ""
    """Vosk model."""
    voice: str = ""
    """Piper voice."""
    language_model: str = ""
    """GGUF file; `none` runs without one: open questions become messages."""
    vectors: str = ""
    """Sentence vectors for intents and facts; `none` leaves the rules alone."""
    wake_word: str = ""
    """openWakeWord model (.onnx) that wakes the desk; see docs/desk.md for one of your own."""
    manifest: str = ""
    """A manifest of your own, read beside the shipped one."""


class Mind(Strict):
    """The language model's limits."""

    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """Threads for the model; it gives way to ear and voice, so two are right on two cores."""
    gpu_layers: Annotated[int, Field(ge=0, le=999)] = 0
    """Layers of the model that a GPU computes, 99 for all; needs llama.cpp built for it (`./install.sh --cuda`)."""
    context_tokens: Annotated[int, Field(ge=1024, le=32768)] = 2560
    """Tokens of all callers together, the shared prefix counted once."""
    answer_tokens: Annotated[int, Field(ge=16, le=512)] = 70
    """Longest answer."""
    limit_ms: Annotated[int, Field(ge=1000, le=60000)] = 12000
    """An answer that takes longer is given up and a message offered instead."""


class Store(Strict):
    """Where what happened is kept."""

    directory: str = ""
    """Database and recordings; empty: /var/lib/attendant for a system install, else under your home."""
    record_calls: bool = True
    """Keep a stereo recording of each call (caller left, agent right)."""
    second_pass: bool = False
    """When nobody is on the line, have a better recogniser listen to recordings once more; see docs/recording.md."""


class Desk(Strict):
    """A microphone and a loudspeaker on the box, through which staff ask it things; see docs/desk.md."""

    enabled: bool = False
    """Whether the box listens for its wake word. Nothing that is said to it is recorded or written down."""
    microphone: str = ""
    """The device that hears, or part of its name, as `appliance desk devices` shows it; empty: the system's own."""
    speaker: str = ""
    """The device that speaks; empty: the system's own."""
    wake_threshold: Annotated[float, Field(ge=0.05, le=0.99)] = 0.7
    """How sure it must be to have heard its wake word, 0 to 1; lower hears more, also what was none."""
    telephone: Annotated[str, Field(pattern=r"^[^\s<>?\"]*$")] = ""
    """Extension or SIP URI of the telephone on the desk, which rings first when somebody is to be called back; empty:
    the first telephone of the business's operator."""
    outside_prefix: Annotated[str, Field(pattern=r"^[0-9*#]{0,4}$")] = ""
    """What is dialled before a number to get an outside line, if anything."""


Days = Annotated[int, Field(ge=0, le=36500)]


class Keep(Strict):
    """How long what happened is kept, in days; 0 keeps it for ever. What has not been sent, an open message and an
    appointment to come are never removed. `appliance privacy retention` shows what would go."""

    calls_days: Days = 730
    """The record of a call: when, who called, how it ended."""
    transcripts_days: Days = 365
    """What was said in it, what was captured, and its summary."""
    recordings_days: Days = 90
    """Its sound."""
    messages_days: Days = 365
    """A message, after somebody has seen to it."""
    appointments_days: Days = 730
    """An appointment, after it is over; also one that was cancelled."""
    sent_days: Days = 30
    """That something was sent, or given up; how many is counted on."""
    contacts_days: Days = 365
    """A name the customer database gave for a number, after the last call from it."""
    backups: str = ""
    """Folder for backups, best on another disk; empty: `backups` beside the database."""
    backups_days: Annotated[int, Field(ge=1, le=366)] = 7
    """How many daily backups stay."""
    backups_weeks: Annotated[int, Field(ge=0, le=520)] = 4
    """How many weekly backups stay beside them."""
    backup_recordings: bool = False
    """Copy recordings to the backups as well; without, they are only listed there."""
    chores_at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "03:30"
    """When backups, checks and forgetting are due each night, once nobody is on the line."""


class Feed(Strict):
    """The diary as a calendar to subscribe to (iCalendar over HTTP); `appliance appointments feed` tells its URL."""

    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """TCP port of the feed; 0: there is none."""
    bind_address: str = "127.0.0.1"
    """Address it listens on. It speaks plain HTTP: beyond this machine only behind a proxy with TLS."""
    days_back: Annotated[int, Field(ge=0, le=3660)] = 30
    """How far back the calendar reaches."""


def web_address(url: str) -> str:
    """`url` if it is one to send callers' words to: https, or http to a machine of the office. ValueError."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.fragment:
        raise ValueError(f'"{url}" is no address like https://office.example/messages.')
    if parts.scheme == "http" and not _is_near(host):
        raise ValueError(f'"{url}" would send callers\' words in the clear; use https.')
    return url


def _is_near(host: str) -> bool:
    """Whether a host is of the office itself: a private or loopback address, or a name without a domain."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal"))


WebAddress = Annotated[str, AfterValidator(web_address)]
MailAddress = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", max_length=254)]


class MailSecurity(StrEnum):
    """How a connection to a mail server is secured."""

    STARTTLS = "starttls"  # port 587, RFC 6409
    TLS = "tls"  # from the first byte on, port 465, RFC 8314
    NONE = "none"  # for a server on this machine


class Tells(StrEnum):
    """What a destination may be told of; the outbox calls these its kinds."""

    CALL = "call"  # a call is over
    MESSAGE = "message"
    APPOINTMENT = "appointment"  # booked, moved or cancelled
    DISPOSITION = "disposition"  # somebody corrected how a call ended


class Deliver(Strict):
    """Where messages are sent beside the inbox: by e-mail, to a webhook, or both; see docs/messages.md."""

    mail_to: tuple[MailAddress, ...] = ()
    """Who gets each message by e-mail; empty: nobody."""
    mail_from: Annotated[str, Field(pattern=r"^$|^[^<>\r\n]*<?[^@\s<>]+@[^@\s<>]+>?$")] = ""
    """The sender that e-mails carry; empty: the first of `mail_to`."""
    smtp_host: str = ""
    """The mail server (submission). Its password is the secret `smtp_password`."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port."""
    smtp_security: MailSecurity = MailSecurity.STARTTLS
    """How the connection is secured; with `none` no password is sent."""
    smtp_user: str = ""
    """The account there; empty: it takes mail from this machine without."""
    attach_mb: Annotated[int, Field(ge=0, le=50)] = 10
    """The largest recording that is attached to an e-mail; 0: none is."""
    webhook_url: str = ""
    """Where each message is posted as JSON, signed with the secret `webhook_secret`; empty: nowhere."""
    webhook_tells: tuple[Tells, ...] = (Tells.MESSAGE,)
    """What the webhook is told of: call, message, appointment, disposition."""
    ca_file: str = ""
    """Certificates (PEM) that are believed beside the system's, for servers of the office's own."""
    limit_s: Annotated[float, Field(ge=1, le=120)] = 20.0
    """An attempt that takes longer has failed."""
    retry_first_s: Annotated[float, Field(ge=0.1, le=600)] = 10.0
    """Wait before the second attempt; doubles each time."""
    retry_most_s: Annotated[float, Field(ge=1, le=86400)] = 1800.0
    """Longest wait between attempts. There is no last one: a box may be offline for days."""

    @model_validator(mode="after")
    def _is_whole(self) -> Deliver:
        if self.mail_to and not self.smtp_host:
            raise Misplaced("e-mail needs a server: set smtp_host.", ("mail_to",))
        if self.smtp_user and self.smtp_security is MailSecurity.NONE:
            raise Misplaced("a password is not sent in the clear: use starttls or tls.", ("smtp_security",))
        if self.webhook_url:
            try:
                web_address(self.webhook_url)
            except ValueError as error:
                raise Misplaced(str(error), ("webhook_url",)) from None
        return self

    @property
    def destinations(self) -> tuple[str, ...]:
        """Where messages go, as the outbox names it."""
        return (*(["email"] if self.mail_to else []), *(["webhook"] if self.webhook_url else []))


class CrmKind(StrEnum):
    """The customer databases the box can write to."""

    NONE = "none"
    TRYTON = "tryton"
    HUBSPOT = "hubspot"
    SALESFORCE = "salesforce"


class Crm(Strict):
    """The office's customer database (CRM); see docs/sync.md. Its key is the secret `crm_key`."""

    kind: CrmKind = CrmKind.NONE
    """Which one: none, tryton, hubspot or salesforce."""
    url: str = ""
    """Where it is, like https://crm.office.example."""
    database: str = ""
    """Tryton: the name of its database."""
    client_id: str = ""
    """Salesforce: the consumer key of the connected app; the consumer secret is the secret `crm_key`."""
    tells: tuple[Tells, ...] = tuple(Tells)
    """What it is told of."""
    leads: bool = True
    """Open a lead (Tryton: an opportunity) for a caller with a new wish."""
    greet_by_name: bool = False
    """Greet a caller whom the CRM knows by name, if the business file allows it; also offline."""
    contact_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """After so many days the name of somebody who calls is asked for again."""

    @model_validator(mode="after")
    def _is_whole(self) -> Crm:
        if self.kind in {CrmKind.TRYTON, CrmKind.SALESFORCE} and not self.url:
            raise Misplaced("the CRM needs an address: set url.", ("kind",))
        if self.kind is CrmKind.TRYTON and not self.database:
            raise Misplaced("Tryton needs the name of its database: set database.", ("kind",))
        if self.kind is CrmKind.SALESFORCE and not self.client_id:
            raise Misplaced("Salesforce needs the connected app's consumer key: set client_id.", ("kind",))
        if self.url:
            try:
                web_address(self.url)
            except ValueError as error:
                raise Misplaced(str(error), ("url",)) from None
        return self


CRM: Final = "crm"
"""What the outbox calls the CRM, whichever it is."""


class Every(StrEnum):
    """How long the time is that a report is about."""

    DAY = "day"
    WEEK = "week"  # from Monday on, as in ISO 8601
    MONTH = "month"


class Reports(Strict):
    """The report that is sent by e-mail when a day, a week or a month is over, by the mail server of [deliver]."""

    mail_to: tuple[MailAddress, ...] = ()
    """Who gets it; empty: nobody. It holds counts, and questions in callers' words with numbers masked."""
    every: Every = Every.WEEK
    """How often."""


class Observe(Strict):
    """What the box tells of itself to a monitoring system, over HTTP: /metrics for Prometheus, /health/live and
    /health/ready; see docs/observing.md. It names no caller and holds no words."""

    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """TCP port of it; 0: there is none. 9560 is a free one where nothing else runs."""
    bind_address: str = "127.0.0.1"
    """Address it listens on. It speaks plain HTTP: beyond this machine only behind a proxy with TLS."""
    registration_lost_s: Annotated[float, Field(ge=0, le=86400)] = 60.0
    """Not ready when the phone system has not known us for so long."""
    free_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 500
    """Not ready with less room on the disk of the database."""
    log_words: bool = False
    """Also log what people say, their numbers and names, in fields that begin with `pii.`: to look for a fault, while
    it is looked for."""


class Settings(Strict):
    """The whole file."""

    business: str = "auto_repair"
    """The business this box answers for: a name in config/businesses/ or a path to a file."""
    sip: Sip = Sip()
    audio: Audio = Audio()
    turns: Turns = Turns()
    models: Models = Models()
    mind: Mind = Mind()
    store: Store = Store()
    keep: Keep = Keep()
    feed: Feed = Feed()
    desk: Desk = Desk()
    observe: Observe = Observe()
    deliver: Deliver = Deliver()
    reports: Reports = Reports()
    crm: Crm = Crm()

    @model_validator(mode="after")
    def _can_mail_reports(self) -> Settings:
        if self.reports.mail_to and not self.deliver.smtp_host:
            raise Misplaced("e-mail needs a server: set smtp_host in [deliver].", ("reports", "mail_to"))
        return self

    def told_of(self, kind: Tells) -> tuple[str, ...]:
        """The destinations, as the outbox names them, that are told of what is of this kind."""
        by_mail = self.deliver.mail_to and kind is Tells.MESSAGE
        by_web = self.deliver.webhook_url and kind in self.deliver.webhook_tells
        by_crm = self.crm.kind is not CrmKind.NONE and kind in self.crm.tells
        return (
            *(["email"] if by_mail else []),
            *(["webhook"] if by_web else []),
            *([CRM] if by_crm else []),
        )

    @property
    def destinations(self) -> tuple[str, ...]:
        """Every place anything is sent to, as the outbox names it."""
        return (*self.deliver.destinations, *([] if self.crm.kind is CrmKind.NONE else [CRM]))


def load(path: Path | None) -> Settings:
    """Settings from `path`; without one from SYSTEM_CONFIG if it exists, else the defaults."""
    if path is None:
        if not SYSTEM_CONFIG.exists():
            return Settings()
        path = SYSTEM_CONFIG
    return configfile.read(path, Settings)


def secret(name: str) -> str | None:
    """A secret by name: a systemd credential file, else the file that ATTENDANT_<NAME>_FILE names in the environment,
    else ATTENDANT_<NAME> itself. A file is read each time: it may be renewed while the box runs."""
    variable = f"ATTENDANT_{name.upper()}"
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    files = [Path(folder) / name] if folder else []
    if named := os.environ.get(f"{variable}_FILE"):
        files.append(Path(named))
    for file in files:
        if file.is_file():
            return file.read_text(encoding="utf-8").strip()
    return os.environ.get(variable)


def home() -> Path:
    """The folder under which this user's or this system's data lives."""
    if named := os.environ.get("ATTENDANT_HOME"):
        return Path(named)
    if SYSTEM_CONFIG.exists() and os.access("/var/lib/attendant", os.W_OK):
        return Path("/var/lib/attendant")
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "attendant"


def models_directory(settings: Settings) -> Path:
    """Where weights live."""
    return Path(settings.models.directory) if settings.models.directory else home() / "models"


def data_directory(settings: Settings) -> Path:
    """Where the database, the recordings and the running box's sockets live."""
    return Path(settings.store.directory) if settings.store.directory else home()


def backups_directory(settings: Settings) -> Path:
    """Where backups lie."""
    return Path(settings.keep.backups) if settings.keep.backups else data_directory(settings) / "backups"


def shipped(relative: str) -> Path:
    """A file that ships with the product (config/..., models/manifest.toml), from a checkout or a wheel."""
    inside = Path(__file__).parent / "_shipped" / relative
    return inside if inside.exists() else Path(__file__).parent.parent / relative
