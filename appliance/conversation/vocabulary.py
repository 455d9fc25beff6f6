"""Which words can be meant when something certain was asked: a recogniser that knows no others hears better.

What is said in answer to a closed question is a small language: a telephone number is dictated in some forty
words, a day in a hundred and fifty. The narrow recogniser learns from the entries here which word follows
which (a bigram), runs beside the open one at a sixth of its cost, and says "[unk]" for whatever does not
belong. `better_of` decides which of the two to believe: a caller may also answer something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import groupby, product
from typing import Final, Protocol, TypeVar

from appliance.conversation.assent import yes_or_no
from appliance.conversation.dates import when_heard
from appliance.conversation.days import MONTHS, WEEKDAYS
from appliance.conversation.numbers import digits_heard
from appliance.conversation.numerals import SMALL, TENS, ordinal_in_words
from appliance.domain.expectation import Expectation

UNKNOWN: Final = "[unk]"
_OTHER_WORDS: Final = (" ".join([UNKNOWN] * 4),)
"""Something else entirely. Said often enough, it is expected often enough not to be forced into known words."""


def words_for(expectation: Expectation, extra: Sequence[str] = ()) -> tuple[str, ...]:
    """What a narrow recogniser is opened with, words and sayings; empty when anything may be said.

    `extra` are names that may be said as well (a directory, the staff); they count only where a narrow
    recogniser is opened at all.
    """
    known = _entries(expectation)
    return (*known, *extra) if known else ()


@cache
def _entries(expectation: Expectation) -> tuple[str, ...]:
    match expectation:
        case Expectation.PHONE:
            return (*_phone(), *_OTHER_WORDS * 100)
        case Expectation.YES_NO:
            return (*_YES_NO, *_OTHER_WORDS * 20)
        case Expectation.DAY | Expectation.TIME:
            return (*_days(), *_times(), *_OTHER_WORDS * 100)
        case Expectation.NAME:
            return (*_letters(), *_OTHER_WORDS * 100)
        case _:
            return ()


def _every_pair(words: Sequence[str]) -> str:
    """A walk over `words` in which each follows each other, and itself: what comes next is anyone's guess."""
    walk: list[str] = []
    for at, word in enumerate(words):
        walk.append(word)
        for later in words[at + 1 :]:
            walk += [word, later]
    return " ".join([*walk, words[0]])


def _ways(*columns: str) -> list[str]:
    """Every way through columns of alternatives: _ways("on|next", "monday|friday") -> four sayings."""
    return [" ".join(" ".join(way).split()) for way in product(*(column.split("|") for column in columns))]


# --- telephone numbers --------------------------------------------------------------------------

_DIGITS: Final = ("oh", *SMALL[:10])
_WALKS: Final = 6  # the more walks, the less is kept back for words that never followed each other


def _phone() -> list[str]:
    """A number dictated digit by digit, or partly in tens, with what is said around it."""
    tens = [f"{ten} {unit} {ten}" for ten, unit in product(TENS[2:], SMALL[1:10])]
    around = _ways(
        "my number is|my phone number is|the number is|it's|it is|that's|yes it's|sure it's",
        "three|five|eight",
    )
    around += _ways(
        "area code|the area code is|call me at|you can reach me at|uh|um|and|and then|yeah", "six|four|nine"
    )
    return [
        *[_every_pair(_DIGITS)] * _WALKS,
        *_ways("double|triple", "|".join(_DIGITS)),
        *tens,
        *(f"{teen} {unit} {teen}" for teen, unit in zip(SMALL[10:], SMALL[:10], strict=True)),
        *_ways("five|eight|nine|twenty|fifty five", "hundred|thousand", "four|"),
        *around,
        *"extension one|no|sorry|no sorry|no that's|zero".split("|"),
    ]


# --- yes and no ---------------------------------------------------------------------------------

