"""A call in two sentences for the office: what the caller wished, and what is to be done next. Pure.

Both are made at hang-up from what the session knows, so that no call is without them. Afterwards, when the language
model has nothing else to do, it may put the wish into better words, and they count only if the call's record holds
every number, date and name in them (`worded`). What is to be done next follows from what was done, and is never
left to a model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from appliance.business import Business
from appliance.conversation.card_numbers import without_cards
from appliance.conversation.claims import WORD, Claims, claims_of
from appliance.conversation.stems import stem_of
from appliance.conversation.summary_words import SummaryWords, summary_words
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment, Opening
from appliance.domain.call import CallRecord, Disposition, Speaker, Summary, Turn
from appliance.domain.recording import NOT_KEPT, PRIVATE

_WISHES_MAX: Final = 2
_WISH_CHARACTERS_MAX: Final = 240
_TRANSCRIPT_CHARACTERS_MAX: Final = 1500
"""Of what a model reads: it must be done before the next caller comes, as a rule."""

Done = ev.Booked | ev.AppointmentMoved | ev.AppointmentCancelled | ev.MessageTaken


@dataclass(frozen=True, slots=True)
class Known:
    """What a session knows of its call at the end. Empty is not known.

    `deeds` is what was done, as `deed` tells it; `unanswered`: a question was asked to which nobody had an answer.
    """

    name: str = ""
    matter: str = ""
    wishes: Sequence[str] = ()
    deeds: Sequence[str] = ()
    unanswered: bool = False


def deed(event: Done, business: Business) -> str:
    """What was done for the caller, with its date in the office's time; "" for what could not be kept."""
    words = summary_words(business.language)
    match event:
        case ev.Booked(appointment=made):
            return _about(words.booked, made, business, words)
        case ev.AppointmentMoved(appointment=moved):
            return _about(words.moved, moved, business, words)
        case ev.AppointmentCancelled(appointment=gone):
            return _about(words.cancelled, gone, business, words)
        case ev.MessageTaken(kept=kept):
            return words.message if kept else ""


def _about(sentence: str, appointment: Appointment, business: Business, words: SummaryWords) -> str:
    service = business.service(appointment.service)
    spoken = service.spoken if service else appointment.service
    moment = _moment(appointment.starts_at.astimezone(business.zone), words)
    return sentence.format(service=spoken, moment=moment)


def _moment(at: datetime, words: SummaryWords) -> str:
    return words.moment.format(
        weekday=words.weekdays[at.weekday()],
        day=at.day,
        month=words.months[at.month - 1],
        year=at.year,
        hour=at.hour,
        minute=at.minute,
    )


# --- by rule --------------------------------------------------------------------------------------


def summed_up(known: Known, disposition: Disposition, language: str) -> Summary:
    """The summary of a call that ended with `disposition`."""
    words = summary_words(language)
    wish = without_cards(_wish(known, disposition, words), language)
    return _summary(wish, _next_step(known, disposition, words))


def of_turns(turns: Sequence[Turn], disposition: Disposition, language: str) -> Summary:
    """The summary of a call of which only the turns are left: what the caller said first is their wish."""
    said = [turn.text for turn in _of_caller(turns)]
    longest = max(said[:3], key=len, default="")
    return summed_up(Known(matter=longest), disposition, language)


def by_keys(disposition: Disposition, language: str) -> Summary:
    """The summary of a call of which no session told anything: it was served by keys, or broke."""
    if disposition is Disposition.SYSTEM_FAILURE:
        return without_words(disposition, language)
    words = summary_words(language)
    return _summary(words.by_keys.format(who=words.somebody), _next_step(Known(), disposition, words))


def without_words(disposition: Disposition, language: str) -> Summary:
    """The summary of a call of which no words are kept."""
    words = summary_words(language)
    return _summary(words.called.format(who=words.somebody), _next_step(Known(), disposition, words))


def ended_as(summary: Summary, disposition: Disposition, language: str) -> Summary:
    """The same wish, but the call turned out to have ended with `disposition`."""
    words = summary_words(language)
    return _summary(summary.wish, _next_step(Known(), disposition, words), summary.by)


def knows_nothing(summary: Summary, language: str) -> bool:
    """Whether nobody could tell from it what the caller wanted, or who they were."""
    words = summary_words(language)
    return summary.wish in (words.said_nothing.format(who=words.somebody), words.nobody_spoke)


def _summary(wish: str, next_step: str, by: str = "template") -> Summary:
    return Summary(f"{wish} {next_step}", wish, next_step, by)


