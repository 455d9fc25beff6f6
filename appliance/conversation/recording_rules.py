"""What of a call may be kept, decided as it goes on: consent, private questions, card numbers nobody asked for.

Less may be kept from one moment to the next: that is ordered at once. More may be kept only when our next words
begin to sound: until then the caller may still be speaking, and what we decided may be taken back (second_thoughts).
A turn that is kept without its words has a mark in their place.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from appliance.business import Business, Consent
from appliance.conversation.assent import begins_with_yes, yes_or_no
from appliance.conversation.card_numbers import CardWatch
from appliance.conversation.desk import Desk
from appliance.conversation.greeting import greeting_parts
from appliance.conversation.phrases import Phrases
from appliance.conversation.recording_words import recording_words
from appliance.conversation.summary_words import summary_words
from appliance.conversation.summing_up import Known, summed_up
from appliance.conversation.understand import Intent, understand_all
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.domain.call import Disposition, Speaker, Summary, Turn, TurnClass
from appliance.domain.commands import CloseCall, SaveTurn, SessionCommand
from appliance.domain.expectation import Expectation
from appliance.domain.sound import ms, ticks

_MARGIN_TICKS: Final = ticks(500)
"""Speech is found a little after it begins."""
_WORDS_OF_WITHDRAWAL: Final = 10
"""In free dictation only so short a sentence is not dictated."""
_UNCLEAR_WORDS_MAX: Final = 3
_TURNS_REMEMBERED: Final = 6
_SENTENCE: Final = re.compile(r"(?<=[.?!])\s+")
_NO_WISHES: Final = frozenset(
    {Intent.QUESTION, Intent.THANKS, Intent.GREETING, Intent.GOODBYE, Intent.REPEAT, Intent.NEVER_MIND}
)

_LEAD_ON: Final = frozenset({"recording_agreed", "recording_declined"})
"""Phrases that ask what the caller wants themselves."""


class _Standing(Enum):
    ALLOWED = auto()
    ASKED = auto()
    REFUSED = auto()


def greeting_of(business: Business, phrases: Phrases) -> str:
    """The first thing a caller hears: the greeting, with what has to be said about recording before its question."""
    match business.recording.consent:
        case Consent.NONE:
            return business.greeting
        case Consent.ANNOUNCE:
            told, asked = phrases.say("recording_announced"), True
        case Consent.ASK:
            told, asked = phrases.say("recording_asked"), False
    *before, last = _SENTENCE.split(business.greeting)
    if not last.endswith("?"):
        return " ".join((*before, last, told))
    return " ".join((*before, told, *([last] if asked else [])))


class RecordingRules:
    """What may be kept of one call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rule = desk.business.recording
        self._asks_consent = self._rule.consent is Consent.ASK
        self._standing = _Standing.ASKED if self._asks_consent else _Standing.ALLOWED
        self._asked_again = False
        self._cards = CardWatch(desk.business.language)
        self._turns: tuple[Turn, ...] = ()  # the caller's last, as they are on record
        self._asks_private = False  # the question that stood before the event being handled
        self._hushed = False
        self._hushed_ms: tuple[int, int] | None = None  # the last hush, from and to
        self._told = (
            self._asks_consent,
            False,
        )  # whether it is paused, and for what is private, as was ordered
        self._orders: tuple[SessionCommand, ...] = ()
        self._reply = ""

    # --- the call begins ------------------------------------------------------------------------

    def answered(self, event: ev.CallAnswered) -> list[SessionCommand]:
        """The greeting; a resumed call is recorded if it was."""
        if event.resumed:
            self._standing = _Standing.ALLOWED if event.may_record else _Standing.REFUSED
            return self._desk.say_phrase("resumed")
        expectation = Expectation.YES_NO if self._asks_consent else Expectation.ANYTHING
        desk = self._desk
        parts = greeting_parts(greeting_of(desk.business, desk.phrases), event.caller_name, desk.phrases)
        return desk.talk.say(parts, TurnClass.PHRASE, desk.tick, expectation=expectation)[1]

    # --- the caller's words ---------------------------------------------------------------------

    def heard(self, event: ev.UtteranceHeard) -> tuple[ev.UtteranceHeard, ev.UtteranceHeard]:
        """A turn of the caller: as it is acted on, and as it is remembered and kept."""
        self._reply = ""
        if self._asks_private or self._hushed:
            return event, replace(event, text=rec.PRIVATE)
        digits_asked = self._desk.talk.expectation is Expectation.PHONE
        found = self._cards.heard(event.text, asked_for_digits=digits_asked)
        if found is not None:
            self._take_out(event, found.earlier)
            known = replace(event, text=found.text)
            if digits_asked:
                return event, known
            self._reply = "" if self._desk.course.takes_anything else "card_not_kept"
            return known, known
        self._consider(event)
        return event, event

    def _take_out(self, event: ev.UtteranceHeard, earlier: tuple[int, ...]) -> None:
        """A card's number: its words go from the record, its sound from the recording."""
        heard = [self._turns[at] for at in earlier if -len(self._turns) <= at]
        spans = [(one.started_ms // 20, one.ended_ms // 20) for one in heard]
        spans.append((event.started_tick, event.ended_tick))
        for first, last in spans:
            self._blank(max(first - _MARGIN_TICKS, 0), last + _MARGIN_TICKS)
        if heard:
            numbers = tuple(one.number for one in heard)
            self._order(rec.HideTurns(self._desk.call_id, rec.PRIVATE, numbers))

    def _blank(self, from_tick: int, to_tick: int) -> None:
        self._order(self._desk.note(rec.BLANKED, rec.span_text(from_tick, to_tick)))
        self._order(rec.BlankRecording(self._desk.call_id, from_tick, to_tick))

    def _order(self, command: SessionCommand) -> None:
        self._orders = (*self._orders, command)

    # --- consent --------------------------------------------------------------------------------

    def _consider(self, event: ev.UtteranceHeard) -> None:
        """Whether the words give consent, take it back, or ask whether anything is recorded."""
        text, words = event.text.lower(), recording_words(self._desk.business.language)
        dictated = self._desk.course.takes_anything and len(text.split()) > _WORDS_OF_WITHDRAWAL
        if words.withdraws.search(text) and not dictated:
            self._withdrawn()
        elif self._standing is _Standing.ASKED:
            self._consented(event)
        elif words.asks.search(text) and not dictated:
            self._reply = "recording_is_on" if self._records else "recording_is_off"

    @property
    def _records(self) -> bool:
        return self._rule.record and self._standing is _Standing.ALLOWED

    def _withdrawn(self) -> None:
        if self._standing is _Standing.ASKED:
            self._refuse("recording_declined")
            return
        self._reply = "recording_stopped" if self._records else "recording_is_off"
        if not self._records:
            return
        self._standing = _Standing.REFUSED
        self._order(self._desk.note(rec.DISCARDED))
        self._order(rec.DiscardRecording(self._desk.call_id))
        if not self._rule.transcribe_without_consent:
            self._order(rec.HideTurns(self._desk.call_id, rec.NOT_KEPT))

    def _consented(self, event: ev.UtteranceHeard) -> None:
        """The answer to our question. Whoever says what they want instead has not agreed."""
        business = self._desk.business
        answer = yes_or_no(event.text, business.language)
        wishes = understand_all(event.text, event.likely, business)
        says_more = any(one.intent not in _NO_WISHES for one in wishes)
        if answer or (answer is None and says_more and begins_with_yes(event.text, business.language)):
            self._allow("" if says_more else "recording_agreed")
        elif answer is None and not says_more and not self._asked_again and _is_unclear(event.text):
            self._asked_again, self._reply = True, "recording_asked_again"
        else:
            self._refuse("" if says_more or answer is None else "recording_declined")

    def _allow(self, reply: str) -> None:
        self._standing, self._reply = _Standing.ALLOWED, reply
        self._order(self._desk.note(rec.ALLOWED))

    def _refuse(self, reply: str) -> None:
        self._standing, self._reply = _Standing.REFUSED, reply
        self._order(self._desk.note(rec.REFUSED))

    def pressed(self, meant: str) -> list[SessionCommand] | None:
        """A yes or no by keys; None when it was not asked for here."""
        if self._standing is not _Standing.ASKED:
            return None
        if yes_or_no(meant, self._desk.business.language):
            self._allow("recording_agreed")
        else:
            self._refuse("recording_declined")
        return self.replied()

    def replied(self) -> list[SessionCommand] | None:
        """What is said to the words just heard; None when they are to be acted on."""
        reply, self._reply = self._reply, ""
        if not reply:
            return None
        if reply == "recording_asked_again":
            return self._desk.say_phrase(reply, expectation=Expectation.YES_NO)
        if self._desk.flow is not None or reply in _LEAD_ON:
            return self._desk.say_then_return(self._desk.phrases.say(reply), TurnClass.PHRASE)
        return self._desk.say(self._desk.phrases.say(reply), then=self._desk.phrases.say("how_help"))

    # --- after each event -----------------------------------------------------------------------

    def follow(self, event: ev.SessionEvent, commands: list[SessionCommand]) -> list[SessionCommand]:
        """What the event makes of the recording, and `commands` with turns as they may be kept."""
        self._hush(event)
        orders, self._orders = self._orders, ()
        return [*orders, *self._switched(event), *map(self._kept, commands)]

    def _hush(self, event: ev.SessionEvent) -> None:
        """A private question has been put, or is being answered while it is put; or our next words begin."""
        asked, self._asks_private = self._asks_private, self._desk.course.asks_private
        put = isinstance(event, ev.SpeechPlayed) and event.over and not self._desk.talk.is_speaking
        if not self._hushed and ((self._asks_private and put) or (asked and isinstance(event, _ANSWERING))):
            self._hushed, self._hushed_ms = True, (ms(self._desk.tick), -1)
        elif self._hushed and not self._asks_private and isinstance(event, ev.SpeechBegan):
            since = self._hushed_ms[0] if self._hushed_ms else 0
            self._hushed, self._hushed_ms = False, (since, ms(event.tick))

    def _switched(self, event: ev.SessionEvent) -> list[SessionCommand]:
        paused = self._hushed or self._standing is not _Standing.ALLOWED
        wanted, told = (paused, self._hushed), self._told
        keeps_more = wanted < told  # pausing for another reason counts as less
        if wanted == told or (keeps_more and not isinstance(event, ev.SpeechBegan)):
            return []
        self._told = wanted
        call_id = self._desk.call_id
        if not paused:
            return [self._desk.note(rec.TAKEN_UP), rec.GoOnRecording(call_id)]
        why = rec.PauseRecording(call_id, private=self._hushed)
        return [self._desk.note(rec.PAUSED, "private" if self._hushed else "consent"), why]

    def _kept(self, command: SessionCommand) -> SessionCommand:
        """`command` without words that may not be kept."""
        match command:
            case SaveTurn(turn=turn):
                return replace(command, turn=self._kept_turn(turn))
            case CloseCall(summary=told) if not self._keeps_words:
                return replace(command, summary=self._without_words(told, command.disposition), slots=())
            case _:
                return command

    def _kept_turn(self, turn: Turn) -> Turn:
        if turn.speaker is Speaker.CALLER:
            self._turns = (*self._turns, turn)[-_TURNS_REMEMBERED:]
        elif self._was_said_in_private(turn):
            turn = replace(turn, text=rec.PRIVATE)
        return turn if self._keeps_words else replace(turn, text=rec.NOT_KEPT)

    def _without_words(self, told: Summary | None, disposition: Disposition) -> Summary:
        """Not what was wanted, only what was done and is left to do."""
        language = self._desk.business.language
        words = summary_words(language)
        wish = words.called.format(who=words.somebody)
        next_step = (told or summed_up(Known(), disposition, language)).next_step
        return Summary(f"{wish} {next_step}", wish, next_step)

    @property
    def _keeps_words(self) -> bool:
        return self._standing is not _Standing.REFUSED or self._rule.transcribe_without_consent

    def _was_said_in_private(self, turn: Turn) -> bool:
        if self._hushed_ms is None:
            return False
        since, until = self._hushed_ms
        return since <= turn.started_ms and (self._hushed or turn.started_ms < until)


_ANSWERING: Final = (
    ev.CallerMayInterrupt,
    ev.CallerInterrupted,
    ev.SpeechStarted,
    ev.PartialHeard,
    ev.UtteranceHeard,
    ev.DigitPressed,
)


def _is_unclear(text: str) -> bool:
    return len(text.split()) <= _UNCLEAR_WORDS_MAX
