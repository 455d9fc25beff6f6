"""An office with a week behind it, for the screens of record: fixed calls, appointments, messages and an outbox.

Made once a run and copied for each test, which may then change it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.pilot import Pilot

from appliance import business
from appliance.clock import SetClock
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import (
    CallEvent,
    Disposition,
    LineQuality,
    Speaker,
    Summary,
    Turn,
    TurnClass,
    Waterfall,
)
from appliance.settings import Settings
from appliance.store.appointments import Diary
from appliance.store.calls import Calls, recording_path
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages
from appliance.store.moments import moment_text
from tests.tui.fixed import FixedFeed, shown, text_of

EVENING = datetime(2026, 11, 19, 19, tzinfo=business.load("auto_repair").zone)
TO = ("crm", "email")
_DEADLINE_S = 60.0
_KEPT = TemporaryDirectory(prefix="test-office-")

_BOOKED = (
    Turn(1, Speaker.AGENT, "Thank you for calling Hilltop Auto Repair.", 0, 2900, TurnClass.PHRASE),
    Turn(2, Speaker.CALLER, "my oil light is on, can you look at it", 3300, 5600, confidence=0.93),
    Turn(
        number=3,
        speaker=Speaker.AGENT,
        text="I can book an oil change. Friday at ten?",
        started_ms=6037,
        ended_ms=8200,
        turn_class=TurnClass.FLOW,
        response_gap_ms=437,
        waterfall=Waterfall(5600, 5920, 5944, 5950, 6017, 6037, 6037, prepared=True),
    ),
    Turn(4, Speaker.CALLER, "yes please", 8700, 9300, confidence=0.88),
    Turn(5, Speaker.AGENT, "Done. Anything else?", 9600, 10200, TurnClass.FLOW, 300, interrupted=True),
)


def feed_of(folder: Path, **known) -> FixedFeed:
    """A feed of the office, its database copied to `folder`; empty without calls: `feed_of(folder, empty=True)`."""
    settings = Settings.model_validate(
        {"deliver": {"mail_to": ["office@hilltop.test"], "smtp_host": "127.0.0.1"}}
    )
    if not known.pop("empty", False):
        shutil.copytree(_made(), folder, dirs_exist_ok=True)
    return FixedFeed(path=folder / FILE_NAME, settings=settings, **known)


@asynccontextmanager
async def looking(screen: str, feed: FixedFeed, size=(80, 24)) -> AsyncIterator[Pilot[None]]:
    """The app on `screen`, when it has seen what there is."""
    async with shown(screen, feed, size) as pilot:
        await until(pilot, "q quit")
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Everything that was asked for is shown."""
    await pilot.pause()
    if looking_on := [one for one in pilot.app.workers if one.group in ("look", "preview")]:
        await pilot.app.workers.wait_for_complete(looking_on)
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> str:
    """What stands on the screen after these keys."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return text_of(pilot)


async def until(pilot: Pilot[None], words: str, *keys: str) -> str:
    """What stands on the screen when, after these keys, `words` do."""
    await press(pilot, *keys)
    try:
        async with asyncio.timeout(_DEADLINE_S):
            while flat(words) not in flat(text_of(pilot)):
                await settled(pilot)
    except TimeoutError:
        raise AssertionError(f"{words!r} never stood on the screen:\n{text_of(pilot)}") from None
    return flat(text_of(pilot))


def flat(told: str) -> str:
    """Without its lines: words that were wrapped stand together again."""
    return " ".join(told.split())


def played(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """A test that is a coroutine, on a loop of its own."""

    @wraps(test)
    def run(*arguments, **named) -> None:
        asyncio.run(test(*arguments, **named))

    return run


def same_as_kept(kept: Path, name: str, told: str) -> None:
    """The screen, less the bar of all screens, is as when somebody looked at it; ATTENDANT_KEEP=1 keeps it anew."""
    told = told.partition("\n")[2]
    file = kept / f"{name}.txt"
    if os.environ.get("ATTENDANT_KEEP") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(told + "\n", encoding="utf-8")
    assert told + "\n" == file.read_text(encoding="utf-8")


@cache
def _made() -> Path:
    folder = Path(_KEPT.name)
    with Database(folder / FILE_NAME) as database:
        _calls(database, folder)
        _diary(database)
        _messages(database)
        _fail(database)
    return folder


def _calls(database: Database, folder: Path) -> None:
    calls = Calls(database, destinations=TO[:1])
    calls.begin("a1b2c3", "+13035550123", "100", EVENING, {"attendant": "0.1"})
    calls.answered("a1b2c3", EVENING)
    for turn in _BOOKED:
        calls.add_turn("a1b2c3", turn)
    calls.add_event("a1b2c3", CallEvent(9700, "barge_in", ""))
    quality = LineQuality("PCMU", 1200, 3, 2.4, 31.0, 0, 0.4, 2.1, 6.0, 4.2)
    summary = Summary("Oil light is on. Comes on Friday.", "Oil light is on.", "Comes on Friday.")
    sound = recording_path(folder, "a1b2c3")
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"fLaC")
    slots = {"booking.service": "oil_change"}
    end = EVENING + timedelta(seconds=74)
    calls.close(
        "a1b2c3", Disposition.BOOKED, end, quality, f"recordings/{sound.name}", summary=summary, slots=slots
    )
    others = (Disposition.MESSAGE, Disposition.ABANDONED, Disposition.TURNED_AWAY)
    for number, disposition in enumerate(others, start=1):
        at, call_id = EVENING - timedelta(hours=5 * number), f"d{number}e{number}"
        calls.begin(call_id, f"+1303555019{number}", "100", at, {})
        if disposition is not Disposition.TURNED_AWAY:
            calls.answered(call_id, at + timedelta(seconds=1))
            calls.add_turn(call_id, Turn(1, Speaker.CALLER, "the brakes squeal, [tell] Luis", 900, 2800))
        calls.close(call_id, disposition, at + timedelta(seconds=31 * number))


def _diary(database: Database) -> None:
    shop = business.load("auto_repair")
    diary = Diary(database, shop, SetClock(EVENING), destinations=TO[:1])
    for number, (hour, name, service) in enumerate(
        ((9, "Bo Berg", "oil_change"), (10, "Ann Li", "inspection"), (15, "Cy Ito", "oil_change"))
    ):
        at = datetime(2026, 11, 20, hour, tzinfo=shop.zone)
        wanted = shop.service(service)
        assert wanted is not None
        ends = at + timedelta(minutes=wanted.minutes)
        made = diary.book(Appointment(f"desk-{number}", "", service, at, ends, name, f"+1303555012{number}"))
        assert isinstance(made, Appointment), made


def _messages(database: Database) -> None:
    for number, (hours, whom, urgent) in enumerate(
        ((30, "", False), (20, "Luis", False), (2, "Maria", True))
    ):
        clock = SetClock(EVENING - timedelta(hours=hours))
        left = Message(
            message_id=f"m{number}",
            call_id=f"d{number}e{number}",
            name=("Al Oz", "Di Ek", "Ed Fu")[number],
            phone=f"+1303555019{number}",
            matter=("call me back", "the brakes squeal", "the car is stuck on [I-70] with smoke")[number],
            whom=whom,
            urgent=urgent,
        )
        Messages(database, clock, destinations=TO[1:]).take(left)
    Messages(database, SetClock(EVENING)).mark_read("m0")


def _fail(database: Database) -> None:
    """The CRM has refused for some hours, and one row was given up."""
    since, lately = (moment_text(EVENING + timedelta(hours=hours)) for hours in (2, 8))
    with database.writing() as tables:
        tables.execute(
            "UPDATE outbox SET state = 'buried', attempts = 9, reason = 'HTTP 404', settled_at = ? WHERE number = 1",
            [since],
        )
        tables.execute("UPDATE outbox SET attempts = 4, reason = 'HTTP 503' WHERE number = 2")
        tables.execute(
            "INSERT INTO destinations (name, failing_since, error, error_at, rests_until) VALUES (?, ?, ?, ?, ?)",
            ["crm", since, "HTTP 503", lately, moment_text(EVENING + timedelta(hours=9))],
        )
