"""Yes or no, in the hundred ways of saying either.

An answer is read as the sayings it begins with or, if there are none, those it ends with; each is a vote, and
the votes are counted. The sayings are a table, so that a new one is a word in it and not a new rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import product
from typing import Final

_WORD = re.compile(r"[a-z0-9']+")


def words_of(text: str) -> list[str]:
    """The words of `text`: lower case, without punctuation."""
    text = text.lower().replace("’", "'").replace("-", " ").replace("thats", "that's")
    return _WORD.findall(text)


def _each(*columns: str) -> set[str]:
    """Every way through columns of alternatives: _each("that's|it's", "right|fine") -> four sayings."""
    return {" ".join(" ".join(way).split()) for way in product(*(column.split("|") for column in columns))}


class _Vote(Enum):
    YES = auto()  # a word that is yes by itself
    OKAY = auto()  # a word that is yes unless a question follows: "okay what time"
    NO = auto()
    ASSENT = auto()  # a saying that agrees with what was proposed: "sounds good"
    CONFIRM = auto()  # a saying that something is as it was read: "that's right"
    DECLINE = auto()  # a saying that refuses, or that something is not so
    THAT_IS_IT = auto()  # after a yes "that's the one", otherwise "nothing more"
    UNSURE = auto()
    NOTHING = auto()  # a filler


_GOOD = (
    "good|great|fine|okay|ok|perfect|lovely|nice|wonderful|excellent|awesome|cool|alright|all right"
    "|no problem"
)
_RIGHT = "right|correct|true|the one|me|all right|exactly right|absolutely right|confirmed"
_THAT_IS = "that's|that is|it's|it is|this is|you're|you are|is|are|which is"
_THAT_BE = (
    "that would be|that'd be|that will be|that'll be|it would be|it'll be|would be|will be|be|sounds|looks"
    "|seems|that sounds|that looks|that seems|it sounds|it looks"
)
_FOR_ME = "|with me|by me|for me|to me"
_IT = "that|it|this|one|which|i|we|you|they|he|she|time|day|"
_ACTIONS: Final = _each(
    "do|book|let's do|i'll take|i will take|we'll take|keep|take", "it|that|this|that one|me in"
)
_SAYINGS: Final[dict[_Vote, set[str]]] = {
    _Vote.YES: _each(
        "yes|yeah|yep|yup|yah|ya|yea|sure|certainly|absolutely|definitely|affirmative|exactly|indeed"
        "|of course"
        "|uh huh|uhhuh|mm hm|mm hmm|mhm|mmhm|mm mhm|agree|agreed|i agree|you bet|by all means|confirmed"
        "|i confirm"
    ),
    _Vote.OKAY: _each(
        "okay|ok|alright|all right|right|great|perfect|cool|awesome|wonderful|excellent|good|fine"
    ),
    _Vote.NO: _each("no|nope|nah|naw|never|negative|uh uh|nuh uh|un un|disagree|i disagree|no way|no no"),
    _Vote.ASSENT: _each(f"{_THAT_IS}|{_THAT_BE}", _GOOD, _FOR_ME)
    | _each(_GOOD, "with me|by me|for me|to me")
    | _each(
        _IT,
        "works|suits|will work|would work|'ll work|will do|would do|would suit",
        "|me|fine|great|well|for me",
    )
    | _each("that'll|it'll|that'd", "work|do|suit me|work for me")
    | _each("i'd|i would|we'd|i", "like|love|appreciate|prefer", "that|to|it|this")
    | _each(
        "go ahead|please do|go for it|you got it|why not|no problem|not a problem|no worries|any time|anytime"
    )
    | _ACTIONS
    | _each("if you|yes you", "could|would|can|don't mind|please")
    | _each("i think|i guess|i suppose|i believe|i hope", "so")
    | _each("i'm|i am", "sure|fine with that|okay with that|happy with that|good with that"),
    _Vote.CONFIRM: _each(f"{_THAT_IS}|everything is|all", _RIGHT)
    | _each("correct|true|that is|it is|i do|i did|i am|i would|i will"),
    _Vote.THAT_IS_IT: _each(
        "that's|that is|that was|that will be|that'll be|that would be|that'd be", "it|all|everything"
    ),
    _Vote.DECLINE: _each("absolutely|definitely|certainly|of course|probably|i think|i guess|", "not")
    | _each("not", "really|at all|quite|now|today|yet|necessary|anymore|for me|this time|exactly|yes")
    | _each(
        "wrong|incorrect|neither|neither one|none|nothing|please don't|don't|don't bother|forget it"
        "|never mind"
    )
    | _each("nevermind|i'm good|i'm fine|i am good|i'm all set|all set|i'm okay|i'm done|i am done|i'm set")
    | _each("no thank you|no thanks|no need|thanks but no|nothing else|nothing more")
    | _each(_THAT_IS, "wrong|incorrect|no good|all wrong|not me|not mine|bad|too late|too early")
    | _each(
        f"{_THAT_IS}|",
        "not|isn't|aren't|wasn't",
        "|quite|really|exactly|so|any",
        f"|{_GOOD}|{_RIGHT}|necessary|it",
    )
    | _each(
        _IT,
        "doesn't|don't|didn't|won't|can't|wouldn't|isn't|cannot|does not|do not|will not|can not",
        "|work|suit|work for me|suit me|do|do that|think so|make it|really work|like it|like that"
        "|want to|want that"
        "|need that|need it|need anything else|need any more help",
    )
    | _each("they are|they're|we're|i'm all|he is|she is", "not|good|set|done")
    | _each("i'd|i would", "rather|prefer", "not|not to"),
    _Vote.UNSURE: _each(
        "maybe|perhaps|possibly|no idea|i have no idea|it depends|depends|let me think|let me check"
    )
    | _each("i'm|i am|", "not", "sure|certain")
    | _each("i|", "don't|do not", "know")
    | _each("right now|right away|right there|let me see"),
    _Vote.NOTHING: _each(
        "uh|um|er|ah|hm|hmm|well|oh|so|like|just|then|and|thank you|thanks|sir|ma'am|please|actually"
    )
    | _each(
        "sorry|wait|hey|to|i think|i guess|honestly|really|man|dear|in fact|to be honest|for today|for now"
    )
    | _each("very much|so much|a lot|for your help|for the help|i need|i needed|i wanted"),
}
# "i would like to change it" and "book it on friday" are no yes; "i would" and "book it" are.
_ONLY_AT_THE_END: Final = (
    _each("that is|it is|i do|i did|i am|i would|i will|not|don't")
    | _each("i'd|i would|we'd|i", "like|love|prefer", "to|that|it|this")
    | _ACTIONS
)
_VOTES: Final = {saying: vote for vote, sayings in _SAYINGS.items() for saying in sayings}
_LONGEST: Final = max(len(saying.split()) for saying in _VOTES)
_QUESTION: Final = frozenset(
    "what when where who whose which how do does did is are can could would will may why".split()
)
_CONDITION = re.compile(
    r"\b(?:but|except|however|although|though|(?<!that )instead|change|make it|different|unless)\b"
)
_TAIL_OF_WORDS_MAX: Final = 12


def yes_or_no(text: str) -> bool | None:
    """Whether `text` agrees or declines; None when it does neither, or not without a condition.

    "yes but make it ten" is None: something is to be changed, so nothing may be done on the strength of it.
    "no but thursday works" is False. "no problem" is a yes, "no that's right" too, "yeah no" a no.
    """
    words = words_of(text)
    votes, rest = _opening(words)
    if not votes and not rest and "please" in words:  # and nothing else: "uh please"
        return True
    asks = bool(rest) and rest[0] in _QUESTION
    if asks and all(vote is _Vote.OKAY for vote in votes):
        return None
    if not votes and len(words) <= _TAIL_OF_WORDS_MAX:
        votes = _ending(rest)
    answer = _counted(votes)
    return None if answer and _CONDITION.search(" ".join(words)) else answer


def _opening(words: Sequence[str]) -> tuple[list[_Vote], Sequence[str]]:
    """The votes of the sayings that `words` begin with, and the words after them."""
    votes = []
    while words:
        length = next((size for size in range(_LONGEST, 0, -1) if _is_saying(words, size)), 0)
        if not length:
            break
        votes.append(_VOTES[" ".join(words[:length])])
        words = words[length:]
    return [vote for vote in votes if vote is not _Vote.NOTHING], words


def _is_saying(words: Sequence[str], size: int) -> bool:
    """Whether the first `size` words are a saying; "i would" is none in "i would like a table",
    and "uh uh" none in "uh uh huh"."""
    saying = " ".join(words[:size])
    if saying in _ONLY_AT_THE_END:
        return all(word in _VOTES for word in words[size:])
    if saying == "uh uh" and words[size : size + 1] in (["uh"], ["huh"]):
        return False  # a filler before "uh huh", or one more "uh" before a no
    return saying in _VOTES


def _ending(words: Sequence[str]) -> list[_Vote]:
    """The votes of the sayings that `words` end with."""
    for start in range(len(words)):
        votes, rest = _opening(words[start:])
        if votes and not rest:
            return votes
    return []


def _counted(votes: list[_Vote]) -> bool | None:
    if not votes or _Vote.UNSURE in votes:
        return None
    if _Vote.DECLINE in votes:
        return False
    plain = [vote for vote in votes if vote in {_Vote.YES, _Vote.NO}]
    if _Vote.THAT_IS_IT in votes:
        return plain[-1:] == [_Vote.YES]
    if plain and plain[-1] is _Vote.NO:
        return votes[-1] is _Vote.CONFIRM
    return True
