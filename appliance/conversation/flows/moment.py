"""When: a day and a time that is free in the diary. The diary is asked whenever a stretch of time was named.

What the diary offers is all that is ever promised. Works for a service to be booked and for an appointment to
be moved, whose own time then counts as free.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from appliance.business import ANYBODY
from appliance.business.flows import SlotKind, SlotTable
from appliance.conversation.answers import yes_or_no
from appliance.conversation.dates import (
    DayPart,
    Relative,
    RuledOut,
    WhenHeard,
    days_ruled_out,
    spoken_moment,
    spoken_time,
    when_heard,
)
from appliance.conversation.digits import digits_heard
from appliance.conversation.flows.frame import Answer, Branch, Filled, Frame
from appliance.conversation.flows.shifts import names_another, shifted
from appliance.conversation.flows.slots import Slot
from appliance.conversation.flows.step import NeedOpenings, Step, Told
from appliance.domain.appointment import Appointment, Opening
from appliance.domain.events import OpeningsFound
from appliance.domain.expectation import Expectation

_PARTS = {
    DayPart.MORNING: (time(0), time(12)),
    DayPart.AFTERNOON: (time(12), time(17)),
    DayPart.EVENING: (time(17), time(23, 59)),
}
_NUMBER_DIGITS = 8  # a day and a time have no more: "november twenty third twenty twenty six at nine thirty"
_SECOND_OFFER_APART = timedelta(hours=2)


class OpeningSlot(Slot):
    """Asks for a day, then lets choose between the openings the diary has."""

    expectation = Expectation.DAY

    def __init__(self, name: str, table: SlotTable) -> None:
        super().__init__(name, table)
        self._day: date | None = None
        self._day_with_openings: date | None = None
        self._wished: datetime | None = None
        self._offered: tuple[Opening, ...] = ()
        self._staff = ""
        self._not_with = ""
        self._only = ""  # whom the caller does not want, and nobody else does it
        self._ruled_out: tuple[RuledOut, ...] = ()
        self._until = datetime.min.replace(tzinfo=UTC)  # how far the diary was asked last
        self._last: WhenHeard | None = None

    # --- asking ---------------------------------------------------------------------------------

    def begin(self, frame: Frame) -> Answer:
        """With the day that was named already, if one was: "an oil change on tuesday"."""
        self._wish_for_staff(f"{frame.wished} {frame.said}", frame)
        self._rule_out(f"{frame.wished} {frame.said}", frame)
        when = _named_before(frame)
        if when is not None and when.impossible:
            return Step(frame.say("impossible_date"), self.expectation)
        if when is not None and _lies_ahead(when, frame):
            return self._look_for(when, frame)
        return super().begin(frame)

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """The day, or which of the openings that are offered."""
        return self._offer("offer", frame) if self._offered else super().ask(frame, attempt)

    # --- hearing --------------------------------------------------------------------------------

    def heard(self, text: str, frame: Frame) -> Answer:
        """A stretch of time, or one of the openings offered; other people or days than before change what is free."""
        if (otherwise := self._looked_for_otherwise(text, frame)) is not None:
            return otherwise
        return self._chosen(text, frame) if self._offered else self._named(text, frame)

    def _looked_for_otherwise(self, text: str, frame: Frame) -> Step | None:
        """With somebody else, or not on that day, and no other time was named: the same is looked for again."""
        self._only = ""
        other_staff, other_days = self._wish_for_staff(text, frame), self._rule_out(text, frame)
        if member := frame.business.staff_member(self._only):
            asked = self.ask(frame)
            return replace(asked, say=f"{frame.say('nobody_else', staff=member.spoken)} {asked.say}")
        if self._when(text, frame) is not None or not (other_staff or other_days):
            return None
        if self._last is None and not other_days:
            return None
        return self._look_for(self._last or WhenHeard(soonest=True), frame)

    def _rule_out(self, text: str, frame: Frame) -> bool:
        """Whether `text` says of a day, other than before, that it will not do; a day that is wished for will."""
        when = self._when(text, frame) if self._ruled_out else None
        if when is not None and when.day is not None and when.relative is not Relative.AFTER:
            self._ruled_out = tuple(one for one in self._ruled_out if not one.covers(when.day))
        found = days_ruled_out(text, frame.now, frame.language)
        new = tuple(one for one in found if self._will_do(one.day))
        self._ruled_out += new
        return bool(new)

    def _will_do(self, day: date) -> bool:
        return not any(one.covers(day) for one in self._ruled_out)

    def _wish_for_staff(self, text: str, frame: Frame) -> bool:
        """Whether `text` says with whom, other than before: a name, not a name, or that anybody will do."""
        said, before = text.lower(), (self._staff, self._not_with)
        is_avoided = frame.sayings.somebody_else.search(said) and self._avoid(self._meant(frame), frame)
        if not is_avoided and frame.sayings.anybody.search(said):
            self._staff, self._not_with, self._only = self._anybody(frame), "", ""
        for member in frame.business.staff:
            named = "|".join(re.escape(word) for word in (member.spoken.lower(), *member.words))
            if re.search(rf"{frame.sayings.not_with}(?:{named})\b", said):
                self._avoid(member.id, frame)
                said = re.sub(rf"\b(?:{named})\b", "", said)
        for member in frame.business.staff:
            if any(
                re.search(rf"\b{re.escape(word)}\b", said) for word in (member.spoken.lower(), *member.words)
            ):
                self._staff, self._not_with = member.id, ""
        return (self._staff, self._not_with) != before

    def _meant(self, frame: Frame) -> str:
        """Who would do it as things stand, where the caller knows; empty otherwise."""
        moved = frame.value(SlotKind.APPOINTMENT)
        planned = moved.staff if isinstance(moved, Appointment) else ""
        return self._staff if self._staff not in {"", ANYBODY} else planned

    def _anybody(self, frame: Frame) -> str:
        """An appointment may have been asked for with somebody: that must be taken back."""
        return ANYBODY if frame.value(SlotKind.APPOINTMENT) is not None else ""

    def _avoid(self, member: str, frame: Frame) -> bool:
        """Anybody but `member` will do. Whether there is anybody else for it: if not, it stays as it was."""
        there_are_others = _others_than(member, self._service(frame), frame)
        if there_are_others:
            self._staff, self._not_with = self._anybody(frame), member
        else:
            self._only = member
        return there_are_others

    def _service(self, frame: Frame) -> str:
        moved = frame.value(SlotKind.APPOINTMENT)
        return moved.service if isinstance(moved, Appointment) else frame.text(SlotKind.SERVICE)

    def _when(self, text: str, frame: Frame) -> WhenHeard | None:
        """The moment `text` speaks of; a telephone number, however it was heard, holds no time of day."""
        when = self._when_said(text, frame)
        names_day = when is not None and (when.day is not None or when.soonest)
        is_number = len(digits_heard(text, frame.language)) >= _NUMBER_DIGITS
        return None if is_number and not names_day else when

    def _when_said(self, text: str, frame: Frame) -> WhenHeard | None:
        """ "The wednesday after that" is counted from what was spoken of last."""
        spoken_of = self._spoken_of(frame)
        if spoken_of is None or not frame.sayings.after_that.search(text.lower()):
            return when_heard(text, frame.now, frame.language)
        counted = when_heard(frame.sayings.after_that.sub(" ", text.lower()), spoken_of, frame.language)
        return counted if counted is None or counted.day else replace(counted, day=self._day)

    def _spoken_of(self, frame: Frame) -> datetime | None:
        """The day that was offered, or that of the appointment to be moved."""
        moved = frame.value(SlotKind.APPOINTMENT)
        if self._offered:
            return self._offered[-1].starts_at.astimezone(frame.business.zone)
        return moved.starts_at.astimezone(frame.business.zone) if isinstance(moved, Appointment) else None

    def _named(self, text: str, frame: Frame) -> Answer:
        when = self._when(text, frame)
        if when is None:
            return None
        if when.impossible:
            return Step(frame.say("impossible_date"), self.expectation)
        return self._look_for(when, frame)

    def _chosen(self, text: str, frame: Frame) -> Answer:
        when = self._when(text, frame)
        if when is not None and when.impossible:
            return Step(frame.say("impossible_date"), self.expectation)
        if when is not None and (when.at or when.day or when.part):
            return self._chosen_by_time(when, frame)
        if frame.sayings.second.search(text) and len(self._offered) > 1:
            return self._taken(self._offered[1], frame)
        answer = yes_or_no(text, frame.language)
        any_will_do = answer is not False and frame.sayings.any_of_them.search(
            text
        )  # "that doesn't work either"
        if frame.sayings.first.search(text) or any_will_do or (when is not None and when.soonest):
            return self._taken(self._offered[0], frame)
        if answer and len(self._offered) == 1:
            return self._taken(self._offered[0], frame)
        if answer is False:
            self._offered = ()
            return self.ask(frame)
        return None

    def _chosen_by_time(self, when: WhenHeard, frame: Frame) -> Answer:
        zone = frame.business.zone
        for opening in self._offered:
            starts = opening.starts_at.astimezone(zone)
            if when.at == starts.time() and when.day in {None, starts.date()}:
                return self._taken(opening, frame)
        self._day = when.day or self._offered[0].starts_at.astimezone(zone).date()
        return self._look_for(when, frame)

    def corrected(self, text: str, frame: Frame) -> Answer:
        """Another time, somebody else to do it, or the word for the time."""
        otherwise = self._looked_for_otherwise(text, frame)
        when = shifted(text, frame) or self._when(text, frame)
        if when is not None and not when.impossible and (when.day or when.at):
            self._offered = ()
            return self._look_for(when, frame)
        if otherwise is not None:
            self._offered = ()
            return otherwise
        return super().corrected(text, frame)

    def differs(self, text: str, frame: Frame) -> bool:
        """Whether another day or hour is named; "yes nine is fine" says it again."""
        return names_another(self._when(text, frame), text, frame)

    def forget(self) -> None:
        """The day stays in mind: "no, at eleven" means the same one."""
        self._offered = ()

    # --- the diary ------------------------------------------------------------------------------

    def _look_for(self, when: WhenHeard, frame: Frame) -> Step:
        """Ask the diary about the stretch of time that was named; a time without a day means the same day."""
        self._last = when
        day = when.day or self._day
        horizon = frame.now + timedelta(days=frame.business.booking.horizon_days)
        self._wished = None
        if when.soonest or day is None:
            return self._need(frame.now, horizon, frame)
        self._day = day
        if not self._will_do(day):
            return self._need(self._begin_of_next(day, frame), horizon, frame)
        begins = when.at or (_PARTS[when.part][0] if when.part else time(0))
        after = datetime.combine(day, begins, tzinfo=frame.business.zone)
        if when.at is not None and when.relative is Relative.BEFORE:
            return self._need(datetime.combine(day, time(0), tzinfo=frame.business.zone), after, frame)
        self._wished = after if when.at is not None and when.relative is not Relative.AFTER else None
        return self._need(after, horizon, frame)

    def _begin_of_next(self, day: date, frame: Frame) -> datetime:
        """The beginning of the first day after `day` that will do."""
        days = (day + timedelta(days=on) for on in range(1, frame.business.booking.horizon_days))
        next_day = next((one for one in days if self._will_do(one)), day)
        return datetime.combine(next_day, time(0), tzinfo=frame.business.zone)

    def _need(self, after: datetime, before: datetime, frame: Frame) -> Step:
        self._until = before
        moved = frame.value(SlotKind.APPOINTMENT)
        moving = moved.appointment_id if isinstance(moved, Appointment) else ""
        return Step(
            need=NeedOpenings(
                self._service(frame), after, before, staff=self._staff, moving=moving, not_with=self._not_with
            )
        )

    def told(self, answer: Told, frame: Frame) -> Answer:
        """The openings, or that the diary cannot be asked."""
        return self._found(answer.openings, frame) if isinstance(answer, OpeningsFound) else Branch("failed")

    def taken_meanwhile(self, openings: tuple[Opening, ...], frame: Frame) -> Answer:
        """Somebody else was quicker: what there is instead."""
        self._wished = None
        return self._found(openings, frame)

    def _found(self, openings: tuple[Opening, ...], frame: Frame) -> Answer:
        zone = frame.business.zone
        will_do = tuple(one for one in openings if self._will_do(one.starts_at.astimezone(zone).date()))
        if openings and not will_do:  # a day full of them, and that day will not do
            later = self._begin_of_next(openings[-1].starts_at.astimezone(zone).date(), frame)
            if later < self._until:
                return self._need(later, self._until, frame)
        return self._offered_of(will_do, frame)

    def _offered_of(self, openings: tuple[Opening, ...], frame: Frame) -> Answer:
        if not openings:
            self._offered, self._day = (), self._day_with_openings  # "five thirteen" was no thirteenth of May
            return Step(frame.say("no_openings"), self.expectation)
        self._day_with_openings = self._day
        if self._wished is not None and openings[0].starts_at == self._wished:
            return self._taken(openings[0], frame)
        phrase = self._way_of_offering(openings[0].starts_at.astimezone(frame.business.zone).date())
        self._wished = None
        self._offered = _two_of(self._in_the_part(openings, frame))
        return self._offer(phrase, frame)

    def _way_of_offering(self, first_day: date) -> str:
        """An offer for another day or hour than was wished says so."""
        last = self._last
        if last is not None and last.day is not None and last.relative is None and first_day != last.day:
            return "offer_later"
        return "offer_other" if self._wished is not None else "offer"

    def _in_the_part(self, openings: tuple[Opening, ...], frame: Frame) -> tuple[Opening, ...]:
        """Those in the part of the day that was named, if there are any."""
        if self._last is None or self._last.part is None:
            return openings
        begins, ends = _PARTS[self._last.part]
        zone = frame.business.zone
        within = tuple(one for one in openings if begins <= one.starts_at.astimezone(zone).time() < ends)
        return within or openings

    def _taken(self, opening: Opening, frame: Frame) -> Filled:
        starts = opening.starts_at.astimezone(frame.business.zone)
        self._day = starts.date()
        self._offered = ()
        return Filled(replace(opening, staff=self._with(opening)), self._spoken(opening, frame))

    def _with(self, opening: Opening) -> str:
        """Whoever is free will do it, unless the caller asked for somebody, or for somebody else."""
        return opening.staff if self._not_with else self._staff

    def _spoken(self, opening: Opening, frame: Frame) -> str:
        """The moment, and with whom if the caller cares."""
        moment = spoken_moment(opening.starts_at.astimezone(frame.business.zone), frame.now, frame.language)
        member = frame.business.staff_member(self._with(opening))
        return frame.say("moment_with", moment=moment, staff=member.spoken) if member else moment

    def _offer(self, phrase: str, frame: Frame) -> Step:
        zone = frame.business.zone
        first, *rest = [opening.starts_at.astimezone(zone) for opening in self._offered]
        spoken = self._spoken(self._offered[0], frame)
        if not rest:
            return Step(frame.say(f"{phrase}_one", first=spoken), Expectation.TIME)
        if rest[0].date() == first.date():
            second = spoken_time(rest[0].time(), frame.language)
        else:
            second = spoken_moment(rest[0], frame.now, frame.language)
        return Step(frame.say(f"{phrase}_two", first=spoken, second=second), Expectation.TIME)


def _others_than(member: str, service_id: str, frame: Frame) -> bool:
    """Whether anybody but `member` does this; whose service is not known yet may be anybody's."""
    service = frame.business.service(service_id)
    able = (
        service.staff if service is not None and service.staff else [one.id for one in frame.business.staff]
    )
    return any(one != member for one in able)


def _named_before(frame: Frame) -> WhenHeard | None:
    """The time that stood in the wish itself, or in what was said last.

    Of an appointment to be moved only what stands after "to": "my tuesday appointment" is the old time.
    """
    for text in dict.fromkeys((frame.said, frame.wished)):
        words = frame.sayings.tells_of.sub(" ", text.lower())
        if frame.value(SlotKind.APPOINTMENT) is not None:
            found = frame.sayings.moved_to.search(text.lower())
            words = found[1] if found else ""
        when = when_heard(words, frame.now, frame.language) if words else None
        if when is not None:
            return when
    return None


def _lies_ahead(when: WhenHeard, frame: Frame) -> bool:
    """Whether a day to come was named: the yesterday of a caller's story is no wish."""
    return when.soonest or (when.day is not None and when.day >= frame.now.date())


def _two_of(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """The soonest and one that is really different: at least two hours later if there is one."""
    first, *rest = openings
    apart = (one for one in rest if one.starts_at - first.starts_at >= _SECOND_OFFER_APART)
    second = next(apart, rest[0] if rest else None)
    return (first, second) if second else (first,)
