"""The report that comes by itself: when a day, a week or a month is over, each is mailed once.

That one was sent is on disk as soon as the mail server has it, and a box that was off sends the newest when it is
on again, not all that it missed. Where the power fails between the two, the mail is sent again under the Message-ID
it had, by which mail programs know it (RFC 5322, 3.6.4).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from appliance.business import Business
from appliance.clock import Clock
from appliance.reports import blocks, gathering, pages, periods, text
from appliance.reports.figures import Report
from appliance.reports.masking import masked
from appliance.reports.periods import Period
from appliance.settings import Deliver, Reports
from appliance.store.database import Database
from appliance.store.reporting import Reporting
from appliance.web.mailing import domain_of

_CALLS_END: Final = timedelta(minutes=30)
"""How long after a period its report is made: a call that began before midnight is over by then."""

Send = Callable[[EmailMessage], None]


class MailedReports:
    """The chore "report" (upkeep/chores.py). `send` hands a mail to the server, or raises an ApplianceError."""

    name = "report"

    def __init__(
        self,
        database: Database,
        business: Business,
        reports: Reports,
        deliver: Deliver,
        *,
        send: Send,
        clock: Clock,
    ) -> None:
        self._database = database
        self._business = business
        self._reports = reports
        self._deliver = deliver
        self._send = send
        self._clock = clock
        self._settled = ""  # the report that is known to be sent, so that the disk is asked once a period

    def is_due(self, now: datetime, *, idle: bool) -> bool:
        """Whether the newest period that is over has not been mailed. A box without calls yet has nothing to say."""
        if not idle or not self._reports.mail_to:
            return False
        period = self._newest(now)
        if name_of(period) == self._settled:
            return False
        store = Reporting(self._database)
        if store.mailed(name_of(period)) or not store.has_calls_before(period.ends_at):
            self._settled = name_of(period)
            return False
        return True

    def do(self, stop: threading.Event) -> None:
        """Make the report, mail it, note that it was. NoAnswer, StoreFault: it is tried again."""
        now = self._clock.now()
        period = self._newest(now)
        made = gathering.report_of(self._database, self._business, period, now)
        if stop.is_set():
            return
        self._send(written(made, self._reports.mail_to, self._deliver))
        Reporting(self._database).was_mailed(name_of(period), now)
        self._settled = name_of(period)

    def _newest(self, now: datetime) -> Period:
        return periods.last_over(self._reports.every, now - _CALLS_END, self._business.zone)


def name_of(period: Period) -> str:
    """How a report is called where it is noted that it was sent: "week/2026-11-16"."""
    return f"{period.every}/{period.first.isoformat()}"


def written(report: Report, mail_to: tuple[str, ...], deliver: Deliver) -> EmailMessage:
    """The e-mail: the report as text, and as a page beside it. No number of a caller is in it."""
    safe = masked(report)
    mail = EmailMessage()
    mail["Subject"] = f"{blocks.title(safe)}, {blocks.subtitle(safe)}"
    mail["From"] = deliver.mail_from or mail_to[0]
    mail["To"] = ", ".join(mail_to)
    mail["Date"] = format_datetime(report.made_at)
    name = name_of(report.period).replace("/", "-")
    office = hashlib.sha256(report.business.encode()).hexdigest()[:12]
    mail["Message-ID"] = f"<report-{name}-{office}@{domain_of(mail['From'])}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers this
    mail.set_content(text.text(safe))
    mail.add_attachment(pages.html(safe).encode(), "text", "html", filename=f"report-{name}.html")
    return mail
