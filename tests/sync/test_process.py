"""The sync and errands processes as they are really started; what kill -9 leaves behind is sent again and known."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.agent.outside import ask
from appliance.clock import SetClock, SystemClock
from appliance.settings import Deliver
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.outbox import CLAIM_S, Outbox
from appliance.sync.destinations import destinations_of
from appliance.sync.forwarder import Forwarder
from appliance.sync.reading import happening_of
from appliance.web.errand import SOCKET_NAME, Errand
from tests.business.test_tools import OFFICE as OFFICE_TEXT
from tests.business.test_tools import TOOL
from tests.errands.test_service import SIGNED_WITH, Orders
from tests.sync.test_forwarder import LEFT, OFFICE, SECRET, Receiver

pytestmark = pytest.mark.real


class SlowReceiver(Receiver):
    """Answers when it is let go; `begun` is set when somebody has been heard out."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()
        super().__init__()

    def judge(self, path, headers, body):
        status = super().judge(path, headers, body)
        self.begun.set()
        self.let_go.wait(20)
        return status


def serving(server) -> Iterator:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def receiver() -> Iterator[SlowReceiver]:
    yield from serving(SlowReceiver())


@pytest.fixture
def orders() -> Iterator[Orders]:
    yield from serving(Orders())


@pytest.fixture
def start() -> Iterator[Callable[[str, Path], subprocess.Popen]]:
    started = []

    def begin(name: str, config: Path) -> subprocess.Popen:
        secrets = {"ATTENDANT_WEBHOOK_SECRET": SECRET, "ATTENDANT_TOOLS_ORDERS_SECRET": SIGNED_WITH}
        command = [sys.executable, "-m", "appliance.wiring", name, "--config", str(config)]
        started.append(subprocess.Popen(command, env={**os.environ, **secrets}, stderr=subprocess.DEVNULL))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait(10)


def test_killed_between_sending_and_being_answered_it_is_sent_again_and_known(start, receiver, folder):
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    config = folder / "appliance.toml"
    config.write_text(f'[store]\ndirectory = "{folder}"\n[deliver]\nwebhook_url = "{url}"\n')
    deliver = Deliver(webhook_url=url)
    with Database(folder / FILE_NAME) as database:
        Messages(database, destinations=deliver.destinations).take(LEFT)
        process = start("sync", config)
        assert receiver.begun.wait(60)
        process.kill()
        process.wait(10)
        receiver.let_go.set()
        assert [str(one.state) for one in Outbox(database).of_subject("m1")] == ["claimed"]
        later = SetClock(SystemClock().now() + timedelta(seconds=CLAIM_S + 1))
        forwarder = Forwarder(
            Outbox(database, later),
            destinations_of(deliver, "en", {"webhook_secret": SECRET}.get),
            lambda delivery: happening_of(delivery, OFFICE, database, folder),
            deliver,
            later,
        )
        assert forwarder.send_due() == 1
        assert [str(one.state) for one in Outbox(database).of_subject("m1")] == ["sent"]
    assert len(receiver.identities) == 2
    assert len(set(receiver.identities)) == 1
    assert len(receiver.events) == 1


def test_an_errand_through_the_real_process(start, orders, folder):
    business = folder / "office.toml"
    business.write_text(
        OFFICE_TEXT + TOOL.replace("https://orders.example", f"http://127.0.0.1:{orders.server_port}")
    )
    config = folder / "appliance.toml"
    config.write_text(f'business = "{business}"\n[store]\ndirectory = "{folder}"\n')
    process = start("errands", config)
    socket = folder / "run" / SOCKET_NAME

    async def asked():
        async with asyncio.timeout(60):
            while not socket.exists():
                assert process.poll() is None
                await asyncio.sleep(0.05)
        return await ask(socket, Errand("order_status", "c1", {"order": "4711"}, "one"), 20)

    done = asyncio.run(asked())
    assert (done.status, done.body) == (200, b'{"state": "ready", "day": "today"}')
    assert socket.stat().st_mode & 0o777 == 0o600
    process.terminate()
    assert process.wait(20) == 0
