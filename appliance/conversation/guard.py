"""What the language model may say: nothing that the business did not say first.

The model proposes, code disposes. A composed sentence is spoken only if every number, price, date, time,
phone number, name and promise in it stands in the sources, by value ("twelve" is 12, "half past nine" is
9:30), and if it does not talk about itself or its instructions. What cannot be grounded is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from appliance.conversation.days import MONTHS, WEEKDAYS
from appliance.conversation.numerals import numerals

_SENTENCE_CHARACTERS_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class GuardVerdict:
    """Whether a sentence may be spoken. `reason` names the kind of fault, never the caller's words."""

    allowed: bool
    reason: str = ""


class _Time(NamedTuple):
    """A time on a 12-hour clock; `meridian` is "am", "pm" or "" when it was not said."""

    hour: int
    minute: int
    meridian: str


@dataclass(frozen=True, slots=True)
class _Claims:
    """Everything in a text that must be grounded."""

    phones: frozenset[str]
    prices: frozenset[float]
    percents: frozenset[float]
    times: frozenset[_Time]
    dates: frozenset[tuple[str, int]]
    measures: frozenset[tuple[float, str]]
    numbers: frozenset[float]
    days: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grounding:
    """What may be said: the texts of the business, and the question (which grounds no price and no promise).

    A source counts as a statement of the business when it is written: with a capital letter or a full stop,
    and not a question. What the recogniser heard has neither.
    """

    sources: Sequence[str]
    _all: _Claims = field(init=False, repr=False, compare=False)
    _stated: _Claims = field(init=False, repr=False, compare=False)
    _statements: str = field(init=False, repr=False, compare=False)
    _whole: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        stated = [source for source in self.sources if _is_statement(source)]
        whole = " . ".join(self.sources)
        object.__setattr__(self, "_all", _claims(whole))
        object.__setattr__(self, "_stated", _claims(" . ".join(stated)))
        object.__setattr__(self, "_statements", _folded(" . ".join(stated)))
        object.__setattr__(self, "_whole", whole.lower())

    def fault(self, sentence: str) -> str:
        """The first kind of claim in `sentence` that stands nowhere; "" when there is none."""
        claims = _claims(sentence)
        faults = (
            ("phone", not claims.phones <= self._all.phones),
            ("link", any(link.lower() not in self._whole for link in _LINK.findall(sentence))),
            ("price", not claims.prices <= self._stated.prices),
            ("percent", not claims.percents <= self._stated.percents),
            ("time", not all(self._knows_time(one) for one in claims.times)),
            ("date", not claims.dates <= self._all.dates),
            ("measure", not claims.measures <= self._all.measures),
            ("number", not claims.numbers <= self._all.numbers),
            ("day", not claims.days <= self._all.days),
            ("name", any(name not in self._all.words for name in _names(sentence))),
            ("promise", any(promise not in self._statements for promise in _promises(sentence))),
        )
        return next((kind for kind, is_fault in faults if is_fault), "")

    def _knows_time(self, said: _Time) -> bool:
        return any(
            said[:2] == known[:2]
            and (not said.meridian or not known.meridian or said.meridian == known.meridian)
            for known in self._all.times
        )


def check(sentence: str, grounding: Grounding) -> GuardVerdict:
    """Whether `sentence`, composed by the model, may be spoken; takes well under a millisecond."""
    if not sentence.strip():
        return GuardVerdict(False, "empty")
    if len(sentence) > _SENTENCE_CHARACTERS_MAX:
        return GuardVerdict(False, "length")
    fault = _leak(sentence) or grounding.fault(sentence)
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


