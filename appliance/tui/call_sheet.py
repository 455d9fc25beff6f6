"""A call as a page of text: the transcript with its gaps, and where the time of each answer went.

A waterfall is a row of letters, one for so many ms: T until the turn was decided, H until the recogniser's last
word, R until the reply was decided, V until its voice began, P until the first packet. A letter is told without
its colour, and the figures stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from itertools import pairwise
from typing import Final

from rich.table import Table
from rich.text import Text

from appliance.domain.call import CallRecord, LineQuality, Speaker, Turn, Waterfall
from appliance.store.export import clock, steps
from appliance.store.second_texts import SecondPass
from appliance.store.whole_calls import WholeCall

_BAR_MS: Final = 20
_BAR_LETTERS_MAX: Final = 60
_STEPS: Final = (
    ("T", "yellow", "turn_decided_ms"),
    ("H", "cyan", "final_text_ms"),
    ("R", "magenta", "reply_decided_ms"),
    ("V", "green", "first_audio_ms"),
    ("P", "blue", "first_packet_ms"),
)


Row = tuple[str, Text]
"""What it is, and what is to be told of it."""


def sheet(whole: WholeCall, zone: tzinfo) -> Table:
    """The whole page; moments on the clock of `zone`."""
    record, page = whole.record, Table.grid(padding=(0, 1), expand=True)
    page.add_column(width=14, no_wrap=True, style="dim")
    page.add_column(ratio=1)
    parts = (
        _head(record, zone),
        _transcript(record),
        _belongings(whole),
        _quality(record.quality),
        _events(record),
    )
    for label, text in (row for part in parts for row in part):
        page.add_row(label, text)
    return page


def lasted(call: CallRecord) -> str:
    """How long it was talked, `m:ss`; or that it was not, or still is."""
    if call.answered_at is None:
        return "-" if call.ended_at else "rings"
    if call.ended_at is None:
        return "open"
    seconds = round((call.ended_at - call.answered_at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def bar(waterfall: Waterfall) -> Text:
    """The steps of one answer as letters; a step of no time has none."""
    known = [("", "", waterfall.speech_ended_ms)]
    known += [(letter, style, getattr(waterfall, name)) for letter, style, name in _STEPS]
    reached = [(letter, style, at_ms) for letter, style, at_ms in known if at_ms is not None]
    drawn = Text()
    for (_, _, before_ms), (letter, style, at_ms) in pairwise(reached):
        drawn.append(letter * max(0, round((at_ms - before_ms) / _BAR_MS)), style)
    drawn.truncate(_BAR_LETTERS_MAX, overflow="ellipsis")
    return drawn


# --- the parts ------------------------------------------------------------------------------------


def _head(record: CallRecord, zone: tzinfo) -> Iterator[Row]:
    yield "Call", Text(record.call_id, "bold")
    yield "From", Text(f"{record.caller} to {record.called}")
    yield "When", Text(f"{record.offered_at.astimezone(zone):%a %d %b %Y %H:%M:%S}, lasted {lasted(record)}")
    yield "Ended", Text(str(record.disposition))
    if record.summary is not None:
        yield "About", Text(record.summary.text)


def _transcript(record: CallRecord) -> Iterator[Row]:
    yield from _heading("What was said")
    if not record.turns:
        yield "", Text("Nothing was said.")
    for turn in record.turns:
        yield from _turn(turn)
    if any(turn.waterfall for turn in record.turns):
        legend = f"One letter is {_BAR_MS} ms: T turn, H last word, R reply, V voice, P packet."
        yield "", Text(legend, "dim")


def _turn(turn: Turn) -> Iterator[Row]:
    by_caller = turn.speaker is Speaker.CALLER
    said = f"{turn.text} --" if turn.interrupted else turn.text
    yield f"{clock(turn.started_ms)} {turn.speaker}", Text(said, "bold" if by_caller else "")
    if turn.waterfall is not None and (drawn := bar(turn.waterfall)):
        yield "", drawn
    if told := ", ".join(_timing(turn)):
        yield "", Text(told, "dim")


def _timing(turn: Turn) -> Iterator[str]:
    if turn.turn_class is not None:
        yield str(turn.turn_class)
    if turn.response_gap_ms is not None:
        yield f"gap {turn.response_gap_ms} ms"
    if turn.confidence is not None and turn.speaker is Speaker.CALLER:
        yield f"sure to {turn.confidence:.0%}"
    if turn.waterfall is not None and (told := steps(turn.waterfall)):
        yield told


def _belongings(whole: WholeCall) -> Iterator[Row]:
    yield from _heading("What came of it")
    if one := whole.appointment:
        told = f"{one.standing}: {one.service}, {one.starts_at:%a %d %b %Y %H:%M}, {one.name}, {one.phone}"
        yield "Diary", Text(told)
    if left := whole.message:
        yield "Message", Text(f"from {left.name}, {left.phone}: {left.matter}")
    if slots := whole.record.slots:
        yield "Told", Text(", ".join(f"{name} {value}" for name, value in slots.items()))
    yield "Sound", Text(str(whole.recording or "none; the setting store.record_calls decides"))
    if whole.recording is not None:
        yield "Play", Text(f"appliance calls play {whole.record.call_id}")
    if whole.second is not None:
        yield "Heard again", Text(f"{whole.second.model}: {_otherwise(whole.second)}")


def _otherwise(second: SecondPass) -> str:
    percent = second.error_percent
    return "nothing to compare" if percent is None else f"{percent:.0f} % of words otherwise"


def _quality(quality: LineQuality | None) -> Iterator[Row]:
    if quality is None:
        return
    yield from _heading("The line")
    mos = "" if quality.mos is None else f", MOS {quality.mos:.1f}"
    lost = f"{quality.packets_lost} of {quality.packets_received} packets lost"
    yield "Network", Text(f"{quality.codec}, {lost}, jitter {quality.jitter_ms:.1f} ms{mos}")
    yield "Echo", Text(f"{quality.erle_db:.0f} dB removed, {quality.frames_dropped} frames dropped")
    late = (quality.tick_late_p50_ms, quality.tick_late_p99_ms, quality.tick_late_worst_ms)
    yield "Sent late", Text("half up to {:.1f} ms, 99 % up to {:.1f} ms, worst {:.1f} ms".format(*late))


def _events(record: CallRecord) -> Iterator[Row]:
    if record.events:
        yield from _heading("What happened")
    for event in record.events:
        yield clock(event.at_ms), Text(f"{event.kind} {event.detail}".rstrip())


def _heading(text: str) -> Iterator[Row]:
    yield "", Text()
    yield "", Text(text, "bold underline")
