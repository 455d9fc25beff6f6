"""The upkeep process of a real box mails the report of yesterday, and the box it is started as again does not."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from appliance import settings
from appliance.clock import SystemClock
from appliance.domain.call import Disposition
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.wiring.keeping import chores_of

REPOSITORY = Path(__file__).parents[2]
NOW = SystemClock().now()
LIMIT_S = 90.0


class Mailbox(Controller):
    """A mail server on a port that the kernel chooses; `came` is set with the first mail."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.came = threading.Event()
        super().__init__(self, hostname="127.0.0.1", port=0)

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        self.came.set()
        return "250 taken"

    def _trigger_server(self) -> None:
        """The library would knock at port 0: the one the kernel chose is known by now."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def config(tmp_path: Path, mailbox: Mailbox) -> Path:
    """A box that somebody called three days ago."""
    file = tmp_path / "appliance.toml"
    file.write_text(
        f'[store]\ndirectory = "{tmp_path / "data"}"\n'
        '[reports]\nmail_to = ["owner@office.example"]\nevery = "day"\n'
        f'[deliver]\nsmtp_host = "127.0.0.1"\nsmtp_port = {mailbox.port}\nsmtp_security = "none"\n'
    )
    with Database(tmp_path / "data" / FILE_NAME) as database:
        calls, at = Calls(database), NOW - timedelta(days=3)
        calls.begin("c1", "+13035550123", "100", at, {})
        calls.answered("c1", at)
        calls.close("c1", Disposition.BOOKED, at + timedelta(minutes=1))
    return file


@pytest.mark.real
def test_a_report_arrives_once(config: Path, mailbox: Mailbox) -> None:
    box = subprocess.Popen(
        [sys.executable, "-m", "appliance.wiring", "upkeep", "--config", str(config)],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
    )
    try:
        assert mailbox.came.wait(LIMIT_S)
    finally:
        box.terminate()
        _, said = box.communicate(timeout=LIMIT_S)
    assert [one.rcpt_tos for one in mailbox.mails] == [["owner@office.example"]]
    assert b"fault of ours" not in said
    loaded = settings.load(config)
    with Database(config.parent / "data" / FILE_NAME) as database:
        assert database.rows("SELECT count(*) AS sent FROM reports_mailed") == [{"sent": 1}]
        again = next(one for one in chores_of(loaded, database, SystemClock()) if one.name == "report")
        assert not again.is_due(NOW, idle=True)