_YES_NO: Final = (
    "yes|yeah|yep|yup|sure|okay|ok|alright|all right|right|correct|exactly|absolutely|definitely|of course"
    "|certainly|perfect|great|fine|good|please|go ahead|please do|uh huh|mm hm|why not|you bet|do it|book it"
    "|yes please|yes thanks|yes thank you|yes yes|yeah yeah|yes sir|yes ma'am|yeah sure|yeah okay|okay yes|okay sure"
    "|oh yes|oh yeah|oh no|well yes|uh yes|um yes|uh yeah|um yeah|uh no|um no|uh sure|um sure"
    "|yes it is|yes i do|yes i would|yes i am|yes that's right|yes that's correct|yes that's fine|yes that works"
    "|yeah that's fine|yeah that's right|yeah that works|it is|i do|i am|i would|i think so|i guess so|i guess"
    "|that's right|that is right|that's correct|that is correct|that's it|that's fine|that's great|that's good"
    "|that'd be great|that would be great|that would be fine|that will do|that works|that works for me|it's fine"
    "|sounds good|sounds great|sounds perfect|sounds fine|that sounds good|that sounds great|works for me"
    "|no|nope|nah|no no|no thanks|no thank you|no sorry|no way|no problem|no sir|no ma'am|never|never mind|wrong"
    "|no it isn't|no it's not|no that's not right|no that's wrong|no that's all|that's all|no that's it|no that's okay"
    "|no i don't|no i do not|i don't|i don't think so|no not really|not really|not now|not today|not yet|not at all"
    "|that's not right|that's not correct|that's wrong|it's wrong|it's not|neither|none|nothing|nothing else"
).split("|")


# --- days and times -----------------------------------------------------------------------------

_HOURS: Final = SMALL[1:13]
_POLITELY: Final = "please|works|would be great|would be good|is good|is fine|if possible"


def _days() -> list[str]:
    """A day, by its weekday, its date, or its distance, with what is said around it."""
    weekdays, months = "|".join(WEEKDAYS), "|".join(MONTHS)
    nth = [ordinal_in_words(day) for day in range(1, 32)]
    return [
        *_ways(
            "|on|next|this|how about|what about|no what about|no wait|maybe|let's do|uh|um|i'd like"
            "|can i come|could i come on",
            weekdays,
        ),
        *_ways(weekdays, f"morning|afternoon|evening|at|around|next week|the|{_POLITELY}"),
        *_ways(months, "|".join(nth[::3])),
        *_ways("the", "|".join(nth), "|of"),
        *_ways("first|second|third of", months),
        *_ways(
            "today|tomorrow|tomorrow morning|tomorrow afternoon|the day after tomorrow",
            f"|at|around|{_POLITELY}",
        ),
        *_ways("|sometime|early|late|later", "next|this", "week|weekend|month"),
        *_ways("in", "two|three|a|a couple of|a few", "days|weeks"),
        *"this afternoon|this morning|this evening|tonight|the end of the week|the week after|the weekend"
        "|a week from monday|the week after next".split("|"),
    ]


def _times() -> list[str]:
    """A time of day, exact or rough, and what is said when any would do."""
    hours = "|".join(_HOURS)
    return [
        *_ways(
            "|at|around|about|after|before|by|half past|quarter past|quarter to|maybe|ten past|the", hours
        ),
        *_ways(hours, "o'clock|a m|p m|am|pm|in the morning|in the afternoon|fifteen|thirty|forty five"),
        *_ways(hours, f"ten|twenty|forty|fifty|oh five|{_POLITELY}"),
        *_ways("fifteen|thirty|forty five", "a m|p m|am|pm|in the morning|in the afternoon"),
        *_ways("|in the|the|early|late|early in the|late in the", "morning|afternoon|evening"),
        *"noon|at noon|around noon|midday|first thing|first thing in the morning|after lunch|before lunch".split(
            "|"
        ),
        *"as soon as possible|as soon as you can|as early as possible|any time|anytime|any day|whenever".split(
            "|"
        ),
        *_ways("the", "first|second|third|last|next|earliest|earlier|later", "one|"),
        *"yes|no|okay|sure|please|yes please|no thank you|that works|that's fine|sounds good".split("|"),
    ]


