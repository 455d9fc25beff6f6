"""What is language in reading documents and finding answers: a table a language, and nothing else here is logic.

A second language is a second table (and vectors that know it); `WORDS` is asked by the business's `language`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from appliance.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Patterns are matched ignoring case, on text with plain apostrophes."""

    stemmer: str
    """The name of its Snowball stemmer (https://snowballstem.org/algorithms/)."""
    stop: frozenset[str]
    """Words that say nothing of what a question is about."""
    abbreviations: frozenset[str]
    """Words after whose full stop a sentence goes on."""
    question_columns: frozenset[str]
    """Heads of a table's column that holds questions, and of the one that holds their answers."""
    answer_columns: frozenset[str]
    question_mark: re.Pattern[str]
    """What stands before a written question ("Q:") and its answer ("A:")."""
    answer_mark: re.Pattern[str]
    leans_back: re.Pattern[str]
    """How a sentence begins that is not understood without the one before."""
    and_: str
    """What joins the last two things of a list."""
    wanted: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """What a question wants to hear: (question, what a sentence that answers it contains)."""


def _pattern(text: str, *, case: bool = False) -> re.Pattern[str]:
    return re.compile(text, 0 if case else re.IGNORECASE)


_EN_NUMBER: Final = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|ninety|hundred|thousand|million|billion|half|third|quarter|dozen|once|twice|several|daily"
    r"|weekly|monthly|free)\b"
)
_EN_WHEN: Final = (
    r"\d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|noon|midnight|morning|afternoon|evening|night|today|tomorrow"
    r"|day|days|week|weeks|month|months|year|years|hour|hours|minutes|century|before|after|during|daily"
    r"|weekdays?|weekends?|always|never)\b"
)

ENGLISH: Final = Words(
    stemmer="english",
    stop=frozenset(
        "a an the of to in on at for by with from into about over and or but is are was were be been being am"
        " do does did doing have has had having i you he she it we they me him us them my your yours his her"
        " its our ours their this that these those what which who whom whose when where why how can could"
        " will would shall should may might must not no so if then than as there here also just any some"
        " please tell know um uh er hm okay ok well like guys hi hello hey thanks thank get got want need"
        " let lets s t re ve ll d m don doesn didn isn aren wasn im whats".split()
    ),
    abbreviations=frozenset(
        "mr mrs ms dr prof rev gen col sgt lt capt st ave blvd rd no nos vs etc inc ltd co corp dept est ext"
        " fig jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun e.g i.e u.s u.k"
        " a.m p.m approx min max tel p pp vol ed cf al ca".split()
    ),
    question_columns=frozenset("question questions faq q query ask".split()),
    answer_columns=frozenset("answer answers a reply response".split()),
    question_mark=_pattern(r"^(?:q|question)\s*\d*\s*[:.)]\s+"),
    answer_mark=_pattern(r"^(?:a|answer)\s*\d*\s*[:.)]\s+"),
    leans_back=_pattern(
        r"^(?:it|its|they|their|them|this|that|these|those|he|she|his|her|such|both|either|neither|otherwise"
        r"|then|also|however|but|and|so|therefore|in addition|instead|if so|if not)\b"
    ),
    and_="and",
    wanted=(
        (
            _pattern(
                r"\bhow (?:many|much|old|long|far|often|big|tall|large|high|soon|late|early)\b|\bprice|\bcosts?\b"
            ),
            _pattern(_EN_NUMBER),
        ),
        (_pattern(r"\bwhen\b|\bwhat (?:time|year|day|month|date)\b"), _pattern(_EN_WHEN)),
        (_pattern(r"\bwho(?:m|se)?\b"), _pattern(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+", case=True)),
    ),
)

WORDS: Final = {"en": ENGLISH}


def words_of(language: str) -> Words:
    """The table of `language` (ISO 639-1); ConfigError when there is none."""
    found = WORDS.get(language)
    if found is None:
        raise ConfigError(
            f'language: documents cannot be searched in "{language}".',
            remedy=f"Known are {', '.join(sorted(WORDS))}; a further one is a table in knowledge/words.py.",
        )
    return found
