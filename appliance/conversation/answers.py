"""Short answers and plain wishes: yes, no, goodbye, say again, a person, a message, an emergency.

Rules, not vectors: these must be right at once, at any hour, without a model; each has a table of sayings in
its test. yes_or_no reads the sayings at the beginning of an answer, or, if there are none, at its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import product
from typing import Final

_WORD = re.compile(r"[a-z0-9']+")


def _words(text: str) -> list[str]:
    text = text.lower().replace("’", "'").replace("-", " ").replace("thats", "that's")
    return _WORD.findall(text)


def _each(*columns: str) -> set[str]:
    """Every way through columns of alternatives: _each("that's|it's", "right|fine") -> four sayings."""
    return {" ".join(" ".join(way).split()) for way in product(*(column.split("|") for column in columns))}


# --- yes or no ----------------------------------------------------------------------------------


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
_CONDITION = re.compile(r"\b(?:but|except|however|although|though|instead|change|make it|different|unless)\b")
_TAIL_OF_WORDS_MAX: Final = 12


def yes_or_no(text: str) -> bool | None:
    """Whether `text` agrees or declines; None when it does neither, or not without a condition.

    "yes but make it ten" is None: something is to be changed, so nothing may be done on the strength of it.
    "no but thursday works" is False. "no problem" is a yes, "no that's right" too, "yeah no" a no.
    """
    words = _words(text)
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
    """Whether the first `size` words are a saying; "i would" is none in "i would like a table"."""
    saying = " ".join(words[:size])
    if saying in _ONLY_AT_THE_END:
        return all(word in _VOTES for word in words[size:])
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


# --- wishes -------------------------------------------------------------------------------------

_FILLERS: Final = frozenset(
    "uh um er erm ah hmm well oh so like just then and hi hello hey please thanks".split()
)


def _said(text: str, *, fillers: bool = True) -> str:
    """Lower case, no punctuation, and unless `fillers`, without the words that only fill time."""
    return " ".join(word for word in _words(text) if fillers or word not in _FILLERS)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_BYE = _any(
    r"\b(good ?bye|bye ?bye|bye|farewell|cheerio)( now| then| for now| thanks| thank you)*$",
    r"^(good ?bye|bye)\b(?! the way)",
    r"\b(talk|speak) to you (later|soon|then|tomorrow)$",
    r"\bsee (you|ya)( (later|soon|then|tomorrow|there|on \w+|next \w+))?$",
    r"\bhave a (good|great|nice|lovely|wonderful) (day|one|evening|afternoon|weekend|night"
    r"|rest of your day)\b",
    r"^(you too )?(take care|good night)( now| bye)?$",
)
_POLITE = (
    r"(no|nope|nah|ok|okay|alright|all right|yeah|yes|sure|great|perfect|wonderful|awesome|good|fine"
    r"|right|i think|i guess"
    r"|thank you|thanks|very much|so much|a lot|for (your|the|all your|all the) help(ing)?|for helping|really"
    r"|(that )?(sounds|works|is|that's) (great|good|fine|perfect)|for (now|today)|bye|goodbye|have|then"
    r"|at all)"
)
_ALL_I_NEED = r"( (that )?(i|we)('ll)? (need|needed|wanted|want|have|had)( to know| from you)?)?"
_THAT_IS_ALL = re.compile(
    rf"^({_POLITE} )*"
    rf"(that('s| is| was|'ll be| will be| would be|'d be) (about )?(all|it|everything|about it){_ALL_I_NEED}"
    r"|(there's |there is )?nothing( else| more)|i('m| am) (done|all set|finished|good)|that does it|all set"
    r"|(i |we )?(don't|do not|won't) need (anything|any)( else| more| other)?( help)?)"
    rf"( {_POLITE})*$"
)

_ENDS_WITH_ALL = re.compile(
    rf"\bthat('s| is| was|'ll be| will be| would be|'d be) all{_ALL_I_NEED}( {_POLITE})*$"
)

_ROLE = "human|representative|rep|agent|operator|receptionist|supervisor|manager"
_PERSON = (
    rf"({_ROLE}|person|human being|somebody|someone|people|boss|owner|staff|employee|associate|attendant"
    r"|anyone|anybody|mechanic|technician|dentist|doctor|stylist|nurse)"
)
_REAL = r"(real |live |actual |human )*"
_HUMAN = _any(
    rf"^(a |an |the )?{_REAL}{_PERSON}( (please|now))*$",
    r"\b(talk|speak|chat) (to|with) (?!(you|me|us|myself)\b)",
    rf"\b(get|give|find|want|need|like) (me )?(a|an|the|your|some|any)? ?{_REAL}(person|{_ROLE})\b"
    r"(?! (to )?(call|ring|phone))",
    r"\b(put|patch) me (through|on|onto)\b",
    r"\b(transfer|connect|forward) (me|my call|this call)\b",
    rf"\b{_PERSON} (who |that )?(i|we) (can|could) (talk|speak) (to|with)\b",
    rf"\bput (a |an |the |some )?{_REAL}{_PERSON} on\b",
)
_NOT_HUMAN = _any(
    r"\bare you (a|an|really|actually)\b",
    r"\b(talk|speak) to you (later|soon|then|tomorrow)\b",
    r"\b(am i|are we) (talking|speaking)\b",
    r"\b(don't|do not|didn't) (want|need|like) to (talk|speak)\b",
    r"\b(talked|spoke|spoken) (to|with)\b",
)

_AGAIN = _any(
    r"\b(say|tell me|go over|give me) (that|it|this)( one)? (again|once more|one more time)( for me)?$",
    r"\b(say that|repeat (that|it|this|yourself))( for me)?$",
    r"^(can|could|would|will) you repeat\b",
    r"^repeat\b( that| it)?$",
    r"^(what|huh|eh|sorry|i'm sorry|excuse me|come again|pardon|pardon me|(i )?beg your pardon"
    r"|what again|(what )?sorry|sorry (what|pardon|again))$",
    r"^(again|once more|once again|one more time)( for me)?$",
    r"^(sorry |i'm sorry |wait )*what (was|is) that( again| one)?( sorry)?$",
    r"^what('d| did) you (just )?say( again)?$",
    r"\b(didn't|did not|couldn't|could not|can't|cannot) (quite )?(catch|hear|get|understand|make out)"
    r"( (that|you|it|what you said|a word|any of that|the last (part|bit|one)))?$",
    r"\bwhat (was|were|is) (the|your) \w+ again$",
    r"^(can|could|would) you (speak|talk|say (that|it)) "
    r"(up|slower|louder|more slowly|slowly|a (bit|little) \w+)$",
    r"^(speak up|slow down|slower|louder)$",
)

_TO_US = r"(call|ring|phone|get) (me |us )?back\b"
_SOMEBODY = r"(?!you\b|i\b)(the |your |one of the |one of your |a )?\w+"
_MESSAGE = _any(
    r"\b(leave|take|give|send|pass|pass on|pass along|write down|relay) (\w+ )?(a|my|this|the) message\b",
    r"\b(can|could|would|will|just|need|want|like|have|get|let|ask|tell|should|must)\b.*\b" + _TO_US,
    rf"^{_TO_US}",
    r"\bget back to me\b|\breturn my call\b|\b(a|my) (call ?back|return call)\b",
    rf"\b(have|get|ask|tell) {_SOMEBODY} (to )?(call|ring|phone|contact|text) (me|us)\b",
    rf"\b(can|could|will|would) {_SOMEBODY} (give me a (call|ring)|(call|ring|phone|contact) (me|us))\b",
    r"\b(tell|let) (him|her|them|the \w+|someone|somebody|everyone) (know|that)\b",
    r"\btell (the )?\w+ (that )?(i|we|i'm|i'll) ?(called|rang|phoned|will|am|was|can't|need|can|cannot"
    r"|won't)\b",
    r"\b(can|could|would|will) you (tell|let) \w+ (know|that|i|i'm|i'll)\b",
)
_NOT_MESSAGE = _any(
    r"\b(did|didn't|have|has|haven't|had) (you|he|she|they|anyone|anybody|someone|somebody)"
    r" (get|got|gotten|receive|received|take|hear)\b",
    r"\bi (already )?(left|sent|gave)\b",
    r"\b(called|rang|phoned|calling|ringing|got) (me |us |you )?back\b",
    r"\b(you|they|he|she|somebody|someone|nobody) (never )?(called|rang|phoned)\b",
    r"\b(can|could|will|would) you (tell|let) (me|us)\b(?!.*\bcall)",
    r"\bdon't (call|ring|phone|want to leave)\b",
    r"\bi('ll| will) call (you )?back\b|\bcan i (call|ring|phone)\b",
)


def is_goodbye(text: str) -> bool:
    """Whether the caller wants to end the call: "no that's it thanks", "bye"."""
    said, plain = _said(text), _said(text, fillers=False)
    that_is_all = _THAT_IS_ALL.match(said) or _THAT_IS_ALL.match(plain) or _ENDS_WITH_ALL.search(said)
    return bool(_BYE.search(said) or that_is_all)


def wants_human(text: str) -> bool:
    """Whether the caller asks for a person: "operator", "can i speak to somebody", "put me through"."""
    said = _said(text, fillers=False)
    return bool(_HUMAN.search(said)) and not _NOT_HUMAN.search(said)


def wants_repeat(text: str) -> bool:
    """Whether the caller asks to hear it again: "pardon", "what was that"."""
    return bool(_AGAIN.search(_said(text, fillers=False)))


def wants_message(text: str) -> bool:
    """Whether the caller wants something passed on or to be called back."""
    said = _said(text, fillers=False)
    return bool(_MESSAGE.search(said)) and not _NOT_MESSAGE.search(said)


# --- sounds of listening ------------------------------------------------------------------------

_BACKCHANNEL = re.compile(
    r"^((uh huh|mm h?mm?|mhm|mm|hm|hmm|uhhuh|okay|ok|right|yeah|yep|yes|yup|sure|alright|all right|i see"
    r"|got it|gotcha|i understand|oh|ah|uh|um|aha|cool|true|really|of course|exactly)( |$)){1,5}$"
)


def is_backchannel(text: str) -> bool:
    """Whether `text` only says "I am listening": "uh huh", "okay right"; it interrupts no statement."""
    return bool(_BACKCHANNEL.match(_said(text)))


# --- emergencies --------------------------------------------------------------------------------

_RELATIVE = (
    "husband|wife|partner|son|daughter|kid|child|baby|mother|father|mom|dad|brother|sister|friend|boss"
    "|coworker"
    "|neighbor|passenger|employee|grandmother|grandfather|grandma|grandpa|customer"
)
_VICTIM = (
    rf"(someone|somebody|he|she|they|people|we|i|a (man|woman|person|guy|lady|{_RELATIVE})|(my|our"
    rf"|the) ({_RELATIVE})"
    r"|one of \w+|the (man|woman|driver|mechanic|guy))"
)
_IS = r"('s|'re|'m| is| are| am| got| just| has| have)( been| got| just| gotten)*"
_NOW = r"(?! (last|yesterday|before|years|a (week|month|year|while)))"
_EMERGENCY = _any(
    r"\b(call|dial|phone|ring|get) (me )?(nine one one|nine nine nine|one one two|911|999|112)\b",
    r"^(help |quick )*(nine one one|911)( now| quick)?$",
    r"\b(call|get|send|need|phone)( me| us| for| out)? (an ambulance|the ambulance|the police|paramedics"
    r"|a paramedic|the cops|the fire (department|brigade))\b",
    r"\bthere('s| is) (a |some )?(fire|gas leak|shooting|shooter|gunman)\b"
    r"(?! (station|extinguisher|hydrant|alarm|sale|pit|place|truck|department|engine|drill|exit|risk))",
    r"\b(is|are|just caught|it's|house|car|shop|kitchen) on fire\b",
    rf"\b{_VICTIM}{_IS} (really |very |badly |seriously )*(hurt|injured|unconscious|not breathing|not moving"
    r"|passed out|collapsed|choking|drowning|having a (heart attack|stroke|seizure)"
    rf"|bleeding (badly|heavily|out|a lot))\b{_NOW}",
    rf"\b{_VICTIM} (just )?(collapsed|passed out|stopped breathing)\b{_NOW}",
    r"\bhaving a (heart attack|stroke|seizure)\b|\bcan('t|not) breathe\b|\bisn't breathing\b",
    r"\b(stopped breathing|bleeding to death|won't stop bleeding|overdosed|overdosing)\b",
    r"\b(kill|hurt|harm) (myself|himself|herself)\b|\bcommit suicide\b|\bsuicidal\b|\bend my life\b",
    r"\b(has|have|got|with) a gun\b|\b(someone|somebody)( is|'s) (breaking in|attacking|shooting)\b",
    r"^(help )*(this|it)('s| is) (an|a real|a medical) emergency( help)*$|\bmedical emergency\b",
    r"^help( help)+( me)?$|\bhave (bad |terrible )?chest pains?\b",
)
_NOT_EMERGENCY = _any(
    r"\b(not|isn't|no|wasn't|in case of|what if|if|never|nobody|no one|avoid|without) "
    r"((there's|there is|really|actually|an?|any|the|is|was|got|gets|medical) )*(emergency|fire|hurt"
    r"|injured)\b",
    r"\b(last (week|month|year|night|summer|winter)|yesterday|(years?|months?|weeks?|days?) ago)\b",
    r"\b(my|the|our|a) (\w+ )?(engine|car|motor|truck|van|mower|bike|phone|battery|feelings|business)"
    rf"{_IS} (really |very |badly )*(hurt|injured|choking|passed out|collapsed)\b",
    r"\b(is|was|are) there\b",
)


def is_emergency(text: str) -> bool:
    """Whether somebody is in danger now: "call nine one one", "there's a fire", "somebody is hurt".

    Careful on purpose: not "next to the fire station", "emergency brake", "my back hurts", "it was on fire
    last week". The answer to True is an instruction to dial the emergency number, so it must be meant.
    """
    said = _said(text, fillers=False)
    return bool(_EMERGENCY.search(said)) and not _NOT_EMERGENCY.search(said)