# --- spelled names ------------------------------------------------------------------------------

_LETTERS: Final = tuple("abcdefghijklmnopqrstuvwxyz")
_ICAO: Final = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec"
    " romeo sierra tango uniform victor whiskey x-ray yankee zulu"
).split()
_AT_HOME: Final = (
    "apple boy cat dog edward frank george henry ida john king larry mary nancy ocean peter queen robert sam"
    " tom uncle victor william x-ray yellow zebra"
).split()


def _letters() -> list[str]:
    """A name spelled letter by letter, with or without a spelling alphabet (ICAO's, or the one of the home)."""
    return [
        *[_every_pair(_LETTERS)] * 2,
        _every_pair(_ICAO),
        *(
            f"{letter} {way} {word}"
            for alphabet in (_ICAO, _AT_HOME)
            for letter, word in zip(_LETTERS, alphabet, strict=True)
            for way in ("as in", "for", "like")
        ),
        *(f"double {letter} {letter}" for letter in _LETTERS),
        *_ways("it's|it's spelled|spelled|that's|dash|hyphen|apostrophe|uh|um|and|capital", "m|s|b"),
        *"my name is|last name|first name|the last name is|zee|zed".split("|"),
    ]


# --- which of the two to believe ----------------------------------------------------------------

_KNOWN_SHARE_MIN: Final = 0.7
_KNOWN_SHARE_WHEN_SURER_MIN: Final = 0.5
_KNOWN_TIME_MIN: Final = 0.8
_CONFIDENCE_MIN: Final = {
    Expectation.PHONE: 0.6,
    Expectation.YES_NO: 0.7,
    Expectation.DAY: 0.7,
    Expectation.TIME: 0.7,
}
_SURE: Final = 0.95
_CONTRADICTIONS_MAX: Final = 0.15
_CONTRADICTIONS_IN_NUMBERS_MAX: Final = 0.3  # openly heard, digits become other words, and surely so
_LETTERS_MIN: Final = 3
_LETTERS_SURE: Final = 0.6
_SOUNDS_LIKE: Final = {"to": "two", "too": "two", "for": "four", "ate": "eight", "won": "one", "oh": "zero"}
_SOME_DAY: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)  # whether a day was named does not depend on today


class Word(Protocol):
    """One word as a recogniser heard it: how sure it is, 0 to 1, and where it stands, in ms."""

    @property
    def word(self) -> str:
        """The word, or UNKNOWN."""
        ...

    @property
    def confidence(self) -> float:
        """0 for UNKNOWN."""
        ...

    @property
    def start_ms(self) -> int:
        """Where it begins."""
        ...

    @property
    def end_ms(self) -> int:
        """Where it ends."""
        ...


W = TypeVar("W", bound=Word)


def believed(heard: str, narrow: str, expectation: Expectation) -> str:
    """The words so far of a turn heard twice: the narrow ones once they hold what was asked for.

    There are no times and no confidences before the end, so the narrow words must be nearly as many as the
    open ones: an unknown stretch is one "[unk]" however long it is.
    """
    known = [word for word in narrow.split() if word != UNKNOWN]
    if len(known) < _KNOWN_SHARE_MIN * max(len(heard.split()), len(narrow.split())):
        return heard
    text = " ".join(known)
    return text if _answers(text, expectation) and _as_many_digits(text, heard, expectation) else heard


