"""Finds in the store what is asked at the desk, read only, and has it put into words."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.business import Business
from appliance.clock import Clock
from appliance.desk.answering import CallSeen, Told
from appliance.desk.sayings import Sayings
from appliance.desk.spans import diary_span, past_span
from appliance.desk.words import Answer, Callee, Request, Wish
from appliance.domain.appointment import Appointment
from appliance.domain.call import CallRecord
from appliance.errors import StoreFault
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.contacts import Contacts, e164
from appliance.store.database import FILE_NAME, Database
from appliance.store.messages import Messages

_log = logging.getLogger(__name__)
CALL_MARK: Final = "desk-"
"""What the names of calls that the desk places begin with."""
_CALLS_MOST: Final = 100
_MESSAGES_MOST: Final = 50
_AHEAD_DAYS: Final = 14
_LONGEST_APPOINTMENT: Final = timedelta(hours=12)


class LookingUp:
    """Answers requests from the box's database in `directory`. Remembers when it was asked last, nothing else."""

    def __init__(
        self, directory: Path, office: Business, sayings: Sayings, clock: Clock, *, outside_prefix: str = ""
    ) -> None:
        self._file = directory / FILE_NAME
        self._office = office
        self._sayings = sayings
        self._clock = clock
        self._outside_prefix = outside_prefix
        self._asked_at: datetime | None = None

    def answer(self, request: Request) -> Answer:
        """What to say, and whom to call. A database that cannot be read is said as well."""
        now = self._clock.now().astimezone(self._office.zone)
        told = Told(self._office, self._sayings, now)
        try:
            with Database(self._file, read_only=True) as database:
                return _ANSWERS[request.wish](self, told, request, database)
        except StoreFault as fault:
            _log.warning("desk cannot look that up", extra={"code": fault.code})
            return Answer(self._sayings.phrases["failed"])

    # --- messages, calls --------------------------------------------------------------------------

    def _messages(self, told: Told, request: Request, database: Database) -> Answer:
        inbox = Messages(database).inbox(_MESSAGES_MOST, open_only=True)
        entries = [(one.message, one.taken_at) for one in inbox]
        return Answer(told.messages(entries, urgent=request.wish is Wish.URGENT))

    def _calls(self, told: Told, request: Request, database: Database) -> Answer:
        span = past_span(request.text, told.now, self._asked_at, self._sayings)
        self._asked_at = told.now
        records = Calls(database).recent(_CALLS_MOST, since=span.begins)
        within = [one for one in records if one.offered_at < span.ends]
        return Answer(told.calls(list(self._seen(within, database)), span))

    def _call_back(self, told: Told, request: Request, database: Database) -> Answer:
        records = Calls(database).recent(_CALLS_MOST)
        callee, text = told.callee(request.text, list(self._seen(records, database)))
        if callee is None:
            return Answer(text)
        prefix = self._outside_prefix if e164(callee.number, self._office.region) else ""
        return Answer(text, Callee(CALL_MARK + secrets.token_hex(4), prefix + callee.number))

    def _seen(self, calls: list[CallRecord], database: Database) -> Iterator[CallSeen]:
        messages, diary = Messages(database), self._diary(database)
        known = Contacts(database, self._clock)
        for call in calls:
            phone = e164(call.caller, self._office.region)
            message, appointment = messages.of_call(call.call_id), diary.of_call(call.call_id)
            contact = known.get(phone) if phone else None
            names = (
                message.name if message else "",
                appointment.name if appointment else "",
                known.usable_name(contact) if contact else "",
            )
            yield CallSeen(
                caller=call.caller,
                phone=phone,
                name=next(filter(None, names), ""),
                at=call.offered_at,
                disposition=call.disposition,
                wanted_at=message.phone if message else "",
            )

    # --- the diary --------------------------------------------------------------------------------

    def _on(self, told: Told, request: Request, database: Database) -> Answer:
        span = diary_span(request.text, told.now, self._sayings)
        found = self._diary(database).between(span.begins - _LONGEST_APPOINTMENT, span.ends)
        during = [one for one in found if one.ends_at > span.begins]
        following = None if during else self._following(database, span.ends)
        return Answer(told.diary(during, span, following))

    def _next(self, told: Told, _: Request, database: Database) -> Answer:
        return Answer(told.next(self._following(database, told.now)))

    def _following(self, database: Database, after: datetime) -> Appointment | None:
        found = self._diary(database).between(after, after + timedelta(days=_AHEAD_DAYS))
        return found[0] if found else None

    def _diary(self, database: Database) -> Diary:
        return Diary(database, self._office, self._clock)


_ANSWERS: Final[dict[Wish, Callable[[LookingUp, Told, Request, Database], Answer]]] = {
    Wish.MESSAGES: LookingUp._messages,
    Wish.URGENT: LookingUp._messages,
    Wish.CALLS: LookingUp._calls,
    Wish.CALL_BACK: LookingUp._call_back,
    Wish.DIARY: LookingUp._on,
    Wish.NEXT: LookingUp._next,
}
