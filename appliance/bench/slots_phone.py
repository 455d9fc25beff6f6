"""Calls in which only the telephone number matters: dictated, recognised, read back, corrected, stored.

The recogniser is in the loop: everything the caller says goes over G.711 and through the product's own listener,
and what is heard is what PhoneCapture gets. The caller knows the right number and says no to any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.bench.recognition import OpenListener
from appliance.bench.slots_caller import Caller, Sound
from appliance.bench.telephone_sound import Impairment, arrived
from appliance.conversation.digits import digits_heard
from appliance.conversation.phone_capture import Asking, PhoneCapture
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, SILENCE, ticks

PARTS: Final = (3, 6)  # where a caller pauses who gives a number in parts
_TAIL_MS = 300
_TURNS_MAX = 20
_SEED = 1


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """How one call went. `first_right`: the number was right as it was first heard."""

    set: str
    caller: int
    first_right: bool
    stored_right: bool
    gap: bool
    keys: bool
    turns: int
    read_backs: int


class Ears:
    """The product's listener over the telephone; what it made of a sound is remembered on disk."""

    def __init__(self, new: OpenListener, folder: Path, model: str, way: Impairment | None = None) -> None:
        self._new = new
        self._folder = folder
        self._model = model
        self._way = way or Impairment()
        folder.mkdir(parents=True, exist_ok=True)

    def heard(self, said: Sound, asked: Expectation) -> tuple[str, float]:
        """The words of one turn and how sure they are; heard now, unless it was heard before."""
        key = hashlib.sha256(said + repr((self._model, asked, self._way)).encode()).hexdigest()[:32]
        file = self._folder / f"{key}.json"
        if file.exists():
            text, confidence = json.loads(file.read_text(encoding="utf-8"))
            return text, confidence
        listener = self._new()
        listener.expect(asked)
        pcm = arrived(said + SILENCE * ticks(_TAIL_MS), self._way, b"", _SEED)
        for start in range(0, len(pcm), FRAME_BYTES):
            listener.feed(pcm[start : start + FRAME_BYTES])
        heard = listener.finish()
        file.write_text(json.dumps([heard.text, round(heard.confidence, 3)]), encoding="utf-8")
        return heard.text, heard.confidence


def calls(
    name: str,
    callers: Sequence[Caller],
    ears: Ears,
    region: str,
    tell: Callable[[str], None] = lambda _: None,
) -> list[PhoneCall]:
    """A call for each caller."""
    found = []
    for at, caller in enumerate(callers):
        found.append(_call(name, at, caller, ears, region))
        if at % 10 == 9:
            tell(f"{name}: {at + 1} of {len(callers)} calls")
    return found


def _call(name: str, at: int, caller: Caller, ears: Ears, region: str) -> PhoneCall:
    capture = PhoneCapture(region)
    first, read_backs, turns, keyed = "", 0, 0, False
    while capture.asking not in {Asking.DONE, Asking.GAP} and turns < _TURNS_MAX:
        if capture.asking is Asking.KEYS:
            keyed = True
            capture.pressed(caller.number)
        elif capture.asking is Asking.CONFIRM:
            read_backs += 1
            capture.heard(*_to_read_back(caller, capture, ears, turns))
        else:
            said = _to_question(caller, capture, turns)
            words, confidence = ears.heard(said, Expectation.PHONE)
            first = first or digits_heard(words)
            capture.heard(words, confidence)
        turns += 1
    return PhoneCall(
        set=name,
        caller=at,
        first_right=first == caller.number,
        stored_right=capture.asking is Asking.DONE and _is_same(capture.national, caller.number),
        gap=capture.asking is not Asking.DONE,
        keys=keyed,
        turns=turns,
        read_backs=read_backs,
    )


def _to_read_back(caller: Caller, capture: PhoneCapture, ears: Ears, turn: int) -> tuple[str, float]:
    right = _is_same(capture.national, caller.number)
    if not right and (correction := caller.corrects(turn)):
        return ears.heard(correction, Expectation.YES_NO)
    return ears.heard(caller.answers(right=right, attempt=turn), Expectation.YES_NO)


def _to_question(caller: Caller, capture: PhoneCapture, turn: int) -> Sound:
    """The rest or the next part, if what we have is the beginning of the number; else all of it, or no."""
    begun = caller.number.startswith(capture.digits)
    if capture.asking is Asking.PART and not begun:
        return caller.answers(right=False, attempt=turn)
    if capture.asking is Asking.PART:
        at = len(capture.digits)
        end = next((end for end in PARTS if end > at), len(caller.number))
        return caller.dictates(caller.number[at:end], slowly=False, attempt=turn)
    if capture.asking is Asking.REST and begun:
        return caller.dictates(caller.number[len(capture.digits) :], slowly=False, attempt=turn)
    return caller.dictates(caller.number, slowly=False, attempt=turn)


def _is_same(stored: str, number: str) -> bool:
    """A leading country code of ours, or an "oh" before a number that may not have one, makes no difference."""
    return stored in {number, f"1{number}", f"+1{number}"}
