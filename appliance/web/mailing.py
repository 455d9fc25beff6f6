"""The office's mail server: a connection to it as the settings say, and handing it a mail (RFC 6409)."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Final

from appliance.errors import NoAnswer
from appliance.settings import Deliver, MailSecurity
from appliance.web.asking import trusted_certificates

_WRONG_PASSWORD: Final = 535


class MailServer:
    """The mail server of `deliver`. `password` is the secret `smtp_password`."""

    def __init__(self, deliver: Deliver, password: str | None) -> None:
        self._deliver = deliver
        self._password = password
        self._certificates: ssl.SSLContext = trusted_certificates(deliver.ca_file)

    def connected(self) -> smtplib.SMTP:
        """A session in which mails can be handed over; smtplib's errors and OSError as they come."""
        to = self._deliver
        place = (to.smtp_host, to.smtp_port)
        if to.smtp_security is MailSecurity.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=to.limit_s, context=self._certificates)
        else:
            server = smtplib.SMTP(*place, timeout=to.limit_s)
        try:
            self._introduced(server)
        except BaseException:
            server.close()
            raise
        return server

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail; NoAnswer when it is not taken, now or ever. The server's words are not repeated."""
        try:
            with self.connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = min(error.recipients.values())
            raise _not_taken(self._deliver, f"SMTP {code}") from error
        except smtplib.SMTPResponseException as error:
            raise _not_taken(self._deliver, f"SMTP {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _not_taken(self._deliver, type(error).__name__) from error

    def _introduced(self, server: smtplib.SMTP) -> None:
        to = self._deliver
        if to.smtp_security is MailSecurity.STARTTLS:
            server.starttls(context=self._certificates)
        server.ehlo_or_helo_if_needed()
        if to.smtp_user:
            self._logged_in(server, to.smtp_user)

    def _logged_in(self, server: smtplib.SMTP, user: str) -> None:
        """A server that hangs up on a wrong password has said so, too: smtplib tries it in several ways."""
        try:
            server.login(user, self._password or "")
        except smtplib.SMTPServerDisconnected as error:
            raise smtplib.SMTPAuthenticationError(_WRONG_PASSWORD, b"") from error


def domain_of(address: str) -> str:
    """What stands behind the @ of an address, which may have a name before it; for a Message-ID."""
    return address.rpartition("@")[2].strip("<> ") or "attendant.invalid"


def _not_taken(deliver: Deliver, reason: str) -> NoAnswer:
    return NoAnswer(
        f"{deliver.smtp_host}:{deliver.smtp_port}: the mail server did not take the mail ({reason}).",
        remedy="See [deliver] in the settings, and the secret smtp_password.",
    )
