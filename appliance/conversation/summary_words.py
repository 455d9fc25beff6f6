"""How a call is summed up for the office, one table a language. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appliance.domain.call import Disposition


@dataclass(frozen=True, slots=True)
class SummaryWords:
    """The sentences of a summary; braces are filled in.

    `todo` is what is left to do after a call that ended so; a message and a question that stayed unanswered are
    told apart, because they may stand beside something else that was done. Months and weekdays begin with January
    and Monday.
    """

    somebody: str
    called_about: str
    said_nothing: str
    also: str
    nobody_spoke: str
    called: str
    by_keys: str
    booked: str
    moved: str
    cancelled: str
    message: str
    moment: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    between: str
    """What stands between what was done and what is left to do."""
    todo: Mapping[Disposition, str]
    todo_message: str
    todo_unanswered: str
    task: str
    """What a language model is asked to do with `{transcript}`."""
    instruction: str
    """Who the language model is while it does so."""
    caller: str
    agent: str
    telling: frozenset[str]
    """Words that tell of a call and claim nothing: a model may use them though nobody said them. Lower case."""
    stemmer: str
    """What brings words to their stems (`stems`)."""


_NOTHING: Final = "nothing is left to do"
_CALL_BACK: Final = "call them back if they can be reached"

ENGLISH: Final = SummaryWords(
    somebody="Somebody",
    called_about="{who} called about this: {matter}.",
    said_nothing="{who} called and did not say what about.",
    also="; also: ",
    nobody_spoke="Nobody spoke.",
    called="{who} called.",
    by_keys="{who} called and was served by the keys of the telephone.",
    booked="{service} is booked for {moment}",
    moved="{service} is moved to {moment}",
    cancelled="{service} of {moment} is cancelled",
    message="a message was taken",
    moment="{weekday} {day} {month} {year} at {hour:02}:{minute:02}",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    between="; ",
    todo={
        Disposition.OPEN: "the call is still going on",
        Disposition.ANSWERED: f"they were answered; {_NOTHING}",
        Disposition.BOOKED: _NOTHING,
        Disposition.MOVED: _NOTHING,
        Disposition.CANCELLED: _NOTHING,
        Disposition.MESSAGE: "read the message and call back",
        Disposition.TRANSFERRED: f"they were put through; {_NOTHING}",
        Disposition.ABANDONED: f"they hung up before it was settled; {_CALL_BACK}",
        Disposition.SILENT: _NOTHING,
        Disposition.TURNED_AWAY: f"they could not be answered; {_CALL_BACK}",
        Disposition.MISSED: f"they hung up before anybody answered; {_CALL_BACK}",
        Disposition.SYSTEM_FAILURE: f"the call broke off by a fault of the box; {_CALL_BACK}",
    },
    todo_message="read it and call back",
    todo_unanswered="a question stayed without an answer; call back with one",
    instruction="You write notes about telephone calls for an office. Use only what was said.",
    task=(
        "Telephone call:\n{transcript}\n\n"
        'In one short sentence that begins with "The caller", write what the caller wanted. Add nothing.'
    ),
    caller="Caller",
    agent="Office",
    telling=frozenset(
        "a an the this that these those there it its he she they them their theirs his her him who which what when"
        " where how why whether and or but if as so than then to of in on at by for from with without about into"
        " over after before because while during is are was were be been being has have had having do does did"
        " would could can will may might should must not no any some all another other more also again caller"
        " customer somebody someone person want wish ask request need inquire enquire call phone contact speak talk"
        " tell say said mention state express report describe explain discuss question information know learn"
        " check confirm find get help like try regarding concerning interested looking am pm office business"
        " company".split()
    ),
    stemmer="english",
)

_LANGUAGES: Final[Mapping[str, SummaryWords]] = {"en": ENGLISH}


def summary_words(language: str) -> SummaryWords:
    """The words of `language`; a language nobody wrote down is taken for English."""
    return _LANGUAGES.get(language, ENGLISH)
