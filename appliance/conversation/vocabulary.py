"""Which words can be meant when something certain was asked: a recogniser that knows no others hears better.

A telephone number is dictated in some forty words. The narrow recogniser runs beside the open one, and
`better_of` decides which of the two to believe: a caller may also answer with something else entirely.
"""

from __future__ import annotations

from appliance.conversation.numbers import digits_heard
from appliance.domain.expectation import Expectation

_DIGITS = "zero oh one two three four five six seven eight nine double triple".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand".split()
_AROUND = "my number is it's the area code and then that's extension no sorry yes uh um".split()
_UNKNOWN = "[unk]"
_KNOWN_SHARE_MIN = 0.7


def words_for(expectation: Expectation) -> tuple[str, ...]:
    """The words a narrow recogniser is opened with; empty when anything may be said."""
    if expectation is Expectation.PHONE:
        return (*_DIGITS, *_TEENS, *_TENS, *_AROUND)
    return ()


def better_of(open_text: str, narrow_text: str) -> str:
    """The text to believe of one utterance heard twice.

    The narrow one is right when it knew most of the words and found at least as many digits; else the caller
    said something that was not asked for, and the open one heard it.
    """
    words = narrow_text.split()
    known = [word for word in words if word != _UNKNOWN]
    if not known or len(known) < _KNOWN_SHARE_MIN * len(words):
        return open_text
    narrow = " ".join(known)
    return narrow if len(digits_heard(narrow)) >= max(1, len(digits_heard(open_text))) else open_text
