"""When: a day and a time that is free in the diary. The diary is asked whenever a stretch of time was named.

What the diary offers is all that is ever promised. Works for a service to be booked and for an appointment to
be moved, whose own time then counts as free.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from appliance.business.flows import SlotKind, SlotTable
from appliance.conversation.answers import yes_or_no
from appliance.conversation.dates import DayPart, WhenHeard, spoken_moment, spoken_time, when_heard
from appliance.conversation.flows.frame import Answer, Branch, Filled, Frame
from appliance.conversation.flows.slots import Slot
from appliance.conversation.flows.step import NeedOpenings, Step, Told
from appliance.domain.appointment import Appointment, Opening
from appliance.domain.events import OpeningsFound
from appliance.domain.expectation import Expectation

_PARTS = {DayPart.MORNING: time(0), DayPart.AFTERNOON: time(12), DayPart.EVENING: time(17)}
_SECOND_OFFER_APART = timedelta(hours=2)


class OpeningSlot(Slot):
    """Asks for a day, then lets choose between the openings the diary has."""

    expectation = Expectation.DAY

    def __init__(self, name: str, table: SlotTable) -> None:
        super().__init__(name, table)
        self._day: date | None = None
        self._wished: datetime | None = None
        self._offered: tuple[Opening, ...] = ()
        self._staff = ""

    # --- asking ---------------------------------------------------------------------------------

    def begin(self, frame: Frame) -> Answer:
        """With the day that was named already, if one was: "an oil change on tuesday"."""
        when = _named_before(frame)
        if when is not None and when.impossible:
            return Step(frame.say("impossible_date"), self.expectation)
        if when is not None and (when.day or when.soonest):
            return self._look_for(when, frame)
        return super().begin(frame)

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """The day, or which of the openings that are offered."""
        return self._offer("offer", frame) if self._offered else super().ask(frame, attempt)

    # --- hearing --------------------------------------------------------------------------------

    def heard(self, text: str, frame: Frame) -> Answer:
        """A stretch of time, or one of the openings offered."""
        return self._chosen(text, frame) if self._offered else self._named(text, frame)

    def _named(self, text: str, frame: Frame) -> Answer:
        when = when_heard(text, frame.now)
        if when is None:
            return None
        if when.impossible:
            return Step(frame.say("impossible_date"), self.expectation)
        return self._look_for(when, frame)

    def _chosen(self, text: str, frame: Frame) -> Answer:
        when = when_heard(text, frame.now)
        if when is not None and when.impossible:
            return Step(frame.say("impossible_date"), self.expectation)
        if when is not None and (when.at or when.day or when.part):
            return self._chosen_by_time(when, frame)
        if frame.sayings.second.search(text) and len(self._offered) > 1:
            return self._taken(self._offered[1], frame)
        if frame.sayings.first.search(text) or (when is not None and when.soonest):
            return self._taken(self._offered[0], frame)
        answer = yes_or_no(text)
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
        """Another time, or the word for it."""
        when = when_heard(text, frame.now)
        if when is not None and not when.impossible and (when.day or when.at):
            self._offered = ()
            return self._look_for(when, frame)
        return super().corrected(text, frame)

    def forget(self) -> None:
        """The day stays in mind: "no, at eleven" means the same one."""
        self._offered = ()

    # --- the diary ------------------------------------------------------------------------------

    def _look_for(self, when: WhenHeard, frame: Frame) -> Step:
        """Ask the diary about the stretch of time that was named; a time without a day means the same day."""
        day = when.day or self._day
        horizon = frame.now + timedelta(days=frame.business.booking.horizon_days)
        self._wished = None
        if when.soonest or day is None:
            return self._need(frame.now, horizon, frame)
        self._day = day
        begins = when.at or (_PARTS[when.part] if when.part else time(0))
        after = datetime.combine(day, begins, tzinfo=frame.business.zone)
        self._wished = after if when.at is not None else None
        return self._need(after, horizon, frame)

    def _need(self, after: datetime, before: datetime, frame: Frame) -> Step:
        moving = frame.value(SlotKind.APPOINTMENT)
        if isinstance(moving, Appointment):
            return Step(need=NeedOpenings(moving.service, after, before, moving=moving.appointment_id))
        return Step(need=NeedOpenings(frame.text(SlotKind.SERVICE), after, before))

    def told(self, answer: Told, frame: Frame) -> Answer:
        """The openings, or that the diary cannot be asked."""
        return self._found(answer.openings, frame) if isinstance(answer, OpeningsFound) else Branch("failed")

    def taken_meanwhile(self, openings: tuple[Opening, ...], frame: Frame) -> Answer:
        """Somebody else was quicker: what there is instead."""
        self._wished = None
        return self._found(openings, frame)

    def _found(self, openings: tuple[Opening, ...], frame: Frame) -> Answer:
        if not openings:
            self._offered = ()
            return Step(frame.say("no_openings"), self.expectation)
        if self._wished is not None and openings[0].starts_at == self._wished:
            return self._taken(openings[0], frame)
        missed = self._wished is not None
        self._wished = None
        self._offered = _two_of(openings)
        return self._offer("offer_other" if missed else "offer", frame)

    def _taken(self, opening: Opening, frame: Frame) -> Filled:
        starts = opening.starts_at.astimezone(frame.business.zone)
        self._day = starts.date()
        self._offered = ()
        return Filled(opening, spoken_moment(starts, frame.now))

    def _offer(self, phrase: str, frame: Frame) -> Step:
        zone = frame.business.zone
        first, *rest = [opening.starts_at.astimezone(zone) for opening in self._offered]
        spoken = spoken_moment(first, frame.now)
        if not rest:
            return Step(frame.say(f"{phrase}_one", first=spoken), Expectation.TIME)
        same_day = rest[0].date() == first.date()
        second = spoken_time(rest[0].time()) if same_day else spoken_moment(rest[0], frame.now)
        return Step(frame.say(f"{phrase}_two", first=spoken, second=second), Expectation.TIME)


def _named_before(frame: Frame) -> WhenHeard | None:
    """The time that stood in the wish itself, or in what was said last.

    Of an appointment to be moved only what stands after "to": "my tuesday appointment" is the old time.
    """
    for text in dict.fromkeys((frame.said, frame.wished)):
        words = text
        if frame.value(SlotKind.APPOINTMENT) is not None:
            found = frame.sayings.moved_to.search(text.lower())
            words = found[1] if found else ""
        when = when_heard(words, frame.now) if words else None
        if when is not None:
            return when
    return None


def _two_of(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """The soonest and one that is really different: at least two hours later if there is one."""
    first, *rest = openings
    apart = (one for one in rest if one.starts_at - first.starts_at >= _SECOND_OFFER_APART)
    second = next(apart, rest[0] if rest else None)
    return (first, second) if second else (first,)
