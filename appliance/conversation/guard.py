"""What the language model may say: nothing that the business did not say first.

The model proposes, code disposes. A composed sentence is spoken only if every number, price, date, time,
phone number, name and promise in it stands in the sources, by value ("twelve" is 12, "half past nine" is
9:30), if a time stands with the day it is said of, if the sources bear out what it says and its yes or no
(`support`), and if it does not talk about itself or its instructions. What cannot be grounded is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from appliance.conversation.claims import (
    LINK,
    WORD,
    Claims,
    Ties,
    Time,
    claims_of,
    days_of,
    folded,
    plain,
    same_time,
    ties_of,
    united,
)
from appliance.conversation.days import MONTHS, WEEKDAYS
from appliance.conversation.statements import NUMBER, PRICE, Statement, asked_of, statements_of
from appliance.conversation.support import Support
from appliance.conversation.support_words import support_words_of

_SENTENCE_CHARACTERS_MAX: Final = 600
_DENIES = re.compile(
    r"\b(?:closed|not open|n['’]t open|(?:do|are|is|can|will)(?: not|n['’]t)|cannot|can['’]t)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GuardVerdict:
    """Whether a sentence may be spoken. `reason` names the kind of fault, never the caller's words."""

    allowed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """What texts say: all their claims, and what they claim as statements."""

    all: Claims
    stated: Claims
    folded: str
    lower: str
    said: str
    ties: Ties
    statements: tuple[Statement, ...]


@lru_cache(maxsize=64)
def _all_told(sources: tuple[str, ...], language: str) -> _Told:
    """The sources of one question. A business says the same all day; a passage found is all that is new."""
    each = [_told(source, language) for source in sources]
    return _Told(
        united([one.all for one in each]),
        united([one.stated for one in each]),
        " ".join(one.folded for one in each),
        " ".join(one.lower for one in each),
        " . ".join(one.said for one in each),
        Ties(
            frozenset().union(*(one.ties.tied for one in each)),
            frozenset().union(*(one.ties.loose for one in each)),
        ),
        tuple(statement for one in each for statement in one.statements),
    )


@lru_cache(maxsize=2048)
def _told(source: str, language: str) -> _Told:
    stated = source if _is_statement(source) and not _leak(source) else ""
    statements = statements_of(stated, language)
    held = {
        kind: frozenset(size for one in statements for unit, size in one.values if unit == kind)
        for kind in (PRICE, NUMBER)
    }
    return _Told(
        claims_of(source),
        replace(claims_of(stated), prices=held[PRICE], numbers=held[NUMBER]),
        folded(stated),
        source.lower(),
        folded(source),
        ties_of(stated),
        statements,
    )


@dataclass(frozen=True, slots=True)
class Grounding:
    """What may be said: the texts of the business, and the question, which grounds no price and no promise.

    A source counts as a statement of the business when it is written: with a capital letter or a full stop,
    and not a question; one that speaks of prompts and instructions counts for nothing. What the recogniser
    heard has neither. The sources of a business are read once, a question in about a millisecond.
    """

    sources: Sequence[str]
    question: str = ""
    language: str = "en"
    _known: _Told = field(init=False, repr=False, compare=False)
    _all: Claims = field(init=False, repr=False, compare=False)
    _asked_days: str = field(init=False, repr=False, compare=False)
    _support: Support | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = _all_told(tuple(self.sources), self.language)
        asked = claims_of(self.question)
        words = support_words_of(self.language)
        days = " and ".join(sorted(days_of(plain(self.question))))
        object.__setattr__(self, "_known", known)
        object.__setattr__(self, "_all", united([known.all, asked]))
        object.__setattr__(self, "_asked_days", days)
        support = Support(known.statements, words, asked_of(self.question, words)) if words else None
        object.__setattr__(self, "_support", support)

    def fault(self, sentence: str) -> str:
        """The first kind of claim in `sentence` that stands nowhere; "" when there is none."""
        claims, known = claims_of(sentence), self._known
        stated = self._all if _DENIES.search(sentence) else known.stated
        faults = (
            ("phone", not claims.phones <= known.stated.phones),
            ("link", any(link.lower() not in known.lower for link in LINK.findall(sentence))),
            ("price", not claims.prices <= known.stated.prices),
            ("percent", not claims.percents <= known.stated.percents),
            ("time", not all(_knows_time(one, stated) for one in claims.times)),
            ("date", not claims.dates <= stated.dates),
            ("measure", not claims.measures <= stated.measures),
            ("number", not claims.numbers <= stated.numbers),
            ("day", not claims.days <= stated.days),
            ("name", any(name not in self._all.words for name in _names(sentence))),
            ("name", any(not re.search(run, known.said) for run in _whole_names(sentence))),
            ("promise", any(promise not in known.folded for promise in _promises(sentence))),
        )
        return next((kind for kind, is_fault in faults if is_fault), "")

    def unsupported(self, sentence: str) -> str:
        """How far the sources do not bear `sentence` out (`support`); "" when they do."""
        return self._support.fault(sentence) if self._support else "language"

    def ties_wrongly(self, sentence: str) -> bool:
        """Whether a time is said of a weekday, in the answer or the question, that has other times."""
        if _DENIES.search(sentence):
            return False
        said, known = ties_of(sentence), self._known.ties
        if not said.tied and self._asked_days:
            said = ties_of(f"{self._asked_days} {sentence}")
        return any(
            not any(same_time(one, told) for day, told in known.tied if day == said_day)
            and not any(same_time(one, told) for told in known.loose)
            for said_day, one in said.tied
        )