# --- what a text claims -------------------------------------------------------------------------

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|org|net|io|co|biz|info|edu|gov|us"
    r"|uk|de)\b(?:/\S*)?"
)
_PHONE = re.compile(r"(?<![\d.])\+?\d(?:[\s().,-]{0,3}\d){6,14}(?!\d)")
_NUMBER = r"\d+(?:\.\d+)?"
_MONEY = re.compile(
    rf"[$£€] ?({_NUMBER})(?: (thousand|million|billion))?|({_NUMBER}) ?(?:dollars?|bucks|euros?|pounds?|usd)"
    rf"(?: (?:and )?(\d\d?) (?:cents?|pence))?|({_NUMBER}) (?:cents?|pence)\b"
)
_PERCENT = re.compile(rf"({_NUMBER}) ?(?:%|percent|per cent)")
_CLOCK = re.compile(
    r"\b(?P<h1>\d{1,2})(?::"
    r"| )(?P<m1>[0-5]\d)(?!\d)(?: ?(?P<mer1>[ap]) ?m\b)?(?: in the (?P<part1>morning|afternoon|evening))?"
    r"|\b(?P<h2>\d{1,2}) ?(?:(?P<mer2>[ap]) ?m\b"
    r"|oclock(?: ?(?P<mer3>[ap]) ?m\b)?)(?: in the (?P<part2>morning|afternoon|evening))?"
    r"|\b(?P<h3>\d{1,2}) in the (?P<part3>morning|afternoon|evening)"
    r"|\b(?:at|from|until|till|by|after|before|to) (?P<h4>1[0-2]|[1-9])"
    r"(?![\d:/-]|\.\d| \d|th\b|st\b|nd\b|rd\b| ?[ap] ?m\b| oclock| in the )"
    r"(?! (?:miles?|hours?|minutes?|days?|weeks?|months?|years?|percent|dollars?|people|cars?|thousand"
    r"|hundred|mechanics|bays))"
    r"|\b(?P<noon>noon|midday|midnight)\b"
)
_PAST = re.compile(
    r"(?<!\d )(?<!from )(?<!between )\b(half|quarter|a quarter|(?:5|10|20|25)(?: minutes)?|\d{1,2} minutes?)"
    r" (past|to|after) (\d{1,2})\b"
)
_MONTH_DAY = re.compile(
    rf"\b({'|'.join(MONTHS)}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)|\b(\d{{1,2}})(?:st|nd|rd"
    rf"|th)? (?:of )?({'|'.join(MONTHS)})\b"
)
_UNITS = (
    "minute|hour|day|week|month|year|mile|kilometer|mechanic|bay|person|people|tire|car|truck|chair"
    "|room|stylist|dentist|doctor"
    "|technician|employee|location|block|gallon|quart|pound|star|visit|appointment|floor|mph|inch|foot|feet"
)
_MEASURE = re.compile(rf"\b({_NUMBER})[ -]({_UNITS})s?\b")
_LOOSE_NUMBER = re.compile(rf"(?<![\w.])({_NUMBER})(st|nd|rd|th)?\b")
_DAY_RANGE = re.compile(
    rf"\b({'|'.join(WEEKDAYS)})s?(?: (?:to|through|thru|until|till) |-| - | – )({'|'.join(WEEKDAYS)})"
)
_DAY_WORDS: Final = frozenset((*WEEKDAYS, "tomorrow", "tonight", "yesterday", "today", "weekend"))
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def _claims(text: str) -> _Claims:
    """Takes one kind of claim after the other out of the text, so that none is counted twice."""
    reader = _Reader(_plain(text))
    return _Claims(
        phones=frozenset(re.sub(r"\D", "", one[0])[-10:] for one in reader.take(_PHONE)),
        prices=frozenset(_price(one) for one in reader.take(_MONEY)),
        percents=frozenset(float(one[1]) for one in reader.take(_PERCENT)),
        dates=frozenset((one[1] or one[4], int(one[2] or one[3])) for one in reader.take(_MONTH_DAY)),
        times=frozenset((*map(_past, reader.take(_PAST)), *map(_clock, reader.take(_CLOCK)))),
        measures=frozenset((float(one[1]), one[2]) for one in reader.take(_MEASURE)),
        numbers=frozenset(_loose_numbers(reader.take(_LOOSE_NUMBER))),
        days=frozenset(_days(reader.text)),
        words=frozenset(_known_words(text)),
    )


