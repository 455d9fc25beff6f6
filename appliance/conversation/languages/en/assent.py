"""Yes, no and neither in English, in the hundred ways of saying either."""

from __future__ import annotations

from itertools import product
from typing import Final

from appliance.conversation.languages.tables import AssentWords


def _each(*columns: str) -> set[str]:
    """Every way through columns of alternatives: _each("that's|it's", "right|fine") -> four sayings."""
    return {" ".join(" ".join(way).split()) for way in product(*(column.split("|") for column in columns))}


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
_SAYINGS: Final[dict[str, set[str]]] = {
    "yes": _each(
        "yes|yeah|yep|yup|yah|ya|yea|sure|certainly|absolutely|definitely|affirmative|exactly|indeed"
        "|of course"
        "|uh huh|uhhuh|mm hm|mm hmm|mhm|mmhm|mm mhm|agree|agreed|i agree|you bet|by all means|confirmed"
        "|i confirm"
    ),
    "okay": _each(
        "okay|ok|alright|all right|right|great|perfect|cool|awesome|wonderful|excellent|good|fine|nice|terrific"
        "|fantastic|super|lovely|brilliant|very good|all good|sweet"
    ),
    "no": _each("no|nope|nah|naw|never|negative|uh uh|nuh uh|un un|disagree|i disagree|no way|no no"),
    "assent": _each(f"{_THAT_IS}|{_THAT_BE}", _GOOD, _FOR_ME)
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
    "confirm": _each(f"{_THAT_IS}|everything is|all", _RIGHT)
    | _each("everything|it all|all of that|that all", "sounds|looks|seems|is", f"{_GOOD}|{_RIGHT}")
    | _each("sounds|looks|seems", _RIGHT)
    | _each("you|you've|you have", "got", "it|that|it right|that right")
    | _each("i", "certainly|really|absolutely|sure", "do|am|would|will")
    | _each("correct|true|that is|it is|i do|i did|i am|i would|i will"),
    "that_is_it": _each(
        "that's|that is|that was|that will be|that'll be|that would be|that'd be|it is|it's", "all|everything"
    )
    | _each("that's|that is|that was|that will be|that'll be|that would be|that'd be", "it"),
    "decline": _each("absolutely|definitely|certainly|of course|probably|i think|i guess|", "not")
    | _each(
        "not",
        "really|at all|quite|now|right now|just now|at this time|at the moment|today|yet|necessary"
        "|anymore|for me|this time|exactly|yes",
    )
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
    "unsure": _each(
        "maybe|perhaps|possibly|no idea|i have no idea|it depends|depends|let me think|let me check"
    )
    | _each("i'm|i am|", "not", "sure|certain")
    | _each("i|", "don't|do not", "know")
    | _each("right now|right away|right there|let me see"),
    "nothing": _each(
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


ASSENT: Final = AssentWords(
    sayings={vote: frozenset(sayings) for vote, sayings in _SAYINGS.items()},
    only_at_the_end=frozenset(_ONLY_AT_THE_END),
    questions=frozenset(
        "what when where who whose which how do does did is are can could would will may why".split()
    ),
    condition=r"\b(?:but|except|however|although|though|(?<!that )instead|change|make it|different|unless)\b",
    bare_conditions=frozenset({"but", "however", "although", "though"}),
    polite=frozenset({"please"}),
    not_before={"uh uh": frozenset({"uh", "huh"})},
    plain=("yes", "no"),
    misheard={"know": "no"},
)