def _wish(known: Known, disposition: Disposition, words: SummaryWords) -> str:
    matter = _cut(known.matter.strip().rstrip(".?! "))
    if disposition is Disposition.SILENT and not matter:
        return words.nobody_spoke
    who = known.name or words.somebody
    if not matter:
        return words.said_nothing.format(who=who)
    more = [one for one in known.wishes if one not in matter][-_WISHES_MAX:]
    return words.called_about.format(who=who, matter=words.also.join((matter, *more)))


def _next_step(known: Known, disposition: Disposition, words: SummaryWords) -> str:
    """What was done, then what is left to do: the weightiest of it."""
    todo = words.todo[disposition]
    if disposition is not Disposition.SYSTEM_FAILURE:
        if words.message in known.deeds:
            todo = words.todo_message
        elif known.unanswered and disposition is Disposition.ANSWERED:
            todo = words.todo_unanswered
        elif not known.matter and disposition is Disposition.ANSWERED:
            todo = words.todo[Disposition.SILENT]
    text = words.between.join((*known.deeds, todo))
    return f"{text[:1].upper()}{text[1:]}."


def _cut(text: str) -> str:
    if len(text) <= _WISH_CHARACTERS_MAX:
        return text
    return text[:_WISH_CHARACTERS_MAX].rpartition(" ")[0] + " …"


# --- by a language model --------------------------------------------------------------------------


def question_for_model(record: CallRecord, language: str) -> tuple[str, str] | None:
    """What a language model is told and asked about a call; None when the caller said too little to sum up."""
    words = summary_words(language)
    if sum(len(turn.text.split()) for turn in _of_caller(record.turns)) < _WORDS_MIN:
        return None
    who = {Speaker.CALLER: words.caller, Speaker.AGENT: words.agent}
    lines = [
        f"{who[turn.speaker]}: {turn.text}" for turn in record.turns[1:]
    ]  # the greeting says nothing of it
    return words.instruction, words.task.format(transcript="\n".join(_within(lines)))


_WORDS_MIN: Final = 6


def _of_caller(turns: Sequence[Turn]) -> list[Turn]:
    """What the caller said, without turns whose words are not on record."""
    return [turn for turn in turns if turn.speaker is Speaker.CALLER and turn.text not in _MASKS]


_MASKS: Final = frozenset({PRIVATE, NOT_KEPT})


def _within(lines: Sequence[str]) -> Iterator[str]:
    """As many of the first lines as may be read: what a caller wants is said early."""
    left = _TRANSCRIPT_CHARACTERS_MAX
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            return
        yield line


def worded(record: CallRecord, sentence: str, language: str) -> Summary | None:
    """The summary with the wish as the model put it; None when it says what the call's record does not hold."""
    before, plain = record.summary, " ".join(sentence.split())
    if before is None or not 0 < len(plain) <= _WISH_CHARACTERS_MAX or "?" in plain:
        return None
    words = summary_words(language)
    if _stranger(plain, record, words):
        return None
    wish = plain if plain.endswith((".", "!")) else f"{plain}."
    return _summary(wish, before.next_step, "model")


def _stranger(sentence: str, record: CallRecord, words: SummaryWords) -> bool:
    """Whether a number, a date or a word stands in `sentence` that is not in the record, names among them."""
    held = "\n".join((*(turn.text for turn in record.turns), *record.slots.values(), record.caller))
    said, known = claims_of(sentence), claims_of(held)
    if any(not getattr(said, kind) <= getattr(known, kind) for kind in _BY_VALUE):
        return True
    told = {stem_of(word, words.stemmer) for word in words.telling}
    return not _stems(sentence, words) <= _stems(held, words) | told


_BY_VALUE: Final = tuple(field.name for field in fields(Claims) if field.name != "words")


def _stems(text: str, words: SummaryWords) -> set[str]:
    plain = WORD.findall(text.casefold().replace("’", "'"))
    return {stem_of(word.removesuffix("'s"), words.stemmer) for word in plain}


def captured(value: object, language: str) -> str:
    """What a slot of a flow holds, as the record keeps it: moments in ISO 8601, an appointment by its id."""
    match value:
        case Appointment(appointment_id=appointment_id):
            return appointment_id
        case Opening(starts_at=starts_at):
            return starts_at.isoformat()
        case bool():
            return str(value).lower()
        case str():
            return without_cards(value, language)
        case _:
            return str(value)
