"""Answers in words, from what the store holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rapidfuzz import fuzz

from appliance.business import Business
from appliance.conversation.dates import spoken_moment, spoken_time
from appliance.conversation.numbers import spoken_phone
from appliance.conversation.numerals import in_words
from appliance.desk.sayings import Sayings
from appliance.desk.spans import Span
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import Disposition

TOLD_MOST: Final = 3
"""So many are told in full; nobody listens to a longer list."""
DIARY_TOLD_MOST: Final = 6
NAME_LIKENESS_MIN: Final = 80.0  # of 100: recognisers spell names as they like
_EXTENSION: Final = re.compile(r"[0-9*#]{2,6}")
_OUTCOMES: Final = {Disposition.MESSAGE: "message_left"}


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call as the desk tells of it. `caller` as the phone system gave it, `phone` in E.164 or empty; `name` and
    `wanted_at`, the number they asked to be called at, are empty where unknown."""

    caller: str
    phone: str
    name: str
    at: datetime
    disposition: Disposition
    wanted_at: str = ""

    @property
    def number(self) -> str:
        """What to dial to reach them; empty for a withheld number."""
        dialled = self.wanted_at or self.phone
        return dialled or (self.caller if _EXTENSION.fullmatch(self.caller) else "")


@dataclass(frozen=True, slots=True)
class Told:
    """What makes an answer beside the things themselves: whose office, in which words, when it is now (office time)."""

    office: Business
    sayings: Sayings
    now: datetime

    def moment(self, at: datetime) -> str:
        """ "at nine thirty" today, else "yesterday at nine thirty in the morning"."""
        local = at.astimezone(self.office.zone)
        if local.date() == self.now.date():
            return self.sayings.say("at", clock=self.clock(at))
        return spoken_moment(local, self.now, self.sayings.language)

    def clock(self, at: datetime) -> str:
        """ "nine thirty"."""
        return spoken_time(at.astimezone(self.office.zone).time(), self.sayings.language)

    def who(self, name: str, number: str) -> str:
        """A name, else a number in groups, else somebody."""
        spoken = name or spoken_phone(number, self.office.region, self.sayings.language)
        return spoken or self.sayings.phrases["somebody"]

    # --- messages ---------------------------------------------------------------------------------

    def messages(self, inbox: Sequence[tuple[Message, datetime]], *, urgent: bool) -> str:
        """What lies in the inbox: so many, and the first of them."""
        sayings, kept = self.sayings, [one for one in inbox if one[0].urgent or not urgent]
        if not kept:
            return sayings.phrases["no_urgent" if urgent else "no_messages"]
        one, several = ("one_urgent", "urgents") if urgent else ("one_message", "messages")
        count = sayings.say(one if len(kept) == 1 else several, count=in_words(len(kept)))
        return " ".join(
            [count, *(self._message(*entry) for entry in kept[:TOLD_MOST]), *self._more(len(kept))]
        )

    def _message(self, message: Message, taken_at: datetime) -> str:
        sayings = self.sayings
        whom = sayings.say("for_whom", whom=message.whom) if message.whom else ""
        who, moment = self.who(message.name, message.phone), self.moment(taken_at)
        phrase = "urgent_message" if message.urgent else "message"
        return _sentence(sayings.say(phrase, who=who, moment=moment, whom=whom, matter=message.matter))

    def _more(self, count: int) -> list[str]:
        return [self.sayings.say("more", count=in_words(count - TOLD_MOST))] if count > TOLD_MOST else []

    # --- calls ------------------------------------------------------------------------------------

    def calls(self, calls: Sequence[CallSeen], span: Span) -> str:
        """Who called, the latest first."""
        sayings = self.sayings
        if not calls:
            return sayings.say("no_calls", span=span.spoken)
        phrase = "one_call" if len(calls) == 1 else "calls"
        count = _sentence(sayings.say(phrase, count=in_words(len(calls)), span=span.spoken))
        return " ".join([count, *map(self._call, calls[:TOLD_MOST]), *self._more(len(calls))])

    def _call(self, call: CallSeen) -> str:
        sayings = self.sayings
        who = self.who(call.name, call.number) if call.name or call.number else sayings.phrases["withheld"]
        outcome = sayings.phrases[_OUTCOMES.get(call.disposition, call.disposition.value)]
        if call.at.astimezone(self.office.zone).date() == self.now.date():
            return _sentence(sayings.say("call", who=who, clock=self.clock(call.at), outcome=outcome))
        return _sentence(sayings.say("call_on", who=who, moment=self.moment(call.at), outcome=outcome))

    def callee(self, text: str, calls: Sequence[CallSeen]) -> tuple[CallSeen | None, str]:
        """Whom "call ... back" means among `calls`, the latest first, and what to say to it."""
        sayings = self.sayings
        named = " ".join(word for word in text.split() if word not in sayings.callers)
        if named:
            calls = [
                one for one in calls if fuzz.token_set_ratio(named, one.name.lower()) >= NAME_LIKENESS_MIN
            ]
        if not calls:
            return None, sayings.phrases["unknown_name" if named else "nobody_to_call"]
        last = calls[0]
        if not last.number:
            return None, sayings.phrases["cannot_call"]
        return last, sayings.say("calling", who=self.who(last.name, last.number))

    # --- the diary --------------------------------------------------------------------------------

    def diary(self, appointments: Sequence[Appointment], span: Span, following: Appointment | None) -> str:
        """What is on in a span; of nothing, what comes `following`."""
        sayings = self.sayings
        if not appointments:
            nothing = sayings.say("nothing_on", span=span.spoken)
            return f"{nothing} {self.next(following)}" if following else nothing
        if len(appointments) == 1:
            (one,) = appointments
            what = self._what(one) if one.starts_at == span.begins else self._at(one)
            return _sentence(sayings.say("on", span=span.spoken, what=what))
        count = sayings.say("several_on", count=in_words(len(appointments)), span=span.spoken)
        told = [self._at(one) for one in appointments[:DIARY_TOLD_MOST]]
        left = len(appointments) - DIARY_TOLD_MOST
        more = [sayings.say("more", count=in_words(left))] if left > 0 else []
        return " ".join(map(_sentence, [count, *told, *more]))

    def next(self, appointment: Appointment | None) -> str:
        """The next appointment."""
        if appointment is None:
            return self.sayings.phrases["nothing_next"]
        return self.sayings.say(
            "then_next", moment=self.moment(appointment.starts_at), what=self._what(appointment)
        )

    def _at(self, appointment: Appointment) -> str:
        clock = self.clock(appointment.starts_at)
        return self.sayings.say("appointment", clock=clock, what=self._what(appointment))

    def _what(self, appointment: Appointment) -> str:
        services = {one.id: one.spoken for one in self.office.services}
        staff = {one.id: one.spoken for one in self.office.staff}
        service = services.get(appointment.service, appointment.service)
        what = self.sayings.say(
            "who_what", who=self.who(appointment.name, appointment.phone), service=service
        )
        member = staff.get(appointment.staff, appointment.staff)
        return self.sayings.say("with_staff", what=what, staff=member) if member else what


def _sentence(text: str) -> str:
    """With a capital, and one full stop."""
    text = text.strip().rstrip(".") + "."
    return text[:1].upper() + text[1:]
