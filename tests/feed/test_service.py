"""The feed as a calendar program meets it, on loopback."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appliance.clock import SetClock
from appliance.domain.appointment import Appointment
from appliance.errors import ConfigError, StoreFault
from appliance.feed.page import Page
from appliance.feed.service import FeedServer, run
from appliance.settings import Feed
from appliance.store.appointments import Diary
from appliance.store.database import FILE_NAME, Database
from tests.store.salon import FILE, SALON

REPOSITORY = Path(__file__).parents[2]
PAGE = Page(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", '"abc"')
PATH = "/secret/diary.ics"


class Office:
    """A served feed; `page` is what its diary gives, or the fault it has."""

    def __init__(self) -> None:
        self.page: Page | StoreFault = PAGE
        self.lives = threading.Semaphore(0)
        self.server = FeedServer(Feed(), "secret", self.newest, self.lives.release)
        self.stop = threading.Event()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=run, args=(self.server, self.stop, self.ready.set))

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def newest(self) -> Page:
        if isinstance(self.page, StoreFault):
            raise self.page
        return self.page

    def ask(self, path: str = PATH, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(
                method, path, headers={key.replace("_", "-"): value for key, value in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    made.thread.start()
    assert made.ready.wait(10)
    yield made
    made.stop.set()
    made.thread.join(10)
    assert not made.thread.is_alive()


def test_a_calendar_for_who_knows_where(office: Office) -> None:
    status, headers, body = office.ask()
    assert (status, body) == (200, PAGE.body)
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["ETag"] == PAGE.etag
    assert "Python" not in headers["Server"]


def test_what_has_not_changed_is_not_sent_again(office: Office) -> None:
    assert office.ask(If_None_Match='"abc"')[::2] == (304, b"")
    assert office.ask(If_None_Match='W/"abc", "x"')[::2] == (304, b"")
    assert office.ask(If_None_Match='"old"')[0] == 200


def test_only_a_look_at_the_headers(office: Office) -> None:
    status, headers, body = office.ask(method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(PAGE.body)


@pytest.mark.parametrize(
    "path", ["/", "/diary.ics", "/wrong/diary.ics", "/secret/", "/secret/../etc/passwd", "//"]
)
def test_any_other_path_is_nothing(office: Office, path: str) -> None:
    status, _, body = office.ask(path)
    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND"])
def test_nothing_can_be_written(office: Office, method: str) -> None:
    assert office.ask(method=method)[0] == 501


def test_a_diary_that_cannot_be_read_now_can_later(office: Office) -> None:
    office.page = StoreFault("locked.")
    assert office.ask()[0] == 503
    office.page = PAGE
    assert office.ask()[0] == 200


def test_who_says_nothing_or_rubbish_is_in_nobody_s_way(office: Office) -> None:
    idle = [socket.create_connection(("127.0.0.1", office.port), timeout=10) for _ in range(3)]
    idle[0].sendall(b"\x16\x03\x01\x00\xff rubbish\r\n\r\n")
    assert office.ask()[0] == 200
    for one in idle:
        one.close()


def test_it_shows_that_it_lives(office: Office) -> None:
    assert all(office.lives.acquire(timeout=10) for _ in range(3))


def test_a_port_in_use_is_named(office: Office) -> None:
    with pytest.raises(ConfigError, match=f"127.0.0.1:{office.port} cannot be listened on"):
        FeedServer(Feed(port=office.port), "secret", lambda: PAGE)
    with pytest.raises(ConfigError, match="cannot be listened on"):
        FeedServer(Feed(bind_address="192.0.2.1"), "secret", lambda: PAGE)


@pytest.mark.real
def test_the_process_serves_what_the_desk_agrees_and_ends_when_told(tmp_path: Path) -> None:
    """As `appliance run` starts it: before there is a diary, while one is written, until SIGTERM."""
    port = _free_tcp_port()
    config = tmp_path / "appliance.toml"
    (tmp_path / "salon.toml").write_text(FILE)
    config.write_text(
        f'business = "{tmp_path / "salon.toml"}"\n[store]\ndirectory = "{tmp_path / "data"}"\n[feed]\nport = {port}\n'
    )
    environment = os.environ | {"ATTENDANT_FEED_TOKEN": "secret"}
    command = [sys.executable, "-m", "appliance.wiring", "feed", "--config", str(config)]
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment) as process:
        try:
            assert _asked(port)[0] == 503  # there is no diary yet
            with Database(tmp_path / "data" / FILE_NAME) as database:
                diary = Diary(database, SALON, SetClock(datetime.now(SALON.zone)))
                opening = diary.openings("talk", *_fortnight(), 1)[0]
                wish = Appointment(
                    "a1", "c1", "talk", opening.starts_at, opening.ends_at, "Bo Berg", "+13035550123"
                )
                diary.book(wish)
                assert b"Bo Berg" in _asked(port)[1]
                diary.cancel("a1")
                assert b"STATUS:CANCELLED" in _asked(port)[1]
        finally:
            process.terminate()
        assert process.wait(10) == 0


def _fortnight() -> tuple[datetime, datetime]:
    now = datetime.now(SALON.zone)
    return now, now + timedelta(days=14)


def _free_tcp_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _asked(port: int) -> tuple[int, bytes]:
    """What the feed answers, once it listens."""
    deadline_s = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", PATH)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline_s, "the feed never listened"
            threading.Event().wait(0.05)
        finally:
            connection.close()
