"""The diary as the command line holds it: opened, and its words and faults explained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from appliance.errors import NotBookable, NotFound

if TYPE_CHECKING:
    from appliance.business import Business, Service, StaffMember
    from appliance.domain.appointment import Appointment, Opening
    from appliance.store.appointments import Diary, Refusal
    from appliance.store.calendars import Calendars

_OTHERS_TOLD = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """The diary of the box and the business it belongs to; `now` is on the business's clock."""

    business: Business
    diary: Diary
    calendars: Calendars
    now: datetime

    # --- what was typed -------------------------------------------------------------------------

    def service(self, service_id: str) -> Service:
        """The service of this id; NotFound says which there are."""
        if found := self.business.service(service_id):
            return found
        known = ", ".join(one.id for one in self.business.services) or "none"
        raise NotFound(f'No service is called "{service_id}".', remedy=f"There are: {known}.")

    def staff(self, staff_id: str, service: Service) -> str:
        """The id of a member of staff who can do `service`; empty and ANYBODY stay. NotFound, NotBookable."""
        from appliance.business import ANYBODY

        if staff_id in ("", ANYBODY):
            return staff_id
        member = self._member(staff_id)
        if service.staff and staff_id not in service.staff:
            raise NotBookable(
                f"{member.spoken} does not do {service.spoken}.",
                remedy=f"Those who do: {', '.join(service.staff)}.",
            )
        return staff_id

    def whose(self, staff_id: str, resource_id: str) -> str:
        """Whom a calendar keeps busy, as claims are written; empty for the whole business. NotFound."""
        if staff_id:
            return f"staff/{self._member(staff_id).id}"
        if not resource_id:
            return ""
        found = next((one for one in self.business.resources if one.id == resource_id), None)
        if found is None:
            known = ", ".join(one.id for one in self.business.resources) or "none"
            raise NotFound(f'No resource is called "{resource_id}".', remedy=f"There are: {known}.")
        return f"{found.kind}/{found.id}"

    def _member(self, staff_id: str) -> StaffMember:
        if found := self.business.staff_member(staff_id):
            return found
        known = ", ".join(one.id for one in self.business.staff) or "none"
        raise NotFound(f'No member of staff is called "{staff_id}".', remedy=f"There are: {known}.")

    def phone(self, number: str) -> str:
        """A number as the diary keeps it (E.164)."""
        import phonenumbers

        try:
            parsed = phonenumbers.parse(number, self.business.region)
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed is None or not phonenumbers.is_possible_number(parsed):
            raise typer.BadParameter(
                f'"{number}" is no telephone number; for example +13035550123.', param_hint="--phone"
            )
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

    def moment(self, text: str, option: str) -> datetime:
        """A day and an hour: ISO 8601, or in words as a caller would say them."""
        at = _iso(text)
        if at is None:
            at = self._spoken(text)
        if at is None:
            raise typer.BadParameter(
                f'"{text}" is no day with an hour; for example "2026-11-24 10:00" or "tuesday at ten".',
                param_hint=option,
            )
        return at if at.tzinfo else at.replace(tzinfo=self.business.zone)

    def day(self, text: str, option: str) -> datetime:
        """The beginning of a day: a date, or in words."""
        at = _iso(text) or self._spoken(text, time())
        if at is None:
            raise typer.BadParameter(
                f'"{text}" is no day; for example 2026-11-24 or "next tuesday".', param_hint=option
            )
        return at if at.tzinfo else at.replace(tzinfo=self.business.zone)

    def today(self) -> datetime:
        """Midnight of the business's day."""
        return datetime.combine(self.now.date(), time(), self.business.zone)

    def _spoken(self, text: str, otherwise: time | None = None) -> datetime | None:
        from appliance.conversation.dates import when_heard

        when = when_heard(text, self.now, self.business.language)
        if when is None or when.impossible or when.day is None:
            return None
        at = when.at or otherwise
        return None if at is None else datetime.combine(when.day, at)

    # --- what is told ---------------------------------------------------------------------------

    def agreed(
        self, answer: Appointment | Refusal, service: Service, at: datetime, staff: str = "", moving: str = ""
    ) -> Appointment:
        """The appointment, or NotBookable with why not and what is free near it."""
        from appliance.store.appointments import CLOSED, GONE, Refusal

        if not isinstance(answer, Refusal) or answer.reason == GONE:
            return self.given_up(answer)
        others = self.diary.openings(
            service.id, at - timedelta(days=7), at + timedelta(days=30), _OTHERS_TOLD,
            staff=staff, near=at, moving=moving,
        )  # fmt: skip
        why = "is not a time that can be booked" if answer.reason == CLOSED else "is taken"
        raise NotBookable(f"{said(at)} {why}.", remedy=_nearest(others))

    def given_up(self, answer: Appointment | Refusal) -> Appointment:
        """The appointment, or NotBookable because there is nothing left to change."""
        from appliance.store.appointments import Refusal

        if isinstance(answer, Refusal):
            raise NotBookable("That appointment is over or cancelled.", remedy="Add a new one.")
        return answer


@contextmanager
def desk(config: Path | None) -> Iterator[Desk]:
    """The diary of the box that `config` describes; an empty one is made if there is none yet."""
    from appliance import business, settings
    from appliance.clock import SystemClock
    from appliance.store.appointments import Diary
    from appliance.store.calendars import Calendars
    from appliance.store.database import FILE_NAME, Database

    loaded = settings.load(config)
    office = business.load(loaded.business)
    file = settings.data_directory(loaded) / FILE_NAME
    clock = SystemClock()
    with Database(file) as database:
        now = clock.now().astimezone(office.zone)
        diary = Diary(database, office, clock, destinations=loaded.told_of(settings.Tells.APPOINTMENT))
        yield Desk(office, diary, Calendars(database, clock), now)


def said(at: datetime) -> str:
    """A moment on the business's clock: `Tue 24 Nov 2026 10:00`."""
    return f"{at:%a %d %b %Y %H:%M}"


def plain(thing: Appointment | Opening | Any) -> dict[str, Any]:
    """Strings, numbers and None only; moments are ISO 8601 with the business's offset."""
    from dataclasses import fields

    told = {field.name: getattr(thing, field.name) for field in fields(thing)}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in told.items()}


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _nearest(others: tuple[Opening, ...]) -> str:
    if not others:
        return "Nothing is free within a month of it."
    told = [said(one.starts_at) + (f" ({one.staff})" if one.staff else "") for one in others]
    return f"Free near it: {', '.join(told)}."
