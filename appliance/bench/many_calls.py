"""Many calls that nobody made: a seeded year of a business's telephone, written in bulk. Same seed, same database.

What callers say is drawn from the business's own questions and services and from a made-up vocabulary whose words
are as unevenly common as those of a language (Zipf 1949: the n-th most common word comes 1/n as often); what the
agent says are the business's answers and the product's phrases. Dates follow the business's hours and its calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np

from appliance.business import Business
from appliance.conversation.phrases import Phrases
from appliance.domain.call import Disposition
from appliance.store.database import Database
from appliance.store.moments import moment_text

Table = dict[str, list[tuple[Any, ...]]]

_COLUMNS: Final = {
    "calls": "call_id caller called offered_at answered_at disposition versions quality",
    "turns": "call_id number speaker text started_ms ended_ms class response_gap_ms interrupted confidence",
    "events": "call_id at_ms kind detail",
    "appointments": "appointment_id call_id service starts_minute ends_minute timezone name phone",
    "appointment_changes": "appointment_id kind sequence changed_at call_id starts_minute ends_minute staff",
    "messages": "message_id call_id taken_at name phone matter",
}
_ENDS: Final = "ends"
_CALLS_A_TRANSACTION: Final = 2000
KINDS: Final = ("everyday", "common", "rare", "both", "prefix")
_ZIPF: Final = 1.07
_SYLLABLES: Final = (
    "ba co di fen gor hal in jo ka lem mi nor os pel qua ri sa tor ul ven wy xi yo zan".split()
)
_OPEN_QUESTIONS: Final = 400  # that nobody can answer; as unevenly common as words
_GAP_MS: Final = {"phrase": 290.0, "flow": 300.0, "fact": 310.0, "open": 480.0}
"""The median wait for an answer of each class; one in ten takes half as long again."""


@dataclass(frozen=True, slots=True)
class Play:
    """How calls of a kind go: who speaks when. `steps` are the letters of `_Year._step`."""

    disposition: Disposition
    weight: float
    steps: str


PLAYS: Final = (
    Play(Disposition.ANSWERED, 0.20, "gqwdb"),
    Play(Disposition.ANSWERED, 0.10, "gqqb"),
    Play(Disposition.BOOKED, 0.25, "gwfwfwfwfwfb"),
    Play(Disposition.MOVED, 0.06, "gwfwfwfb"),
    Play(Disposition.CANCELLED, 0.05, "gwfwfb"),
    Play(Disposition.MESSAGE, 0.15, "guwfwfb"),
    Play(Disposition.TRANSFERRED, 0.09, "gwf"),
    Play(Disposition.ABANDONED, 0.06, "gwfw"),
    Play(Disposition.SILENT, 0.035, "g"),
    Play(Disposition.SYSTEM_FAILURE, 0.005, "gw"),
)
_CHANGED: Final = {
    Disposition.BOOKED: "agreed",
    Disposition.MOVED: "moved",
    Disposition.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """How many calls over how many days, the last of which is `last_day`."""

    seed: int
    calls: int = 100_000
    days: int = 365
    last_day: date = date(2026, 11, 20)


def fill(database: Database, business: Business, setting: Setting) -> Vocabulary:
    """Write the calls of `setting` into an empty database; the words that were said, the most common first."""
    year = _Year(business, setting)
    moments = year.moments()
    for first in range(0, setting.calls, _CALLS_A_TRANSACTION):
        rows: Table = {table: [] for table in (*_COLUMNS, _ENDS)}
        for number, at in enumerate(moments[first : first + _CALLS_A_TRANSACTION], first):
            year.call(number, at, rows)
        _write(database, rows)
    return year.vocabulary


def _write(database: Database, rows: Table) -> None:
    with database.writing() as tables:
        for table, columns in _COLUMNS.items():
            names = columns.split()
            marks = ", ".join("?" * len(names))
            sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
            tables.conn.executemany(sql, rows[table])
        # As in a real call the end comes last: that is when its words go into the index, all at once.
        tables.conn.executemany("UPDATE calls SET ended_at = ? WHERE call_id = ?", rows[_ENDS])


# --- words ----------------------------------------------------------------------------------------


class Vocabulary:
    """Words in the order of how common they are, and sentences drawn from them."""

    def __init__(self, business: Business, rng: np.random.Generator, size: int = 20_000) -> None:
        own = " ".join([business.about, *(one for service in business.services for one in service.words)])
        known = dict.fromkeys(word.strip(".,").lower() for word in own.split())
        made = dict.fromkeys(_made_up(rng, size))
        self.words: list[str] = [*known, *(word for word in made if word not in known)]
        weights = 1.0 / np.arange(1, len(self.words) + 1) ** _ZIPF
        self._below = np.cumsum(weights / weights.sum())

    def sentences(self, rng: np.random.Generator, count: int) -> Iterator[str]:
        """So many sentences of 2 to 16 words."""
        lengths = rng.integers(2, 17, count)
        drawn = np.searchsorted(self._below, rng.random(int(lengths.sum())))
        ends = np.cumsum(lengths)
        words = [self.words[min(place, len(self.words) - 1)] for place in drawn.tolist()]
        for end, length in zip(ends.tolist(), lengths.tolist(), strict=True):
            yield " ".join(words[end - length : end])


def _made_up(rng: np.random.Generator, count: int) -> list[str]:
    parts = rng.integers(0, len(_SYLLABLES), (count, 4)).tolist()
    lengths = rng.integers(2, 5, count).tolist()
    return [
        "".join(_SYLLABLES[part] for part in row[:length]) for row, length in zip(parts, lengths, strict=True)
    ]


# --- a year ---------------------------------------------------------------------------------------


@dataclass
class _Talk:
    """A call as it goes on."""

    call_id: str
    at_ms: int = 0
    turns: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What only a turn of the agent has."""

    turn_class: str | None = None
    gap_ms: int | None = None
    interrupted: int = 0


