"""A report is mailed once when its time is over, whatever happens to the box; and says nothing personal."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from appliance.clock import SetClock
from appliance.domain.call import CallEvent, Disposition
from appliance.errors import NoAnswer
from appliance.reports import gathering
from appliance.reports.mailing import MailedReports, written
from appliance.settings import Deliver, Every, Reports
from tests.reports.office import NOW, OFFICE, ZONE, Office, at

DELIVER = Deliver(smtp_host="mail.office.example", mail_from="The Box <box@office.example>")
NOBODY_STOPS = threading.Event()


class Box:
    """The chore of a box that can be started again, at a time that can be set."""

    def __init__(self, office: Office, now: datetime, every: Every = Every.DAY) -> None:
        self.office = office
        self.clock = SetClock(now)
        self.reports = Reports(mail_to=("owner@office.example",), every=every)
        self.sent: list[EmailMessage] = []
        self.fails = 0
        self.start()

    def start(self) -> None:
        self.chore = MailedReports(
            self.office.database, OFFICE, self.reports, DELIVER, send=self._send, clock=self.clock
        )

    def _send(self, mail: EmailMessage) -> None:
        if self.fails:
            self.fails -= 1
            raise NoAnswer("the mail server did not take the mail.")
        self.sent.append(mail)

    def look(self, *, idle: bool = True) -> None:
        """What upkeep does now and then."""
        if self.chore.is_due(self.clock.now(), idle=idle):
            self.chore.do(NOBODY_STOPS)

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.sent]


def test_each_day_is_mailed_once_however_often_the_box_starts(office: Office) -> None:
    office.call(at(19, 9))
    box = Box(office, at(20, 12))
    for _ in range(3):
        box.look()
        box.start()
    assert box.subjects() == ["Report of the day: Hilltop Auto Repair, Thu 2026-11-19"]
    box.clock.advance(24 * 3600)
    box.look()
    assert box.subjects()[1:] == ["Report of the day: Hilltop Auto Repair, Fri 2026-11-20"]


def test_after_a_week_off_only_the_newest_is_mailed(office: Office) -> None:
    office.call(at(1, 9))
    box = Box(office, at(9, 1), Every.WEEK)
    box.look()
    box.clock.advance(timedelta(days=21).total_seconds())
    box.look()
    assert [subject.rpartition(", ")[2] for subject in box.subjects()] == [
        "Mon 2026-11-02 to Sun 2026-11-08",
        "Mon 2026-11-23 to Sun 2026-11-29",
    ]


def test_what_the_server_did_not_take_is_tried_again(office: Office) -> None:
    office.call(at(19, 9))
    box = Box(office, at(20, 12))
    box.fails = 1
    with pytest.raises(NoAnswer):
        box.look()
    box.look()
    assert len(box.sent) == 1


def test_it_waits_for_the_calls_of_midnight_and_for_silence(office: Office) -> None:
    office.call(at(19, 9))
    box = Box(office, at(20, 0, 29))
    box.look()
    assert box.sent == []  # the day before yesterday, before which nobody called
    box.clock.advance(120)
    box.look(idle=False)
    assert box.sent == []
    box.look()
    assert len(box.sent) == 1


def test_a_box_nobody_has_called_yet_sends_nothing(office: Office) -> None:
    box = Box(office, at(20, 12))
    box.look()
    office.call(at(20, 13))
    box.look()
    assert box.sent == []


def test_without_an_address_nothing_is_due(office: Office) -> None:
    office.call(at(19, 9))
    chore = MailedReports(
        office.database, OFFICE, Reports(), DELIVER, send=pytest.fail, clock=SetClock(at(20, 12))
    )
    assert not chore.is_due(at(20, 12), idle=True)


def test_told_to_stop_it_sends_nothing(office: Office) -> None:
    office.call(at(19, 9))
    box, stop = Box(office, at(20, 12)), threading.Event()
    stop.set()
    box.chore.do(stop)
    assert box.sent == []


def test_no_number_and_no_name_leaves_the_box(office: Office) -> None:
    office.call(
        at(21, 9),
        Disposition.MESSAGE,
        said=("can bo call me at three oh three five five five oh one two three",),
        events=(CallEvent(2500, "unanswered"),),
    )
    period = gathering.period_named(Every.DAY, "now", NOW, ZONE)
    report = gathering.report_of(office.database, OFFICE, period, NOW)
    mail = written(report, ("owner@office.example",), DELIVER)
    plain, page = mail.get_payload()
    said = plain.get_content() + page.get_content()
    assert "call me at #" in " ".join(said.split())
    assert "three" not in said
    assert "3035550123" not in said
    assert page.get_filename() == "report-day-2026-11-21.html"
    assert mail["Message-ID"] == written(report, ("other@office.example",), DELIVER)["Message-ID"]
    assert mail["Message-ID"].endswith("@office.example>")
