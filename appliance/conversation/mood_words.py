"""How callers sound who are cross, lost, or rude, by language: data only.

Patterns are searched in lower-case words without punctuation, as a recogniser gives them. Abuse is only what is said
to us: somebody whose car "is a piece of shit" curses, and is not warned for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class MoodWords:
    """The patterns of one language."""

    complaint: _Pattern
    """Displeasure with us, with the waiting, with this call."""
    no_complaint: _Pattern
    """Words like those of a complaint, taken back or denied."""
    said_before: _Pattern
    """The caller says that they say it again."""
    confusion: _Pattern
    """The caller does not know what is meant or what to say."""
    profanity: _Pattern
    """Curses, at whatever they are aimed."""
    abuse: _Pattern
    """Insults, threats and advances, to us."""
    no_abuse: _Pattern
    """The same words about oneself or somebody else, or denied."""


def _any(*patterns: str) -> _Pattern:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_VERY = (
    r"(?:so|very|really|just|such|all|both|pretty|quite|absolutely|completely|totally|extremely|getting|becoming"
    r"|starting to get|a|an|the|bit|little|kind of|fucking|freaking|damn|goddamn|bloody|beyond|truly|even|being)"
)
_IS = r"(?:'s| is| was)"
_THIS = rf"\b(?:this|that|it|the whole thing|all this){_IS}(?: {_VERY})*"
_I_AM = rf"\bi(?:'m| am)(?: {_VERY})*"
_YOU_ARE = rf"\b(?:you're|you are|are you|your)(?: {_VERY})*"
_YOU = rf"\b(?:you're|you are|are you)(?: {_VERY})*"
_MACHINE = r"(?:machine|robot|computer|system|bot|thing|phone system|assistant|automated \w+|ai|a i)"
_OURS = r"(?:machine|robot|computer|system|bot|thing|phone system|conversation|call|service|company|place|business)"
_SOME_TIME = (
    r"(?:\w+ )*?(?:hours?|minutes|days|weeks|months|forever|ages|(?:all|whole|entire) (?:day|morning|week|afternoon)"
    r"|so long|too long|times)"
)
_VILE = (
    r"(?:idiots?|morons?|imbeciles?|bitch|bitches|assholes?|bastards?|dumb ?ass(?:es)?|jack ?ass(?:es)?|prick|pricks"
    r"|scum(?:bags?)?|retards?|retarded|mother ?fuckers?|fuckers?|fuck ?heads?|shit ?heads?|whores?|sluts?"
    r"|cunts?|twats?"
    r"|wankers?|dip ?shits?|losers?|pigs?|piece of (?:shit|crap|garbage|trash)|dirt ?bags?|douche(?:bags?)?)"
)
_FOOLISH = r"(?:stupid|dumb|brain ?dead|braindead|disgusting|pathetic)"
_AT_FIRST = r"(?:hey|listen|look|well|okay|ok|oh|no|yes|yeah|thanks|bye|goodbye|you|hello)"

ENGLISH: Final = MoodWords(
    complaint=_any(
        rf"{_THIS} (?:ridiculous|unacceptable|absurd|outrageous|unbelievable|nonsense|bullshit|a joke|hopeless"
        rf"|pathetic"
        r"|frustrating|infuriating|ludicrous|useless|insane|waste of (?:my )?time|driving me (?:crazy|nuts|mad))\b",
        r"^(?:oh |well )*(?:ridiculous|unbelievable|unacceptable|outrageous)$",
        rf"{_I_AM} (?:frustrated|annoyed|angry|furious|upset|fed up|sick of|sick and tired|mad|pissed|pissed off"
        r"|irritated|losing (?:my )?patience|running out of patience|tired of|not happy|unhappy with"
        r"|disappointed|at my"
        r" wits'? end)\b(?! stomach)",
        r"\b(?:wast(?:e|ed|ing) (?:of )?(?:my|our|everyone's) time|what a waste of time)\b",
        r"\b(?:you're|you are|you were|is anybody|is anyone) (?:\w+ )?(?:not )?(?:even )?listening\b(?! to you)",
        r"\b(?:aren't|are) you (?:even )?(?:deaf|listening)\b",
        r"\byou (?:never|don't|do not|didn't) (?:listen|even listen|get it|answer my question)\b",
        r"\byou (?:just )?keep (?:on )?(?:saying|asking|repeating|telling|getting|hanging|cutting|interrupting)\b",
        r"\bstop (?:asking|repeating|saying|interrupting|wasting)\b|\blisten to me\b|\blet me (?:finish|talk|speak)$",
        r"\bdid you (?:even |not )?(?:hear (?:me|what i said)|listen)\b",
        r"\bi(?:'ve| have)? (?:just |already )+(?:told (?:you|them|your|the|somebody|someone)|said|answered"
        r"|explained)\b",
        r"\bi(?:'ve| have)? (?:just |already )+(?:given? you|gave (?:it|that)|been (?:through|over) (?:this|that"
        r"|it))\b",
        r"\bi (?:told|said|gave) (?:you |it |that |this )+(?:already|before|twice|three times|several times"
        r"|\w+ times)\b",
        r"\bhow (?:many (?:more )?times|often) (?:do|must|should) i (?:have to |need to |got to )?(?:tell|say|repeat"
        r"|explain|ask|call|answer|spell)\b|\bhow (?:many times|often) have i (?:told|said|asked|called|explained)\b",
        r"^how many (?:more )?times$|\b(?:tell(?:ing)?|told|ask(?:ing|ed)?|say(?:ing)?) \w+ (?:over and over"
        r"|again and again)\b",
        r"\bfor the (?:second|third|fourth|fifth|tenth|hundredth|millionth|last) time\b(?! (?:in|the|i|we|my|slot)\b)",
        r"\b(?:second|third|fourth|fifth) time (?:i've|i|i'm|i have) (?:called|call|calling|had to call|been)\b",
        rf"\bi(?:'ve| have) been (?:waiting|on hold|calling|holding|trying to (?:reach|get|call)) {_SOME_TIME}\b",
        r"\b(?:nobody|no one|no body)(?: there| here| has| ever)* (?:called|calls|answered|answers|picks up"
        r"|bothered|got back"
        r"|gets back"
        r"|returned|helps|helped|listens)\b",
        r"\b(?:worst|terrible|horrible|poor|bad|awful|lousy|shitty|crappy) (?:customer )?(?:service|experience"
        r"|company|place"
        r"|business|shop|receptionist)\b",
        r"\b(?:ripped me off|rip ?off|rip off|scammers|lied to me)\b",
        r"\b(?:want|need|like|have|calling|going) (?:to )?(?:make |file |lodge )?(?:a )?(?:formal )?(?:complain"
        r"|complaint)\b",
        r"\bare you (?:fucking |freaking )?(?:kidding|joking|serious)\b|\bgot to be (?:kidding|joking)\b"
        r"|\bgive me a break\b",
        r"\bfor (?:god's|christ's|heaven's|pete's|goodness|fuck's) sakes?\b|\bjesus christ\b"
        r"|\boh for crying out loud\b",
        r"\b(?:this|it|that)(?:'s| is)? tak(?:es|ing) (?:forever|too long|so long|ages|way too long)\b|^i give up\b",
        r"\bwhat(?:'s| is) (?:the matter|wrong) with you\b",
        rf"{_YOU_ARE} (?:useless|hopeless|terrible|awful|worthless|no help|not helping|not (?:being |very )?helpful"
        r"|incompetent|worst|no good|wasting)\b",
        rf"\bi (?:really |fucking )?(?:hate|can't stand) (?:this|these|you|talking to|dealing with"
        rf"|automated) ?(?:{_MACHINE}s?)?",
        rf"\b(?:stupid|dumb|useless|damn|goddamn|fucking|freaking|bloody|lousy)(?: ass)? {_MACHINE}s?\b",
        r"\bwhy is (?:this|it) (?:so|this) (?:hard|difficult|complicated)\b|\b(?:is it|it isn't"
        r"|it's not) (?:that|so) hard\b",
        r"\b(?:this|it|you) (?:really )?sucks?\b|^(?:oh |just )*shut up\b|\bwhat the (?:hell|fuck|heck)\b"
        r"|\bbull ?shit\b",
        r"\bi (?:don't|do not) (?:have|got) (?:all day|time for this)\b|\bthat's not what i (?:said|asked|wanted)\b",
        r"\byou(?:'re|'ve| are| have)?(?: just| always)? g(?:o|e)t(?:ting|ten)? (?:it|that|this|everything|me|my \w+)"
        r"(?: all)? wrong\b",
        r"\bgetting (?:us |me )?nowhere\b|\b(?:not|n't) getting (?:us |me )?anywhere\b"
        r"|\bround(?: and round)? in circles\b",
        r"^(?:oh |well |no )*(?:come on|seriously|good grief|for crying out loud|thanks for nothing)(?: now| man)?$",
        r"\b(?:can|could|will|would) you (?:please |just |ever )*listen\b|\bwhy (?:won't|don't"
        r"|can't) you (?:just )?(?:listen"
        r"|let me)\b",
        rf"\b(?:don't|do not) (?:want|like) to (?:talk|speak) (?:to|with) (?:a|this|some|another|any) ?{_MACHINE}s?\b",
        r"\bme (?:a |an )?(?:\w+ )?(?:human|person|manager|supervisor) (?:already|right now)\b",
        r"\byou(?:'ve| have)? (?:just |already )*asked me (?:that|this|the same)\b",
        r"\b(?:shouldn't|should not|can't) be (?:this|that|so) (?:hard|difficult|complicated)\b"
        r"|\bhow (?:hard|difficult) can (?:it|this|that) be\b",
        r"\bi(?:'ve| have) had (?:enough\b|it (?:with|up)\b)|\bi(?:'m| am) (?:so )?done with (?:this|you)\b",
        r"\bi(?:'m| am|'ll| will) (?:go|going|call|calling) (?:somewhere|someplace|somebody|someone) else\b"
        r"|\bmy (?:business|money|car) (?:elsewhere|somewhere else)\b",
        r"\b(?:you're|you are|this is|it's) driving me (?:crazy|nuts|mad|insane|up the wall)\b",
        r"\bi (?:can't|cannot) believe (?:this|you)\b|\bevery time i call\b|\bi want my money back\b",
        r"\bwhat kind of (?:a )?(?:business|place|company|service|office|system|joke) (?:is this|are you)\b",
        r"\bdo you even (?:understand|hear|know|speak)\b|\byou (?:don't|do not) understand (?:a word|anything"
        r"|what i)\b",
        r"\bi(?:'ve| have) (?:already )?called (?:you )?(?:two|three|four|five|six|ten|several|so many"
        r"|a dozen) times\b",
        r"\b(?:this|it|that)(?:'s| is) (?:so|really|very) (?:annoying|irritating)\b|\bworst (?:\w+ ){1,3}ever\b",
        r"\bthis is a (?:scam|disgrace|mess)\b|\byou (?:people |guys )?(?:messed|screwed) (?:it|this|that"
        r"|everything) up\b",
        r"\bwith a brain\b|\btalking to a (?:brick )?wall\b|\bi(?:'m| am) (?:about to|going to|gonna) hang up\b",
        rf"\b(?:this|that|your|the) {_OURS}{_IS}(?: {_VERY})* (?:useless|pointless|terrible|awful|horrible"
        rf"|hopeless|ridiculous"
        r"|joke|worst|annoying|frustrating|rubbish|garbage)\b",
        r"\bcan't you (?:even )?(?:understand|listen|hear)\b|\b(?:did|done) (?:a|such a) (?:terrible|horrible"
        r"|lousy|awful|poor) job\b",
        r"\b(?:that's|that is|it's|you're) wrong again\b|\bstill (?:don't|do not) have it right\b",
    ),
    no_complaint=_any(
        r"\b(?:not|isn't|aren't|n't|never|no) (?:\w+ )?(?:upset|angry|mad|annoyed|frustrated|disappointed"
        r"|complaining|complaints?"
        r"|in a hurry)\b",
        r"\b(?:don't|do not|didn't) (?:want|mean) to (?:complain|be rude|waste your)\b",
        r"\b(?:mad|angry|upset) (?:at|with) (?:him|her|them|my|myself|the (?:dog|cat))\b",
    ),
    said_before=_any(
        r"\b(?:like|as) i (?:just |already )?(?:said|told you|mentioned)\b",
        r"\bi (?:just )?(?:said|told you)\b(?! (?:to|i would|i'd|it would)\b)",
        r"\bi(?:'ve| have)? already (?:said|told|given|gave|answered|mentioned)\b",
        r"\blet me (?:say it|repeat (?:it|that|myself)) (?:again|once more)?",
        r"\bi(?:'ll| will)? (?:have to )?repeat\b|\bonce again i\b|\bfor the (?:second|third|fourth|last) time\b",
    ),
    confusion=_any(
        r"\bi (?:don't|do not|didn't|can't|cannot|still don't) (?:really |quite |even )?(?:understand|follow"
        r"|get it|get that)\b"
        r"(?! (?:why|how come|the reason))",
        r"\bi (?:don't|do not) know what (?:you|that|this|to (?:say|do|press|tell you)|you're)\b",
        r"\bwhat (?:do|did) you mean\b|\bwhat does that (?:even )?mean\b|\bmeaning what\b",
        r"\bwhat are you (?:asking|talking about|saying|trying to say)\b|\bwhat was the question\b",
        rf"{_I_AM} (?:confused|lost|puzzled|mixed up|not following|not sure what you)\b",
        r"\byou(?:'ve| have)? (?:just )?lost me\b|\bthat(?:'s| is) confusing\b|\bthis is (?:\w+ )?(?:confusing"
        r"|too complicated)\b",
        r"\b(?:doesn't|does not|don't) make (?:any )?sense\b|\bmakes no sense\b",
        r"\bwhat (?:should|do|am) i (?:supposed to )?(?:say|do now|press)\b|\bhow does this work\b",
        r"\b(?:no|not a) (?:clue|idea) what (?:you|that|this)\b|\bwhat (?:do|did|would) you (?:want"
        r"|need) (?:me to|from me)\b",
        r"\bwhat you want (?:from )?me\b|\b(?:can|could|would) you (?:please )?explain (?:that|it|this|what you)\b",
        r"\bin (?:simpler|plain|plainer|other|easier) (?:words|english|terms)\b",
        r"\b(?:you're|you are|talk|talking|speak|speaking|that went|that was) (?:way |a bit |a little "
        r"|much )?too fast\b",
        r"^(?:please |can you |could you )*slow down\b|\bi don't get (?:these machines|this thing|this system)\b",
        r"\bi don't (?:know )?how (?:this|to do this|to work) ?(?:works?)?\b",
    ),
    profanity=_any(
        r"\b(?:fuck\w*|mother ?fuck\w*|shit|shits|shitty|bull ?shit|horse ?shit|god ?damn(?:ed|it)?|damn|damned"
        r"|dammit|damnit"
        r"|crap|crappy|piss(?:ed)?|ass ?holes?|bitch(?:es|ing)?|bastards?|wtf|arse|arses|cunts?|dumb ?ass"
        r"|half ?assed|bad ?ass"
        r"|wankers?|bollocks|goddam|effing|f ing)\b",
        r"\b(?:what|who|where|how|why|when) (?:in )?the (?:hell|fuck|heck)\b|\b(?:bloody|oh|hell) hell\b|\bhell no\b",
        r"\b(?:my|your|his|her|their|an?|dumb|lazy|sorry|up the|pain in the) ass\b|\bass off\b",
        r"\bson of a (?:bitch|gun)\b|\bscrew (?:you|this|that|him|her|them|it)\b",
    ),
    abuse=_any(
        r"\b(?:fuck|screw) (?:you|u|ya|y'all|yourself|yourselves|all of you)\b|\bdamn you(?: all)?$",
        r"\b(?:fuck|piss|sod|bugger) off\b|\bgo to hell\b|\bburn in hell\b|\bdrop dead\b|\bgo (?:die|fuck"
        r"|screw) (?:\w+)?",
        r"\bshut the (?:fuck|hell) up\b|\bshut your (?:mouth|face|trap|fucking \w+)\b|\bkiss my ass\b|\beat shit\b",
        r"\bup your (?:ass|arse)\b|\bsuck (?:my|a|it)\b(?! (?:tooth|thumb))",
        rf"{_YOU_ARE} (?:\w+ )?{_VILE}\b",
        rf"\byou(?: {_VERY}| lying| little| lazy| ugly| old| worthless| useless| stupid| dumb)* {_VILE}\b",
        rf"{_YOU} {_FOOLISH}\b(?! (?:enough|question|mistake))",
        rf"\byou (?:{_VERY} )*{_FOOLISH} (?!enough)\w+",
        rf"^(?:{_AT_FIRST} )*{_VILE}$|^what an? (?:\w+ )?{_VILE}$",
        rf"\b(?:you people|you guys|you all|y'all|all of you) are (?:\w+ )?{_VILE}\b",
        r"\b(?:beat|kick) the (?:shit|crap|hell|living daylights) out of (?:you|u)\b",
        r"\b(?:faggots?|niggers?|kikes?|spics?|trann(?:y|ies))\b",
        r"\bi(?:'ll| will|'m going to|'m gonna| am going to| want to|'d like to) (?:fucking )?(?:kill|murder"
        r"|shoot|stab|strangle"
        r"|beat|hurt|punch|smack) (?:you|u|your|every|all of you)\b",
        r"\b(?:burn|blow) (?:your|the) (?:\w+ )?(?:place|shop|office|building|salon) (?:down|up)\b",
        r"\bi(?:'ll| will|'m going to|'m gonna) burn (?:down|your)\b|\bhope you (?:die|choke|get cancer|rot)\b",
        r"\bwhat are you wearing\b|\b(?:have sex|sleep) with (?:you|me)\b|\btalk dirty\b|\bare you (?:sexy|horny"
        r"|naked)\b",
        r"\b(?:show me your|nice) (?:tits|boobs)\b|\bsend (?:me )?nudes\b",
    ),
    no_abuse=_any(
        r"\b(?:i'm|i am|i was|i feel|i felt|am i|makes me feel|that i'm|i must be)(?: (?:such|so|a|an|the|like"
        r"|really|just|being|very))*"
        r" (?:idiot|moron|stupid|dumb|loser)\b",
        r"\b(?:called|calls|calling|said|says|told) (?:me|him|her|us|them|i was|i'm|you|it) (?:\w+ ){0,3}\w+",
        r"\byou(?:'re| are)? (?:not|never|aren't|don't) (?:\w+ ){0,3}(?:stupid|dumb|idiots?|pathetic|disgusting"
        r"|losers?|pigs?)\b",
        r"\b(?:it|that|he|she|they|dog|cat|kid|kids|engine|car|door|phone|radio)(?:'s| will| won't| doesn't| does)?"
        r" (?:\w+ )?shut (?:the (?:fuck|hell) )?up\b",
    ),
)

_LANGUAGES: Final[Mapping[str, MoodWords]] = {"en": ENGLISH}


def mood_words(language: str) -> MoodWords:
    """How moods sound in `language`; a language nobody wrote down is taken for English."""
    return _LANGUAGES.get(language, ENGLISH)
