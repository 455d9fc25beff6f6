"""Finding calls by what was said in them: the words of a person who is no programmer, over every finished call.

A query is words, and every word must have been said somewhere in the call. "In quotes" they must stand together,
oil* is the beginning of a word; whatever else somebody types (AND, -, brackets, a quote too many) is a word or
nothing. How the words are kept and cut is said in schema_records.

Frequent words are in nearly every call, and to weigh them all would take a second. So the newest `WEIGHED_MAX` calls
that have the words are weighed: who looks for what is said every day means the latest, and what is rare is weighed
whole. FTS5's own bm25() is not used: to learn how rare each word is it reads through all its calls every time, and
where every call must have every word that changes little; what tells more is how many of them fell in one breath.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

import sqlite_utils

from appliance.domain.call import Disposition, Speaker
from appliance.store.database import Database, Row
from appliance.store.moments import moment, moment_text

WEIGHED_MAX: Final = 200
"""Calls that are weighed against each other, the newest that have the words."""
_WORDS_MAX: Final = 32
_QUERY_CHARACTERS_MAX: Final = 1000
_PREFIX_CHARACTERS_MIN: Final = 2  # one letter begins every tenth word: all of them together take seconds
_WHOLE_NUMBER_DIGITS: Final = 7  # fewer may be an extension, and the end of many numbers
_CALLERS_MAX: Final = 50
_SHOWN_WORDS: Final = 24
_BEGINS, _ENDS = "\x02", "\x03"  # around what was found; no word holds them
_LATER_MS: Final = 60_000  # how much later than it rang a call may be numbered, where many rang at once


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of what was said; `is_hit` where it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A call in which the words were said, and the turn that has the most of them. Times are ms since answer.

    `said` is that turn, cut down to the words around the first hit where it is long.
    """

    call_id: str
    caller: str
    offered_at: datetime
    disposition: Disposition
    turn: int
    speaker: Speaker
    started_ms: int
    said: tuple[Piece, ...]

    @property
    def snippet(self) -> str:
        """What was said, as plain text."""
        return "".join(piece.text for piece in self.said)


class Search:
    """The words of a database's calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> int:
        """How many calls of an older release are not in the index yet."""
        return int(
            self._database.rows("SELECT count(*) AS count FROM transcripts WHERE indexed = 0")[0]["count"]
        )

    def catch_up(self, calls: int = 100) -> int:
        """Put so many of them in, the newest first, in one transaction; how many there were to put in."""
        with self._database.writing() as tables:
            return int(tables.execute(_CATCH_UP, [calls]).rowcount)

    def find(
        self,
        words: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        disposition: str | None = None,
        caller: str | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """The calls in which `words` were said, the best first, of equally good ones the newest.

        Only calls that rang from `since` on and before `until` (timezone-aware), that ended with `disposition`, and
        that came from the number `caller` in any notation, or from this very extension. Nothing for a query
        without a letter or a digit. StoreFault when the file cannot be read; no query is a fault.
        """
        said = "".join(f" {one}" for one in _phrases(words))
        if not said:
            return []
        with self._database.reading() as tables:
            marks = _marks(tables, disposition, caller)
            if marks is None:
                return []
            between = (*_numbers(since, until), max(WEIGHED_MAX, limit), *_moments(since, until))
            rows = list(tables.query(_NEWEST, [f"words : ({said}){marks}", *between]))
            return [_hit(tables, row) for row in _best(rows)[:limit]]


_CATCH_UP: Final = """
    UPDATE transcripts SET indexed = 1
    WHERE number IN (SELECT number FROM transcripts WHERE indexed = 0 ORDER BY number DESC LIMIT ?)
