"""From the taken message to real servers: a mail server with TLS and a login, a web server that checks signatures.

Nothing is lost when they are away, refuse, or break off; nothing is sent twice when they have it.
"""

from __future__ import annotations

import base64
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from appliance.business import Business, Entry, load
from appliance.clock import SetClock
from appliance.domain.appointment import Message
from appliance.domain.call import Disposition, Speaker, Turn
from appliance.settings import Deliver
from appliance.store.calls import Calls, recording_path
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.outbox import Outbox
from appliance.sync.forwarder import Forwarder, serve
from appliance.sync.mail import Mail
from appliance.sync.reading import happening_of
from appliance.sync.webhook import Webhook
from appliance.sync.words import ENGLISH
from appliance.web.posting import Poster

NOON = datetime(2026, 11, 21, 19, tzinfo=UTC)
OFFICE = load("auto_repair")
SECRET = "whsec_" + base64.b64encode(b"twenty-four secret bytes").decode()
LEFT = Message(
    "m1", "c1", "Bo Berg", "+13035550123", "please call me back about the brakes", "Maria", urgent=True
)

# --- a strict mail server ------------------------------------------------------------------------


@dataclass
class Mailbox:
    """What the mail server got; `refusals` are answered first, one a message."""

    mails: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: Any, session: Any, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        if to.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  the library's name
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


