"""The shapes of a language's tables: what a room must be told to understand people who speak it.

A table is data only: words, and patterns built of words. Patterns see text that is lower case and without
accents; those of calendar and clock see numerals in the place of number words. Where a rule of the house has to
know which of a few things a word means, the table says so in the house's own terms ("next", "week", "past").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How digits are dictated, and what callers say around a telephone number.

    `spoken_zeros` and `sounds_like` count as digits only beside other digits; `ones` are words that are a digit
    or a pronoun, by what stands beside them. `joins` stand inside a number ("hundred and five", "treinta y
    uno"), `between` only between digits. `named` are digits groups of a word of their own ("quinientos").
    The patterns: `correction` takes back what was said before it; `at_end`, `at_start`, `stated_last` say where
    digits belong; `extension` begins an extension; `swaps` find, in text whose digits are figures, a digit
    (group "old") that should have been another ("new").
    """

    zeros: Words
    spoken_zeros: Words
    units: Mapping[str, int]
    teens: Mapping[str, int]
    tens: Mapping[str, int]
    correction: str
    at_end: str
    at_start: str
    stated_last: str
    extension: str
    swaps: tuple[str, ...]
    named: Mapping[str, int] = field(default_factory=dict)
    hundreds: Words = frozenset()
    thousands: Words = frozenset()
    joins: Words = frozenset()
    times: Mapping[str, int] = field(default_factory=dict)
    sounds_like: Mapping[str, str] = field(default_factory=dict)
    between: Words = frozenset()
    plus: Words = frozenset()
    ones: Words = frozenset()
    pointing: Words = frozenset()
    not_counted: Words = frozenset()


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """How days and stretches of time are named.

    `weekdays` from Monday, `months` from January; the first three letters of each tell it from the others.
    `rules` are tried in order, first match wins: the name of a rule in days.py and a pattern whose groups it
    reads. `meanings` puts what the groups caught into the house's terms: "next", "this", "last", "ago",
    "tomorrow"; units "day", "week", "fortnight", "month", "year", "working day", "hour", "minute", "second".
    `counts` are the number words a numeral reader leaves alone ("a", "a couple of", "half an"), `pointing` those
    among them that make no length by themselves ("the day").
    The span_ patterns make lengths of time: `count` and `unit`, `joint` between two of them, `extra` behind one;
    `back`, `on` and `into` lead it into the past and the future, `beside` hangs it on another day ("a week from
    friday"), `bare` are units that need no count there ("day after tomorrow"). `past` finds talk of the past.
    `correction` takes back what was said before it, `ruled_out` is said of days that will not do, `soonest`
    means any moment will do. `plain` are replacements made before anything is read, in order.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    weekday: str
    rules: tuple[tuple[str, str], ...]
    meanings: Mapping[str, str]
    counts: Mapping[str, float]
    pointing: Words
    span_count: str
    span_unit: str
    span_joint: str
    span_extra: str
    span_back: str
    span_on: str
    span_into: str
    span_beside: str
    span_bare: str
    past: str
    correction: str
    ruled_out: str
    soonest: str
    plain: tuple[tuple[str, str], ...] = ()
    spoken_zero: str = ""
    pairs_are_dates: str = ""
    holidays: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockWords:
    """How a time of day is named: patterns in order, first match wins, with the groups that hours.py reads.

    `parts` and `relatives` pair a pattern with a DayPart or a Relative by its value; a relative's pattern stands
    before the hour (`relatives_before`) or behind it. `named` are hours with a name, in minutes of the day.
    `minutes` are the parts of an hour that are no numeral. `to_the_hour` are the words by which minutes are
    counted back. `meridians` maps what was said to "am" or "pm".
    """

    patterns: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    relatives_before: tuple[tuple[str, str], ...]
    relatives_after: tuple[tuple[str, str], ...]
    named: Mapping[str, int]
    minutes: Mapping[str, int]
    to_the_hour: Words
    meridians: Mapping[str, str]
    about: str


@dataclass(frozen=True, slots=True)
class AssentWords:
    """Sayings that agree, decline, or do neither, by what they amount to (assent.Vote, by name).

    `only_at_the_end` are sayings that answer only when nothing follows them, `not_before` those that mean nothing
    before certain words; `condition` finds the "but" that makes an agreement conditional, of which
    `bare_conditions` say nothing themselves; a question that begins with a word of `questions` is no answer, and a
    `polite` word alone is a yes. `plain` are the bare yes and no. `misheard` is what a recogniser writes for a bare
    word, and means that at the beginning of an answer only.
    """

    sayings: Mapping[str, Words]
    only_at_the_end: Words
    questions: Words
    condition: str
    bare_conditions: Words
    polite: Words
    not_before: Mapping[str, Words]
    plain: tuple[str, str]
    misheard: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NameWords:
    """What introduces a name, what ends it, and the common words no name consists of.

    `surnames_too` are common words that people are called by, behind a first name ("sam price").
    """

    told: str
    maybe_told: str
    first_name: str
    last_name: str
    with_a_letter: str
    correction: str
    openings: Words
    endings: Words
    no_names: Words
    questions: Words
    surnames_too: Words = frozenset()


@dataclass(frozen=True, slots=True)
class Letters:
    """How letters are spelled out.

    `spoken` are names of letters ("zee", "are"), believed only among other letters; `alphabets` words that stand
    for their letter ("kilo"), `names_too` those of them people are called. `as_in` is what may stand between a
    letter and its word; `repeated` words double the letter behind them, unless it is the first of `double_u`.
    """

    spoken: Mapping[str, str]
    alphabets: Mapping[str, str]
    names_too: Words
    as_in: tuple[tuple[str, ...], ...]
    repeated: Mapping[str, int]
    double_u: tuple[str, str]
    signs: Mapping[str, str]
    fillers: Words


@dataclass(frozen=True, slots=True)
class EmailWords:
    """How the signs of an e-mail address are said.

    `at` and `signs` map what is said (one word or several) to a sign; `lead_in` is a pattern of what stands
    before an address, `tail` of what stands behind it. `providers` are domains people have, by their first part;
    `mangled` what a recogniser makes of them; `endings` top-level domains by how they are said.
    """

    at: tuple[str, ...]
    signs: Mapping[str, str]
    lead_in: str
    tail: str
    providers: Mapping[str, str]
    mangled: Mapping[str, str]
    endings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AddressWords:
    """What the lines of a postal address are made of.

    `streets`, `units`, `directions` and `regions` map what is said to how it is written; `lead_in` is a pattern
    of what stands before an address, `joints` of what may stand between street and city.
    """

    streets: Mapping[str, str]
    units: Mapping[str, str]
    directions: Mapping[str, str]
    regions: Mapping[str, str]
    lead_in: str
    joints: str


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """How days, hours and lists are said to callers; numbers in them are words already.

    `weekdays` from Monday, `months` from January, `near` are yesterday, today and tomorrow, `parts` what is added
    to a moment by the part of the day (hours.DayPart, by its value). The rest are wordings with braces: a day
    ("on Monday"), dates, a moment, hours with none, few (1 to 9) and more minutes, opening times, and lists: two
    things, the ends of a row of days, and several things, of which `before` are all but the last. `abroad` is a
    telephone number with its country code.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    near: tuple[str, str, str]
    on_day: str
    date: str
    date_with_year: str
    moment: str
    parts: Mapping[str, str]
    noon: str
    midnight: str
    full_hour: str
    few_minutes: str
    minutes: str
    open_from: str
    both: str
    days: str
    several: str
    abroad: str


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the rooms know of one language."""

    code: str
    numbers: NumberWords
    calendar: CalendarWords
    clock: ClockWords
    assent: AssentWords
    names: NameWords
    letters: Letters
    emails: EmailWords
    addresses: AddressWords
    spoken: SpokenWords