"""

# --- what is looked for ---------------------------------------------------------------------------

_PARTS: Final = re.compile(r'"([^"]*)"|([^\s"]+)')


def _phrases(words: str) -> Iterator[str]:
    """Each part of a query as a phrase of FTS5."""
    for found in list(_PARTS.finditer(words[:_QUERY_CHARACTERS_MAX]))[:_WORDS_MAX]:
        quoted, single = found.groups()
        phrase = _plain(single if quoted is None else quoted)
        is_prefix = quoted is None and single.endswith("*") and len(phrase) >= _PREFIX_CHARACTERS_MIN
        if phrase:
            yield f'"{phrase}"*' if is_prefix else f'"{phrase}"'


def _plain(text: str) -> str:
    """Only what words are made of, as the index sees it (`categories` in schema_records)."""
    return "".join(one if _is_of_a_word(one) else " " for one in text).strip()


def _is_of_a_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LNM" or category == "Co"


def _marks(tables: sqlite_utils.Database, disposition: str | None, caller: str | None) -> str | None:
    """The filters, as words to look for among the marks; None when no call can pass them."""
    wanted = "" if disposition is None else f' AND marks : "{_plain(disposition)}"'
    if caller is None:
        return wanted
    callers = [f'"{_plain(one)}"' for one in known_callers(tables, caller)]
    return f"{wanted} AND marks : ({' OR '.join(callers)})" if callers else None


def known_callers(tables: sqlite_utils.Database, caller: str) -> list[str]:
    """The numbers that are meant by one in any notation: "(303) 555-0123" is the end of +13035550123."""
    digits = re.sub(r"\D", "", caller).lstrip("0")
    if len(digits) < _WHOLE_NUMBER_DIGITS:
        condition, value = "caller = ?", caller.strip().encode(errors="ignore").decode()
    else:
        condition, value = "caller LIKE ?", f"%{digits}"
    sql = f"SELECT DISTINCT caller FROM calls WHERE {condition} LIMIT {_CALLERS_MAX}"  # noqa: S608
    return [row["caller"] for row in tables.query(sql, [value]) if _plain(row["caller"])]


def _numbers(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """Between which numbers of `transcripts` the calls of this time stand."""
    least = 0 if since is None else int(since.timestamp() * 1000) - 1
    return least, (1 << 62) if until is None else int(until.timestamp() * 1000) + _LATER_MS


def _moments(since: datetime | None, until: datetime | None) -> tuple[str, str]:
    return "" if since is None else moment_text(since), "~" if until is None else moment_text(until)


_NEWEST: Final = f"""
    SELECT calls.call_id AS call_id, caller, offered_at, disposition, marked FROM (
        SELECT rowid AS number, highlight(call_words, 0, '{_BEGINS}', '{_ENDS}') AS marked FROM call_words
        WHERE call_words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?
    ) JOIN transcripts USING (number) JOIN calls ON calls.call_id = transcripts.call_id
    WHERE offered_at >= ? AND offered_at < ? ORDER BY number DESC
"""  # noqa: S608  our own columns

# --- what is best ---------------------------------------------------------------------------------

_SATURATION: Final = 1.2
_LENGTH_SHARE: Final = 0.75


def _best(rows: Sequence[Row]) -> list[Row]:
    """The calls in which most of the words fell in one turn, then those that speak of it most; the newest first.

    How much a call speaks of it grows ever slower with each time and is less in a long call: BM25's part for the
    frequency of a term (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, with k1 and b as
    usual).
    """
    usual = sum(len(row["marked"]) for row in rows) / max(len(rows), 1)

    def weight(row: Row) -> tuple[int, float]:
        marked: str = row["marked"]
        times = marked.count(_BEGINS)
        slow = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * len(marked) / usual)
        return max(map(_different, marked.split("\n"))), times / (times + slow)

    return sorted(rows, key=weight, reverse=True)


def _different(marked: str) -> int:
    """How many different things of those looked for a line has."""
    return len({found.casefold() for found in _FOUND.findall(marked)})


_FOUND: Final = re.compile(f"{_BEGINS}([^{_ENDS}]*){_ENDS}")

# --- what is shown --------------------------------------------------------------------------------


def _hit(tables: sqlite_utils.Database, row: Row) -> Hit:
    lines = row["marked"].split("\n")
    turns = list(tables.query(_TURNS, [row["call_id"]]))
    both = range(min(len(turns), len(lines)))
    best = max(both, key=lambda place: (_different(lines[place]), -place))
    turn = turns[best]
    return Hit(
        call_id=row["call_id"],
        caller=row["caller"],
        offered_at=moment(row["offered_at"]),
        disposition=Disposition(row["disposition"]),
        turn=turn["number"],
        speaker=Speaker(turn["speaker"]),
        started_ms=turn["started_ms"],
        said=tuple(_shortened(list(_pieces(lines[best])))),
    )


_TURNS: Final = "SELECT number, speaker, started_ms FROM turns WHERE call_id = ? ORDER BY number"


def _pieces(marked: str) -> Iterator[Piece]:
    for part in re.split(f"({_BEGINS}[^{_ENDS}]*{_ENDS})", marked):
        if part:
            yield Piece(part.strip(_BEGINS + _ENDS), part.startswith(_BEGINS))


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The words around the first hit: a third of what is shown before it."""
    words = [Piece(word, piece.is_hit) for piece in pieces for word in re.findall(r"\s*\S+|\s+$", piece.text)]
    first = next((place for place, word in enumerate(words) if word.is_hit), 0)
    start = max(0, min(first - _SHOWN_WORDS // 3, len(words) - _SHOWN_WORDS))
    shown = words[start : start + _SHOWN_WORDS]
    if start:
        yield Piece("…", is_hit=False)
    yield from _joined(shown)
    if start + _SHOWN_WORDS < len(words):
        yield Piece(" …", is_hit=False)


def _joined(words: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of a kind as one piece."""
    for is_hit, run in groupby(words, key=lambda word: word.is_hit):
        yield Piece("".join(word.text for word in run), is_hit)