def _knows_time(said: Time, known: Claims) -> bool:
    return any(same_time(said, one) for one in known.times)


def check(sentence: str, grounding: Grounding, before: str = "") -> GuardVerdict:
    """Whether `sentence`, composed by the model, may be spoken; takes about a millisecond.

    A sentence may come in two pieces (mind/sentences.py): `before` is what was said of it already. A clause
    passes only if it could stand alone, and the rest only if the whole could.
    """
    if not sentence.strip():
        return GuardVerdict(False, "empty")
    if len(sentence) > _SENTENCE_CHARACTERS_MAX:
        return GuardVerdict(False, "length")
    fault = _leak(sentence) or grounding.fault(sentence)
    if not fault and grounding.ties_wrongly(f"{before} {sentence}"):
        fault = "time"
    fault = fault or grounding.unsupported(sentence)
    return GuardVerdict(not fault, fault)


# --- leaks --------------------------------------------------------------------------------------

_LEAKS: Final = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        (
            "about itself",
            r"\bas an? (ai|artificial|language|large language|virtual|digital)\b|\b(ai"
            r"|large) (language )?model\b|\blanguage model\b"
            r"|\bllm\b|\bopen ?ai\b|\bchat ?gpt\b|\bgpt-?\d|\bqwen\b|\balibaba\b|\banthropic\b"
            r"|\bmy (training|programming|training data)\b"
            r"|\bi('m| am| was| have been) (programmed|trained|designed|developed|instructed|told"
            r"|configured|prompted|not allowed)\b"
            r"|\bneural network\b|\bmachine learning\b|\bknowledge cut-?off\b",
        ),
        (
            "instructions",
            r"\b(system|initial|original|hidden|previous|above|following) (prompt|instructions?"
            r"|message)s?\b|\bprompts?\b"
            r"|\b(my|your|these|those|the|all|any|prior) (\w+ )?(instructions?|guidelines|rules"
            r"|directives|policies)\b"
            r"|\b(ignore|disregard|forget|override|bypass) (all|any|the|my|your|previous|prior"
            r"|everything|these|those)\b"
            r"|\b(developer|dan|stan|dude|god|admin|debug|jailbreak\w*) mode\b|\bjail ?break"
            r"|\bdo anything now\b|\bstay in character\b"
            r"|\b(pretend|act|role ?play)(ing)? (to be|as|like|that|you)\b|\bcontent polic"
            r"|\banswer (only|in one)\b|\byou answer the (tele)?phone\b|\bsay only\b|\bwithout lists\b"
            r"|\bthe caller (asks|asked|says|said|wants|is asking)\b|\bthe (caller's )?question is\b"
            r"|\bopposite mode\b|\btokens?\b.{0,20}\b(deducted|lose|have \d)",
        ),
        (
            "role marker",
            r"(^|[\n\"'(\[])\s*(user|assistant|system|human|ai|bot|caller|agent|question|answer"
            r"|customer|q|a|receptionist)\s*:"
            r"|<\|/?\w*\|?>?|</?s>|\[/?(inst|sys|system|user|assistant)\]|<<\s*/?sys|^\s*#{1,6}\s*\w",
        ),
        (
            "code",
            r"```|`[^`]+`|</?[a-z!][^>]*>|[{}\\]|\$\(|\bjavascript:|\bdata:\w+/|&lt;|&#|==|=>|::"
            r"|\w+\(.*\)\s*;?|;\s*--|--\s*$"
            r"|\b(select|insert|drop|union|exec|delete)\b.*\b(from|into|table|select|users)\b"
            r"|\bimport \w+\b.*[(;]|/\w+/\w+|\w+\s*=\s*['\"\w(]",
        ),
        ("placeholder", r"\[[^\]]*\]|_{2,}|\bx{3,}\b|\*\*"),
    )
)
_FOREIGN_SCRIPT = re.compile(r"[^\x00-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2122]")


