"""A day of calls while the customer database cannot be reached; then it can, and shows all of it where it belongs.

Real store, real sync process, real Tryton. In the evening the process is killed in the middle and so is Tryton.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appliance import business
from appliance.bench.box import write_config
from appliance.clock import SetClock, SystemClock
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import Disposition, Speaker, Summary, Turn
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.sync.crm.note_words import ENGLISH
from appliance.sync.crm.tryton import WITHHELD
from tests.servers.tryton import DATABASE, KEY, Tryton

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]  # the first run makes Tryton's environment

OFFICE = business.load("auto_repair")
CALLS = 56
CRM = ("crm",)
PEOPLE = {
    "+13035550141": "Alice Miller",
    "+13035550142": "Bo Berg",
    "+13035550143": 'Sean "Mac" O\'Neil',
    "+13035550144": "Ελένη Παπαδοπούλου",
    "+13035550145": "李小龙",
    "+13035550146": "عبد الله",
    "+13035550147": "Zoë 🚗",
    "+13035550148": "",
    "": "Somebody",
}
KNOWN = {"+13035550141": "Miller, Alice (fleet)", "+13035550142": "Bo Berg"}
SHARED = "+13035550143"


class Day:
    """What happens in the office, through the store as the agent uses it; `told`: by number, what must be shown."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.clock = clock
        self.calls = Calls(database, destinations=CRM, correcting=CRM)
        self.messages = Messages(database, clock, destinations=CRM)
        self.diary = Diary(database, OFFICE, clock, destinations=CRM)
        self.booked: dict[str, Appointment] = {}
        self.told: dict[str, list[str]] = defaultdict(list)
        self.titles: dict[str, str] = {}

    def call(self, number: int) -> None:
        """One call of the day: a question, a booking, a message, a change of what was booked, or a hang-up."""
        phone = list(PEOPLE)[number % len(PEOPLE)]
        call_id, began = f"call-{number:03}", self.clock.now()
        self.calls.begin(call_id, phone, "100", began, {})
        self.calls.answered(call_id, began)
        self.calls.add_turn(call_id, Turn(1, Speaker.CALLER, "it is about my car", 800, 2400))
        endings = (self._asks, self._books, self._leaves_word, self._moves, self._cancels, self._hangs_up)
        disposition = endings[number // len(PEOPLE) % len(endings)](call_id, phone)
        self.clock.advance(97)
        wish, next_step = f"The caller asked about car {number}.", "Nothing is left to do."
        summary = Summary(f"{wish} {next_step}", wish, next_step)
        self.calls.close(call_id, disposition, self.clock.now(), summary=summary)
        self.told[phone].append(f"Call on {_said(began)}, 1 min 37 s: {ENGLISH.dispositions[disposition]}")
        self.titles[call_id] = self.told[phone][-1]

    def correct(self, number: int, disposition: Disposition) -> None:
        """Maria in the office knows better how that one ended: it is sent as she says, and that she said so."""
        self.clock.advance(5)
        call_id, told = f"call-{number:03}", self.told[list(PEOPLE)[number % len(PEOPLE)]]
        was = self.calls.dispose(call_id, disposition, by="Maria", now=self.clock.now()).disposition
        at = told.index(self.titles[call_id])
        word = ENGLISH.dispositions[disposition]
        told[at] = told[at].replace(ENGLISH.dispositions[was], word)
        told.append(f"Outcome of a call corrected on {_said(self.clock.now())}: {word}")

    def _asks(self, _call_id: str, _phone: str) -> Disposition:
        return Disposition.ANSWERED

    def _hangs_up(self, _call_id: str, _phone: str) -> Disposition:
        return Disposition.ABANDONED

    def _books(self, call_id: str, phone: str) -> Disposition:
        free = self._free("oil_change")
        wish = Appointment(
            f"{call_id}-a", call_id, "oil_change", free, free + timedelta(minutes=30), PEOPLE[phone], phone
        )
        made = self.diary.book(wish)
        assert isinstance(made, Appointment)
        self.booked[phone] = made
        self._appointment(phone, "booked", made)
        return Disposition.BOOKED

    def _leaves_word(self, call_id: str, phone: str) -> Disposition:
        message = Message(
            f"{call_id}-m", call_id, PEOPLE[phone], phone, f"Call me back, {PEOPLE[phone]}", urgent=True
        )
        self.messages.take(message)
        self.told[phone].append(f"URGENT message left on {_said(self.clock.now())}")
        return Disposition.MESSAGE

    def _moves(self, call_id: str, phone: str) -> Disposition:
        moved = self.diary.move(self.booked[phone].appointment_id, self._free("oil_change"), call_id=call_id)
        assert isinstance(moved, Appointment)
        self._appointment(phone, "moved", moved)
        return Disposition.MOVED

    def _cancels(self, call_id: str, phone: str) -> Disposition:
        cancelled = self.diary.cancel(self.booked[phone].appointment_id, call_id=call_id)
        assert isinstance(cancelled, Appointment)
        self._appointment(phone, "cancelled", cancelled)
        return Disposition.CANCELLED

    def _free(self, service: str) -> datetime:
        """Days ahead, whatever time and weekday it is: nothing that is agreed is over before the day is."""
        soon = self.clock.now() + timedelta(days=2)
        (opening,) = self.diary.openings(service, soon, soon + timedelta(days=14), 1)
        return opening.starts_at

    def _appointment(self, phone: str, change: str, appointment: Appointment) -> None:
        at, starts = _said(self.clock.now()), _said(appointment.starts_at)
        now = "now " if change == "moved" else ""
        self.told[phone].append(f"Appointment {change} on {at}: an oil change, {now}{starts}")


def _said(at: datetime) -> str:
    return f"{at.astimezone(OFFICE.zone):%Y-%m-%d %H:%M}"


class Sync:
    """The sync process of a box, started and killed."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, key: str = KEY) -> None:
        command = [sys.executable, "-m", "appliance.wiring", "sync", "--config", str(self._config)]
        self.give(key)
        environment = {**os.environ, "CREDENTIALS_DIRECTORY": str(self._config.parent)}
        self._process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    def give(self, key: str) -> None:
        """Put in a key, as systemd does."""
        (self._config.parent / "crm_key").write_text(f"{key}\n")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


@pytest.fixture
def tryton(tmp_path: Path) -> Iterator[Tryton]:
    server = Tryton(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / FILE_NAME) as database:
        yield database


@pytest.fixture
def sync(tmp_path: Path, tryton: Tryton) -> Iterator[Sync]:
    crm = {"kind": "tryton", "url": tryton.url, "database": DATABASE}
    limits = {"retry_first_s": 0.2, "retry_most_s": 1.0}
    process = Sync(write_config(tmp_path, tables={"crm": crm, "deliver": limits}))
    yield process
    process.kill()


def wait_until(holds: Callable[[], bool], limit_s: float = 240.0) -> None:
    tick = threading.Event()
    for _ in range(int(limit_s / 0.05)):
        if holds():
            return
        tick.wait(0.05)
    raise AssertionError("it never came to that")


def sent(database: Database) -> int:
    return int(database.rows("SELECT count(*) AS n FROM outbox WHERE state = 'sent'")[0]["n"])


def shown_under(tryton: Tryton, phone: str) -> dict[int, list[str]]:
    """By party with the number: the notes, as Tryton shows them."""
    domain = [["contact_mechanisms.value_compact", "=", phone or WITHHELD]]
    return {party["id"]: tryton.notes(party["id"]) for party in tryton.find("party.party", domain)}


def test_a_day_without_the_crm_and_then_all_of_it(tryton, database, sync):
    # The CRM cannot be reached; the box works, and finds out by trying.
    day = Day(database, SetClock(SystemClock().now() - timedelta(hours=12)))
    sync.start()
    for number in range(CALLS):
        day.call(number)
        day.clock.advance(600)
    for number, disposition in [
        (0, Disposition.TRANSFERRED),
        (9, Disposition.ANSWERED),
        (46, Disposition.SILENT),
    ]:
        day.correct(number, disposition)
    everything = sum(map(len, day.told.values()))
    wait_until(lambda: bool(database.rows("SELECT 1 FROM outbox WHERE attempts > 0 AND reason <> ''")))
    assert sent(database) == 0

    # In the evening there is a way again. Whoever looks meanwhile finds two people in the office's CRM already.
    tryton.start()
    known = {phone: tryton.party(name, phone) for phone, name in KNOWN.items()}
    sharing = [tryton.party(name, SHARED) for name in ("O'Neil & Sons", "Mac's mother", "Sean O'Neil")]
    sync.kill()
    sync.start()
    wait_until(lambda: sent(database) > everything // 4)
    sync.kill()
    sync.start()
    wait_until(lambda: sent(database) > everything // 2)
    tryton.kill()
    tryton.start()
    sync.kill()
    sync.start()
    wait_until(lambda: sent(database) == everything)

    # Every note once, under whom it belongs to, in the order it happened.
    marks = [note.splitlines()[-1].strip("[]") for (note,) in tryton.rows("SELECT message FROM ir_note")]
    told = [row["idempotency_key"] for row in database.rows("SELECT idempotency_key FROM outbox")]
    assert sorted(marks) == sorted(told)
    assert len(marks) == everything
    for phone, titles in day.told.items():
        shown = shown_under(tryton, phone)
        first = min(shown)
        there = [note.splitlines()[0] for note in shown[first]]
        assert there == titles or not phone  # those of whom nothing is known are no one person with an order
        assert sorted(there) == sorted(titles)
        assert not any(notes for party, notes in shown.items() if party != first)
        leads = tryton.find("sale.opportunity", [["party", "=", first]], "state")
        assert [lead["state"] for lead in leads] == (["lead"] if phone else [])

    # No party was made for whom the office knew; where three have the number each note says so.
    for phone, party in known.items():
        assert list(shown_under(tryton, phone)) == [party]
    assert list(shown_under(tryton, SHARED)) == sharing
    assert all("Several entries have this number" in note for note in tryton.notes(sharing[0]))
    names = {party["id"]: party["name"] for party in tryton.find("party.party", [], "name")}
    for phone in PEOPLE.keys() - {SHARED, ""}:
        assert names[min(shown_under(tryton, phone))] == KNOWN.get(phone, PEOPLE[phone] or phone)


def test_a_key_that_expired_holds_all_of_it_back_until_there_is_a_new_one(tryton, database, sync):
    day = Day(database, SetClock(SystemClock().now() - timedelta(hours=1)))
    for number in range(4):
        day.call(number)
    tryton.start()
    sync.start("a key that has expired")
    said = "SELECT error FROM destinations WHERE name = 'crm' AND error LIKE '%refuses the key%'"
    wait_until(lambda: bool(database.rows(said)))
    assert sent(database) == 0
    assert not database.rows("SELECT 1 FROM outbox WHERE state = 'buried'")
    sync.give(KEY)
    wait_until(lambda: sent(database) == 4)
    assert len(tryton.rows("SELECT id FROM ir_note")) == 4
