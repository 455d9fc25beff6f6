"""What `appliance calls` tells of the second pass: how far the first recogniser was off, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appliance.domain.call import CallRecord
    from appliance.store.second_texts import SecondPass


def second_lines(record: CallRecord, second: SecondPass | None) -> list[str]:
    """The estimate, the turns that were heard otherwise, and the summary they make; nothing without a pass."""
    if second is None:
        return []
    share = "nothing to compare" if second.error_percent is None else f"{second.error_percent:.0f} % of words"
    lines = [f"Heard again by {second.model}: {share} otherwise"]
    for turn in record.turns:
        text = second.texts.get(turn.number, "")
        if text and _plain(text) != _plain(turn.text):
            lines.append(f"  {turn.number}: {text}")
    if second.summary is not None and second.errors:
        lines.append(f"  {second.summary.text}")
    return lines


def _plain(text: str) -> str:
    return " ".join("".join(sign for sign in text.lower() if sign.isalnum() or sign.isspace()).split())