def _leak(sentence: str) -> str:
    if _FOREIGN_SCRIPT.search(sentence):
        return "script"
    return next((reason for reason, pattern in _LEAKS if pattern.search(sentence)), "")


# --- names and promises -------------------------------------------------------------------------

_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“(]\s*)(\W*\w[\w'’]*)")
_NOT_NAMES: Final = frozenset("i i'm i'll i've i'd ok okay".split())
_CALENDAR: Final = frozenset(
    (*WEEKDAYS, *MONTHS, *(f"{day}s" for day in WEEKDAYS), "am", "pm", "a", "p", "m")
)


def _names(sentence: str) -> Iterator[str]:
    """The capitalised words that do not begin a sentence, lower case, without 's."""
    sentence = sentence.replace("’", "'")
    starts = {
        match.start(1) + len(match[1]) - len(match[1].lstrip("\"'“(")) for match in _START.finditer(sentence)
    }
    for match in WORD.finditer(sentence):
        word = match[0].lower()
        if match[0][0].isupper() and match.start() not in starts and word not in _NOT_NAMES | _CALENDAR:
            yield word.removesuffix("'s")


_NAME: Final = re.compile(r"[A-Z][\w'’]+(?: [A-Z][\w'’]+)+")


def _whole_names(sentence: str) -> Iterator[str]:
    """A pattern of each name of several words: they stand in this order, at most one more between two."""
    for run in _NAME.findall(sentence):
        words = [word for word in folded(run).split() if word not in _CALENDAR]
        if len(words) > 1:
            yield r"\b" + r"(?: \w+)? ".join(map(re.escape, words)) + r"\b"


_PROMISES: Final = re.compile(
    r"\b(guarantee[ds]?|free|discounts?|discounted|complimentary|refunds?|coupons?|rebates?|money back"
    r"|no charge|no cost|at no"
    r"|half price|special offer|on the house|warranty|warranties|cheapest|lowest price|best price"
    r"|price match|lifetime"
    r"|promise[ds]?|certified|insured|licensed|approved|same day)\b"
)
_UNDERTAKING = re.compile(
    r"\b(?:we|i|they|he|she|someone|somebody|a (?:\w+ )?(?:person|mechanic|representative|technician"
    r"|colleague|manager)|our \w+|\w+(?=(?:'ll| will| shall) )|and(?= will))"
    r"(?:'ll| will| shall| can| could|'re going to| are going to|'m going to| am going to)"
    r"(?: \w+ly| be happy to| be glad to| also| gladly)?"
    r" ((?:call|phone|ring|contact|email|text|send|mail|notify|remind|refund|waive|match|reserve|hold"
    r"|save|book|schedule|cancel"
    r"|arrange|transfer|connect|forward|pick|deliver|tow|get back|follow up|make sure|ensure|let|put"
    r"|set|check|come|look|find"
    r"|fit|squeeze|give|offer|provide|pay|cover|replace|confirm|move|reschedule|note|pass|add"
    r"|update)\b(?: (?:you|it|that))?)"
)
_DONE = re.compile(
    r"\b((?:i|we)(?:'ve| have)(?: just| already)? \w+(?:ed|ent|ade|ut|ept|aken|old)\b|(?:i|we) (?:just "
    r"|already )?(?:booked|scheduled|reserved"
    r"|sent|noted|cancelled|canceled|confirmed|arranged|transferred|forwarded|emailed|updated|changed)\b"
    r"|(?:is|are|has been|have been|'s been) (?:now |all )?(?:booked|scheduled|reserved|confirmed"
    r"|cancelled|canceled|set up|all set)\b"
    r"|(?:transferring|connecting|putting|sending|calling|booking|forwarding) (?:you|your|it|that)\b"
    r"|see you (?:then|on|at|tomorrow|soon))"
)


def _promises(sentence: str) -> Iterator[str]:
    """What the sentence undertakes or claims to have done, in the words that must stand in a statement."""
    said = folded(sentence)
    for pattern in (_PROMISES, _UNDERTAKING, _DONE):
        for match in pattern.finditer(said):
            yield match[1]


_ASKS = re.compile(
    r"(?:and |but |so )?(?:what|when|where|who|which|how|why|do|does|is|are|can|could|will|would|may)\b"
)


def _is_statement(source: str) -> bool:
    text = source.strip()
    if text.endswith("?") or (not text.endswith((".", "!")) and _ASKS.match(text.lower())):
        return False
    return text != text.lower() or text.endswith((".", "!"))