class _Year:
    """Draws one call after the other; the order of draws is fixed, so that a seed is a year."""

    def __init__(self, business: Business, setting: Setting) -> None:
        self._business = business
        self._setting = setting
        self._rng = np.random.default_rng(setting.seed)
        self._phrases = Phrases(business.language, business.phrases)
        self.vocabulary = Vocabulary(business, self._rng)
        self._said = self._endless(lambda: self.vocabulary.sentences(self._rng, 20_000))
        self._chances = self._endless(lambda: iter(self._rng.random(50_000).tolist()))
        self._spread = self._endless(lambda: iter(self._rng.lognormal(0.0, 0.3, 50_000).tolist()))
        self._unknown = [f"do you {one}" for one in self.vocabulary.sentences(self._rng, _OPEN_QUESTIONS)]
        self._flow = [text for text in self._phrases.fixed() if text.endswith("?")]
        self._weights = np.cumsum([play.weight for play in PLAYS]).tolist()

    @staticmethod
    def _endless(more: Any) -> Iterator[Any]:
        while True:
            yield from more()

    def moments(self) -> list[datetime]:
        """When the calls ring, in order, UTC: mostly while the business is open, sometimes at night."""
        days = [self._setting.last_day - timedelta(days=back) for back in range(self._setting.days)][::-1]
        weights = np.array([1.0 if self._business.open_on(day) else 0.08 for day in days])
        drawn = self._rng.choice(len(days), self._setting.calls, p=weights / weights.sum())
        minutes = np.clip(self._rng.normal(12.5 * 60, 160.0, self._setting.calls), 0, 24 * 60 - 1)
        seconds = self._rng.integers(0, 60, self._setting.calls)
        zone = self._business.zone
        midnights = [datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in days]
        return sorted(
            midnights[day] + timedelta(minutes=int(minute), seconds=second)
            for day, minute, second in zip(drawn.tolist(), minutes.tolist(), seconds.tolist(), strict=True)
        )

    def call(self, number: int, at: datetime, rows: Table) -> None:
        """Add the rows of one call that rings at `at`."""
        chance = self._chance() * self._weights[-1]
        play = next(one for one, below in zip(PLAYS, self._weights, strict=True) if chance <= below)
        talk = _Talk(f"{number:08x}{int(self._chance() * 0xFFFFFFFF):08x}")
        for step in play.steps:
            self._step(step, talk)
        caller = f"+1303555{int(self._chance() ** 2 * 9999):04}"
        ended_at = at + timedelta(milliseconds=talk.at_ms + 800)
        rows[_ENDS].append((moment_text(ended_at), talk.call_id))
        rows["calls"].append(self._call_row(talk.call_id, caller, at, ended_at, play.disposition))
        rows["turns"] += talk.turns
        rows["events"] += talk.events
        if kind := _CHANGED.get(play.disposition):
            self._appointment(talk.call_id, caller, kind, at, rows)
        if play.disposition is Disposition.MESSAGE:
            left = (f"m{talk.call_id}", talk.call_id, moment_text(ended_at), "", caller, next(self._said))
            rows["messages"].append(left)

    def _call_row(
        self, call_id: str, caller: str, at: datetime, ended_at: datetime, disposition: Disposition
    ) -> tuple[Any, ...]:
        lost, jitter_ms = int(self._chance() ** 8 * 60), next(self._spread) * 3
        packets = int((ended_at - at).total_seconds() * 50)
        quality = (
            f'{{"codec":"PCMU","packets_received":{packets},"packets_lost":{lost},"jitter_ms":{jitter_ms:.2f},'
            f'"erle_db":30.0,"frames_dropped":0,"mos":{4.4 - lost * 0.03:.2f}}}'
        )
        level = ',"level":"rules"' if self._chance() < 0.01 else ""
        moments = (moment_text(at), moment_text(at))
        return (
            call_id,
            caller,
            "100",
            *moments,
            str(disposition),
            f'{{"attendant":"0.1.0"{level}}}',
            quality,
        )

    def _appointment(self, call_id: str, caller: str, kind: str, at: datetime, rows: Table) -> None:
        services = self._business.services
        service = services[int(self._chance() * len(services))]
        minute = int(at.timestamp()) // 60 + 60 * int(24 + self._chance() * 240)
        times = (minute, minute + service.minutes)
        name, zone = self.vocabulary.words[int(self._chance() * 5000)].title(), self._business.timezone
        made = (f"a{call_id}", call_id, service.id, *times, zone, name, caller)
        rows["appointments"].append(made)
        change = (f"a{call_id}", kind, int(kind != "agreed"), moment_text(at), call_id, *times, "")
        rows["appointment_changes"].append(change)

    def _chance(self) -> float:
        value: float = next(self._chances)
        return value

    # --- steps ----------------------------------------------------------------------------------

    def _step(self, step: str, talk: _Talk) -> None:
        """One exchange of a play."""
        match step:
            case "g":
                self._agent(talk, self._business.greeting, "phrase", gap=False)
            case "b":
                self._agent(talk, self._phrases.say("goodbye"), "phrase")
            case "w":
                self._caller(talk, next(self._said))
            case "f":
                self._agent(talk, self._flow[int(self._chance() * len(self._flow))], "flow")
            case "q":
                self._fact(talk)
            case "d":
                self._caller(talk, next(self._said))
                self._note(talk, "source", f"handbook-{int(self._chance() ** 2 * 12)}.pdf")
                self._agent(talk, next(self._said), "open")
            case "u":
                self._caller(talk, self._unknown[int(self._chance() ** 2 * len(self._unknown))])
                self._note(talk, "unanswered")
                self._agent(talk, self._phrases.say("not_known"), "phrase")

    def _fact(self, talk: _Talk) -> None:
        facts = self._business.facts
        if not facts:
            return
        fact = facts[int(self._chance() ** 1.5 * len(facts))]
        self._caller(talk, fact.questions[int(self._chance() * len(fact.questions))])
        self._note(talk, "fact", fact.id)
        self._agent(talk, fact.answer, "fact")

    def _caller(self, talk: _Talk, text: str) -> None:
        begins = talk.at_ms + 400
        talk.at_ms = begins + 70 * len(text)
        self._turn(talk, "caller", text, begins, _Answer())

    def _agent(self, talk: _Talk, text: str, turn_class: str, *, gap: bool = True) -> None:
        gap_ms = int(_GAP_MS[turn_class] * next(self._spread)) if gap else None
        interrupted = int(self._chance() < 0.06)
        begins = talk.at_ms + (gap_ms or 0)
        talk.at_ms = begins + 65 * len(text)
        if interrupted:
            self._note(talk, "barge_in")
        self._turn(talk, "agent", text, begins, _Answer(turn_class, gap_ms, interrupted))

    def _turn(self, talk: _Talk, speaker: str, text: str, begins: int, answer: _Answer) -> None:
        number = len(talk.turns) + 1
        talk.turns.append((talk.call_id, number, speaker, text, begins, talk.at_ms, *astuple(answer), 0.9))

    def _note(self, talk: _Talk, kind: str, detail: str = "") -> None:
        talk.events.append((talk.call_id, talk.at_ms, kind, detail))


def queries(words: Sequence[str], rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Things to search for, each with its kind (`KINDS`, by turns): words of every call, of many, of few; two words
    that many calls have; the beginning of one. `words` stand with the most common first."""
    ranges = {"everyday": words[:20], "common": words[20:400], "rare": words[len(words) // 2 :]}

    def drawn(kind: str) -> str:
        return ranges[kind][int(rng.integers(len(ranges[kind])))]

    def one(kind: str) -> str:
        match kind:
            case "both":
                return f"{drawn('everyday')} {drawn('common')}"
            case "prefix":
                return drawn("common")[:3] + "*"
            case _:
                return drawn(kind)

    return [(kind, one(kind)) for kind in (KINDS[number % len(KINDS)] for number in range(count))]
