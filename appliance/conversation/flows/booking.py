"""Booking an appointment: service, moment, name, number, read back, written down.

The diary is asked whenever the caller named a stretch of time; what it offers is all that is ever promised.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from appliance.business import Business
from appliance.conversation.answers import yes_or_no
from appliance.conversation.dates import DayPart, WhenHeard, spoken_moment, spoken_time, when_heard
from appliance.conversation.flows.contact import Contact
from appliance.conversation.flows.step import NeedBooking, NeedOpenings, Outcome, Step, Told
from appliance.conversation.phrases import Phrases
from appliance.conversation.understand import service_in
from appliance.domain.appointment import Opening
from appliance.domain.events import Booked, BookingRefused, OpeningsFound
from appliance.domain.expectation import Expectation

_PARTS = {
    DayPart.MORNING: (time(0), time(12)),
    DayPart.AFTERNOON: (time(12), time(17)),
    DayPart.EVENING: (time(17), time(23, 59)),
}
_FIRST = re.compile(r"\b(first|earlier|earliest|former|sooner)\b")
_SECOND = re.compile(r"\b(second|later|latter|last|other)( one)?\b")
_SECOND_OFFER_APART = timedelta(hours=2)


class BookingFlow:
    """States: service -> day -> choice -> contact -> confirm -> (change) -> booked."""

    name = "booking"

    def __init__(
        self,
        business: Business,
        phrases: Phrases,
        *,
        service: str | None,
        said: str = "",
        calling_from: str = "",
    ) -> None:
        self._business = business
        self._phrases = phrases
        self._service = service
        self._said = said
        self._contact = Contact(phrases, business.region, calling_from)
        self._day: date | None = None
        self._wished: datetime | None = None
        self._offered: tuple[Opening, ...] = ()
        self._opening: Opening | None = None
        self._state = "service"
        self._now = datetime.min.replace(tzinfo=UTC)

    # --- the moves ------------------------------------------------------------------------------

    def begin(self, now: datetime) -> Step:
        """Start with whatever the caller has said already: "an oil change on tuesday"."""
        self._now = now
        if self._service is None:
            return self.ask_again()
        self._state = "day"
        when = when_heard(self._said, now)
        if when is not None and _names_a_day(when):
            return self._look_for(when, now)
        return Step(self._phrases.say("which_day_for", service=self._spoken_service()), Expectation.DAY)

    def heard(self, text: str, now: datetime) -> Step | None:
        """Take the caller's answer to the question that stands."""
        self._now = now
        match self._state:
            case "service":
                return self._heard_service(text, now)
            case "day":
                return self._heard_day(text, now)
            case "choice":
                return self._heard_choice(text, now)
            case "contact":
                return self._heard_contact(text)
            case "change":
                return self._heard_change(text, now)
            case _:
                return self._heard_on_confirm(text, now)

    def told(self, answer: Told, now: datetime) -> Step:
        """The diary answered."""
        self._now = now
        match answer:
            case OpeningsFound(openings=openings):
                return self._offer(openings)
            case Booked(appointment=made):
                text = self._phrases.say(
                    "booked",
                    service=self._spoken_service(),
                    moment=spoken_moment(made.starts_at.astimezone(self._business.zone), now),
                )
                return Step(text, outcome=Outcome.BOOKED)
            case BookingRefused(reason="taken", openings=openings):
                return self._after_taken(openings)
            case _:
                return Step(
                    self._phrases.say("not_booked"), Expectation.YES_NO, outcome=Outcome.WANTS_MESSAGE
                )

    def ask_again(self) -> Step:
        """The question of the state we are in."""
        match self._state:
            case "service":
                named = [one.spoken for one in self._business.services]
                return Step(self._phrases.say("which_service", services=_either(named)))
            case "day":
                return Step(self._phrases.say("which_day"), Expectation.DAY)
            case "choice":
                return self._say_offer("offer")
            case "contact":
                return self._contact.ask()
            case "change":
                return Step(self._phrases.say("what_to_change"))
            case _:
                return self._confirm()

    # --- service and day ------------------------------------------------------------------------

    def _heard_service(self, text: str, now: datetime) -> Step | None:
        self._service = service_in(text, self._business.services)
        if self._service is None:
            return None
        self._said = text
        return self.begin(now)

    def _heard_day(self, text: str, now: datetime) -> Step | None:
        when = when_heard(text, now)
        if when is None:
            return None
        if when.impossible:
            return Step(self._phrases.say("impossible_date"), Expectation.DAY)
        return self._look_for(when, now)

    def _look_for(self, when: WhenHeard, now: datetime) -> Step:
        """Ask the diary about the stretch of time that was named; a time without a day means the same day."""
        day = when.day or self._day
        horizon = now + timedelta(days=self._business.booking.horizon_days)
        if when.soonest or day is None:
            self._wished = None
            return self._need(now, horizon)
        self._day = day
        if when.at is not None:
            self._wished = self._moment(day, when.at)
            return self._need(self._wished, horizon)
        self._wished = None
        begins, _ = _PARTS[when.part] if when.part else (time(0), time(23, 59))
        return self._need(self._moment(day, begins), horizon)

    def _need(self, after: datetime, before: datetime) -> Step:
        assert self._service is not None  # noqa: S101  the state table asks for it first
        return Step(need=NeedOpenings(self._service, after, before))

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self._business.zone)

    # --- offers ---------------------------------------------------------------------------------

    def _offer(self, openings: tuple[Opening, ...]) -> Step:
        if not openings:
            self._state = "day"
            return Step(self._phrases.say("no_openings"), Expectation.DAY)
        if self._wished is not None and openings[0].starts_at == self._wished:
            return self._take(openings[0])
        missed = self._wished is not None
        self._offered = _two_of(openings)
        self._state = "choice"
        self._wished = None
        return self._say_offer("offer_other" if missed else "offer")

    def _say_offer(self, phrase: str) -> Step:
        first = self._offered[0].starts_at.astimezone(self._business.zone)
        if len(self._offered) == 1:
            text = self._phrases.say(f"{phrase}_one", first=spoken_moment(first, self._now))
            return Step(text, Expectation.TIME)
        second = self._offered[1].starts_at.astimezone(self._business.zone)
        later = (
            spoken_time(second.time()) if second.date() == first.date() else spoken_moment(second, self._now)
        )
        text = self._phrases.say(f"{phrase}_two", first=spoken_moment(first, self._now), second=later)
        return Step(text, Expectation.TIME)

    def _heard_choice(self, text: str, now: datetime) -> Step | None:
        when = when_heard(text, now)
        if when is not None and (when.at or when.day or when.part):
            return self._choose_by_time(when, now)
        if _SECOND.search(text) and len(self._offered) > 1:
            return self._take(self._offered[1])
        if _FIRST.search(text):
            return self._take(self._offered[0])
        answer = yes_or_no(text)
        if answer and len(self._offered) == 1:
            return self._take(self._offered[0])
        if answer is False:
            self._state = "day"
            return self.ask_again()
        return None

    def _choose_by_time(self, when: WhenHeard, now: datetime) -> Step:
        zone = self._business.zone
        for opening in self._offered:
            starts = opening.starts_at.astimezone(zone)
            if when.at == starts.time() and when.day in {None, starts.date()}:
                return self._take(opening)
        self._day = when.day or self._offered[0].starts_at.astimezone(zone).date()
        return self._look_for(when, now)

    def _take(self, opening: Opening) -> Step:
        self._opening = opening
        self._day = opening.starts_at.astimezone(self._business.zone).date()
        return self._go_on()

    # --- who, and is that right -----------------------------------------------------------------

    def _go_on(self) -> Step:
        if self._contact.missing:
            self._state = "contact"
            return self._contact.ask()
        self._state = "confirm"
        return self._confirm()

    def _heard_contact(self, text: str) -> Step | None:
        step = self._contact.heard(text)
        if step is None or step.say:
            return step
        return self._go_on()

    def _confirm(self) -> Step:
        assert self._opening is not None  # noqa: S101  the state table asks for it first
        starts = self._opening.starts_at.astimezone(self._business.zone)
        text = self._phrases.say(
            "confirm_booking",
            service=self._spoken_service(),
            moment=spoken_moment(starts, self._now),
            name=self._contact.name or "you",
            phone=self._contact.spoken_phone(),
        )
        return Step(text, Expectation.YES_NO)

    def _heard_on_confirm(self, text: str, now: datetime) -> Step | None:
        answer = yes_or_no(text)
        if answer:
            return self._book()
        if answer is False or _names_a_part(text):
            changed = self._heard_change(text, now)
            if changed is not None:
                return changed
            self._state = "change"
            return self.ask_again()
        return None

    def _heard_change(self, text: str, now: datetime) -> Step | None:
        if re.search(r"\bname\b", text):
            self._contact.forget("name")
            return self._go_on()
        if re.search(r"\b(number|phone)\b", text):
            self._contact.forget("phone")
            return self._go_on()
        when = when_heard(text, now)
        if when is not None and (when.day or when.at):
            return self._look_for(when, now)
        if re.search(r"\b(time|day|date)\b", text):
            self._state = "day"
            return self.ask_again()
        return None

    def _book(self) -> Step:
        assert self._opening is not None and self._service is not None  # noqa: S101
        return Step(
            need=NeedBooking(
                self._service,
                self._opening.starts_at,
                self._opening.ends_at,
                self._contact.name or "",
                self._contact.phone or "",
            )
        )

    def _after_taken(self, openings: tuple[Opening, ...]) -> Step:
        offer = self._offer(openings)
        return Step(f"{self._phrases.say('taken_meanwhile')} {offer.say}", offer.expectation)

    def _spoken_service(self) -> str:
        service = self._business.service(self._service or "")
        return service.spoken if service else "an appointment"


def _names_a_day(when: WhenHeard) -> bool:
    return bool(when.day or when.soonest) and not when.impossible


def _names_a_part(text: str) -> bool:
    return bool(re.search(r"\b(name|number|phone|time|day|date)\b", text))


def _two_of(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """The soonest and one that is really different: at least two hours later if there is one."""
    first, *rest = openings
    apart = (one for one in rest if one.starts_at - first.starts_at >= _SECOND_OFFER_APART)
    second = next(apart, rest[0] if rest else None)
    return (first, second) if second else (first,)


def _either(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
