"""How names are given in English, and what is never a name."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import NameWords

_OPENINGS: Final = frozenset(
    "yes yeah yep yup sure okay ok right well oh uh um er ah huh hm hmm mm hi hello hey so and no nope please just my"
    " the mister missus miss mr mrs ms misses good morning afternoon evening alright certainly".split()
)
_ENDINGS: Final = frozenset(
    "and calling from here speaking please thanks thank with at not but my number phone i'm i its is's"
    " for spelled spelt that's that to on as or who it's is was again sir ma'am because i'd i've by"
    " sorry actually".split()
)
_NO_NAMES: Final = frozenset(
    "a about above address after again ago ahead all almost already also always am an anonymous another"
    " any anybody anyone anything anyway appointment are around asap ask asking available away back bad"
    " battery be because been before being better between big bit book booking both brake brakes bring"
    " broken business busy but by bye call called can can't cancel cannot car cars change check checking"
    " close closed come coming complicated confidential correct cost could couldn't curious customer cut"
    " date day days did didn't different difficult do does doesn't doing dollars don't done double down"
    " driving each early eight eleven emergency engine er estimate even ever every everything exactly"
    " far fast fine first five flat for forget forgot four friday from full fun get getting give go goes"
    " going gone gonna good goodbye got great guess had half happy hard has have haven't having he hear help her"
    " here him his hold home hope hoping hour hours how hundred i i'd i'll i've idea if important in"
    " information inspection interested into is isn't it it's job just kind know last late later leave"
    " let letter letters light like little long look looking lost lot make many matter maybe me mean"
    " message mind minute moment monday money month more morning much must my myself name need needed"
    " needs never new next nice nine no nobody noise none noon not nothing now number of off office oh"
    " oil okay old on once one only open or order other our out over own part pass personal phone pick"
    " please pretty price private problem question questions quick quite rather ready real really repair"
    " right running said same saturday say saying secret see service seven she should sick sir six so"
    " some somebody someone something soon sorry speak spell spelled stop stuck such sunday sure take"
    " talk tell ten than thank thanks that that's the their them then there these they thing things"
    " think thirty this those thousand three thursday time tire tired tires to today tomorrow tonight"
    " too truck trying tuesday twelve twenty two uh um under unknown until up urgent us used vehicle"
    " very wait waiting want wanted wanting wants was wasn't way we wednesday week weeks well were what"
    " what's whatever when where which while who why with won't wondering work working works would"
    " wouldn't wrong year years yes yesterday yet you you'd you're your yours zero".split()
)

NAMES: Final = NameWords(
    told=r"^(?:names? )(?=\w+)|\b(?:(?:the|my|your|full|last|first) name(?:'s| is| would be)?(?: actually)?|names? is"
    r"|name's|call me|put (?:it|me|that) under|under(?: the name(?: of)?)?"
    r"|you're speaking (?:to|with)|speaking with)\s+",
    maybe_told=r"\b(?:this is|this's|i'm|i am|it's|it is|that's|that is|it'd be|(?:that|it) would be|for|with)\s+",
    first_name=r"\b(?:first|given) name(?:'s| is)? (?!and\b)(\w+)",
    last_name=r"\b(?:last|family|sur) ?name(?:'s| is)? (?!and\b)([\w' -]+?)(?= and\b| first\b|$)",
    # "smith with a y": the spelling says it all
    with_a_letter=r"\bwith(?:out)? (?:an?|one|two) \w+\b",
    correction=r"\b(?:sorry|i mean|i meant|no wait|actually|correction|make that)\b",
    openings=_OPENINGS,
    endings=_ENDINGS,
    no_names=_NO_NAMES,
    questions=frozenset(
        "what what's why who how when where which do does did is are can could would".split()
    ),
    surnames_too=frozenset(
        "best book close day early fine good hope light little long noon price quick way".split()
    ),
)
