"""The session's errands to the disk: diary, messages, turns, recording; all through one writer thread.

A turn is posted the moment it is finished and committed before anything else is taken up, so that a crash
loses at most what was being said. A disk that refuses is loud, and never the caller's trouble.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from appliance.agent.caller_names import CallerNames
from appliance.agent.tape import Tape
from appliance.audio.emodel import estimated_mos
from appliance.conversation.summing_up import by_keys, ended_as, knows_nothing, without_words
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.domain.appointment import Opening
from appliance.domain.call import CallEvent, Disposition, LineQuality, Summary, Turn
from appliance.domain.sound import FrameHeard
from appliance.errors import ApplianceError
from appliance.ops.metrics import Figures
from appliance.store.appointments import GONE, TAKEN, Diary, Refusal
from appliance.store.calls import Calls, recording_path
from appliance.store.messages import Messages
from appliance.store.taken_back import TakenBack
from appliance.store.writer import StoreWriter

_log = logging.getLogger(__name__)
_OTHERS_OFFERED = 12

Fetch = do.DiaryCommand | do.TakeMessage
Fetched = ev.DiaryAnswer | ev.MessageTaken


@dataclass(frozen=True, slots=True)
class Records:
    """The store as the agent sees it. `directory` is where recordings go; None records nothing.

    `spoken_messages` is where a message goes that was asked for by recording it, also when calls are not recorded.
    """

    writer: StoreWriter
    calls: Calls
    diary: Diary
    messages: Messages
    directory: Path | None
    spoken_messages: Path | None = None
    taken_back: TakenBack | None = None
    """What takes words off the record again; None: there is nothing that could ask for it."""
    asks_consent: bool = False
    """Whether nothing is recorded before the caller agrees."""
    language: str = "en"
    """Of what is written about calls."""
    names: CallerNames | None = None
    """What knows callers by their numbers; None: there is no customer database."""
    figures: Figures | None = None
    """What counts turns and calls; None: nobody does."""

    def open(self, call_id: str) -> CallBook:
        """The pages of one call."""
        return CallBook(call_id, self)


class CallBook:
    """What is kept of one call, as it happens."""

    def __init__(self, call_id: str, records: Records) -> None:
        self._call_id = call_id
        self._records = records
        directory = records.directory or records.spoken_messages
        self._tape = Tape(
            recording_path(directory, call_id) if directory else None,
            keeps_calls=records.directory is not None,
            waits=records.asks_consent,
        )
        self._summed_up: do.CloseCall | None = None
        self._summary_before: Summary | None = None
        self.may_record = not records.asks_consent
        """Whether a resumed call's caller agreed to being recorded and has not taken it back."""

    async def begin(self, offered: ev.CallOffered, now: datetime, versions: dict[str, str]) -> int:
        """The call is on record; the number of its first turn to come (a resumed call has turns already)."""
        post = self._records.writer.post
        calls = self._records.calls
        post(calls.begin, self._call_id, offered.caller, offered.called, now, versions)
        post(calls.answered, self._call_id, now)
        if not offered.resumed:
            return 1
        try:
            await self._resume()
            return await self._records.writer.do(calls.next_turn_number, self._call_id)
        except ApplianceError:
            return 1000  # the disk is away: numbers only have to be new, and later than the old ones

    async def _resume(self) -> None:
        """Go on with a recording as it stood; what was refused stays refused."""
        record = await self._records.writer.do(self._records.calls.get, self._call_id)
        self._summary_before, told = record.summary, record.events
        self.may_record = rec.is_allowed([one.kind for one in told], asked=self._records.asks_consent)
        if self.may_record:
            self._tape.go_on()
        else:
            self._tape.pause()

    async def caller_name(self, caller: str) -> str:
        """By which name the customer database knows who calls; of several nobody's, and the record says so."""
        if self._records.names is None:
            return ""
        known = await self._records.names.look_up(caller)
        if known.matches > 1:
            self.note(CallEvent(0, "contact", f"{known.matches} have this number"))
        return known.name

    def record(self, frame: FrameHeard) -> None:
        """Both sides of one tick."""
        self._tape.record(frame)

    def begin_message(self) -> None:
        """The caller was asked to speak after the tone: what they say is kept, whether or not calls are."""
        self._tape.begin_message()

    def end_message(self) -> None:
        """From here on only what is kept of every call."""
        self._tape.end_message()

    def keep_as_told(self, command: rec.RecordingCommand) -> None:
        """Keep more or less of the sound and the words from here on, or take back what was kept."""
        match command:
            case rec.PauseRecording():
                self._tape.pause()
            case rec.GoOnRecording():
                self._tape.go_on()
            case rec.BlankRecording():
                self._tape.blank(command.from_tick, command.to_tick)
            case rec.DiscardRecording():
                self._tape.discard()
            case rec.HideTurns() if self._records.taken_back is not None:
                hide = self._records.taken_back.hide_turns
                self._records.writer.post(hide, self._call_id, command.mark, command.numbers)
            case _:
                pass

    def save(self, turn: Turn) -> None:
        """A finished turn."""
        self._records.writer.post(self._records.calls.add_turn, self._call_id, turn)
        if self._records.figures is not None:
            self._records.figures.turn(turn)

    def note(self, event: CallEvent) -> None:
        """Something that happened."""
        self._records.writer.post(self._records.calls.add_event, self._call_id, event)

    async def fetch(self, command: Fetch) -> Fetched:
        """Carry out what the session waits for; a disk that refuses is an answer too."""
        try:
            return await self._records.writer.do(fetch, command, self._records.diary, self._records.messages)
        except ApplianceError:
            _log.exception(
                "errand failed", extra={"call_id": self._call_id, "errand": type(command).__name__}
            )
            return refusal(command)

    def summed_up(self, closing: do.CloseCall) -> None:
        """What the session says of the call at its end; it may yet go on by keys, or end otherwise."""
        self._summed_up = closing

    async def close(self, disposition: Disposition, ended_at: datetime, quality: LineQuality | None) -> None:
        """The end: recording finished, then record, summary and disposition in one transaction."""
        if self._records.figures is not None:
            self._records.figures.closed(disposition, quality)
        await asyncio.to_thread(self._tape.close)
        recording = str(self._tape.kept) if self._tape.kept else None
        told = self._summed_up
        closing = partial(
            self._records.calls.close,
            *(self._call_id, disposition, ended_at, quality and rated(quality), recording),
            summary=self._summary(disposition),
            slots=dict(told.slots) if told is not None else {},
        )
        try:
            await self._records.writer.do(closing)
        except ApplianceError:
            self._records.writer.post(closing)  # the disk is away: it is written when it is back

    def _summary(self, disposition: Disposition) -> Summary:
        language, told = self._records.language, self._summed_up
        if told is None:
            return by_keys(disposition, language)
        if told.summary is None:
            return without_words(disposition, language)
        summary, before = told.summary, self._summary_before
        if before is not None and knows_nothing(summary, language):  # it was said before the crash
            return ended_as(before, disposition, language)
        return summary if told.disposition is disposition else ended_as(summary, disposition, language)


