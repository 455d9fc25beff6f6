"""Numbers as characters: meters, lines of gaps, bars of time, the ladder of a dialog. Pure; colour tells nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any, Final

from appliance.sip.trace import SipMessage

_SILENT_DBFS: Final = -60.0
_STEPS: Final = "▁▂▃▄▅▆▇█"
_GAP_HIGH_MS: Final = 2000
_WATERFALL: Final = (
    ("waits", "speech_ended_ms", "turn_decided_ms"),
    ("hears", "turn_decided_ms", "final_text_ms"),
    ("thinks", "final_text_ms", "reply_decided_ms"),
    ("voices", "reply_decided_ms", "first_audio_ms"),
    ("sends", "first_audio_ms", "first_packet_ms"),
)
_STAIR: Final = 12


def meter(dbfs: float, cells: int) -> str:
    """A level as full and empty cells, -60 dBFS to 0."""
    share = min(1.0, max(0.0, 1 - dbfs / _SILENT_DBFS))
    full = round(share * cells)
    return "■" * full + "·" * (cells - full)


def sparkline(gaps_ms: Sequence[int], cells: int) -> str:
    """The last gaps as a line of bars, 0 to 2 s."""
    top = len(_STEPS) - 1
    return "".join(_STEPS[min(top, max(0, gap * top // _GAP_HIGH_MS))] for gap in gaps_ms[-cells:])


def gaps_told(gaps_ms: Sequence[int]) -> str:
    """Last, median and worst, in ms."""
    if not gaps_ms:
        return "no answer yet"
    return f"{gaps_ms[-1]} last, {round(median(gaps_ms))} median, {max(gaps_ms)} worst"


def waterfall_rows(waterfall: Mapping[str, Any] | None, cells: int) -> Iterator[str]:
    """Where the time of one answer went, a row a step; steps that were not needed are left out."""
    if waterfall is None:
        return
    spans = [(name, waterfall.get(begin), waterfall.get(end)) for name, begin, end in _WATERFALL]
    known = [(name, begin, end) for name, begin, end in spans if begin is not None and end is not None]
    whole_ms = sum(max(0, end - begin) for _, begin, end in known) or 1
    at = 0.0
    for name, begin, end in known:
        share = cells * max(0, end - begin) / whole_ms
        width = max(1, round(at + share) - round(at))
        yield (
            f"{name:<7}{' ' * min(round(at), cells - 1)}{'█' * width}".ljust(8 + cells)
            + f"{end - begin:>5} ms"
        )
        at += share


def ladder(messages: Sequence[SipMessage], width: int) -> Iterator[str]:
    """A dialog as a ladder: them on the left, us on the right, seconds since its first message."""
    if not messages:
        return
    first_s = messages[0].at_s
    room = max(20, width - _STAIR)
    yield f"{'':8}{messages[0].peer:<{room - 4}}{'box':>4}"
    for one in messages:
        word = f" {one.step} "[: room - 6]
        arrow = f"<{word.center(room - 4, '-')}-" if one.sent else f"-{word.center(room - 4, '-')}>"
        yield f"{one.at_s - first_s:7.3f} |{arrow}|"


def dialogs(messages: Iterable[SipMessage]) -> dict[str, list[SipMessage]]:
    """Messages by their Call-ID; the dialog that began last comes first."""
    found: dict[str, list[SipMessage]] = {}
    for one in messages:
        found.setdefault(one.dialog, []).append(one)
    return dict(sorted(found.items(), key=lambda entry: entry[1][0].number, reverse=True))


def outcome(messages: Sequence[SipMessage]) -> str:
    """How the first request of a dialog was answered in the end; empty while it is not."""
    method = messages[0].method
    finals = [
        one.step.partition(" (")[0]
        for one in messages
        if one.first_line.startswith("SIP/2.0 ") and one.method == method and one.first_line[8:9] >= "2"
    ]
    return finals[-1] if finals else ""


def steps_ms(waterfalls: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """How long each step took in each of several answers."""
    found: dict[str, list[int]] = {name: [] for name, _, _ in _WATERFALL}
    for waterfall in waterfalls:
        for name, begin, end in _WATERFALL:
            if (begun := waterfall.get(begin)) is not None and (ended := waterfall.get(end)) is not None:
                found[name].append(ended - begun)
    return found
