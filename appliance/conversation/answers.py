"""Short answers and plain wishes: yes, no, goodbye, say again, a person, a message, an emergency.

Rules, not vectors: these must be right at once, at any hour, without a model; each has a table of sayings in
its test. Yes and no have a file of their own (assent).
"""

from __future__ import annotations

import re
from typing import Final

from appliance.conversation.assent import behind_yes, words_of, yes_or_no

__all__ = [
    "asks_what_we_are",
    "is_backchannel",
    "is_emergency",
    "is_goodbye",
    "says_bye",
    "sounds_like_a_question",
    "wants_human",
    "wants_message",
    "wants_repeat",
    "yes_or_no",
]

_FILLERS: Final = frozenset(
    "uh um er erm ah hmm well oh so like just then and hi hello hey please thanks".split()
)


def _said(text: str, *, fillers: bool = True) -> str:
    """Lower case, no punctuation, and unless `fillers`, without the words that only fill time."""
    return " ".join(word for word in words_of(text) if fillers or word not in _FILLERS)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_BYE = _any(
    r"\b(good ?bye|bye ?bye|bye|farewell|cheerio)( now| then| for now| thanks| thank you)*$",
    r"^(good ?bye|bye)\b(?! the way)",
    r"\b(talk|speak) to you (later|soon|then|tomorrow)$",
    r"(?<!can't )(?<!cannot )(?<!not )(?<!to )\bsee (you|ya)( (later|soon|then|tomorrow|there|on \w+|next \w+))?$",
    r"\bhave a (good|great|nice|lovely|wonderful) (day|one|evening|afternoon|weekend|night"
    r"|rest of your day)\b",
    r"^(you too )?(take care|good night)( now| bye)?$",
)
_POLITE = (
    r"(no|now(?= that)|nope|nah|ok|okay|alright|all right|yeah|yes|sure|great|perfect|wonderful|awesome|good|fine"
    r"|right|i think|i guess"
    r"|thank you|thanks|very much|so much|a lot|for (your|the|all your|all the) help(ing)?|for helping|really"
    r"|(that )?(sounds|works|is|that's) (great|good|fine|perfect)|for (now|today)|bye|goodbye|have|then"
    r"|at all)"
)
_ALL_I_NEED = r"( (that )?(i|we)('ll)? (need|needed|wanted|want|have|had)( to know| from you)?)?"
_THAT_IS_ALL = re.compile(
    rf"^({_POLITE} )*"
    rf"(that('s| is| was|'ll be| will be| would be|'d be) (about )?(all|it|everything|about it){_ALL_I_NEED}"
    r"|that (all|everything)|(there's |there is )?nothing( else| more)"
    r"|i('m| am) (done|all set|finished|good)|that does it|all set"
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

_BEING = (
    r"(robot|bot|machine|computer|recording|human|human being|person|somebody|someone|a i|ai|real|alive|program"
    r"|chat ?bot|answering machine|voice ?mail|man|woman|automated|automatic)"
)
_WHAT_WE_ARE = _any(
    rf"\b(are you|is this|is that|am i (talking|speaking) (to|with)) (really |actually |just |even )*(a |an )?{_REAL}"
    rf"{_BEING}( or (a |an )?{_REAL}{_BEING})?( (now|here|thing|assistant|system|person|voice))*$",
    r"^(so )?(who|what) (are you|am i (talking|speaking) (to|with))( exactly)?$",
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
    r"\btell (the |doctor |mister |missus |miss )?\w+ (that )?(i|we|i'm|i'll|we're) ?(called|rang|phoned|will|am"
    r"|was|can't|need|can|cannot|won't|running|stuck|coming|going)\b",
    r"\b(can|could|would|will) you (tell|let) \w+ (know|that|i|i'm|i'll)\b",
    r"\b(can|could|will|would) you (please )?tell (?!me\b|us\b|if\b|when\b|how\b|what\b|where\b|why\b|which\b)"
    r"(doctor |mister |missus |miss )?\w+ (the|my|our|his|her|it's|he's|she's)\b",
)
_NOT_MESSAGE = _any(
    r"\b(did|didn't|have|has|haven't|had) (you|he|she|they|anyone|anybody|someone|somebody)"
    r" (get|got|gotten|receive|received|take|hear)\b",
    r"\bi already (left|sent|gave)\b|\bi (left|sent|gave) (you |him |her |them )?(a |my |the |one )?"
    r"(message|voicemail|note|number|e ?mail)?$",
    r"\bi (left|sent|gave) (you |him |her |them )?(a|my|the|another) (message|voicemail|note|number|e ?mail)\b",
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
    return bool(that_is_all) or says_bye(text)


def says_bye(text: str) -> bool:
    """Whether the caller takes leave in so many words, after which nothing follows: "no that's it, bye"."""
    return bool(_BYE.search(_said(text)))


def wants_human(text: str) -> bool:
    """Whether the caller asks for a person: "operator", "can i speak to somebody", "put me through"."""
    said = _said(text, fillers=False)
    return bool(_HUMAN.search(said)) and not _NOT_HUMAN.search(said)


def asks_what_we_are(text: str) -> bool:
    """Whether the caller wants to know if they talk to a machine: "are you a real person"."""
    return bool(_WHAT_WE_ARE.search(_said(text, fillers=False)))


def wants_repeat(text: str) -> bool:
    """Whether the caller asks to hear it again: "pardon", "what was that"."""
    return bool(_AGAIN.search(_said(text, fillers=False))) and not is_backchannel(text)


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


# --- questions ---------------------------------------------------------------------------------

_QUESTION_WORDS = frozenset(
    "do does did is are can could what what's when where where's how who which why will would".split()
)
_LEAD_INS = frozenset("and also but so um uh well okay ok hi hello hey yes yeah then sorry".split())


def sounds_like_a_question(text: str) -> bool:
    """Whether `text` is built as a question is, and long enough to be one; a yes may stand before it."""
    return _is_built_as_question(text) or _is_built_as_question(behind_yes(text))


def _is_built_as_question(text: str) -> bool:
    words = text.split()
    while words and words[0] in _LEAD_INS:
        words.pop(0)
    return len(words) >= 3 and words[0] in _QUESTION_WORDS


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