def rated(quality: LineQuality) -> LineQuality:
    """With the estimate of how well the caller could be heard."""
    heard = (quality.packets_received, quality.packets_lost, quality.jitter_ms)
    return replace(quality, mos=estimated_mos(quality.codec, *heard))


def fetch(command: Fetch, diary: Diary, messages: Messages) -> Fetched:
    """What the diary or the message book says to a command. Runs in the writer's thread."""
    match command:
        case do.TakeMessage(message=message):
            messages.take(message)
            return ev.MessageTaken(command.call_id, command.query, kept=True)
        case do.FindOpenings():
            return ev.OpeningsFound(command.call_id, command.query, _openings(command, diary))
        case do.FindAppointments(phone=phone):
            return ev.AppointmentsFound(command.call_id, command.query, tuple(diary.coming(phone)))
        case do.Book():
            return _book(command, diary)
        case do.MoveAppointment():
            return _move(command, diary)
        case do.CancelAppointment(appointment_id=appointment_id):
            given_up = diary.cancel(appointment_id, call_id=command.call_id)
            if isinstance(given_up, Refusal):
                return ev.BookingRefused(command.call_id, command.query, given_up.reason)
            return ev.AppointmentCancelled(command.call_id, command.query, given_up)


def _openings(command: do.FindOpenings, diary: Diary) -> tuple[Opening, ...]:
    return diary.openings(
        command.service,
        command.after,
        command.before,
        command.count,
        staff=command.staff,
        near=command.near,
        moving=command.moving,
        not_with=command.not_with,
    )


def _book(command: do.Book, diary: Diary) -> ev.Booked | ev.BookingRefused:
    wanted = command.appointment
    made = diary.book(wanted)
    if not isinstance(made, Refusal):
        return ev.Booked(command.call_id, command.query, made)
    if made.reason == GONE:
        return ev.BookingRefused(command.call_id, command.query, GONE)
    return _others(_from(command, wanted.service, wanted.starts_at, wanted.staff), diary)


def _move(command: do.MoveAppointment, diary: Diary) -> ev.AppointmentMoved | ev.BookingRefused:
    moving = command.appointment_id
    moved = diary.move(moving, command.starts_at, staff=command.staff, call_id=command.call_id)
    if not isinstance(moved, Refusal):
        return ev.AppointmentMoved(command.call_id, command.query, moved)
    known = diary.get(moving)
    if known is None or moved.reason == GONE:
        return ev.BookingRefused(command.call_id, command.query, GONE)
    later = _from(command, known.service, command.starts_at, command.staff)
    return _others(replace(later, moving=moving), diary)


def _from(
    command: do.Book | do.MoveAppointment, service: str, wished_at: datetime, staff: str
) -> do.FindOpenings:
    """The question what is free from the wished moment on."""
    later = wished_at + timedelta(days=365)
    return do.FindOpenings(
        command.call_id, command.query, service, wished_at, later, _OTHERS_OFFERED, staff=staff
    )


def _others(instead: do.FindOpenings, diary: Diary) -> ev.BookingRefused:
    """The wished moment cannot be had; why it cannot makes no odds to a caller, what can be had does."""
    return ev.BookingRefused(instead.call_id, instead.query, TAKEN, _openings(instead, diary))


def refusal(command: Fetch) -> ev.BookingRefused | ev.MessageTaken:
    """The answer when the store cannot be reached."""
    if isinstance(command, do.TakeMessage):
        return ev.MessageTaken(command.call_id, command.query, kept=False)
    return ev.BookingRefused(command.call_id, command.query, "fault")
