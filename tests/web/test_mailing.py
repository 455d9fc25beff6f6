"""A mail is handed over once, or the fault says which server did not take it and why, without its words."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope

from appliance.errors import NoAnswer
from appliance.settings import Deliver, MailSecurity
from appliance.web.mailing import MailServer, domain_of


class Office:
    """A mail server that takes what is for the office, and nothing for strangers."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: SMTP, session: object, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        if to.startswith("stranger"):
            return f"550 no {to} here"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:  # noqa: N802  the library's name
        if b"too much" in (envelope.content or b""):
            return "451 try later, Bo Berg"
        self.taken.append(envelope)
        return "250 taken"


class Door(Controller):
    """On a port that the kernel chooses."""

    def _trigger_server(self) -> None:
        """The library would knock at port 0: the one the kernel chose is known by now."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def office() -> Iterator[tuple[Office, MailServer]]:
    handler = Office()
    controller = Door(handler, hostname="127.0.0.1", port=0)
    controller.start()
    deliver = Deliver(smtp_host="127.0.0.1", smtp_port=controller.port, smtp_security=MailSecurity.NONE)
    yield handler, MailServer(deliver, None)
    controller.stop()


def mail(to: str = "owner@office.example", text: str = "hello") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "box@office.example", to, "Report"
    made.set_content(text)
    return made


def test_a_mail_is_handed_over_once(office: tuple[Office, MailServer]) -> None:
    office[1].send(mail())
    assert [one.rcpt_tos for one in office[0].taken] == [["owner@office.example"]]


@pytest.mark.parametrize(
    ("refused", "reason"),
    [(mail("stranger@office.example"), "SMTP 550"), (mail(text="too much"), "SMTP 451")],
)
def test_a_refusal_is_told_by_its_number(
    office: tuple[Office, MailServer], refused: EmailMessage, reason: str
) -> None:
    with pytest.raises(NoAnswer, match=reason) as told:
        office[1].send(refused)
    assert "stranger" not in str(told.value)
    assert "Bo" not in str(told.value)
    assert office[0].taken == []


def test_a_server_that_is_not_there_is_named(free_port: int) -> None:
    deliver = Deliver(smtp_host="127.0.0.1", smtp_port=free_port, smtp_security=MailSecurity.NONE, limit_s=2)
    with pytest.raises(NoAnswer, match=f"127.0.0.1:{free_port}"):
        MailServer(deliver, None).send(mail())


@pytest.mark.parametrize(
    ("address", "domain"),
    [("a@b.example", "b.example"), ("The Box <a@b.example>", "b.example"), ("@", "attendant.invalid")],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert domain_of(address) == domain
