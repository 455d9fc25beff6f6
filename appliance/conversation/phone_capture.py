"""A telephone number taken down until it is right: asked, pieced together, read back, corrected, keyed.

Nothing is stored that the caller has not agreed to, and nothing is refused that the caller insists on: what
phonenumbers calls invalid may be a new area code. A digit too many is asked about once: most are misheard. A number
once refused is not read back again. What is asked gets easier each time: the number, the number in parts of which
each is said back before the next, the keys; after that it stays a gap for people to fill. Pure: words in, what to
ask next out; the phrases are the flow's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from appliance.conversation.assent import SURE_YES_MIN, begins_with_no, yes_or_no
from appliance.conversation.digits import digits_heard
from appliance.conversation.numbers import PhoneHeard, phone_heard, spoken_phone


class Asking(StrEnum):
    """What the caller is asked for now."""

    NUMBER = "number"
    REST = "rest"  # some digits are there: what comes after them
    CONFIRM = "confirm"  # the number is read back: is that right
    PART = "part"  # a few digits at a time: what was heard is said back, then come the next ones, or a no
    KEYS = "keys"  # on the telephone's keys
    DONE = "done"
    GAP = "gap"  # not to be had: go on without


_MISSES_MAX: Final = 2  # of one way of asking
_PIECES_MAX: Final = 4
_PIECE_DIGITS_MIN: Final = 3  # fewer are no beginning to go on from
_DOUBTS_MAX: Final = 2
_CORRECTIONS_MAX: Final = 3
_PARTS_TAKEN_BACK_MAX: Final = 3
_PART_DIGITS_MAX: Final = 6
_LOCAL_DIGITS_MIN: Final = 7
_WAYS: Final = (Asking.NUMBER, Asking.PART, Asking.KEYS, Asking.GAP)


@dataclass
class PhoneCapture:
    """One number of one caller. `heard` and `pressed` move it on; `asking` says where it stands.

    `digits` is what is known so far, `national` the number as it is stored once `asking` is DONE (or CONFIRM),
    `extension` what is dialled after it. Copies are independent (copy.deepcopy), as foresight wants them.
    """

    region: str
    language: str = "en"
    asking: Asking = Asking.NUMBER
    digits: str = ""
    national: str = ""
    extension: str = ""
    _refused: set[str] = field(default_factory=set)
    _way: int = 0  # in which of _WAYS the number is asked for
    _misses: int = 0
    _pieces: int = 0
    _doubts: int = 0
    _corrections: int = 0
    _parts: list[str] = field(default_factory=list)
    _taken_back: int = 0
    _too_long: str = ""  # said once, and asked for again

    @property
    def last_part(self) -> str:
        """The digits that were given last, to be said back while it goes part by part."""
        return self._parts[-1] if self._parts else self.digits

    def spoken(self) -> str:
        """The number in groups, to be read back."""
        return spoken_phone(self.national or self.digits, self.region, self.language)

    def heard(self, text: str, confidence: float = 1.0) -> Asking:
        """Take what was said to what was asked, 0 to 1 sure; the answer is what to ask now."""
        if self.asking is Asking.CONFIRM:
            return self._confirmed(text, confidence)
        if self.asking is Asking.PART:
            return self._heard_part(text)
        said = phone_heard(text, self.region, self.digits, self.language)
        if (
            said is None
            and len(self.digits) >= _LOCAL_DIGITS_MIN
            and yes_or_no(text, self.language) is not None
        ):
            return self._now(Asking.CONFIRM)  # "that's it": a number of the town, without its area code
        return self._again(said) if said is not None and self._is_unlikely(said) else self._take(said)

    def _is_unlikely(self, said: PhoneHeard) -> bool:
        """Whether no number has so many digits; said twice it is the caller's."""
        return said.too_long and not self._way and said.digits != self._too_long

    def _again(self, said: PhoneHeard) -> Asking:
        """The whole number once more."""
        self._too_long = said.digits
        self.digits = self.national = ""
        return self._now(Asking.NUMBER)

    def pressed(self, digits: str) -> Asking:
        """Take a number from the keys, in any state; it is not asked about again."""
        heard = phone_heard(digits, self.region, language=self.language)
        if heard is None or not heard.complete:
            return self._missed()
        self._keep(heard)
        return self._now(Asking.DONE)

    def read_back(self, national: str) -> None:
        """A number that came another way (the one the call comes from) is being read back: is that right?"""
        if national != self.national:
            self.digits = self.national = national
        self._now(Asking.CONFIRM)

    def refused(self) -> Asking:
        """The number that was read back is wrong, and no other was said with it: an easier way."""
        self._refused.add(self.national)
        return self._easier()

    def _confirmed(self, text: str, confidence: float) -> Asking:
        """Yes, no, or another number: "no, six not five", "yes, extension twelve"."""
        answer = yes_or_no(text, self.language)
        said = phone_heard(text, self.region, self.digits, self.language)
        is_other = said is not None and (said.national != self.national or said.extension != "")
        if said is not None and is_other:
            return self._corrected(said, agrees=answer is True)
        if answer is False:
            return self.refused()
        # who says the same number again agrees too; a yes that is hardly heard may have been a no
        if said is not None or (answer and confidence >= SURE_YES_MIN):
            return self._now(Asking.DONE)
        self._doubts += 1
        return self._easier() if self._doubts >= _DOUBTS_MAX else self.asking

    def _corrected(self, said: PhoneHeard, *, agrees: bool) -> Asking:
        """Another number than the one read back, or an extension to it."""
        if said.national == self.national and agrees:
            self._keep(said)
            return self._now(Asking.DONE)
        if said.national != self.national:
            self._refused.add(self.national)
        self._corrections += 1
        return self._take(said) if self._corrections <= _CORRECTIONS_MAX else self._easier()

    def _take(self, heard: PhoneHeard | None) -> Asking:
        if heard is None:
            return self._missed()
        if heard.complete and heard.national in self._refused:
            return self._easier()
        if not heard.complete:
            return self._piece(heard)
        self._keep(heard)
        self._doubts = 0
        return self._now(Asking.CONFIRM)

    def _piece(self, heard: PhoneHeard) -> Asking:
        """Some digits: wait for the rest, unless that never ends or there is nothing to go on from."""
        self._pieces += 1
        grows = len(heard.digits) > len(self.digits)
        if self._pieces > _PIECES_MAX or (self.digits and not grows):
            return self._easier()
        if len(heard.digits) < _PIECE_DIGITS_MIN:
            return self._missed()
        self._keep(heard)
        return self._now(Asking.REST)

    def _heard_part(self, text: str) -> Asking:
        """The next digits, which says that those before were right; or that they were not, with others or without."""
        digits = digits_heard(text, self.language)
        is_no = yes_or_no(text, self.language) is False or (
            self._parts and begins_with_no(text, self.language)
        )
        if not digits and not is_no:
            agrees = self._parts and yes_or_no(text, self.language)
            return self.asking if agrees else self._missed()
        if is_no:
            self._taken_back += 1
            self._parts = self._parts[:-1]
            if self._taken_back > _PARTS_TAKEN_BACK_MAX:
                return self._easier()
        self._parts = (
            [digits] if len(digits) > _PART_DIGITS_MAX else [*self._parts, *([digits] if digits else [])]
        )
        self._misses = 0
        heard = phone_heard("".join(self._parts), self.region, language=self.language)
        if heard is not None and heard.complete:
            return self._take(heard)
        self.digits = self.national = "".join(self._parts)
        return self._now(Asking.PART)

    def _keep(self, heard: PhoneHeard) -> None:
        self.digits, self.national = heard.digits, heard.national
        self.extension = heard.extension or self.extension

    def _missed(self) -> Asking:
        """Nothing of use was heard: ask the same once more, then in an easier way."""
        self._misses += 1
        return self._easier() if self._misses >= _MISSES_MAX else self.asking

    def _easier(self) -> Asking:
        """The whole number anew, in an easier way than before."""
        self.digits = self.national = ""
        self._misses = self._pieces = self._doubts = 0
        self._parts = []
        self._way = min(self._way + 1, len(_WAYS) - 1)
        return self._now(_WAYS[self._way])

    def _now(self, asking: Asking) -> Asking:
        self.asking = asking
        return asking
