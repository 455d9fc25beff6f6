"""Days at a small office, drawn from a seed: calls, messages, appointments and corrections, through the real store.

Each thing that happens must leave one row in the outbox for each destination; `told` remembers which, by contact
and in order, for whoever asks afterwards what a destination must show.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from appliance.business import Business
from appliance.clock import SetClock
from appliance.configfile import parse
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import Disposition, Speaker, Turn
from appliance.store.appointments import Diary, Refusal
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages
from appliance.store.outbox import Delivery
from appliance.sync.happenings import Happening
from appliance.sync.reading import happening_of

_OPEN_ALL_DAY: Final = "".join(
    f"{day} = [{{ opens = 00:00:00, closes = 23:45:00 }}]\n"
    for day in "monday tuesday wednesday thursday friday saturday sunday".split()
)
OFFICE: Final = parse(
    f"""
name = "Day and Night"
timezone = "America/Denver"
address = "1 Main Street"
greeting = "Hello."
about = "An office."
[hours]
{_OPEN_ALL_DAY}
[booking]
places = 50
grid_minutes = 15
lead_minutes = 0
[[services]]
id = "visit"
spoken = "a visit"
minutes = 15
words = ["visit"]
""",
    Business,
    name="office.toml",
)
_NAMES: Final = (
    "Bo Berg",
    "Ana María Peña",
    "Zoë O'Neil",
    "李小龙",
    "Ольга Ким",
    "",
    'Jo "Joe" <x@y> \\ Ray',
    "عمر خالد",
)
_ENDINGS: Final = (Disposition.ANSWERED, Disposition.MESSAGE, Disposition.BOOKED, Disposition.ABANDONED)


class Days:
    """What happens at an office; `count` things so far. `people`: how many there are to call."""

    def __init__(
        self,
        database: Database,
        clock: SetClock,
        rng: random.Random,
        destinations: Sequence[str],
        people: int = 40,
    ) -> None:
        self._database, self._clock, self._rng = database, clock, rng
        self._calls = Calls(database, destinations=destinations, correcting=destinations)
        self._messages = Messages(database, clock, destinations=destinations)
        self._diary = Diary(database, OFFICE, clock, destinations=destinations)
        self._phones = ["", *(f"+1303555{number:04d}" for number in range(100, 100 + people))]
        self._visits: list[Appointment] = []
        self._finished: list[str] = []
        self._read_to = 0
        self._calls_begun = 0
        self.count = 0
        self.told: dict[str, list[str]] = defaultdict(list)

    def happen(self) -> None:
        """One call with what was agreed in it, or something at the desk."""
        at_the_desk = [self._at_the_desk, self._corrected, self._interrupted]
        self._rng.choice([self._call] * 5 + at_the_desk)()

    def happening_of(self, delivery: Delivery) -> Happening:
        """What a row tells, as the product reads it."""
        return happening_of(delivery, OFFICE, self._database, self._database.path.parent)

    # --- what happens ---------------------------------------------------------------------------

    def _call(self) -> None:
        call_id, phone = self._begun()
        for within in self._rng.sample([self._message, self._booking, self._change], self._rng.randrange(3)):
            within(call_id, phone)
        self._clock.advance(self._rng.uniform(5, 90))
        self._calls.close(call_id, self._rng.choice(_ENDINGS), self._clock.now())
        self._finished.append(call_id)
        self._one_more(phone)

    def _begun(self) -> tuple[str, str]:
        """A call somebody has begun to speak in: its id, who."""
        self._calls_begun += 1
        call_id, phone = f"call{self._calls_begun}", self._rng.choice(self._phones)
        now = self._clock.now()
        self._calls.begin(call_id, phone, "100", now, {})
        self._calls.answered(call_id, now)
        self._calls.add_turn(call_id, Turn(1, Speaker.CALLER, "it is about the brakes", 500, 2500))
        return call_id, phone

    def _message(self, call_id: str, phone: str) -> None:
        name = self._rng.choice(_NAMES)
        self._messages.take(Message(f"{call_id}-m", call_id, name, phone, "please call me back"))
        self._one_more(phone)

    def _booking(self, call_id: str, phone: str) -> None:
        begins = self._a_time()
        wish = Appointment(
            *(f"{call_id}-a", call_id, "visit", begins, begins + timedelta(minutes=15)),
            *(self._rng.choice(_NAMES), phone),
        )
        made = self._diary.book(wish)
        if not isinstance(made, Refusal) and made.call_id == call_id:  # else the same wish, made before
            self._visits.append(made)
            self._one_more(phone)

    def _change(self, call_id: str, phone: str) -> None:
        """Another beginning, or none; nothing where the visit is over or stands there already."""
        if not self._visits:
            return
        at = self._rng.randrange(len(self._visits))
        before = self._visits[at]
        if self._rng.random() < 0.5:
            after = self._diary.move(before.appointment_id, self._a_time(), call_id=call_id)
        else:
            after = self._diary.cancel(before.appointment_id, call_id=call_id)
        if not isinstance(after, Refusal) and after.sequence != before.sequence:
            self._visits[at] = after
            self._one_more(before.phone)

    def _at_the_desk(self) -> None:
        self._change("", "")

    def _corrected(self) -> None:
        """Somebody in the office knows better how a call ended."""
        if self._finished:
            record = self._calls.get(self._rng.choice(self._finished))
            other = self._rng.choice([one for one in _ENDINGS if one is not record.disposition])
            self._clock.advance(1)
            self._calls.dispose(record.call_id, other, by="desk", now=self._clock.now())
            self._one_more(record.caller)

    def _interrupted(self) -> None:
        """The box dies in a call and closes it at its next start; then it turns out that the call goes on."""
        call_id, phone = self._begun()
        assert self._calls.repair() == 1
        self._one_more(phone)
        self._calls.begin(call_id, phone, "100", self._clock.now(), {})
        self._clock.advance(self._rng.uniform(5, 90))
        self._calls.close(call_id, self._rng.choice(_ENDINGS), self._clock.now())
        self._one_more(phone)

    def _a_time(self):
        after = self._clock.now().replace(minute=0, second=0, microsecond=0)
        return after + timedelta(hours=self._rng.randrange(30, 600), minutes=15)

    def _one_more(self, phone: str) -> None:
        """What just happened left its row, about whom it was about."""
        self.count += 1
        rows = self._database.rows(
            "SELECT number, idempotency_key, contact FROM outbox WHERE number > ? ORDER BY number",
            [self._read_to],
        )
        assert len(rows) == 1, "not one row for what happened"
        assert rows[0]["contact"] == phone or not phone, "about somebody else"
        self._read_to = rows[0]["number"]
        self.told[phone].append(rows[0]["idempotency_key"])