class MailServer(Controller):
    """STARTTLS and a login are required; 5 MB a message."""

    def __init__(self, mailbox: Mailbox, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(mailbox, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        def allowed(server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
            return AuthResult(success=(login.login, login.password) == (b"box", b"right"))

        return SMTP(
            self.handler,
            tls_context=self._context,
            require_starttls=True,
            auth_required=True,
            authenticator=allowed,
            data_size_limit=5_000_000,
        )

    def _trigger_server(self) -> None:
        """The library would knock at port 0: the one the kernel chose is known by now."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


# --- a strict web server --------------------------------------------------------------------------


class Receiver(ThreadingHTTPServer):
    """Takes signed CloudEvents at /hook, each once, and refuses everything else; `answers` come first."""

    daemon_threads = True

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.identities: list[str] = []
        self.answers: list[int] = []
        super().__init__(("127.0.0.1", 0), _Hook)

    def judge(self, path: str, headers: Any, body: bytes) -> int:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = hmac.digest(b"twenty-four secret bytes", signed, "sha256")
        if path != "/hook" or headers["Content-Type"] != "application/cloudevents+json; charset=utf-8":
            return 400
        if headers["webhook-signature"] != "v1," + base64.b64encode(expected).decode():
            return 401
        self.identities.append(headers["webhook-id"])
        if self.answers:
            return self.answers.pop(0)
        if headers["webhook-id"] not in {one["id"] for one in self.events}:
            self.events.append(json.loads(body))
        return 204


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.judge(self.path, self.headers, body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
        pass


# --- the office -----------------------------------------------------------------------------------


@dataclass
class Scene:
    """A box with one finished call and a message, two servers, and a clock in our hand."""

    database: Database
    directory: Path
    mailbox: Mailbox
    receiver: Receiver
    deliver: Deliver
    clock: SetClock = field(default_factory=lambda: SetClock(NOON))
    login: str = "right"
    office: Business = OFFICE

    def take(self, *messages: Message) -> None:
        book = Messages(self.database, self.clock, destinations=self.deliver.destinations)
        for message in messages:
            book.take(message)

    def forwarder(self) -> Forwarder:
        poster = Poster(clock=self.clock)
        return Forwarder(
            Outbox(self.database, self.clock),
            {
                "email": Mail(self.deliver, ENGLISH, self.login),
                "webhook": Webhook(self.deliver, poster, SECRET),
            },
            lambda delivery: happening_of(delivery, self.office, self.database, self.directory),
            self.deliver,
            self.clock,
        )

    def states(self, subject: str = "m1") -> list[tuple[str, str, str]]:
        return [
            (str(one.destination), str(one.state), one.reason)
            for one in Outbox(self.database).of_subject(subject)
        ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    mailbox, receiver = Mailbox(), Receiver()
    server = MailServer(mailbox, context)
    serving = threading.Thread(target=receiver.serve_forever, args=(0.05,))
    server.start()
    serving.start()
    deliver = Deliver(
        mail_to=("office@hilltop.example", "maria@hilltop.example"),
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_user="box",
        webhook_url=f"http://127.0.0.1:{receiver.server_port}/hook",
        ca_file=str(tmp_path / "ca.pem"),
        limit_s=5,
    )
    with Database(tmp_path / FILE_NAME) as database:
        calls = Calls(database)
        calls.begin("c1", "+13035550123", "100", NOON, {})
        calls.answered("c1", NOON)
        calls.add_turn("c1", Turn(1, Speaker.CALLER, "hi i'd like to leave a message", 2000, 4000))
        calls.add_turn("c1", Turn(2, Speaker.CALLER, "please call me back about the brakes", 65300, 68000))
        recording = recording_path(tmp_path, "c1")
        recording.parent.mkdir()
        recording.write_bytes(b"fLaC" * 1000)
        calls.close("c1", Disposition.MESSAGE, NOON + timedelta(minutes=2), None, str(recording))
        yield Scene(database, tmp_path, mailbox, receiver, deliver)
    server.stop()
    receiver.shutdown()
    serving.join()
    receiver.server_close()


def test_a_message_is_mailed_with_its_recording_and_posted(scene: Scene) -> None:
    scene.take(LEFT)
    assert scene.forwarder().send_due() == 2
    assert scene.states() == [("email", "sent", ""), ("webhook", "sent", "")]
    mail = scene.mailbox.mails[0]
    assert mail["Subject"] == "URGENT: Message for Maria from Bo Berg"
    assert mail["To"] == "office@hilltop.example, maria@hilltop.example"
    assert mail["Importance"] == "high"
    body = mail.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert said.startswith(LEFT.matter)
    assert "+13035550123" in said
    assert "c1.flac, from 01:05.3 on (attached)" in said
    assert [one.get_filename() for one in mail.iter_attachments()] == ["c1.flac"]
    event = scene.receiver.events[0]
    assert (event["specversion"], event["type"]) == ("1.0", "attendant.message.taken.v1")
    assert event["data"]["matter"] == LEFT.matter
    assert event["data"]["recording"] == {"file": "c1.flac", "starts_ms": 65300}
    assert scene.forwarder().send_due() == 0


def test_whoever_it_is_for_gets_it_too_when_that_is_sure(scene: Scene) -> None:
    scene.office = OFFICE.model_copy(
        update={
            "directory": (
                Entry(id="luis", spoken="Luis Vega", extension="102", email="luis@hilltop.example"),
                Entry(id="maria", spoken="Maria Ortega", extension="101", email="maria@hilltop.example"),
            )
        }
    )
    for number, whom in enumerate(("Maria", "Luis", "Somebody Else", "")):
        scene.take(replace(LEFT, message_id=f"w{number}", whom=whom))
        scene.forwarder().send_due()
    both = "office@hilltop.example, maria@hilltop.example"
    assert [mail["To"] for mail in scene.mailbox.mails] == [both, f"{both}, luis@hilltop.example", both, both]


def test_servers_that_are_away_or_busy_lose_nothing_and_have_it_once(scene: Scene) -> None:
    scene.mailbox.refusals = ["451 try later", "421 closing"]
    scene.receiver.answers = [503, 500, 429]
    scene.take(LEFT)
    forwarder = scene.forwarder()
    for _ in range(12):
        forwarder.send_due()
        scene.clock.advance(60)
    assert scene.states() == [("email", "sent", ""), ("webhook", "sent", "")]
    assert len(scene.mailbox.mails) == len(scene.receiver.events) == 1
    assert len(scene.receiver.identities) == 4
    assert len(set(scene.receiver.identities)) == 1


def test_a_destination_that_is_dead_is_left_alone_for_a_while(scene: Scene) -> None:
    scene.receiver.answers = [500] * 100
    scene.take(*(replace(LEFT, message_id=f"m{n}", phone=f"+1303555010{n}") for n in range(9)))
    scene.forwarder().send_due()
    assert len(scene.receiver.identities) == 3
    assert len(scene.mailbox.mails) == 9  # and does not hold up another


def test_an_expired_password_is_said_and_nothing_is_lost(scene: Scene) -> None:
    scene.login = "expired"
    scene.take(LEFT)
    scene.forwarder().send_due()
    assert scene.states()[0] == ("email", "waiting", "SMTP 535")
    scene.clock.advance(3600)
    scene.login = "right"
    scene.forwarder().send_due()
    assert scene.states()[0] == ("email", "sent", "")


@pytest.mark.parametrize(
    ("destination", "answer", "reason"),
    [("webhook", 422, "HTTP 422"), ("webhook", 413, "HTTP 413"), ("email", "554 spam", "SMTP 554")],
)
def test_what_nobody_will_ever_take_is_buried_with_the_reason(scene, destination, answer, reason) -> None:
    if destination == "webhook":
        scene.receiver.answers = [answer]
    else:
        scene.mailbox.refusals = [answer]
    scene.take(LEFT)
    scene.forwarder().send_due()
    assert (destination, "buried", reason) in scene.states()


def test_nobody_of_that_name_is_buried_unless_somebody_else_gets_it(scene: Scene) -> None:
    scene.deliver = scene.deliver.model_copy(update={"mail_to": ("nobody@x.example",)})
    scene.take(LEFT)
    scene.forwarder().send_due()
    assert scene.states()[0] == ("email", "buried", "SMTP 550")
    scene.deliver = scene.deliver.model_copy(update={"mail_to": ("nobody@x.example", "a@x.example")})
    scene.take(replace(LEFT, message_id="m2"))
    scene.forwarder().send_due()
    assert scene.states("m2")[0] == ("email", "sent", "")


def test_a_recording_too_large_for_the_server_stays_on_the_box(scene: Scene) -> None:
    recording_path(scene.directory, "c1").write_bytes(b"x" * 6_000_000)
    scene.take(LEFT)
    scene.forwarder().send_due()
    mail = scene.mailbox.mails[0]
    assert list(mail.iter_attachments()) == []
    assert "too large to attach" in mail.get_content()


def test_a_server_that_says_too_late_that_it_is_too_large_gets_the_words(scene: Scene) -> None:
    scene.mailbox.refusals = ["552 too much"]
    scene.take(LEFT)
    scene.forwarder().send_due()
    assert scene.states()[0] == ("email", "sent", "")
    assert list(scene.mailbox.mails[0].iter_attachments()) == []


def test_a_name_that_would_write_headers_is_only_a_name(scene: Scene) -> None:
    scene.take(replace(LEFT, name="Bo\r\nBcc: all@x.example", whom=""))
    scene.forwarder().send_due()
    mail = scene.mailbox.mails[0]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "URGENT: Message from Bo Bcc: all@x.example"


def test_a_server_nobody_vouches_for_gets_nothing(scene: Scene) -> None:
    scene.deliver = scene.deliver.model_copy(update={"ca_file": ""})
    scene.take(LEFT)
    scene.forwarder().send_due()
    assert scene.mailbox.mails == []
    assert scene.states()[0] == ("email", "waiting", "mail server: SSLCertVerificationError")


def test_it_serves_until_it_is_told_to_stop(scene: Scene) -> None:
    scene.take(LEFT)
    stop, ready, alive = threading.Event(), threading.Event(), threading.Event()
    serving = threading.Thread(target=serve, args=(scene.forwarder(), stop, ready.set, alive.set))
    serving.start()
    assert ready.wait(10)
    assert alive.wait(10)
    waiting = threading.Event()
    for _ in range(200):
        if scene.mailbox.mails:
            break
        waiting.wait(0.05)
    stop.set()
    serving.join(10)
    assert len(scene.mailbox.mails) == 1
