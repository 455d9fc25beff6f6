"""What the guard must know of a language to tell whether a sentence says more than its sources: tables, no logic.

A second language is a second table; what is composed in a language without one is not spoken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SupportWords:
    """One language. Patterns see lower case, plain apostrophes and numerals.

    `glue` are words that claim nothing of a business by themselves; `equal` maps a word to the one it is counted
    as, `phrases` are replaced before anything is read. `offering` are verbs that add nothing to a denial ("we do
    not sell tires" is supported by "we do not do tires").

    `denial` denies what follows it up to `denial_ends`, but what stands before it when `not_done` follows
    ("smoking is not allowed in the rooms"), and both as one thing when `done_to` does ("pianos can not be
    rented"); `clause_ends` end any clause. `without` denies only up to `without_ends`. What stands behind an
    `exception` is the other way round. `universal` words say something of all, `tells_hours` words when somebody
    is there. `listed` parts the things of a list; what `continues` it is still of the thing before ("tickets are
    nine dollars, and for students five"). A sentence that `leans_back` says more of what the one before is about;
    `spliced`, in text as it is written, parts two that a comma joins ("Dario does beards, Yuki is our specialist").

    `parts` part a sentence into clauses. `agreeing`, `refusing` and `polite` are openings of an answer. `no_claim`
    opens a clause that asks, hedges or excuses: it may take up the caller's words. `asks` is found where what is
    asked begins, `asks_ends` where it ends. `opening` says that somebody is there, `closed` that nobody is.
    """

    stemmer: str
    glue: frozenset[str]
    equal: Mapping[str, str]
    phrases: tuple[tuple[str, str], ...]
    offering: frozenset[str]
    denial: re.Pattern[str]
    denial_ends: re.Pattern[str]
    clause_ends: re.Pattern[str]
    not_done: re.Pattern[str]
    done_to: re.Pattern[str]
    tells_hours: re.Pattern[str]
    continues: re.Pattern[str]
    exception: re.Pattern[str]
    universal: re.Pattern[str]
    without: re.Pattern[str]
    without_ends: re.Pattern[str]
    listed: re.Pattern[str]
    leans_back: re.Pattern[str]
    spliced: re.Pattern[str]
    parts: re.Pattern[str]
    agreeing: re.Pattern[str]
    refusing: re.Pattern[str]
    polite: re.Pattern[str]
    no_claim: re.Pattern[str]
    asks: re.Pattern[str]
    asks_ends: re.Pattern[str]
    opening: re.Pattern[str]
    closed: re.Pattern[str]


def _words(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


_GLUE: Final = _words(
    # pronouns, determiners
    "a an the this that these those it its he him his she her hers they them their theirs i me my mine we us our",
    "ours you your yours who whom whose which what when where why how one ones some any each every all both either",
    "neither another other others such same something anything someone somebody anyone anybody everyone everybody",
    "myself yourself yourselves ourselves themselves itself own",
    # auxiliaries and verbs that hold a sentence together
    "am is are was were be been being do does did doing done have has had having can could may might must shall",
    "should will would ought need needs needed want wants wanted get gets got getting gotten go goes going went",
    "let lets know knows known say says said see tell tells told ask asks asked find finds found help helps helped",
    "helping make makes making made sure like likes feel keep put give gives given giving use uses using",
    "offer offers offered offering provide provides provided providing include includes included including",
    "take takes taking taken accept accepts accepted come comes coming came visit visiting stop look looking",
    "happen happens try mean means allow allows allowed able welcome please thank thanks appreciate assist",
    "assistance located locate situated call calls calling contact reach talk speak mention specify require",
    "requires required apply applies work works working handle handles perform performs specialize specializes",
    "possible necessary interested treat treats treated treating start starts started begin begins",
    # prepositions, conjunctions, adverbs
    "to of in on at by for with from into onto about over under between among through during before after",
    "since until till against toward towards within without up down out off near around across along behind",
    "beside besides except excluding and or but nor so yet if then than as because while when whenever",
    "whether unless although though however also too either just only even still already again ever never not",
    "no there here now soon later today tomorrow yesterday tonight really very quite rather much many more",
    "most less least few several little lot lots bit well fully actually certainly definitely absolutely",
    "usually normally generally typically currently directly simply instead else otherwise therefore per via",
    "etc approximately roughly ahead away back together once twice further perhaps maybe of course",
    # small words of time and number; their values are checked as claims
    "am pm past oclock st nd rd th half quarter noon midday midnight morning mornings afternoon afternoons evening",
    "evenings night time times hour hours minute minutes day days week weeks weekly month months year years date",
    "dates long first second third next last number numbers phone telephone dollar dollars cent cents percent mile",
    "miles thousand hundred half hundreds couple pair total early late earlier latest between",
    # the business and those who come to it, by whatever name
    "business shop store office practice clinic salon studio school company place location address customer",
    "customers client clients patient patients caller callers guest guests visitor visitors people person persons",
    "staff team facility",
    # nothing of its own
    "question questions answer information detail details thing things way ways kind kinds type types sort part",
    "example case cases good great nice fine okay ok new old right open opens opened opening close closes closed",
    "closing hi hello hey yes no yeah yep nope sure sorry unfortunately regret afraid happy glad pleased ma sir",
    "madam cost costs price prices priced charge charges charged fee fees pay much service services job jobs",
    "well am's today's don't course problem different various",
)

_EQUAL: Final = {
    **dict.fromkeys("fix fixes fixed fixing mend servicing serviced".split(), "repair"),
    **dict.fromkeys("vehicle vehicles auto autos automobile automobiles".split(), "car"),
    **dict.fromkeys("wifi wireless web online".split(), "internet"),
    **dict.fromkeys("kid kids child children".split(), "child"),
    **dict.fromkeys("physician dr dentist dentists doctors veterinarian vet vets".split(), "doctor"),
    **dict.fromkeys("photo photos photograph photographs".split(), "picture"),
    **dict.fromkeys("driven drove drives driving ride rides".split(), "drive"),
    **dict.fromkeys("taught teaches teaching".split(), "teach"),
    **dict.fromkeys("run runs ran running lead leads led leader own owns owned owner manages".split(), "run"),
    **dict.fromkeys("bought buys buying purchase purchased purchases".split(), "buy"),
    **dict.fromkeys("sold sells selling".split(), "sell"),
    **dict.fromkeys("paid pays payment payments".split(), "payment"),
    **dict.fromkeys("brought bringing brings".split(), "bring"),
    **dict.fromkeys("ate eaten eats eating".split(), "eat"),
    **dict.fromkeys("gone left leaving".split(), "leave"),
    **dict.fromkeys("cancellation cancelation cancelling canceling cancelled canceled".split(), "cancel"),
    **dict.fromkeys("mum mom dad mother father parents mothers fathers".split(), "parent"),
    **dict.fromkeys("daughter daughters son sons boy boys girl girls".split(), "child"),
    **dict.fromkeys("haircut haircuts".split(), "cut"),
    **dict.fromkeys("cleanings cleaned".split(), "cleaning"),
    **dict.fromkeys("instalment instalments installments".split(), "installment"),
    **dict.fromkeys("colour colours colored coloured coloring colouring".split(), "color"),
    **dict.fromkeys("appointments booking bookings booked".split(), "book"),
    "appointment": "book",
    "scheduled": "book",
    "schedule": "book",
    "reserve": "book",
    "recycled": "recycle",
    "recycling": "recycle",
    "pup": "dog",
    "puppy": "dog",
    "puppies": "dog",
    "kitten": "cat",
    "kittens": "cat",
    "makeup": "make-up",
    "blowdry": "blow-dry",
    "xray": "x-ray",
    "xrays": "x-ray",
}

_PHRASES: Final = (
    (r"\bwi ?-?fi\b", "internet"),
    (r"\bworks? on\b", "repair"),
    (r"\bmake-?ups?\b", "makeup"),
    (r"\bblow[- ]?dr(?:y|ies|ied|ying)\b", "blowdry"),
    (r"\bx[- ]rays?\b", "xray"),
    (r"\bcheck(?:s|ed|ing)?[- ]?in\b", "checkin"),
    (r"\bcheck(?:s|ed|ing)?[- ]?out\b", "checkout"),
    (r"\bcar ?parks?\b|\bparking (?:lots?|spaces?|spots?|garages?|areas?)\b", "parking"),
    (r"\bpark(?:ed)?\b", "parking"),
    (r"\bwaiting (?:room|area)\b|\blounge\b", "lounge wait"),
    (r"(?<!\bwe )\b(?:is|are) (?:now |still |right |also )?here\b", "is present"),
    (r"\bcan ?not\b", "can not"),
    (r"n't\b", " not"),
    (r"\bwo not\b", "will not"),
    (r"\bca not\b", "can not"),
    (r"\bnot only\b", "also"),
    (r"\bwhy not\b", "why"),
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


_BE: Final = r"(?:is|are|was|were|am|be|'s|'re|'m)"

ENGLISH: Final = SupportWords(
    stemmer="english",
    glue=_GLUE,
    equal=_EQUAL,
    phrases=_PHRASES,
    offering=_words("sell buy carry rent do offer supply fit repair treat teach deal deliver"),
    denial=_any(r"\b(?:not|never|neither|nor|unable to|refuse to|refuses to)\b"),
    clause_ends=re.compile(r"[;:.!?]|\bbut\b|,? and (?=(?:\S+ ){3}\S)"),
    denial_ends=_any(
        r"[;:.!?]",
        r"\bbut\b",
        r"\b(?:except|excluding|other than|can|may|must|will|is|are)\b",
        r",? and (?=(?:\S+ ){3}\S)",
        r",? and (?=(?:we|you|they|it|he|she|there|i)\b)",
    ),
    done_to=re.compile(r"\s*(?:be|been)\b"),
    tells_hours=re.compile(r"\b(?:open|opens|closed|closes)\b"),
    continues=re.compile(r"^\s*(?:for|with|without|on|in|at|from|to|during|until|if)\b"),
    not_done=re.compile(
        r"\s*(?:be |been )?(?:allowed|permitted|possible|accepted|offered|available|included|provided|welcome"
        r"|served|done|given|taken|accessible)\b"
    ),
    exception=re.compile(r"\b(?:except|excluding|other than)\b"),
    universal=re.compile(r"\b(?:all|every|each|always|everybody|everyone|everything|everywhere|any)\b"),
    without=_any(r"\b(?:no|without|none|free of)\b"),
    without_ends=_any(r"[;:.!?,]", r"\b(?:but|and|until|for|on|at|in|if|before|after|when|to|within)\b"),
    listed=re.compile(r"[,;]|:\s|\b(?:and|or|nor)\b"),
    spliced=re.compile(
        r", (?=(?-i:[A-Z])\w+ (?:is|are|does|do|has|have|can|teaches|offers|works|leads|runs)\b)"
    ),
    leans_back=re.compile(r"^(?:it|they|this|that|these|those|he|she|both)\b"),
    parts=_any(
        r"(?<=[;:.!?])\s+",
        r",? but\b",
        r", (?:and|so|while|whereas|which)\b",
        r" (?:and|so) (?=(?:we|you|they|it|he|she|there|i)\b)",
        r" [-–—]+ ",
        r", (?=(?:we|i|it|they|he|she|there|our|please)\b)",
    ),
    agreeing=_any(
        r"^(?:yes|yeah|yep|yup|sure(?: thing)?|certainly|of course|absolutely|definitely|correct|indeed|exactly"
        rf"|that (?:{_BE}|is) (?:right|correct|true)|that's (?:right|correct|true)|no problem|not a problem"
        r"|you bet|you can|we do|we can|it is|they do|they can|i can|affirmative|right)\b(?=\W*$|[,.!;:–—-]|"
        r" (?:we|you|it|they|he|she|i|there|that|our|all|the)\b)"
    ),
    refusing=_any(
        r"^(?:no|nope|nah|not (?:really|at all)|(?:we|you|they|it|i) (?:do|can|is|are|will) not|negative)\b"
        r"(?=\W*$|[,.!;:–—-]| (?:we|you|it|they|he|she|i|there|that|our)\b)"
    ),
    polite=_any(
        r"^(?:i'm|i am|we're|we are) (?:so |very |really )?(?:sorry|afraid)\b(?: that| to say(?: that)?| but|,)*",
        r"^(?:sorry|unfortunately|thank you|thanks|well|okay|ok|great|hello|hi|oh|and|so|but|also|good question"
        r"|thank you for (?:calling|asking|your \w+))\b",
    ),
    no_claim=_any(
        r"^i (?:do not|can not|could not|will not|would not|am not) ",
        r"^(?:i'm|we're) not (?:sure|able|certain|aware)",
        r"^we do not (?:know|have (?:any |that )?information)",
        r"^(?!.*\bknow\b).*\?\W*$",
    ),
    asks=re.compile(
        r"\b(?:do|does|did|can|could|will|would|is|are|was|am|may|should|must|have|has|shall)"
        r"(?: not)? (?:you|i|we|they|he|she|it|there|one|people|anyone|somebody|your|my|the|a|an)\b"
    ),
    asks_ends=re.compile(
        r"\b(?:because|since|while|whilst|when|if|after|before|so that|thank|thanks|please)\b"
    ),
    opening=re.compile(r"\b(?:open|opens|opened|there|here|available|closes?)\b"),
    closed=re.compile(r"\b(?:closed|not (?:be )?(?:open|available|here|there))\b"),
)

_LANGUAGES: Final = {"en": ENGLISH}


def support_words_of(language: str) -> SupportWords | None:
    """The table of `language` (ISO 639-1); None when there is none."""
    return _LANGUAGES.get(language)