class _Reader:
    """A text from which each kind of claim is cut out as it is read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.text))
        if found:
            self.text = pattern.sub(" ; ", self.text)
        return found


def _plain(text: str) -> str:
    """Lower case, numerals, no thousands separators, "oclock"."""
    text = (
        text.lower()
        .replace("’", "'")
        .replace("o'clock", " oclock")
        .replace("p.m.", "pm")
        .replace("a.m.", "am")
    )
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return re.sub(r"\s+", " ", numerals(text))


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower().replace("’", "'")))


def _price(match: re.Match[str]) -> float:
    if match[1]:
        scale = {"thousand": 1e3, "million": 1e6, "billion": 1e9}.get(match[2] or "", 1)
        return float(match[1]) * scale
    return float(match[3]) + float(match[4] or 0) / 100 if match[3] else float(match[5]) / 100


def _clock(match: re.Match[str]) -> _Time:
    said = {name: value for name, value in match.groupdict().items() if value}
    if named := said.get("noon"):
        return _Time(12, 0, "am" if named == "midnight" else "pm")
    hour = int(next(said[name] for name in ("h1", "h2", "h3", "h4") if name in said))
    letter = next((said[name] for name in ("mer1", "mer2", "mer3") if name in said), "")
    part = next((said[name] for name in ("part1", "part2", "part3") if name in said), "")
    meridian = f"{letter}m" if letter else {"": "", "morning": "am"}.get(part, "pm")
    if hour > 12:
        hour, meridian = hour - 12, "pm"
    return _Time(hour or 12, int(said.get("m1", 0)), meridian)


def _past(match: re.Match[str]) -> _Time:
    by = match[1].split()[-2 if "minute" in match[1] else -1]
    minutes = {"half": 30, "quarter": 15}.get(by) or int(by)
    of_day = int(match[3]) * 60 + (-minutes if match[2] == "to" else minutes)
    return _Time(of_day // 60 % 12 or 12, of_day % 60, "")


def _loose_numbers(found: Iterable[re.Match[str]]) -> Iterator[float]:
    """The numbers without a unit. One is mostly a pronoun, and "first" and "second" mostly an order."""
    for match in found:
        value = float(match[1])
        if value != 1 and not (match[2] and value <= 3):
            yield value


def _days(text: str) -> Iterator[str]:
    """The days named, and those within "monday to friday"."""
    for word in _WORD.findall(text):
        day = word.removesuffix("'s").removesuffix("s")
        if day in _DAY_WORDS:
            yield day
    for match in _DAY_RANGE.finditer(text):
        first, last = WEEKDAYS.index(match[1]), WEEKDAYS.index(match[2])
        for ahead in range((last - first) % 7 + 1):
            yield WEEKDAYS[(first + ahead) % 7]


def _known_words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower().replace("’", "'")):
        yield word
        yield word.removesuffix("'s")


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
    for match in _WORD.finditer(sentence):
        word = match[0].lower()
        if match[0][0].isupper() and match.start() not in starts and word not in _NOT_NAMES | _CALENDAR:
            yield word.removesuffix("'s")


_PROMISES: Final = re.compile(
    r"\b(guarantee[ds]?|free|discounts?|discounted|complimentary|refunds?|coupons?|rebates?|money back"
    r"|no charge|no cost|at no"
    r"|half price|special offer|on the house|warranty|warranties|cheapest|lowest price|best price"
    r"|price match|lifetime"
    r"|promise[ds]?|certified|insured|licensed|approved|same day)\b"
)
_UNDERTAKING = re.compile(
    r"\b(?:we|i|they|he|she|someone|somebody|a (?:\w+ )?(?:person|mechanic|representative|technician"
    r"|colleague|manager)|our \w+)"
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
    folded = _folded(sentence)
    for pattern in (_PROMISES, _UNDERTAKING, _DONE):
        for match in pattern.finditer(folded):
            yield match[1]


_ASKS = re.compile(
    r"(?:and |but |so )?(?:what|when|where|who|which|how|why|do|does|is|are|can|could|will|would|may)\b"
)


def _is_statement(source: str) -> bool:
    text = source.strip()
    if text.endswith("?") or (not text.endswith((".", "!")) and _ASKS.match(text.lower())):
        return False
    return text != text.lower() or text.endswith((".", "!"))
