"""What came of a spoken play, by the record: the calls, appointments and messages that the box wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Final

from appliance.conversation.playing_along import DEEDS, Outcome, Script
from appliance.domain.appointment import Appointment, AppointmentChange, ChangeKind, Message
from appliance.domain.call import CallRecord
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages

_NOTHING: Final = "none"
_ANY_DAY: Final = timedelta(days=800)
_MESSAGES_MAX: Final = 200
_SAME_WORDS_MIN: Final = 0.5  # of a message's own words, which nobody reads back
_STILL_BOOKED: Final = "still booked"
_URGENT: Final = "urgent"
_CALL_OF_PLAY: Final = "play"  # what a call is named in plays by text


def outcome_of(
    script: Script, call_id: str, database: Database, diary: Diary
) -> tuple[Outcome, tuple[str, ...]]:
    """Whether the record has what the play expects at its end, and the call's turns as text."""
    if not call_id:
        return Outcome(False, complaint="the box never took the call"), ()
    found = _Found(call_id, database, diary, script)
    complaints = [
        (what, wanted, there)
        for what, wanted in [*script.wanted, *_undone(script), *_events(script)]
        if not _is_in(wanted, there := found.of(what), what)
    ]
    wrong = any(what in {*DEEDS, _STILL_BOOKED} and there != _NOTHING for what, _, there in complaints)
    told = "; ".join(f"{what}: wanted {wanted!r}, found {there!r}" for what, wanted, there in complaints)
    return Outcome(not complaints, wrong, told), found.turns


def _undone(script: Script) -> Iterator[tuple[str, str]]:
    """What a play does not speak of was not to be done; what is booked and given up in one call is not."""
    spoken_of = {what for what, _ in script.wanted}
    if not spoken_of & set(DEEDS):
        return
    for deed in DEEDS:
        if deed not in spoken_of:
            yield (_STILL_BOOKED if deed == "booked" else deed), _NOTHING


def _events(script: Script) -> Iterator[tuple[str, str]]:
    yield from (("event", kinds) for kinds in script.wanted_events if kinds != _NOTHING)


def _is_in(wanted: str, found: str, what: str) -> bool:
    return wanted in found or (what == "message" and _is_same_message(wanted, found))


def _is_same_message(wanted: str, found: str) -> bool:
    """Names, numbers and urgency as they are; of the words in between, which nobody reads back, most."""
    if _NOTHING in {found, wanted}:
        return False
    fixed = [word for word in wanted.split() if word[:1].isupper() or word[-1:].isdigit() or word == _URGENT]
    if not all(word in found.split() for word in fixed):
        return False
    words = [word for word in wanted.split() if word not in fixed]
    blocks = SequenceMatcher(None, words, found.split(), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= _SAME_WORDS_MIN * len(words)


class _Found:
    """What the store has of one call, in a play's words."""

    def __init__(self, call_id: str, database: Database, diary: Diary, script: Script) -> None:
        self._call_id = call_id
        self._record: CallRecord = Calls(database).get(call_id)
        self._messages = [
            entry.message
            for entry in Messages(database).inbox(_MESSAGES_MAX)
            if entry.message.call_id == call_id
        ]
        every = diary.between(script.now - _ANY_DAY, script.now + _ANY_DAY, cancelled=True)
        self._changes = [
            (one, change)
            for one in every
            for change in diary.history(one.appointment_id)
            if change.call_id == call_id
        ]

    @property
    def turns(self) -> tuple[str, ...]:
        """Who said what."""
        return tuple(f"{turn.speaker}: {turn.text}" for turn in self._record.turns)

    def of(self, what: str) -> str:
        """What came of it: "booked", "message", ...; "none" where nothing did."""
        return "; ".join(self._each(what)) or _NOTHING

    def _each(self, what: str) -> Iterable[str]:
        match what:
            case "disposition":
                return [str(self._record.disposition)]
            case "booked":
                return [_booked(one, change) for one, change in self._of_kind(ChangeKind.AGREED)]
            case "still booked":
                changed = [one.appointment_id for one, _ in self._changes]
                made = self._of_kind(ChangeKind.AGREED)
                return [
                    _booked(*made_one) for made_one in made if changed.count(made_one[0].appointment_id) == 1
                ]
            case "moved":
                moved = self._of_kind(ChangeKind.MOVED)
                return [f"{change.starts_at:%Y-%m-%d %H:%M} {change.staff}".rstrip() for _, change in moved]
            case "cancelled":
                gone = self._of_kind(ChangeKind.CANCELLED)
                return [one.appointment_id.replace(self._call_id, _CALL_OF_PLAY) for one, _ in gone]
            case "message":
                return map(_message, self._messages)
            case _:
                return [" ".join(event.kind for event in self._record.events)]

    def _of_kind(self, kind: ChangeKind) -> list[tuple[Appointment, AppointmentChange]]:
        return [(one, change) for one, change in self._changes if change.kind is kind]


def _booked(one: Appointment, change: AppointmentChange) -> str:
    return f"{one.service} {change.starts_at:%Y-%m-%d %H:%M} {one.name} {one.phone}"


def _message(one: Message) -> str:
    whom = f" for {one.whom}" if one.whom else ""
    return f"{one.name} {one.phone} {one.matter}{whom}{f' {_URGENT}' if one.urgent else ''}"
