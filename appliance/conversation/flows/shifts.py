"""Another moment than the one that was read back: an hour later, earlier, or simply a different one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from appliance.business.flows import SlotKind
from appliance.conversation.dates import Relative, WhenHeard
from appliance.conversation.durations import duration_heard, moved
from appliance.conversation.flows.frame import Frame
from appliance.domain.appointment import Opening

_HALF_A_DAY_MIN: Final = 12 * 60
_STRETCHES: Final = frozenset({Relative.BEFORE, Relative.AFTER})


def shifted(text: str, frame: Frame) -> WhenHeard | None:
    """The moment that "an hour later", "a week earlier" or a mere "later" leads to; None for other words."""
    starts, said = _agreed(frame), text.lower()
    is_later, is_earlier = frame.sayings.later.search(said), frame.sayings.earlier.search(said)
    if starts is None or not (is_later or is_earlier):
        return None
    span = duration_heard(said, frame.language)
    target = moved(starts, span, back=is_later is None) if span is not None else None
    if target is not None:
        return WhenHeard(target.date(), target.time())
    if is_later is None:
        return WhenHeard(starts.date(), starts.time(), relative=Relative.BEFORE)
    after = starts + timedelta(minutes=1)  # the same one is not later
    return WhenHeard(after.date(), after.time(), relative=Relative.AFTER)


def names_another(when: WhenHeard | None, text: str, frame: Frame) -> bool:
    """Whether `when`, named in `text`, is another day or hour than agreed; "nine" fits both nines of a day."""
    starts = _agreed(frame)
    if when is None or starts is None or when.impossible or when.relative in _STRETCHES:
        return False
    if frame.sayings.of_another_day.search(text.lower()):
        return False
    apart_min = 0
    if when.at is not None:
        apart_min = (when.at.hour - starts.hour) * 60 + when.at.minute - starts.minute
    return when.day not in {None, starts.date()} or apart_min % _HALF_A_DAY_MIN != 0


def _agreed(frame: Frame) -> datetime | None:
    """When the opening begins that was agreed on, on the office's clock; None while there is none."""
    opening = frame.value(SlotKind.OPENING)
    return opening.starts_at.astimezone(frame.business.zone) if isinstance(opening, Opening) else None
