"""Sends a letter by e-mail: submission to one mail server (RFC 6409), over TLS, with the recording attached."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from appliance.settings import Deliver
from appliance.sync.attempts import Later, Outcome, Refused, Sent
from appliance.sync.happenings import Happening, MessageTaken
from appliance.sync.letters import subject_of, text_of
from appliance.sync.words import LetterWords
from appliance.web.mailing import MailServer, domain_of

_MB: Final = 1_000_000
_BASE64: Final = 1.4  # what encoding adds to an attachment
_PERMANENT: Final = 500  # RFC 5321, 4.2.1: from here on "do not repeat"
_TOO_LARGE: Final = 552
_AUTHENTICATION: Final = range(530, 539)  # RFC 4954, 6: somebody has to mend the account, not the letter


class Mail:
    """The destination "email"."""

    def __init__(self, deliver: Deliver, table: LetterWords, password: str | None) -> None:
        self._deliver = deliver
        self._table = table
        self._server = MailServer(deliver, password)

    def send(self, happening: Happening) -> Outcome:
        """Hand a message to the mail server, for all who are to get it."""
        if not isinstance(happening, MessageTaken):
            return Refused("e-mail carries messages only")
        try:
            with self._server.connected() as server:
                return self._hand_over(server, happening)
        except smtplib.SMTPRecipientsRefused as error:
            return _judged(*min(error.recipients.values()))
        except smtplib.SMTPResponseException as error:
            return _judged(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Later(f"mail server: {type(error).__name__}")

    def _hand_over(self, server: smtplib.SMTP, taken: MessageTaken) -> Outcome:
        """With the recording, where it may be so large; without it where the server says that it is too large."""
        limit_bytes = int(server.esmtp_features.get("size") or 0)
        whole = self.written(taken, limit_bytes)
        try:
            server.send_message(whole)
        except smtplib.SMTPDataError as error:
            if error.smtp_code != _TOO_LARGE or not whole.is_multipart():
                raise
            server.send_message(self.written(taken, limit_bytes=1))
        return Sent()

    def written(self, taken: MessageTaken, limit_bytes: int = 0) -> EmailMessage:
        """The e-mail. `limit_bytes`: what the server takes at most; 0: it does not say."""
        to, table = self._deliver, self._table
        recording = self._attachment(taken, limit_bytes)
        mail = EmailMessage()
        mail["Subject"] = subject_of(taken, table)
        mail["From"] = to.mail_from or to.mail_to[0]
        mail["To"] = ", ".join(dict.fromkeys((*to.mail_to, *taken.also_to)))
        mail["Date"] = format_datetime(taken.happened_at)
        mail["Message-ID"] = f"<{taken.identity}@{domain_of(mail['From'])}>"  # a repetition is known by it
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers this
        if taken.urgent:
            mail["Importance"] = "high"
            mail["X-Priority"] = "1"
        mail.set_content(text_of(taken, table, attached=recording is not None))
        if recording is not None and taken.recording is not None:
            mail.add_attachment(recording, "audio", "flac", filename=taken.recording.name)
        return mail

    def _attachment(self, taken: MessageTaken, limit_bytes: int) -> bytes | None:
        if taken.recording is None or not taken.recording.is_file():
            return None
        size_bytes = taken.recording.stat().st_size
        if size_bytes > self._deliver.attach_mb * _MB or size_bytes * _BASE64 > (
            limit_bytes or size_bytes * 2
        ):
            return None
        return taken.recording.read_bytes()


def _judged(code: int, said: bytes | str) -> Outcome:
    """What a mail server's refusal means. Its words may hold an address: only the number is kept."""
    reason = f"SMTP {code}"
    is_final = code >= _PERMANENT and code not in _AUTHENTICATION
    return Refused(reason) if is_final else Later(reason)