def better_of(heard: Sequence[W], narrow: Sequence[W], expectation: Expectation) -> Sequence[W]:
    """The words to believe of one turn heard twice.

    The narrow ones are right when they fill nearly all of what was said, are sure, and answer what was asked.
    Letters that are spelled within a sentence take the place of what the open recogniser made of them.
    """
    if expectation is Expectation.NAME:
        return _with_letters(heard, narrow)
    known = [word for word in narrow if word.word != UNKNOWN]
    text = _text(known)
    is_right = (
        _length_ms(known) >= _KNOWN_TIME_MIN * max(_length_ms(heard), _length_ms(narrow))
        and _fills(known, heard)
        and _mean_confidence(known) >= _CONFIDENCE_MIN[expectation]
        and _answers(text, expectation)
        and _as_many_digits(text, _text(heard), expectation)
        and not _contradicted(heard, known, expectation)
    )
    return known if is_right else heard


def _fills(known: Sequence[W], heard: Sequence[W]) -> bool:
    """Whether the known words are nearly as many as those heard openly; fewer will do when they are surer:
    "no and" may be an unsure "nope", but "what's the weather" is no "neither"."""
    if _mean_confidence(known) > _mean_confidence(heard):
        return len(known) >= _KNOWN_SHARE_WHEN_SURER_MIN * len(heard)
    return len(known) >= _KNOWN_SHARE_MIN * len(heard)


def _answers(text: str, expectation: Expectation) -> bool:
    """Whether the words hold what was asked for."""
    match expectation:
        case Expectation.PHONE:
            return bool(digits_heard(text))
        case Expectation.YES_NO:
            return yes_or_no(text) is not None
        case Expectation.DAY | Expectation.TIME:
            return when_heard(text, _SOME_DAY) is not None or yes_or_no(text) is not None
        case Expectation.NAME:
            return _letters_in(text.split()) >= _LETTERS_MIN
        case _:
            return False


def _as_many_digits(text: str, heard: str, expectation: Expectation) -> bool:
    return expectation is not Expectation.PHONE or len(digits_heard(text)) >= len(digits_heard(heard))


def _contradicted(heard: Sequence[W], known: Sequence[W], expectation: Expectation) -> bool:
    """Whether the open recogniser is sure of words that the narrow one does not have."""
    sure = [_alike(word.word) for word in heard if word.confidence >= _SURE]
    names = {_alike(word.word) for word in known}
    in_number = expectation is Expectation.PHONE
    most = _CONTRADICTIONS_IN_NUMBERS_MAX if in_number else _CONTRADICTIONS_MAX
    return sum(word not in names for word in sure) > most * max(len(heard), 1)


def _alike(word: str) -> str:
    return _SOUNDS_LIKE.get(word, word)


def _with_letters(heard: Sequence[W], narrow: Sequence[W]) -> Sequence[W]:
    """`heard`, with each run of spelled letters in the place of what stands there."""
    words = heard
    for run in _runs(narrow):
        if _letters_in([word.word for word in run]) < _LETTERS_MIN or _mean_confidence(run) < _LETTERS_SURE:
            continue
        start_ms, end_ms = run[0].start_ms, run[-1].end_ms
        before = [word for word in words if _middle_ms(word) < start_ms]
        after = [word for word in words if _middle_ms(word) > end_ms]
        words = [*before, *run, *after]
    return words


def _runs(narrow: Sequence[W]) -> Iterable[list[W]]:
    """Stretches of words without an unknown one between them."""
    for is_known, run in groupby(narrow, key=lambda word: word.word != UNKNOWN):
        if is_known:
            yield list(run)


def _letters_in(words: Sequence[str]) -> int:
    """How many letters are spelled, a doubled one counted twice; the word of "m as in mike" not at all."""
    return sum(len(word) == 1 for word in words) + words.count("double")


def _text(words: Iterable[Word]) -> str:
    return " ".join(word.word for word in words)


def _length_ms(words: Iterable[Word]) -> int:
    return sum(word.end_ms - word.start_ms for word in words)


def _middle_ms(word: Word) -> float:
    return (word.start_ms + word.end_ms) / 2


def _mean_confidence(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / len(words) if words else 0.0
